"""Every operation, with arrays and with its parameters, survives JSON, networkx and, where text can write it, text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from operation_cases import CASES, OPERATIONS
from strategies import SCALAR_OPS, graphs, structure

from backpropviz.errors import ExpressionError, GraphError
from backpropviz.export.shown_graph import ShownGraph
from backpropviz.graph import Graph, GraphBuilder, parse

DIFFERENT = list({(case.op, repr(sorted(case.parameters.items()))): case for case in CASES}.values())


def graph_of(case) -> Graph:
    """The first argument is an input, the others are constants; the result is used by a second gate."""
    builder = GraphBuilder()
    first, *others = case.arguments
    nodes = [builder.constant(first) if 0 in case.fixed else builder.input("x")]
    nodes += [builder.constant(value) for value in others]
    made = builder.apply(case.op, *nodes, **case.parameters)
    return builder.build(builder.apply("sin", made))


def test_every_operation_is_tried():
    assert {case.op for case in DIFFERENT} == set(OPERATIONS)


@pytest.mark.parametrize("case", DIFFERENT, ids=str)
def test_there_and_back(case):
    graph = graph_of(case)
    again = Graph.from_json(graph.to_json())
    assert again == graph
    assert again.to_json() == graph.to_json()
    assert Graph.from_networkx(graph.to_networkx()) == graph
    assert Graph.from_json(Graph.from_networkx(again.to_networkx()).to_json()) == graph
    with np.errstate(all="ignore"):
        point = {"x": case.arguments[0]} if graph.inputs else {}
        before, after = graph.evaluate(point), again.evaluate(point)
    for name in graph.nodes:
        assert np.array_equal(before.primals[name], after.primals[name], equal_nan=True), name


@pytest.mark.parametrize("case", DIFFERENT, ids=str)
def test_what_text_can_write_it_can_read(case):
    graph = graph_of(case)
    text = graph.program()
    known: dict[object, int] = {}
    if case.op in SCALAR_OPS and not any(np.ndim(argument) for argument in case.arguments[1:]):
        assert structure(parse(text), known=known) == structure(graph, known=known)
        return
    try:
        again = parse(text)
    except (ExpressionError, GraphError):
        return  # refused, never misread
    # Text has no arrays: they are written by name, and become inputs.
    arrays = {name for name in graph.constants if np.ndim(graph.node(name).value)}
    assert set(again.inputs) == {*graph.inputs, *arrays}
    assert [again.op(name) for name in again.nodes if again.arguments(name)] == [
        graph.op(name) for name in graph.nodes if graph.arguments(name)
    ]


@given(graphs(most_gates=8), st.data())
def test_closed_gates_travel_too(graph, data):
    gates = [name for name in graph.nodes if graph.arguments(name)]
    chosen = data.draw(st.sets(st.sampled_from(gates), min_size=1, max_size=4))
    try:
        closed = graph.collapse(chosen)
    except GraphError:
        return  # not every selection is one gate
    again = Graph.from_json(closed.to_json())
    assert again.to_json() == closed.to_json()
    assert again.nodes == closed.nodes


@given(graphs(most_gates=8), st.data())
def test_a_shown_graph_travels_with_its_point(graph, data):
    point = {name: data.draw(st.floats(-3, 3)) for name in graph.inputs}
    shown_graph = ShownGraph(graph, point)
    again = ShownGraph.from_plain(shown_graph.to_plain())
    assert again == shown_graph
    assert again.to_text() == shown_graph.to_text()
