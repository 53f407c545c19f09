"""Blocks that several values leave: what each sends back alone, no circles, and the bits of the open graph."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import graphs, points, smooth_graphs

import backpropviz as bpv
from backpropviz.errors import GraphError
from backpropviz.graph import Graph
from backpropviz.scene.drawing import draw

CELL = bpv.parse("s = x*w + h0*u; c = sigmoid(s)*c0 + tanh(s); h = sigmoid(s)*tanh(c); k = h*c; m = h*h; y = k + m")
INSIDE = [name for name in CELL.nodes if CELL.arguments(name) and name not in "kmy"]
POINT = {"x": 0.5, "w": 0.3, "h0": 0.2, "u": -0.7, "c0": 1.1}


def blocks_apart(view: Graph) -> nx.DiGraph:
    """Which blocks wait for which, each of them one node."""
    return nx.DiGraph(
        (view.grouping.block_of(argument), view.grouping.block_of(name))
        for name in view.nodes
        for argument in view.arguments(name)
        if view.grouping.block_of(argument) != view.grouping.block_of(name)
    )


def test_a_cell_has_two_values_which_leave_under_their_names():
    view = CELL.collapse(INSIDE, "cell")
    assert view.grouping.ports == {"cell": ("c", "h")}
    assert view.arguments("h") == ("x", "w", "h0", "u", "c")
    assert view.arguments("c") == ("x", "w", "h0", "u", "c0")
    assert view.expand("cell") == view.expand("h") == CELL
    assert Graph.from_json(view.to_json()) == view
    assert view.program().startswith("c = sigmoid(x*w + h0*u)*c0")


def test_each_value_sends_back_its_own_term_and_an_argument_gets_the_sum():
    view, tape = CELL.collapse(INSIDE, "cell"), CELL.evaluate(POINT)
    adjoints = view.evaluate(POINT).reverse()
    for port, line in zip(("c", "h"), view.program().split("; "), strict=False):
        alone = bpv.parse(line)  # in which the other value is given
        slopes = bpv.gradient(alone, {name: tape.primals[name] for name in alone.inputs})
        for slot, name in enumerate(view.arguments(port)):
            assert adjoints.contributions[port, slot] == pytest.approx(adjoints[port] * slopes[name], rel=1e-13)
    for name in view.inputs:
        terms = [adjoints.contributions[edge] for edge in view.consumers(name)]
        assert len(terms) == (1 if name == "c0" else 2)
        assert sum(terms) == pytest.approx(tape.reverse()[name], rel=1e-14)


@given(st.data())
def test_closing_what_one_likes_makes_no_circle_and_keeps_every_bit(data):
    graph = data.draw(st.one_of(graphs(), smooth_graphs(12)))
    point = data.draw(points(graph))
    view, closed = graph, 0
    for name in ("one", "two", "three"):
        gates = [each for each in view.nodes if view.arguments(each)]
        start = data.draw(st.integers(0, len(gates) - 1))
        chosen = gates[start : start + data.draw(st.integers(1, 6))]
        try:
            view = view.collapse(chosen, name)
        except GraphError:
            continue
        closed += 1
        assert nx.is_directed_acyclic_graph(blocks_apart(view))
    if not closed:
        return
    basis, shown = graph.evaluate(point), view.evaluate(point)
    first, second = shown.reverse(), basis.reverse()
    for name in view.nodes:
        below = view.grouping.nodes[name]
        np.testing.assert_array_equal(shown.primals[name], basis.primals[below])
        if name in first:
            np.testing.assert_array_equal(first[name], second[below])
    assert Graph.from_json(view.to_json()) == view
    while view.grouping is not None:
        view = view.expand(next(iter(view.grouping.closed)))
    assert view == graph


def test_what_leads_out_and_back_in_is_told():
    graph = bpv.parse("a = x*z; b = exp(a); c = b*x; d = a + c; y = c*d")
    with pytest.raises(GraphError, match="Take in b too"):
        graph.collapse(["a", "c", "d"], "block")
    view = CELL.collapse(INSIDE, "cell")
    with pytest.raises(GraphError, match="some of the values that leave cell"):
        view.collapse(["h", "k"], "more")
    assert view.collapse(["cell", "k", "m", "y"], "all").arguments("all") == ("x", "w", "h0", "u", "c0")


def test_words_say_that_two_values_leave_and_what_an_argument_gets():
    timeline = bpv.record(CELL.collapse(INSIDE, "cell"), POINT)
    told = [timeline.narrate(step) for step in range(len(timeline) + 1)]
    (last,) = [each for each in told if each.sentence.startswith("x receives two contributions")]
    assert (
        "c and h leave cell here; each brings its own upstream gradient back, and x gets the sum over both."
        in last.notes
    )
    assert "a closed gate, one of those that leave cell" in timeline.graph.describe()


def test_a_block_is_one_frame_with_a_row_for_each_value():
    view = CELL.collapse(INSIDE, "cell")
    scene = draw(view)
    (frame,) = scene.frames
    inside = {mark.name: mark for mark in scene.marks if mark.node in frame.nodes}
    assert (frame.title, list(inside)) == ("cell", ["c", "h"])
    assert inside["c"].y + inside["c"].height / 2 < inside["h"].y - inside["h"].height / 2
    for mark in scene.marks:
        across = abs(mark.x - frame.x) < (mark.width + frame.width) / 2
        along = abs(mark.y - frame.y) < (mark.height + frame.height) / 2
        assert (across and along) == (mark.name in inside)
    shown = bpv.explore(view, POINT)
    assert ">cell</text>" in shown.to_svg()
