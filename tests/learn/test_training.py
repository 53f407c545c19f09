"""Runs: the same bits however they are sliced, settings that change on the way, divergence."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.autodiff.fast import source as writing
from backpropviz.errors import DivergenceError, InputError

MOONS = bpv.datasets.moons(50)


def mlp(**settings):
    return bpv.MLP((2, 6, 1), output="sigmoid", **settings)


def bits(training):
    return b"".join(value.tobytes() for value in training.parameters.values())


@pytest.mark.parametrize("optimizer", [bpv.SGD(0.3), bpv.SGD(0.3, momentum=0.9), bpv.Adam(0.01)])
def test_same_seed_same_bits_however_sliced(optimizer):
    whole = bpv.Training(mlp(), MOONS, optimizer, batch_size=8, seed=3)
    sliced = bpv.Training(mlp(), MOONS, optimizer, batch_size=8, seed=3)
    for _ in range(3):
        whole.run_epoch()
    for count in (1, 5, 2, 12, 1):
        sliced.step(count)
    assert whole.steps == sliced.steps == 21
    assert bits(whole) == bits(sliced)
    other = bpv.Training(mlp(), MOONS, optimizer, batch_size=8, seed=4)
    other.step(21)
    assert bits(other) != bits(whole)


def test_records_repeat():
    runs = [list(bpv.fit(mlp(), MOONS, epochs=3, batch_size=8, validation=MOONS)) for _ in range(2)]
    assert runs[0] == runs[1]


@pytest.mark.parametrize("batch_size", [1, 7, 50, "all"])
def test_every_example_once_per_epoch(batch_size):
    training = bpv.Training(mlp(), MOONS, batch_size=batch_size)
    training.run_epoch()
    assert (training.examples_seen, training.epoch, training.epoch_progress) == (50, 1, 0.0)
    assert training.steps == training.steps_per_epoch


@pytest.mark.parametrize("optimizer", [bpv.SGD(0.3, momentum=0.5), bpv.Adam(0.01)])
def test_going_on_from_a_snapshot(optimizer):
    training = bpv.Training(mlp(), MOONS, optimizer, batch_size=8)
    training.step(10)
    kept = training.snapshot()
    training.step(9)
    expected = bits(training)
    training.step(3)
    training.restore(kept)
    assert training.steps == 10
    training.step(9)
    assert bits(training) == expected


def test_reset():
    training = bpv.Training(mlp(), MOONS, batch_size=8)
    training.step(20)
    expected = bits(training)
    training.reset()
    assert (training.steps, training.epoch) == (0, 0)
    np.testing.assert_array_equal(training.parameters["W1"], mlp().parameters["W1"])
    training.step(20)
    assert bits(training) == expected


def test_the_network_is_left_as_it_is():
    network = mlp()
    before = {name: value.copy() for name, value in network.parameters.items()}
    training = bpv.Training(network, MOONS)
    training.step(5)
    taken = training.network
    held = taken.parameters["W1"].copy()
    training.step(5)
    np.testing.assert_array_equal(network.parameters["W1"], before["W1"])
    np.testing.assert_array_equal(taken.parameters["W1"], held)
    with pytest.raises(ValueError, match="read-only"):
        taken.parameters["W1"][0, 0] = 1.0


def test_settings_change_between_steps():
    training = bpv.Training(mlp(), MOONS, bpv.SGD(bpv.schedules.StepDecay(0.4, every=1)), batch_size=10)
    training.run_epoch()
    assert training.learning_rate == 0.2
    training.learning_rate = 0.05
    training.batch_size = 25
    training.l2 = 0.1
    training.optimizer = bpv.Adam(0.01)
    training.step(3)
    assert (training.learning_rate, training.batch_size, training.l2) == (0.01, 25, 0.1)
    assert training.network.l2 == 0.1
    training.set_parameters({"W2": np.zeros((6, 1))})
    np.testing.assert_array_equal(training.parameters["W2"], 0.0)
    with pytest.raises(InputError, match="W9"):
        training.set_parameters({"W9": 1.0})
    with pytest.raises(InputError, match="shape"):
        training.set_parameters({"W2": np.zeros(3)})


def test_an_edited_penalty_is_trained_with():
    changed, fresh = bpv.Training(mlp(), MOONS, batch_size="all"), bpv.Training(mlp(l2=0.5), MOONS, batch_size="all")
    changed.step()
    changed.l2 = 0.5
    fresh.set_parameters(changed.network.parameters)
    changed.step()
    fresh.step()
    assert bits(changed) == bits(fresh)


def test_a_step_is_the_gradient_of_the_graph_that_is_shown():
    training = bpv.Training(mlp(l2=0.1), MOONS, bpv.SGD(0.3), batch_size="all")
    training.step()
    network = mlp(l2=0.1)
    tape = network.graph(50).evaluate({"X": MOONS.features, "y": MOONS.targets[:, None], **network.parameters})
    adjoints = tape.reverse()
    assert training.batch_loss == float(tape.value)
    for name, value in network.parameters.items():
        np.testing.assert_array_equal(training.gradients[name], adjoints[name])
        np.testing.assert_array_equal(training.parameters[name], value - 0.3 * adjoints[name])


def test_an_epoch_is_that_of_numpy():
    training = bpv.Training(mlp(), MOONS, bpv.SGD(0.3), batch_size=8, seed=5)
    training.run_epoch()
    w1, b1, w2, b2 = (np.array(mlp().parameters[name]) for name in ("W1", "b1", "W2", "b2"))
    order = np.random.default_rng(5).permutation(50)
    for start in range(0, 50, 8):
        x, y = MOONS.features[order[start : start + 8]], MOONS.targets[order[start : start + 8], None]
        h = np.tanh(x @ w1 + b1)
        slope = (1 / (1 + np.exp(-(h @ w2 + b2))) - y) / len(x)
        back = slope @ w2.T * (1 - h * h)
        w2 -= 0.3 * h.T @ slope
        b2 -= 0.3 * slope.sum(axis=0)
        w1 -= 0.3 * x.T @ back
        b1 -= 0.3 * back.sum(axis=0)
    for name, value in {"W1": w1, "b1": b1, "W2": w2, "b2": b2}.items():
        np.testing.assert_allclose(training.parameters[name], value, atol=1e-12)


def test_records_tell_what_happened():
    training = bpv.Training(mlp(), MOONS, bpv.SGD(0.3), batch_size="all", validation=bpv.datasets.moons(20, seed=1))
    before = {name: value.copy() for name, value in training.parameters.items()}
    record = training.run_epoch()
    assert (record.epoch, record.step, record.learning_rate) == (1, 1, 0.3)
    assert record.loss == pytest.approx(training.network.loss_at(MOONS.features, MOONS.targets[:, None]))
    assert record.accuracy == np.mean(training.network.classify(MOONS.features) == MOONS.targets)
    assert 0 <= record.validation_accuracy <= 1
    for name, value in training.parameters.items():
        assert record.weight_norms[name] == pytest.approx(np.linalg.norm(value))
        assert record.gradient_norms[name] == pytest.approx(np.linalg.norm(training.gradients[name]))
    assert record.update_ratios["W1"] == pytest.approx(
        np.linalg.norm(training.parameters["W1"] - before["W1"]) / np.linalg.norm(before["W1"])
    )
    assert record.dead_units is None
    assert set(record.saturated_units) == {"h1"}


def test_dead_and_saturated_units_are_counted():
    start = {"W1": [[1.0, 1.0]], "b1": [-100.0, 0.0], "W2": [[1.0], [1.0]], "b2": [0.0]}
    examples = ([[0.5], [1.0]], [0.0, 1.0])
    frozen = bpv.SGD(0.0)
    (record,) = bpv.fit(bpv.MLP((1, 2, 1), "relu", parameters=start), examples, frozen, epochs=1)
    assert (record.dead_units, record.saturated_units) == ({"h1": 0.5}, None)
    (record,) = bpv.fit(bpv.MLP((1, 2, 1), "tanh", parameters=start), examples, frozen, epochs=1)
    assert (record.dead_units, record.saturated_units) == (None, {"h1": 0.5})


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("rate", [1e6, 1e200])
def test_divergence_is_told(activation, rate):
    network = bpv.MLP((2, 16, 16, 1), activation, output="sigmoid")
    with pytest.raises(DivergenceError) as caught:
        list(bpv.fit(network, MOONS, bpv.SGD(rate), epochs=20, batch_size=10))
    fault = caught.value
    assert (fault.epoch, fault.learning_rate) == (1, rate)
    assert fault.step >= 1
    assert fault.node in network.graph(10).nodes
    assert "learning rate" in fault.message
    assert fault.node in fault.message or "loss has grown" in fault.message
    again = pickle.loads(pickle.dumps(fault))  # noqa: S301  our own bytes
    assert (again.message, again.step, again.node) == (fault.message, fault.step, fault.node)


def test_the_first_node_that_is_not_finite_is_named():
    examples = ([[1e200], [2e200]], [1.0, 2.0])
    with pytest.raises(DivergenceError, match="divide by the standard deviation") as caught:
        list(bpv.fit(bpv.MLP((1, 1)), examples, bpv.SGD(0.1), epochs=2))
    assert caught.value.node == "loss"
    examples = ([[1.0], [2.0]], [1.0, 2.0])
    start = {"W1": [[1e308]], "b1": [1e308], "W2": [[1.0]], "b2": [0.0]}
    with pytest.raises(DivergenceError) as caught:
        list(bpv.fit(bpv.MLP((1, 1, 1), "identity", parameters=start), examples, epochs=1))
    assert caught.value.node in {"XW1", "t1"}


def test_nothing_is_updated_after_divergence():
    training = bpv.Training(mlp(), MOONS, bpv.SGD(1e6), batch_size=10)
    with pytest.raises(DivergenceError):
        training.step(100)
    kept = bits(training)
    steps = training.steps
    with pytest.raises(DivergenceError):
        training.step()
    assert (bits(training), training.steps) == (kept, steps)
    training.reset()
    training.learning_rate = 0.1
    training.step(10)
    assert np.isfinite(training.batch_loss)


@pytest.mark.parametrize("size", [0, -1, 51, 2.5, True, "some"])
def test_batch_sizes_that_do_not_fit(size):
    with pytest.raises(InputError, match="1 to 50"):
        bpv.fit(mlp(), MOONS, batch_size=size)


def test_arguments_are_checked_before_the_first_epoch():
    with pytest.raises(InputError, match="epochs"):
        bpv.fit(mlp(), MOONS, epochs=-1)
    with pytest.raises(InputError, match="learning rate"):
        bpv.SGD(-0.1)
    with pytest.raises(InputError, match="momentum"):
        bpv.SGD(0.1, momentum=1.0)
    assert list(bpv.fit(mlp(), MOONS, epochs=0)) == []


def test_the_penalty_is_told_beside_the_loss_of_the_examples():
    run = bpv.Training(mlp(l2=0.5), MOONS, bpv.SGD(0.0), validation=bpv.datasets.moons(20, seed=1))
    record = run.run_epoch()
    bare = bpv.Training(mlp(), MOONS, bpv.SGD(0.0), validation=bpv.datasets.moons(20, seed=1)).run_epoch()
    squares = sum(float(np.sum(mlp().parameters[name] ** 2)) for name in ("W1", "W2"))
    assert record.penalty == pytest.approx(0.25 * squares) == pytest.approx(run.network.penalty)
    assert record.misfit == pytest.approx(bare.loss)
    assert record.validation_misfit == pytest.approx(bare.validation_loss)
    assert (bare.penalty, bare.misfit, bare.validation_misfit) == (0.0, bare.loss, bare.validation_loss)
    folded = bpv.MLP((2, 6, 1), bias="folded", l2=0.5, parameters={"W1": np.ones((3, 6)), "W2": np.ones((7, 1))})
    assert folded.penalty == 0.25 * (12 + 6)  # biases cost nothing


def test_the_tape_of_a_second_batch_size_is_not_compiled_again():
    run = bpv.Training(mlp(), MOONS, batch_size=8)
    run.step()
    compiled = writing._code.cache_info().misses
    run.run_epoch()
    assert set(run._workspace.batches) == {8, 2}
    assert writing._code.cache_info().misses == compiled


def test_a_run_keeps_its_examples_once_and_for_itself():
    features, targets = np.array(MOONS.features), np.array(MOONS.targets)
    training = bpv.Training(mlp(), (features, targets), batch_size=8)
    features[:] = np.nan
    targets[:] = 0.0
    training.run_epoch()
    expected = bpv.Training(mlp(), MOONS, batch_size=8)
    expected.run_epoch()
    assert bits(training) == bits(expected)
    tape = training.measure().tape
    assert tape.primals["X"] is training.train.features
    assert tape.primals["y"] is training._targets


def test_a_run_that_starts_anew_has_the_plan_of_the_first_and_its_bits():
    first, second, other = bpv.Training(mlp(), MOONS), bpv.Training(mlp(), MOONS), bpv.Training(mlp(l2=0.1), MOONS)
    for run in (first, second, other):
        run.step(3)
    graphs = [run._workspace.batches[32].graph for run in (first, second, other)]
    assert graphs[0] is graphs[1]
    assert graphs[0] is not graphs[2]
    assert bits(first) == bits(second)
    assert first.parameters["W1"] is not second.parameters["W1"]


def test_before_the_first_step_there_is_no_gradient_to_measure():
    training = bpv.Training(mlp(), MOONS)
    assert all(map(np.isnan, training.gradient_norms.values()))
    training.step()
    assert all(norm > 0 for norm in training.gradient_norms.values())
