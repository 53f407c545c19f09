"""How large a graph may be."""

from __future__ import annotations

import pytest

import backpropviz as bpv
from backpropviz.errors import LayoutError

pytestmark = pytest.mark.no_cover  # its limits are of time and memory


def chain(length):
    def function(x):
        for _ in range(length):
            x = x * 1.01 + 0.5
        return x

    return bpv.trace(function)


def test_a_graph_of_a_thousand_nodes_is_shown_and_followed():
    graph = chain(500)
    assert len(graph) >= 1_000
    explorer = bpv.explore(graph, x=1)
    for k in range(5):
        explorer.set_state({"inputs": {"x": 1 + k / 10}})
        assert explorer.gradient() == bpv.gradient(graph, x=1 + k / 10)
    explorer.close()


def test_a_graph_of_five_thousand_nodes_is_refused_with_advice():
    graph = chain(2_500)
    assert len(graph) >= 5_000
    with pytest.raises(LayoutError, match=r"5,001 nodes to draw; more than 2,500 cannot be read"):
        bpv.explore(graph, x=1)
    assert float(bpv.gradient(graph, x=1)["x"]) == pytest.approx(1.01**2_500, rel=1e-12)
