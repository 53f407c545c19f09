"""A large graph is cut into closed blocks, which keep every bit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import points, smooth_graphs

import backpropviz as bpv
from backpropviz.graph.closing import cones
from backpropviz.graph.closing.cones import in_cones
from backpropviz.graph.closing.grouping import basis_of


@settings(max_examples=40)
@given(st.data())
def test_blocks_of_any_graph_open_again_and_keep_every_bit(data):
    graph = data.draw(smooth_graphs())
    point = data.draw(points(graph))
    patched = pytest.MonkeyPatch()
    patched.setattr(cones, "MOST_AT_ONCE", 2)
    patched.setattr(cones, "_LEAST_GAIN", 1.5)
    patched.setattr(cones, "_MOST_LEFT", 4)
    try:
        view = in_cones(graph)
    finally:
        patched.undo()
    assert basis_of(view) == graph
    assert view.evaluate(point).value == graph.evaluate(point).value
    received, expected = view.evaluate(point).reverse(), graph.evaluate(point).reverse()
    assert all(received[name] == expected[name] for name in graph.inputs if name in view)
    while view.grouping is not None and view.grouping.closed:
        view = view.expand(next(iter(view.grouping.closed)))
    assert view == graph


def test_the_rounds_of_a_loop_stay_together_and_are_called_by_its_variable():
    def rounds(x, w):
        for _ in range(200):
            h = w * x
            x = h * h + x
        return x

    view = in_cones(bpv.trace(rounds))
    blocks = [name for name in view.nodes if name not in view.inputs]
    assert 2 <= len(blocks) <= cones.MOST_AT_ONCE
    assert all(name == view.output or name.startswith("x") for name in blocks)
    inner = view.expand(blocks[0])
    assert len(inner) > len(view)


def test_a_loop_that_hands_on_two_values_is_cut_between_its_rounds():
    def rounds(x, w):
        c = h = x
        for _ in range(150):
            g = bpv.ops.sigmoid(w * h)
            c, h = g * c + (1 - g) * h, g * bpv.ops.tanh(c)
        return h * c

    graph = bpv.trace(rounds)
    view = in_cones(graph)
    shown = [name for name in view.nodes if name not in view.inputs]
    assert len(shown) <= cones.MOST_AT_ONCE
    assert all(len(ports) == 2 for ports in view.grouping.ports.values())
    block = next(iter(view.grouping.ports))
    opened = view.expand(block)
    assert len(view) < len(opened) < len(view) + 2 * cones.MOST_AT_ONCE
    point = {"x": 0.3, "w": 0.7}
    received, expected = view.evaluate(point).reverse(), graph.evaluate(point).reverse()
    for name, below in view.grouping.nodes.items():
        assert received[name] == expected[below]
    for name in view.inputs:
        terms = [received.contributions[edge] for edge in view.consumers(name)]
        assert sum(terms) == pytest.approx(expected[name], rel=1e-12)


def test_units_of_a_network_are_left_side_by_side():
    def network(*p):
        weights = iter(p)
        layer = [0.5, -1.0]
        for width in (20, 20, 1):
            layer = [sum(next(weights) * each for each in layer) + next(weights) for _ in range(width)]
        return layer[0]

    count = 20 * 3 + 20 * 21 + 21
    names = [f"p{number}" for number in range(count)]
    view = in_cones(bpv.trace(network, *names))
    assert len([name for name in view.nodes if name not in view.inputs]) == pytest.approx(41, abs=6)
