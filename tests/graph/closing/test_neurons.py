"""Units of a network are found in its graph, and other graphs are told why they are none."""

from __future__ import annotations

import pytest

import backpropviz as bpv
from backpropviz.errors import GraphError
from backpropviz.graph.closing.neurons import network_of, why_no_network

TWO_TWO_ONE = "h1 = tanh(w11*x1 + w12*x2 + b1); h2 = tanh(w21*x1 + w22*x2 + b2); p = v1*h1 + v2*h2 + c; L = (p - t)**2"


def test_units_weights_biases_and_what_comes_after():
    network = network_of(bpv.parse(TWO_TWO_ONE))
    assert list(network.units) == ["h1", "h2", "p"]
    assert [unit.layer for unit in network.units.values()] == [1, 1, 2]
    assert network.features == ("x1", "x2")
    assert [(link.weight, link.source) for link in network.units["h2"].links] == [("w21", "x1"), ("w22", "x2")]
    assert network.units["p"].biases == ("c",)
    assert set(network.beyond) == {"t", "2", "L", *network.beyond} - {"p", "h1"}


@pytest.mark.parametrize(
    ("identifier", "units"),
    [("imperial-tanh-net", ["x2", "x3"]), ("cornell-logistic-coarse", ["f"]), ("cornell-logistic-fine", ["v4"])],
)
def test_lecture_networks(identifier, units):
    assert list(network_of(bpv.examples[identifier].graph).units) == units


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x*z", "no node is a unit"),
        ("exp(x*z) + x*z/ln(x)", "no node is a unit"),
        ("h = tanh(w*x + b); h + ln(z)", "neither part of a unit"),
        ("h = tanh(w*x + w*z); h*h", "no node is a unit"),
        ("x*y + z", "nothing says which factors are weights"),
    ],
)
def test_what_is_no_network_is_told(text, said):
    assert said in why_no_network(bpv.parse(text))
    with pytest.raises(GraphError, match="no network"):
        network_of(bpv.parse(text))


@pytest.mark.parametrize("text", ["w*x + b", "(x*a + c - t)**2", "tanh(x*y + z)"])
def test_one_unit_is_a_network_where_something_says_so(text):
    assert len(network_of(bpv.parse(text)).units) == 1


@pytest.mark.parametrize("level", ["network", "layer", "neuron", "gates"])
def test_every_depth_has_the_same_bits(level):
    graph = bpv.parse(TWO_TWO_ONE)
    point = {name: 0.3 + 0.17 * place - (place % 3) * 0.5 for place, name in enumerate(graph.inputs)}
    plain = graph.evaluate(point).reverse()
    for at in (None, 1, "h2"):
        seen = bpv.zoom(graph, level, at).evaluate(point).reverse()
        for name in graph.inputs:
            assert float(seen[name]).hex() == float(plain[name]).hex()


def test_zooming_in_shows_more_and_out_again_less():
    graph = bpv.parse(TWO_TWO_ONE)
    sizes = [len(bpv.zoom(graph, level, "h1")) for level in ("network", "layer", "neuron", "gates")]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 4
    assert bpv.zoom(bpv.zoom(graph, "gates"), "network") == bpv.zoom(graph, "network")
    assert bpv.zoom(graph, "neuron") == graph
    with pytest.raises(GraphError, match="no unit or layer 'h9'"):
        bpv.zoom(graph, "neuron", "h9")
    with pytest.raises(GraphError, match="Unknown level"):
        bpv.zoom(graph, "atoms")


LOSSES = [
    ("identity", "squared_error"),
    ("identity", "binary_cross_entropy"),
    ("identity", "cross_entropy"),
    ("sigmoid", "binary_cross_entropy"),
    ("sigmoid", "half_squared_error"),
    ("softmax", "cross_entropy"),
    ("softmax", "squared_error"),
]


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("sizes", [(2, 3), (3, 1), (2, 3, 2), (3, 5, 4, 1)])
@pytest.mark.parametrize(("output", "loss"), LOSSES)
def test_the_units_of_a_perceptron_end_at_its_scores_whatever_its_loss(output, loss, sizes, l2, closed):
    if sizes[-1] == 1 and loss == "cross_entropy":
        sizes = (*sizes[:-1], 2)
    graph = bpv.MLP(sizes, output=output, loss=loss, l2=l2).scalar_graph(closed=closed)
    network = network_of(graph)
    assert network.features == tuple(f"x{place}" for place in range(1, sizes[0] + 1))
    per_layer = [[unit for unit in network.units.values() if unit.layer == layer] for layer in range(1, len(sizes))]
    assert [len(units) for units in per_layer] == list(sizes[1:])
    for units, before in zip(per_layer, sizes, strict=False):
        assert {len(unit.links) for unit in units} == {before}
    last = "p" if output == "sigmoid" and loss.endswith("squared_error") else "o"
    assert [unit.name for unit in per_layer[-1]] == [f"{last}{place}" for place in range(1, sizes[-1] + 1)]


def test_a_sum_and_its_activation_are_no_two_units():
    gated = network_of(bpv.parse("t = w*x + b; h = tanh(t); y = v*h + c; (y - t)**2"))
    assert list(gated.units) == ["h", "y"]
    with pytest.raises(GraphError, match="weighs t, which is no unit"):
        network_of(bpv.parse("t = w*x + b; h = tanh(t); y = v*h + u*t + c"))
