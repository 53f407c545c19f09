"""Walking into blocks that stand in blocks."""

from __future__ import annotations

import pytest

import backpropviz as bpv
from backpropviz.errors import GraphError
from backpropviz.graph.closing.walking import around, walk


def whole():
    graph = bpv.parse("a = x*z; b = exp(a); c = sin(b); d = c + x; y = d*d")
    return graph.collapse(["a", "b"], "net.0").collapse(["c", "d"], "net.1").collapse(["net.0", "net.1"], "net")


def test_a_block_opens_with_those_around_it_and_the_others_stay_closed():
    graph = whole()
    assert [name for name in graph.nodes if graph.arguments(name)] == ["net", "y"]
    inside = walk(graph, "net.1")
    assert [name for name in inside.nodes if inside.arguments(name)] == ["net.0", "c", "d", "y"]
    assert around(graph, "net.1") == ("net", "net.1")
    assert walk(graph) is graph
    assert inside.evaluate(x=0.3, z=2.0).value == graph.evaluate(x=0.3, z=2.0).value


def test_an_unknown_block_is_told():
    with pytest.raises(GraphError, match=r"no block 'net.2'. Did you mean"):
        walk(whole(), "net.2")
