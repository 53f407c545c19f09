"""Graphs to networkx and back."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from strategies import graphs

from backpropviz.errors import GraphError
from backpropviz.graph import Graph, GraphBuilder, parse


@given(graphs())
def test_there_and_back(graph):
    assert Graph.from_networkx(graph.to_networkx()) == graph


def test_a_square_keeps_both_edges():
    digraph = parse("x*x").to_networkx()
    assert list(digraph.edges(keys=True)) == [("x", "y", 0), ("x", "y", 1)]
    assert digraph.nodes["y"] == {"op": "multiply", "parameters": {}}
    assert digraph.graph == {"output": "y"}


def test_it_is_a_copy():
    builder = GraphBuilder()
    graph = builder.build(builder.apply("multiply", builder.input("x"), builder.constant(np.ones(2))))
    digraph = graph.to_networkx()
    digraph.nodes[graph.constants[0]]["value"][0] = 7.0
    digraph.remove_node("x")
    assert graph.node(graph.constants[0]).value.tolist() == [1.0, 1.0]
    assert "x" in graph


def by_hand(*edges, digraph=None, output=None, **ops):
    digraph = nx.MultiDiGraph() if digraph is None else digraph
    for name, op in ops.items():
        digraph.add_node(name, op=op)
    for edge in edges:
        digraph.add_edge(*edge)
    if output is not None:
        digraph.graph["output"] = output
    return digraph


def test_a_graph_by_hand():
    digraph = by_hand(("x", "y", 1), ("2", "y", 0), x=None, y="subtract")
    digraph.add_node("2", value=2)
    assert Graph.from_networkx(digraph).expression() == "2 - x"


def test_a_digraph_with_slots_as_attributes():
    digraph = nx.DiGraph()
    digraph.add_node("y", op="divide")
    digraph.add_edge("a", "y", slot=1)
    digraph.add_edge("b", "y", slot=0)
    assert Graph.from_networkx(digraph).expression() == "b/a"
    digraph = nx.DiGraph([("x", "y")])
    digraph.nodes["y"]["op"] = "exp"
    assert Graph.from_networkx(digraph).expression() == "exp(x)"


@pytest.mark.parametrize(
    ("digraph", "message"),
    [
        (by_hand(("a", "b", 0), ("b", "c", 0), ("c", "a", 0), a="exp", b="sin", c="cos"), "cycle: .*->.*->.*->"),
        (by_hand(("x", "x", 0), x="exp"), "cycle"),
        (by_hand(("x", "y", 0), ("z", "y", 1), y="exp"), "'y': exp takes one argument, not 2"),
        (by_hand(("x", "y", 0), y="divide"), "'y': divide takes 2 arguments, not 1"),
        (by_hand(y="exp"), "not 0"),
        (by_hand(("x", "y", 0), ("z", "y", 0), y="add"), "slot 0 is given twice, by 'x' and by 'z'"),
        (by_hand(("x", "y", 0), ("z", "y", 2), y="add"), "slot 1 is missing"),
        (by_hand(("x", "y", "left"), ("z", "y", "right"), y="add"), "Slots are 0, 1, 2"),
        (by_hand(("x", "y", -1), y="exp"), "Slots are 0, 1, 2"),
        (by_hand(("x", "y"), ("z", "y"), y="add", digraph=nx.DiGraph()), "has no slot"),
        (by_hand(("x", "y", 0), y="sine"), "unknown operation 'sine'. Did you mean 'sin'"),
        (by_hand(("x", "y", 0), y=None), "no attribute op"),
        (by_hand(("x", "y", 0), y=7), "op is the name"),
        (by_hand(("x", "y", 0), ("x", "z", 0), y="exp", z="sin"), "Several nodes are used by none: 'y', 'z'"),
        (by_hand(("x", "y", 0), y="exp", output="w"), "'w' is not a node"),
        (by_hand((1, "y", 0), y="exp"), "non-empty strings, not 1"),
        (nx.MultiDiGraph(), "no nodes"),
        (nx.Graph(), "not Graph"),
        ("x", "not str"),
    ],
)
def test_refusals(digraph, message):
    with pytest.raises(GraphError, match=message):
        Graph.from_networkx(digraph)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"op": "constant", "value": "much"}, "not a number"),
        ({"op": "constant"}, "no value"),
        ({"op": "input", "parameters": {"axis": {}}}, "plain values"),
        ({"op": "input", "parameters": 3}, "plain values"),
    ],
)
def test_refused_attributes(attributes, message):
    digraph = nx.MultiDiGraph()
    digraph.add_node("x", **attributes)
    with pytest.raises(GraphError, match=message):
        Graph.from_networkx(digraph)


def test_unknown_parameter():
    digraph = parse("leaky_relu(x, 0.1)").to_networkx()
    digraph.nodes["y"]["parameters"] = {"slop": 0.1}
    with pytest.raises(GraphError, match="no parameter 'slop'"):
        Graph.from_networkx(digraph)
