"""Every layer, activation, output and loss: rules against an independent check, sweeps against differences."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.learn.choices import LOSSES, OUTPUTS, activation_names
from backpropviz.learn.examples import read_examples, targets_for

FITTING = [
    (output, loss)
    for output in OUTPUTS
    for loss in LOSSES
    if not (output == "sigmoid" and loss == "cross_entropy")
    and not (output == "softmax" and loss == "binary_cross_entropy")
]
BATCH = 5


def targets_of(loss, output, count, outputs):
    generator = np.random.default_rng(7)
    if loss == "cross_entropy" or output == "softmax":
        return np.eye(outputs)[generator.integers(0, outputs, count)]
    if loss == "binary_cross_entropy":
        return generator.integers(0, 2, (count, outputs)).astype(float)
    return generator.normal(size=(count, outputs))


def point_of(network, batch=BATCH):
    features = np.random.default_rng(3).normal(size=(batch, network.input_count))
    targets = targets_of(network.loss, network.output, batch, network.output_count)
    # Biases of 0 would hide a mistake in them.
    shifted = {name: value + 0.05 for name, value in network.parameters.items()}
    return {"X": features, "y": targets, **shifted}


def assert_gradients_hold(network):
    graph, point = network.graph(BATCH), point_of(network)
    bpv.check(graph, point)
    adjoints = graph.evaluate(point).reverse()
    generator = np.random.default_rng(11)
    for name, value in network.parameters.items():
        direction = generator.uniform(0.5, 1.5, value.shape) * generator.choice([-1.0, 1.0], value.shape)
        ahead, behind = (
            float(graph.evaluate({**point, name: point[name] + step * direction}).value) for step in (1e-6, -1e-6)
        )
        assert np.sum(adjoints[name] * direction) == pytest.approx((ahead - behind) / 2e-6, rel=1e-5, abs=1e-8)


HIDDEN = [*((each, "separate") for each in activation_names()), ("tanh", "folded")]


@pytest.mark.parametrize(
    ("hidden", "ending"),
    [(HIDDEN[k % len(HIDDEN)], FITTING[k % len(FITTING)]) for k in range(2 * max(len(HIDDEN), len(FITTING)))],
    ids=str,
)
def test_every_gradient(hidden, ending):
    """Every activation twice, every output and loss twice, in changing company."""
    (activation, bias), (output, loss) = hidden, ending
    assert_gradients_hold(bpv.MLP((3, 4, 2), activation, output=output, loss=loss, l2=0.3, bias=bias, seed=2))


def test_several_layers_of_different_activations():
    assert_gradients_hold(bpv.MLP((2, 3, 4, 3, 1), ("relu", "tanh", "sigmoid"), output="sigmoid", seed=5))


@pytest.mark.parametrize(("output", "loss"), [("identity", None), ("softmax", None), ("sigmoid", "squared_error")])
def test_units_wired_at_will(output, loss):
    wiring = nx.DiGraph([("x1", "h1"), ("x2", "h1"), ("x2", "h2"), ("h1", "h2"), ("h1", "o1"), ("h2", "o1")])
    wiring.add_edges_from([("h2", "o2"), ("x1", "o2")])
    wiring.nodes["h2"]["activation"] = "sigmoid"
    assert_gradients_hold(bpv.UnitNetwork(wiring, output=output, loss=loss, l2=0.1, seed=3))


def test_a_layered_wiring_is_the_perceptron():
    mlp = bpv.MLP((2, 3, 1), output="sigmoid", seed=4)
    edges = [(f"x{i}", f"h{j}") for j in range(3) for i in range(2)] + [(f"h{j}", "out") for j in range(3)]
    wiring = nx.DiGraph()
    wiring.add_nodes_from(["x0", "x1"])
    wiring.add_edges_from(edges)
    parameters = {f"w_h{j}": mlp.parameters["W1"][:, j] for j in range(3)} | {f"b_h{j}": 0.0 for j in range(3)}
    units = bpv.UnitNetwork(
        wiring, output="sigmoid", parameters={**parameters, "w_out": mlp.parameters["W2"][:, 0], "b_out": 0.0}
    )
    features = np.random.default_rng(0).normal(size=(6, 2))
    np.testing.assert_allclose(units.predict(features), mlp.predict(features), rtol=1e-14)


@pytest.mark.parametrize("bias", ["separate", "folded"])
@pytest.mark.parametrize(("output", "loss"), FITTING)
def test_scalar_graph_tells_the_same_as_matrices(output, loss, bias):
    mlp = bpv.MLP((3, 4, 2), "sigmoid", output=output, loss=loss, l2=0.3, bias=bias, seed=2)
    features, target = np.array([0.3, -1.2, 0.8]), targets_of(mlp.loss, output, 1, 2)[0]
    scalar, point = mlp.scalar_graph(), mlp.scalar_point(features, target)
    whole = mlp.graph().evaluate({"x": features, "y": target, **mlp.parameters})
    assert set(scalar.inputs) == set(point)
    assert float(scalar.evaluate(point).value) == pytest.approx(float(whole.value), rel=1e-13)
    adjoints, slopes = whole.reverse(), scalar.evaluate(point).reverse()
    weights = adjoints["W1"][1:] if bias == "folded" else adjoints["W1"]
    biases = adjoints["W1"][0] if bias == "folded" else adjoints["b1"]
    assert [[float(slopes[f"w{i}{j}"]) for j in range(1, 5)] for i in range(1, 4)] == pytest.approx(weights, rel=1e-11)
    assert [float(slopes[f"b1{j}"]) for j in range(1, 5)] == pytest.approx(biases, rel=1e-11)


@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_a_closed_loss_has_the_same_bits(l2):
    mlp = bpv.MLP((2, 3, 2), output="softmax", l2=l2)
    graph, closed = mlp.scalar_graph(), mlp.scalar_graph(closed=True)
    point = mlp.scalar_point([0.3, -1.2], 1)
    one, other = graph.evaluate(point), closed.evaluate(point)
    assert float(one.value).hex() == float(other.value).hex()
    for name in graph.inputs:
        assert float(one.reverse()[name]).hex() == float(other.reverse()[name]).hex()
    misfit = "misfit" if l2 else "loss"
    assert set(closed.arguments(misfit)) == {"o1", "o2", "y1", "y2"}
    if l2:
        assert set(closed.arguments("penalty")) == {name for name in closed.inputs if name[0] in "wa"}
        assert closed.arguments("loss") == ("misfit", "penalty")
    assert closed.expand(misfit).op(misfit) == graph.op(misfit)


def test_scalar_graph_has_the_names_of_the_lecture():
    mlp = bpv.MLP((4, 2, 1), "sigmoid", loss="squared_error")
    program = mlp.scalar_graph().program()
    assert {"x4", "w41", "w42", "a11", "a21", "b11", "b12", "b21", "y"} <= set(mlp.scalar_graph().inputs)
    for line in ("h1 = sigmoid(t1)", "h2 = sigmoid(t2)"):
        assert line in program
    assert {"t1", "t2", "o1", "loss"} <= set(mlp.scalar_graph().nodes)
    deep = bpv.MLP((2, 11, 3, 1)).scalar_graph()
    assert {"w1_2_11", "w2_11_3", "b1_11", "h1_11", "o1"} <= set(deep.nodes)


def test_matrix_graph_has_the_names_of_the_lecture():
    graph = bpv.MLP((4, 2, 1), "sigmoid").graph(8)
    assert {"X", "W1", "b1", "t1", "h1", "W2", "b2", "o", "y", "loss"} <= set(graph.nodes)
    assert graph.output == "loss"


def test_one_example_is_a_batch_of_one():
    mlp = bpv.MLP((3, 4, 3), output="softmax", bias="folded", l2=0.1)
    x = np.array([0.1, 0.2, -0.3])
    assert mlp.loss_at(x, 2) == pytest.approx(mlp.loss_at(x[None], [2]), rel=1e-14)
    np.testing.assert_allclose(mlp.predict(x), mlp.predict(x[None])[0], rtol=1e-14)


def test_bias_folded_or_apart_is_the_same_network():
    apart = bpv.MLP((2, 5, 3), output="softmax", l2=0.2, seed=1)
    folded = bpv.MLP((2, 5, 3), output="softmax", l2=0.2, seed=1, bias="folded")
    examples = bpv.datasets.blobs(30)
    *_, one = bpv.fit(apart, examples, epochs=3, batch_size=7)
    *_, other = bpv.fit(folded, examples, epochs=3, batch_size=7)
    for layer in (1, 2):
        for left, right in zip(one.network.weights(layer), other.network.weights(layer), strict=True):
            np.testing.assert_allclose(left, right, rtol=1e-12, atol=1e-15)


def test_stable_for_scores_of_a_thousand():
    for output, outputs, target in (("sigmoid", 1, [[1.0]]), ("softmax", 2, [[1.0, 0.0]])):
        weights = np.array([[-1000.0, 1000.0][:outputs]])
        mlp = bpv.MLP((1, outputs), output=output, parameters={"W1": weights, "b1": np.zeros(outputs)})
        tape = mlp.graph(1).evaluate({"X": [[1.0]], "y": target, **mlp.parameters})
        assert float(tape.value) == pytest.approx(1000.0 if outputs == 1 else 2000.0)
        assert np.isfinite(tape.reverse()["W1"]).all()


def test_class_numbers_and_one_hot_are_the_same_targets():
    examples = bpv.datasets.blobs(12)
    mlp = bpv.MLP((2, 3), output="softmax")
    coded = targets_for(mlp, read_examples(examples))
    assert coded.shape == (12, 3)
    assert mlp.loss_at(examples.features, coded) == pytest.approx(mlp.loss_at(*examples), rel=1e-14)
