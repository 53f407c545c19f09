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


def test_a_graph_of_five_thousand_nodes_opens_as_closed_blocks():
    graph = chain(2_500)
    assert len(graph) >= 5_000
    explorer = bpv.explore(graph, x=1)
    assert len(explorer.graph) <= 32
    assert explorer.gradient() == bpv.gradient(graph, x=1)
    known = [name for name, *_ in explorer.blocks["known"]]
    block = next(name for name in known if "." in name)
    explorer.walk(block)
    assert explorer.blocks["around"] == [block.partition(".")[0], block]
    assert len(explorer.graph) < 200
    assert explorer.gradient() == bpv.gradient(graph, x=1)
    explorer.show("x*z")
    assert explorer.blocks == {}
    explorer.close()


def test_what_has_no_blocks_opens_as_one_and_is_not_drawn_in_full(monkeypatch):
    def ring(a, b, c, d, e, f, g, h, i, j):  # hands on more values than a block may have ways out
        state = [a, b, c, d, e, f, g, h, i, j]
        for _ in range(150):
            state = [one + 0.01 * other for one, other in zip(state, state[1:] + state[:1], strict=True)]
        return sum(state)

    explorer = bpv.explore(ring, **dict.fromkeys("abcdefghij", 1))
    assert explorer.graph.nodes[-1] == explorer.graph.output
    assert len(explorer.graph) == 11
    assert explorer.last_step == 22  # known now
    monkeypatch.setattr("backpropviz.steps.run.evaluate", lambda *_: pytest.fail("nothing is to be computed"))
    with pytest.raises(LayoutError, match=r"nodes to draw; more than 2,500 cannot be read"):
        explorer.expand(explorer.graph.output)
    explorer.close()


def test_inputs_that_stand_inside_blocks_have_no_slider_until_they_come_out():
    def network(*p):
        weights = iter(p)
        layer = [0.5, -1.0]
        for width in (20, 20, 20, 1):
            layer = [sum(next(weights) * each for each in layer) + next(weights) for _ in range(width)]
        return layer[0]

    names = [f"p{number}" for number in range(20 * 3 + 2 * 20 * 21 + 21)]
    explorer = bpv.explore(bpv.trace(network, *names), dict.fromkeys(names, 0.1))
    drawn = len(explorer.shown_graph().scene.marks)
    assert drawn < 200
    assert len(explorer.shown_graph().page().specification["ranges"]) < 200
    before = explorer.gradient()
    explorer.expand(next(iter(explorer.graph.grouping.closed)))
    assert len(explorer.shown_graph().scene.marks) > drawn
    assert explorer.gradient() == before
    explorer.close()


def test_what_would_take_minutes_is_refused_before_anything_is_computed(monkeypatch):
    def chain(x):
        for _ in range(60):
            x = x * 2 + 1
        return x

    monkeypatch.setattr("backpropviz.scene.drawing.MOST_CLOSED", 100)
    graph = bpv.trace(chain)
    for name in ("scene.drawing.in_cones", "widgets.explore.begun", "widgets.explore.Explorer"):
        monkeypatch.setattr(f"backpropviz.{name}", lambda *_, **__: pytest.fail("nothing is to be computed"))
    with pytest.raises(LayoutError, match=r"has 123 nodes; more than 100 take minutes to be shown\. Show a smaller"):
        bpv.explore(graph, x=1.0)
