"""One step that a page opens: the graph that Python makes of the network as it stands, and its numbers."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from page_runs import HEAD, MODULES, told, training_of

import backpropviz as bpv
from backpropviz.autodiff.programs import read_plain
from backpropviz.learn.examples import targets_for
from backpropviz.learn.one_example import example_run
from backpropviz.learn.unit_form import unit_run
from backpropviz.runs.live_run import restructured
from backpropviz.runs.page_run import playground_to_plain
from backpropviz.scene.ranges import ranges_of
from backpropviz.scene.specification import specification
from backpropviz.widgets.opened_step import batch_to_plain, step_to_plain


@pytest.mark.parametrize(
    "network",
    [
        bpv.MLP((2, 20, 1), output="sigmoid", l2=0.1),
        bpv.MLP((2, 20, 1), output="sigmoid", bias="folded"),
    ],
    ids=str,
)
def test_an_opened_step_of_arrays_has_the_numbers_of_the_moment(javascript, network):
    training = training_of(network, bpv.datasets.moons(40))
    plain = {**playground_to_plain(training), "step": step_to_plain(training)}
    body = "run.advance(9); return opened_step.arrayStep(run, 32);"
    found = javascript(HEAD + body, modules=[*MODULES, "training/opened_step"], plain=plain, rate=0.3)["inputs"]
    training.step(9)
    held_out = training.validation
    graph, point, _ = example_run(training.network, held_out.features[2], held_out.targets[2:3])
    assert set(found) == set(graph.inputs)
    for name, value in point.items():
        np.testing.assert_allclose(np.asarray(read_plain(found[name])), value, rtol=0, atol=1e-10)


STEPS = {
    "as it came": (bpv.MLP((2, 3, 1), output="sigmoid", l2=0.1), [3], "tanh", 0.1),
    "a unit more": (bpv.MLP((2, 3, 1), output="sigmoid"), [4], "tanh", 0.0),
    "no hidden layer": (bpv.MLP((2, 3, 1), output="sigmoid", loss="half_squared_error"), [], "tanh", 1.0),
    "from arrays": (bpv.MLP((2, 20, 1), output="sigmoid", bias="folded"), [10, 1], "leaky_relu", 0.0),
    "two layers more": (bpv.MLP((2, 3), output="softmax"), [3, 2], "gelu", 0.2),
    "shares": (bpv.MLP((2, 4, 3), output="softmax", loss="squared_error"), [2], "sigmoid", 0.0),
    "several labels": (bpv.MLP((2, 3, 2), output="sigmoid"), [2, 2], "identity", 0.3),
    "values": (bpv.MLP((2, 3, 1), "relu"), [2, 2, 2], "softplus", 0.0),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_of_a_network_changed_in_the_page_is_the_scalar_graph(javascript, name):
    """Every gate, number, word and place of it, after some steps of training."""
    network, hidden, activation, l2 = STEPS[name]
    rows = np.random.default_rng(5).normal(size=(40, 2))
    if network.output == "softmax":
        targets = (rows[:, 0] > 0) * 1 + (rows[:, 1] > 0)
    else:
        targets = np.stack([rows[:, 0] > 0, rows[:, 1] > 0], axis=1)[:, : network.output_count] * 1.0
    training = training_of(network, (rows, targets), 0.05)
    body = """
      run.set("hidden", hidden); run.set("activation", activation); run.set("l2", l2);
      run.advance(9);
      run.send({ kind: "open" });
      const { stepAt } = step_specification;
      const { spec, inputs } = opened_step.arrayStep(run, 7) ?? stepAt(run.learner, 7, plain.step.operations);
      return { opened: run.get("opened"), spec, inputs, run: closed_gates.compileAnyGraph(spec.graph).run(inputs) };"""
    given = {
        "plain": {**playground_to_plain(training), "step": step_to_plain(training)},
        "hidden": hidden,
        "activation": activation,
        "l2": l2,
    }
    modules = [*MODULES, "training/opened_step", "training/step_specification", "story/closed_gates"]
    found = javascript(HEAD + body, modules=modules, rate=0.05, **given)
    assert found["opened"] is not None
    changed = restructured(network, hidden, activation, l2)
    again = bpv.Training(changed, training.train, training.optimizer, 8, 4, training.validation)
    again.step(9)
    graph = again.network.scalar_graph(closed=True)
    point = again.network.scalar_point(training.train.features[7], targets_for(changed, training.train)[7])
    assert set(found["inputs"]) == set(point)
    for each, value in point.items():
        assert found["inputs"][each] == pytest.approx(value, rel=0, abs=1e-10)
    updates = {each: 0.05 for each in graph.inputs if each[0] not in "xy"}
    timeline = bpv.record(graph, point, updates=updates)
    # Where a weight is as good as a round number, its slider reaches elsewhere.
    expected = json.loads(json.dumps(specification(timeline, ranges_of(found["inputs"]))))
    told = found["spec"]
    for described in (expected["graph"], told["graph"]):
        # Python has a program of its own for a gate with a constant, the page one for all of its kind.
        described["basis"].pop("programs")
        described["basis"]["nodes"] = [{**each, "program": 0} for each in described["basis"]["nodes"]]
    for part in ("graph", "ranges", "timeline", "narration", "explanations", "outline", "scene"):
        assert told[part] == expected[part], part
    for place, node in enumerate(graph.nodes):
        assert found["run"]["primals"][place] == pytest.approx(timeline.tape.primals[node], rel=0, abs=1e-10)
        assert found["run"]["adjoints"][place] == pytest.approx(timeline.adjoints[node], rel=0, abs=1e-10)


UNITS = {
    "first layer": (bpv.MLP((2, 16, 16, 1), output="sigmoid"), (1, 3)),
    "second layer, with penalty": (bpv.MLP((2, 16, 16, 1), "relu", output="sigmoid", l2=0.1), (2, 15)),
    "a score": (bpv.MLP((2, 16, 16, 1), output="sigmoid", loss="half_squared_error"), (3, 0)),
    "two layers behind": (bpv.MLP((2, 5, 12, 9, 3), "gelu", output="softmax", l2=0.2), (1, 4)),
    "one of several scores": (bpv.MLP((2, 12, 10, 3), output="softmax", bias="folded", l2=0.1), (3, 1)),
    "shares": (bpv.MLP((2, 12, 10, 3), output="softmax", loss="squared_error"), (2, 0)),
    "several labels": (bpv.MLP((2, 12, 10, 2), output="sigmoid", loss="squared_error"), (3, 1)),
    "no activation": (bpv.MLP((2, 20, 20, 1), "identity"), (2, 7)),
    "more than is shown before": (bpv.MLP((2, 100, 90, 1), output="sigmoid", l2=0.1), (2, 7)),
    "more than is shown behind": (bpv.MLP((2, 100, 90, 1), output="sigmoid", l2=0.1), (1, 99)),
    "of a small network": (bpv.MLP((2, 3, 1), output="sigmoid"), (1, 2)),
}


def rounded(described):
    """Numbers in formulas are those of a run of its own, and differ in their last digits."""
    if isinstance(described, dict):
        return {name: rounded(part) for name, part in described.items()}
    if isinstance(described, list):
        return [rounded(part) for part in described]
    if isinstance(described, str):
        return re.sub(r"\d+\.\d{12,}", lambda found: f"{float(found[0]):.10g}", described)
    return described


@pytest.mark.parametrize("name", UNITS)
def test_the_gates_of_one_unit_are_the_same_in_page_and_kernel(javascript, name):
    """Every gate, number, word and place of them; and loss and gradients are those of the whole network."""
    network, unit = UNITS[name]
    rows = np.random.default_rng(5).normal(size=(40, 2))
    labels = (rows[:, 0] > 0) * 1 + (rows[:, 1] > 0)
    targets = labels if network.output == "softmax" else np.stack([labels == 1, labels == 2], axis=1) * 1.0
    targets = targets if targets.ndim == 1 else targets[:, : network.output_count]
    training = training_of(network, (rows, targets), 0.05)
    body = """
      run.advance(9);
      run.set("unit", unit);
      run.send({ kind: "open" });
      const { spec, inputs } = step_specification.stepAt(run.learner, 7, plain.step.operations, unit);
      const opened = [run.get("opened"), run.get("message"), run.get("unit")];
      return { opened, spec, inputs, run: closed_gates.compileAnyGraph(spec.graph).run(inputs) };"""
    modules = [*MODULES, "training/opened_step", "training/step_specification", "story/closed_gates"]
    given = {"plain": {**playground_to_plain(training), "step": step_to_plain(training)}, "unit": list(unit)}
    found = javascript(HEAD + body, modules=modules, rate=0.05, **given)
    assert found["opened"] == ["this step", {}, list(unit)]
    training.step(9)
    mlp = training.network
    target = targets_for(mlp, training.train)[7]
    graph, point, parameters = unit_run(mlp, training.train.features[7], target, *unit)
    assert found["inputs"] == pytest.approx(point, rel=0, abs=1e-10)
    timeline = bpv.record(graph, point, updates=dict.fromkeys(parameters, 0.05))
    expected = json.loads(json.dumps(specification(timeline, ranges_of(found["inputs"]))))
    told = found["spec"]
    for described in (expected["graph"], told["graph"]):
        described["basis"].pop("programs")
        described["basis"]["nodes"] = [
            {part: each[part] for part in ("op", "arguments") if part in each} for each in described["basis"]["nodes"]
        ]
    for part in ("graph", "ranges", "timeline", "narration", "explanations", "outline"):
        assert rounded(told[part]) == rounded(expected[part]), part
    if len(graph.nodes) < 120:  # large graphs are placed otherwise: a few heights differ
        assert told["scene"] == expected["scene"]
    whole = mlp.scalar_graph().evaluate(mlp.scalar_point(training.train.features[7], target))
    adjoints = whole.reverse()
    by_name = {node: place for place, node in enumerate(graph.nodes)}
    assert found["run"]["primals"][by_name["loss"]] == pytest.approx(float(whole.value), rel=0, abs=1e-10)
    for each in (*parameters, *(node for node in graph.nodes if node[0] == "t")):
        assert found["run"]["adjoints"][by_name[each]] == pytest.approx(float(adjoints[each]), rel=0, abs=1e-10)
        assert found["run"]["adjoints"][by_name[each]] == pytest.approx(timeline.adjoints[each], rel=0, abs=1e-10)


def test_a_network_of_too_many_gates_opens_at_a_unit_and_says_so(javascript):
    training = training_of(bpv.MLP((2, 5, 1), output="sigmoid"), bpv.datasets.moons(40))
    body = """
      const told = () => [run.get("opened"), run.get("message").text ?? "", run.get("unit") ?? []];
      run.set("hidden", [40]);
      run.send({ kind: "open" });
      const large = told();
      run.set("unit", [2, 0]);
      run.send({ kind: "open" });
      const chosen = told();
      run.set("hidden", [29]);
      run.send({ kind: "open" });
      return [large, chosen, told()];"""
    large, chosen, small = told(javascript, training, body)
    said = "Up to 120 weights are drawn at once, and this network has 161: here is one unit of it."
    assert large == ["this step", said, [1, 0]]
    assert chosen == ["this step", "", [2, 0]]
    assert small == ["this step", "", []]


def assert_same_batch(page, kernel):
    rows, expected = page.pop("rows"), kernel.pop("rows")
    assert [row.pop("name") for row in rows] == [row.pop("name") for row in expected]
    numbers = [[page.pop("losses"), page.pop("loss"), page.pop("penalty"), *map(list, map(dict.values, rows))]]
    numbers += [
        [kernel.pop("losses"), kernel.pop("loss"), kernel.pop("penalty"), *map(list, map(dict.values, expected))]
    ]
    assert page == kernel
    for one, other in zip(*map(flat, numbers), strict=True):
        assert (one is None) == (other is None)
        assert one is None or one == pytest.approx(other, rel=0, abs=1e-10)


def flat(numbers):
    return [each for one in numbers for each in (flat(one) if isinstance(one, list) else [one])]


def test_the_batch_of_a_large_network_shows_the_same_rows_in_kernel_and_page(javascript):
    network = bpv.MLP((2, 12, 11, 3), "relu", output="softmax")
    rows = np.random.default_rng(3).normal(size=(60, 2))
    training = training_of(network, (rows, (rows[:, 0] > 0) * 1 + (rows[:, 1] > 0)), 0.05, batch_size=16)
    body = "run.advance(5); return batch_table.batchOf(run.learner);"
    modules = [*MODULES, "training/batch_table"]
    page = javascript(HEAD + body, modules=modules, plain=playground_to_plain(training), rate=0.05)
    training.step(5)
    kernel = batch_to_plain(training)
    assert (len(kernel["examples"]), kernel["size"], len(kernel["rows"]), kernel["weights"]) == (
        10,
        13,
        40,
        215,
    )  # the last of an epoch of 45
    assert_same_batch(page, kernel)


@pytest.mark.parametrize("optimizer", [bpv.SGD(0.3, momentum=0.9), bpv.Adam(0.02)], ids=["momentum", "Adam"])
def test_the_batch_of_the_next_step_has_the_gradients_of_its_examples(javascript, optimizer):
    """At the end of an epoch, too: to look at the next batch draws its shuffle, and the run goes on as it would."""
    network = bpv.MLP((2, 4, 1), output="sigmoid", l2=0.1)
    training = training_of(network, bpv.datasets.moons(40), optimizer)
    body = """
      const steps = [];
      for (const taken of [3, 1, 4]) {
        run.advance(taken);
        const next = run.learner.nextStep();
        const again = run.learner.nextStep();
        const batch = batch_table.batchOf(run.learner);
        steps.push({ ...next, batch, isSame: JSON.stringify(next) === JSON.stringify(again) });
      }
      run.advance(1);
      return { steps, row: run.learner.parameters, names: step_sketch.parameterNames(run.learner.form) };"""
    plain = playground_to_plain(training)
    modules = [*MODULES, "training/step_sketch", "training/batch_table"]
    found = javascript(HEAD + body, modules=modules, plain=plain, rate=training.learning_rate)
    train = training.train
    for taken, next_step in zip([3, 1, 4], found["steps"], strict=True):
        training.step(taken)
        assert next_step["isSame"]
        assert_same_batch(next_step["batch"], batch_to_plain(training))
        mlp = training.network
        graph = mlp.scalar_graph()
        for term in next_step["terms"]:
            at = term["example"]
            tape = graph.evaluate(mlp.scalar_point(train.features[at], train.targets[at]))
            adjoints = tape.reverse()
            assert term["loss"] + next_step["penalty"]["loss"] == pytest.approx(tape.primals["loss"], rel=0, abs=1e-10)
            sent = [own + cost for own, cost in zip(term["gradient"], next_step["penalty"]["gradient"], strict=True)]
            np.testing.assert_allclose(sent, [adjoints[name] for name in found["names"]], rtol=0, atol=1e-10)
        mean = np.mean([each["gradient"] for each in next_step["terms"]], axis=0)
        np.testing.assert_allclose(next_step["mean"], mean, rtol=0, atol=1e-12)
    training.step()
    np.testing.assert_allclose(found["steps"][-1]["after"], found["row"], rtol=0, atol=1e-12)
    row = np.concatenate([each.reshape(-1) for each in training.parameters.values()])
    np.testing.assert_allclose(found["row"], row, rtol=0, atol=1e-10)
