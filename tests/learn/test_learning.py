"""Networks that learn, with stated settings."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import DatasetError, InputError

SOLVED = {
    # name: examples, network, optimiser, epochs, batch size; at least this accuracy
    "xor": (bpv.datasets.xor(), bpv.MLP((2, 8, 1), output="sigmoid", seed=1), bpv.SGD(1.0), 300, "all", 1.0),
    "moons": (bpv.datasets.moons(), bpv.MLP((2, 16, 16, 1), output="sigmoid"), bpv.Adam(0.01), 100, 10, 0.99),
    "circles": (bpv.datasets.circles(), bpv.MLP((2, 16, 1), "relu", output="sigmoid"), bpv.Adam(0.01), 100, 20, 1.0),
    "spiral": (bpv.datasets.spiral(), bpv.MLP((2, 32, 32, 2), output="softmax"), bpv.Adam(0.01), 150, 30, 0.99),
    "three arms": (
        bpv.datasets.spiral(300, classes=3),
        bpv.MLP((2, 32, 32, 3), output="softmax"),
        bpv.Adam(0.01),
        150,
        30,
        0.99,
    ),
    "blobs": (bpv.datasets.blobs(), bpv.MLP((2, 3), output="softmax"), bpv.SGD(0.5), 20, 20, 0.98),
}


@pytest.mark.parametrize("name", SOLVED)
def test_solved(name):
    examples, mlp, optimizer, epochs, batch_size, accuracy = SOLVED[name]
    history = bpv.History.collect(bpv.fit(mlp, examples, optimizer, epochs, batch_size, seed=0))
    assert history[-1].accuracy >= accuracy
    assert history[-1].loss < history[0].loss


def test_digits_reach_their_accuracy():
    pytest.importorskip("sklearn")
    train, held_out = bpv.datasets.digits().split(0.25, seed=0)
    mlp = bpv.MLP((64, 72, 10), "tanh", output="softmax", seed=0)
    *_, last = bpv.fit(mlp, train, bpv.SGD(0.1), epochs=30, batch_size=32, seed=0, validation=held_out)
    assert last.validation_accuracy >= 0.96
    assert np.mean(last.network.classify(held_out.features) == held_out.targets) == last.validation_accuracy


def test_a_sine_is_fitted():
    *_, last = bpv.fit(bpv.MLP((1, 16, 1)), bpv.datasets.sine(noise=0.0), bpv.Adam(0.01), 300, 20)
    assert last.loss < 1e-3
    assert last.accuracy is None


def test_zeros_never_learn_to_differ():
    mlp = bpv.MLP((2, 4, 1), output="sigmoid", initial="zeros")
    *_, last = bpv.fit(mlp, bpv.datasets.xor(), bpv.SGD(1.0), 200, "all")
    assert last.accuracy < 1.0
    np.testing.assert_array_equal(last.network.parameters["W1"], 0.0)


def test_equal_units_stay_equal():
    start = {"W1": np.full((2, 3), 0.3), "b1": np.zeros(3), "W2": np.full((3, 1), 0.2), "b2": np.zeros(1)}
    mlp = bpv.MLP((2, 3, 1), output="sigmoid", parameters=start)
    *_, last = bpv.fit(mlp, bpv.datasets.moons(), bpv.SGD(0.5), 20)
    weights = last.network.parameters["W1"]
    np.testing.assert_allclose(weights, weights[:, :1] @ np.ones((1, 3)), rtol=1e-12)


def test_sgd_reaches_the_closed_form():
    examples = bpv.datasets.line(50, noise=0.1)
    exact = bpv.least_squares(examples)
    mlp = bpv.MLP((1, 1), loss="half_squared_error")
    # Noise of the batches keeps a constant rate at a distance: the rate must fall, but not before it has arrived.
    falling = bpv.schedules.StepDecay(0.5, every=150, factor=0.7)
    training = bpv.Training(mlp, examples, bpv.SGD(falling), batch_size=10)
    training.step(4500 * training.steps_per_epoch)
    for name in ("W1", "b1"):
        np.testing.assert_allclose(training.parameters[name], exact.parameters[name], rtol=0, atol=1e-6)


@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_gradient_descent_reaches_the_closed_form(l2):
    generator = np.random.default_rng(0)
    features = generator.normal(size=(40, 3))
    examples = (features, features @ generator.normal(size=(3, 2)) + 0.5)
    exact = bpv.least_squares(examples, l2=l2)
    mlp = bpv.MLP((3, 2), loss="half_squared_error", l2=l2)
    *_, last = bpv.fit(mlp, examples, bpv.SGD(0.5), epochs=300, batch_size="all")
    for name in ("W1", "b1"):
        np.testing.assert_allclose(last.network.parameters[name], exact.parameters[name], atol=1e-9)
    adjoints = exact.graph(40).evaluate({"X": examples[0], "y": examples[1], **exact.parameters}).reverse()
    assert max(np.abs(adjoints[name]).max() for name in ("W1", "b1")) < 1e-12


def test_least_squares_refuses_what_has_no_single_answer():
    features = np.arange(5.0)[:, None]
    with pytest.raises(DatasetError, match="depend on each other"):
        bpv.least_squares((np.hstack([features, 2 * features]), np.arange(5.0)))
    with pytest.raises(InputError, match="strength of a penalty"):
        bpv.least_squares((features, np.arange(5.0)), l2=-0.1)
    assert bpv.least_squares((np.hstack([features, 2 * features]), np.arange(5.0)), l2=0.1).sizes == (2, 1)
