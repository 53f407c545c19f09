"""What keeps a network from learning is told in words, with units and numbers; a healthy run is left in peace."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import DivergenceError
from backpropviz.learn.diagnosis import diagnose
from backpropviz.learn.diverging import growth, unscaled


def found(training):
    return diagnose(training, training.measure())


def the_one(training):
    (finding,) = found(training)
    return finding


@pytest.mark.parametrize(
    ("mlp", "examples", "optimizer"),
    [
        (bpv.MLP((2, 8, 1), output="sigmoid"), bpv.datasets.moons(150), bpv.SGD(0.5)),
        (bpv.MLP((2, 8, 1), "relu", output="sigmoid"), bpv.datasets.moons(150), bpv.SGD(0.1)),
        (bpv.MLP((2, 16, 16, 1), output="sigmoid"), bpv.datasets.spiral(200), bpv.Adam(0.01)),
        (bpv.MLP((1, 8, 1)), bpv.datasets.sine(60), bpv.SGD(0.1)),
        (bpv.MLP((64, 24, 10), output="softmax"), bpv.datasets.digits, bpv.SGD(0.1)),  # not read while tests are found
    ],
)
def test_a_healthy_run_is_left_in_peace(mlp, examples, optimizer):
    training = bpv.Training(mlp, examples() if callable(examples) else examples, optimizer, batch_size=16)
    for _ in range(5):
        training.step(100)
        assert found(training) == ()


def test_hours_of_a_day_are_to_be_scaled_and_what_is_scaled_is_not():
    assert "the largest here is 8" in unscaled(np.array([[8.0, 1.0], [-2.0, 4.0]]))
    assert not unscaled(np.random.default_rng(0).standard_normal((500, 2)))


def test_silent_units_on_features_that_are_not_scaled():
    rng = np.random.default_rng(0)
    features = rng.uniform(200.0, 1700.0, (120, 4))
    training = bpv.Training(bpv.MLP((4, 6, 1), "relu", output="sigmoid"), (features, features[:, 0] > 900.0))
    with pytest.raises(DivergenceError, match="features of size about 1"):
        training.step(40)
    (finding,) = (each for each in found(training) if each.kind == "silent")
    assert finding.layer == 1
    silent = ~(np.asarray(training.measure().tape.primals["h1"]) > 0).any(axis=0)
    assert finding.units == tuple(np.flatnonzero(silent))
    assert "120 training examples" in finding.text
    assert "subtract the mean, divide by the standard deviation" in finding.text


@pytest.mark.parametrize(
    ("biases", "said"),
    [
        ((-9.0, 0.0, 0.0), "Unit 1 of hidden layer 1 is silent"),
        ((-9.0, 0.0, -9.0), "Units 1 and 3 of hidden layer 1 are silent"),
        ((-9.0, -9.0, -9.0), "All 3 units of hidden layer 1 are silent"),
    ],
)
def test_silent_units_are_named(biases, said):
    start = {"W1": np.ones((1, 3)), "b1": biases, "W2": np.ones((3, 1)), "b2": [0.0]}
    training = bpv.Training(bpv.MLP((1, 3, 1), "relu", parameters=start), ([[0.5], [1.0]], [0.0, 1.0]))
    finding = the_one(training)
    assert finding.text.startswith(said)
    assert finding.units == tuple(np.flatnonzero(np.array(biases) < 0))
    assert "leaky ReLU" in finding.text


@pytest.mark.parametrize(("activation", "scale"), [("tanh", 1.0), ("sigmoid", 4.0)])
def test_saturated_units(activation, scale):
    start = {"W1": [[50.0 * scale, 50.0 * scale, 0.1]], "b1": np.zeros(3), "W2": np.ones((3, 1)), "b2": [0.0]}
    features = np.concatenate([np.linspace(0.2, 1.0, 40), np.linspace(-1.0, -0.2, 40)])
    training = bpv.Training(bpv.MLP((1, 3, 1), activation, parameters=start), (features, features))
    finding = the_one(training)
    assert (finding.kind, finding.layer, finding.units) == ("saturated", 1, (0, 1))
    assert finding.text.startswith(f"Units 1 and 2 of hidden layer 1 are saturated: {activation} is within 2 %")
    wide = bpv.Training(bpv.MLP((1, 3, 1), activation, parameters=start), (1000.0 * features, features))
    assert "the largest here is 1,000" in found(wide)[0].text


def test_gradients_that_vanish_are_told_by_layer():
    deep = bpv.MLP((2, *[8] * 7, 1), "sigmoid", output="sigmoid")
    training = bpv.Training(deep, bpv.datasets.moons(100), bpv.SGD(0.1))
    assert found(training) == ()  # nothing is known of gradients before the first step
    training.step()
    finding = the_one(training)
    assert (finding.kind, finding.units) == ("vanishing", ())
    assert finding.layer in (1, 2)
    weights = f"W{finding.layer}", "W8"
    here, last = (training.gradient_norms[name] / np.sqrt(deep.parameters[name].size) for name in weights)
    assert f"{here:.1e} per weight in layer {finding.layer}, against {last:.1e} in layer 8" in finding.text


def test_gradients_that_explode_are_told_by_layer():
    deep = bpv.MLP((2, *[8] * 7, 1), "leaky_relu")
    wide = {name: 20.0 * value for name, value in deep.parameters.items()}
    wide["W8"] = np.full((8, 1), 10.0)
    wide["W1"] = deep.parameters["W1"] * 1e-4
    training = bpv.Training(deep.with_parameters(wide), bpv.datasets.moons(100), bpv.SGD(0.0))
    training.step()
    finding = the_one(training)
    assert (finding.kind, finding.layer) == ("exploding", 1)
    assert finding.text.startswith("Gradients explode on the way back")


def test_a_loss_that_grows_is_told_before_it_is_too_late():
    features = np.linspace(-1.0, 1.0, 20)
    training = bpv.Training(bpv.MLP((1, 1)), (features, 2.0 * features), bpv.SGD(4.0), batch_size="all")
    training.step(5)
    finding = the_one(training)
    assert (finding.kind, finding.layer) == ("diverging", 0)
    grown = growth(training.watch.recent)
    assert finding.text == f"The {str(grown)[4:]}. Try a smaller learning rate, such as 0.4, and reset."
    with pytest.raises(DivergenceError, match=r"the loss grew [\d,.e+]+-fold in \d+ steps, to .*smaller learning rate"):
        training.step(100)
    training.reset()
    assert found(training) == ()


@pytest.mark.parametrize(
    ("losses", "said"),
    [
        ([0.7, 0.5, 2.0, 9.0, 20.0], "the loss grew 40-fold in 3 steps"),
        ([0.5, 1.0], "the loss grew 2-fold in 1 step"),
        ([0.5, 0.5, 1.0], "the loss grew 2-fold in 1 step"),
        ([0.5, 1.0, np.inf, np.nan], "the loss grew 2-fold in 1 step"),
        ([0.5, 6789.0], "the loss grew 14,000-fold in 1 step"),
        ([0.5, 2e9], "the loss grew 4.0e+09-fold in 1 step"),
        ([0.5, 0.4], None),
        ([0.5], None),
        ([np.nan, np.nan], None),
        ([], None),
        ([0.0, 1.0], None),
        ([-1.0, 3.0], None),
    ],
)
def test_growth_in_words(losses, said):
    grown = growth(losses)
    assert (None if grown is None else str(grown)) == said


def test_other_networks_have_no_layers_to_tell_of():
    network = bpv.UnitNetwork(nx.DiGraph([("x1", "h"), ("x2", "h"), ("h", "out")]), activation="relu")
    assert found(bpv.Training(network, bpv.datasets.moons(40))) == ()
