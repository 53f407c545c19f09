"""A run that the page trains draws the kernel's pictures, and does what its controls say as a training does."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
from page_runs import HEAD, MODULES, told, training_of

import backpropviz as bpv
from backpropviz.learn.diagnosis import diagnose
from backpropviz.runs.live_run import restructured
from backpropviz.runs.loss_curves import TrainingCurves
from backpropviz.runs.network_pictures import TrainingPictures
from backpropviz.runs.page_run import playground_to_plain
from backpropviz.runs.picture_plan import plan_training


def row_of(training):
    return np.concatenate([value.reshape(-1) for value in training.parameters.values()])


PICTURES = {
    "boundary": (bpv.MLP((2, 5, 1), output="sigmoid"), bpv.datasets.moons(40)),
    "first row": (bpv.MLP((2, 5, 20, 1), output="sigmoid", bias="folded"), bpv.datasets.moons(40)),
    "classes": (bpv.MLP((2, 5, 3), output="softmax"), bpv.datasets.blobs(40)),
    "values": (bpv.MLP((2, 5, 1)), bpv.datasets.moons(40)),
    "fit": (bpv.MLP((1, 5, 1)), bpv.datasets.sine(40)),
    "none": (bpv.MLP((3, 5, 1)), (np.cos(np.arange(60.0)).reshape(20, 3), np.arange(20.0) / 20)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_are_the_kernels(javascript, name):
    assert_same_pictures(javascript, training_of(*PICTURES[name]))


def test_hidden_units_show_what_they_answer_over_the_plane(javascript):
    training = training_of(*PICTURES["boundary"])
    found = told(javascript, training, "run.advance(7); return frame.parts.maps;")
    training.step(7)
    x, y = (np.linspace(*axis, 50)[::3] for axis in plan_training(training.network, training).axes)
    plane = np.stack([each.reshape(-1) for each in np.meshgrid(x, y)], axis=1)
    answers = np.tanh(plane @ training.parameters["W1"] + training.parameters["b1"])
    expected = (answers * (127 / np.abs(answers).max(axis=0))).T
    assert found["shape"] == [5, 17, 17]
    assert np.max(np.abs(np.reshape(found["values"], (5, 289)) - expected)) <= 0.5 + 1e-9


def test_the_pictures_of_images_are_the_kernels(javascript):
    pytest.importorskip("sklearn")
    digits = bpv.datasets.digits()
    few = (digits.features[:100], digits.targets[:100])
    assert_same_pictures(javascript, training_of(bpv.MLP((64, 12, 10), output="softmax"), few))


def assert_same_pictures(javascript, training):
    found = told(
        javascript,
        training,
        "run.set('example', 3); run.advance(7); return { ...frame, marks: new Uint8Array(run.get('points').buffer) };",
    )
    training.step(7)
    plan = plan_training(training.network, training)
    assert found["marks"] == list(plan.points())
    pictures = TrainingPictures(plan, training.network)
    expected = pictures.picture(training, 3) | pictures.details(training)
    curves = TrainingCurves()
    for _ in range(2):
        curves.add(training.epoch + training.epoch_progress, training.measure(), training.measure_validation())
    maps = {"maps"} if plan.picture == "boundary" else set()
    assert set(found["parts"]) == {*expected, *maps, "losses"}
    for part, values in expected.items():
        assert found["parts"][part]["shape"] == list(values.shape), part
        mine, theirs = np.array(found["parts"][part]["values"], float), values.reshape(-1).astype(float)
        # A byte may fall to the other side of a rounding.
        bound = 1.0 if values.dtype.itemsize == 1 else 1e-6 * max(1.0, np.max(np.abs(theirs)))
        assert np.max(np.abs(mine - theirs), initial=0.0) <= bound, part
        assert values.dtype.itemsize > 1 or np.mean(mine != theirs) < 0.01, part
    assert found["parts"]["losses"]["values"][-3:] == pytest.approx(curves.numbers()[-1], rel=1e-6)
    assert found["reach"] == pictures.reach
    assert found["steps"] == 7


def test_the_plan_is_the_kernels_after_layers_were_changed(javascript):
    training = training_of(*PICTURES["boundary"])
    plan = told(javascript, training, "run.set('hidden', [20, 3, 1]); return run.get('plan');")
    network = restructured(training.network, [20, 3, 1], "tanh", 0.0)
    assert plan == plan_training(network, training).to_plain(network, plan["round"])


@pytest.mark.parametrize("activation", ["tanh", "relu", "leaky_relu", "sigmoid", "identity"])
@pytest.mark.parametrize("hidden", [[], [3], [6, 4]], ids=str)
def test_another_network_starts_from_the_kernels_first_weights(javascript, activation, hidden):
    training = training_of(*PICTURES["boundary"])
    body = """
      run.advance(5);
      run.set("activation", activation); run.set("hidden", hidden); run.set("l2", 0.01);
      const first = run.learner.parameters.slice();
      run.advance(30);
      return [first, run.learner.parameters, run.get("earlier").length];"""
    plain = playground_to_plain(training)
    first, last, earlier = javascript(
        HEAD + body, modules=MODULES, plain=plain, rate=0.3, activation=activation, hidden=hidden
    )
    network = restructured(training.network, hidden, activation, 0.01)
    again = bpv.Training(network, training.train, training.optimizer, 8, 4, training.validation)
    np.testing.assert_allclose(first, row_of(again), rtol=0, atol=1e-13)
    again.step(30)
    np.testing.assert_allclose(last, row_of(again), rtol=0, atol=1e-10)
    assert earlier == 1


def test_every_control_does_what_a_training_does(javascript):
    training = training_of(bpv.MLP((2, 5, 1), output="sigmoid"), bpv.datasets.moons(40), bpv.SGD(0.3, momentum=0.5))
    body = """
      const rows = [];
      const keep = () => rows.push(run.learner.parameters.slice());
      run.send({ kind: "step" }); keep();
      run.send({ kind: "epoch" }); keep();
      run.set("learning_rate", 0.05); run.advance(3); keep();
      run.set("batch_size", 5); run.advance(9); keep();
      run.set("l2", 0.1); run.advance(9); keep();
      run.send({ kind: "edit", weight: { layer: 1, source: 1, target: 2 }, value: 1.5 }); keep();
      const { weight } = frame;
      run.advance(2); keep();
      const changes = frame.changes;
      run.send({ kind: "reset" }); keep();
      run.set("l2", 0); run.set("batch_size", 8); run.advance(4); keep();
      return { rows, weight, changes };"""
    found = told(javascript, training, body)
    expected = []

    def keep():
        expected.append(row_of(training))

    training.step()
    keep()
    training.step(3)  # to the end of the first epoch
    keep()
    training.learning_rate = 0.05
    training.step(3)
    keep()
    training.batch_size = 5
    training.step(9)
    keep()
    training.l2 = 0.1
    training.step(9)
    keep()
    before = training.measure().loss
    weights = training.parameters["W1"].copy()
    weights[1, 2] = 1.5
    training.set_parameters({"W1": weights})
    keep()
    measured = training.measure()
    gradient = measured.tape.reverse()["W1"][1, 2]
    training.step(2)
    keep()
    training.reset()
    keep()
    training.l2, training.batch_size = 0.0, 8
    training.step(4)
    keep()
    np.testing.assert_allclose(found["rows"], expected, rtol=0, atol=1e-10)
    weight = found["weight"]
    assert weight["title"] == "x₂ → h₃"
    assert [weight[name] for name in ("value", "gradient", "loss", "before")] == pytest.approx(
        [1.5, gradient, measured.loss, before], abs=1e-10
    )
    assert [name for _, name, _ in found["changes"]] == ["learning_rate", "batch_size", "l2"]


def test_what_does_not_fit_changes_nothing_and_is_said(javascript):
    training = training_of(*PICTURES["boundary"])
    body = """
      let told = 0;
      run.on("change:batch_size", () => (told += 1));
      run.set("batch_size", 31);
      run.set("learning_rate", -1);
      return { size: run.get("batch_size"), rate: run.get("learning_rate"), told, message: run.get("message").text };"""
    found = told(javascript, training, body)
    assert (found["size"], found["rate"], found["told"]) == (8, 0.3, 1)
    assert found["message"] == "The learning rate is a number, 0 or more; not -1."


def test_divergence_stops_the_run_and_is_told(javascript):
    network = bpv.MLP((1, 1), l2=0.0)
    training = training_of(network, (np.linspace(0, 100, 40), np.linspace(0, 1, 40)), 5.0)
    found = told(
        javascript, training, "run.advance(50); return { text: run.get('message').text, steps: run.learner.steps };"
    )
    with pytest.raises(bpv.errors.DivergenceError) as fault:
        training.step(50)
    assert found["steps"] == training.steps
    assert found["text"].startswith(f"Training diverged at step {training.steps + 1} (epoch 1, learning rate 5)")
    for text in (str(fault.value), found["text"]):
        assert "features of size about 1 (the largest here is" in text


def diagnosed(case):
    moons = bpv.datasets.moons(40)
    if case == "silent":
        network = bpv.MLP((2, 4, 1), "relu", "sigmoid")
        biases = {"b1": [-9.0, 0.0, -9.0, 1.0]}
    elif case == "all silent":
        network, biases = bpv.MLP((2, 3, 1), "relu", "sigmoid"), {"b1": [-50.0] * 3}
    elif case == "saturated":
        network, biases = bpv.MLP((2, 4, 1), "tanh", "sigmoid"), {"b1": [9.0, -9.0, 9.0, 0.0]}
    elif case == "vanishing":
        network, biases = bpv.MLP((2, *[3] * 9, 1), "sigmoid", "sigmoid"), {}
    else:
        return bpv.Training(bpv.MLP((1, 1)), (np.linspace(0, 30, 20), np.linspace(0, 1, 20)), 0.006, "all", 4)
    return training_of(network.with_parameters(biases), moons, 0.01)


@pytest.mark.parametrize("case", ["silent", "all silent", "saturated", "vanishing", "diverging"])
def test_what_keeps_it_from_learning_is_said_in_the_kernels_words(javascript, case):
    training = diagnosed(case)
    count = 3 if case == "diverging" else 2
    found = told(javascript, training, f"run.advance({count}); return frame.findings;")
    training.step(count)
    expected = [asdict(each) for each in diagnose(training, training.measure())]
    assert expected
    assert found == [{**each, "units": list(each["units"])} for each in expected]
