"""Units of a network are found in its graph, and other graphs are told why they are none."""

from __future__ import annotations

import pytest

import backpropviz as bpv
from backpropviz.errors import GraphError
from backpropviz.graph.units import network_of, why_no_network

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
    ],
)
def test_what_is_no_network_is_told(text, said):
    assert said in why_no_network(bpv.parse(text))
    with pytest.raises(GraphError, match="no network"):
        network_of(bpv.parse(text))


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
