"""What holds for every graph: repeatability, order, room, ends of the curves."""

from math import hypot, isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_graphs import perceptron
from layout_measures import control_points, curves_over_boxes, overlapping_boxes

from backpropviz.scene.layout import Box, Spacing, place
from backpropviz.scene.layout.layers import cut, latest, neighbours, shortest
from backpropviz.scene.layout.order import arrange, crossings, sift
from backpropviz.scene.layout.rows import spread_apart


@st.composite
def graphs(draw):
    """Any graph whose arrows run from lower to higher numbers, repetitions and lone nodes included."""
    count = draw(st.integers(1, 25))
    boxes = [
        Box(width, draw(st.sampled_from([width, 90.0, 140.0])), source=draw(st.booleans()), round=draw(st.booleans()))
        for width in draw(st.lists(st.sampled_from([44.0, 60.0, 96.0]), min_size=count, max_size=count))
    ]
    arrows = []
    for target in range(1, count):
        found = draw(st.lists(st.integers(0, target - 1), max_size=4))
        arrows += [(source, target, slot) for slot, source in enumerate(found)]
    return boxes, arrows


@settings(max_examples=80, deadline=None)
@given(graphs())
def test_every_graph_is_drawn_soundly_and_curves_keep_clear_of_boxes(graph):
    boxes, arrows = graph
    placement = place(boxes, arrows)
    assert overlapping_boxes(boxes, placement) == []
    for box, (x, y) in zip(boxes, placement.centres, strict=True):
        assert isfinite(x)
        assert isfinite(y)
        assert x - box.width / 2 > 0 < y - box.height / 2
        assert x + box.width / 2 < placement.width
        assert y + box.height / 2 < placement.height
    for (source, target, _), path in zip(arrows, placement.paths, strict=True):
        assert placement.centres[source][0] < placement.centres[target][0]
        points = control_points(path)
        assert (points[:, 1:, 0] >= points[:, :-1, 0]).all()  # to the right all the way
        assert (points >= 0).all()
        assert (points.max(axis=(0, 1)) <= (placement.width, placement.height)).all()
        assert_on_side(points[0, 0], boxes[source], placement.centres[source], 1)
        assert_on_side(points[-1, 3], boxes[target], placement.centres[target], -1)
    assert len(set(placement.paths)) == len(arrows)
    assert curves_over_boxes(boxes, arrows, placement) == []


def assert_on_side(point, box, centre, sign):
    right, down = (point[0] - centre[0]) * sign, point[1] - centre[1]
    reach = hypot(right, down) if box.round else right
    assert reach == pytest.approx(box.width / 2, abs=0.21)
    assert abs(down) <= 0.37 * box.width + 0.1


@settings(max_examples=60, deadline=None)
@given(graphs(), st.sampled_from([latest, shortest]))
def test_layers_grow_along_arrows(graph, choose):
    boxes, arrows = graph
    layer = choose(*neighbours(len(boxes), arrows), [box.source for box in boxes])
    assert all(layer[source] < layer[target] for source, target, _ in arrows)
    assert min(layer) == 0


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_reported_crossings_are_those_of_the_order(graph):
    boxes, arrows = graph
    lanes = cut(latest(*neighbours(len(boxes), arrows), [box.source for box in boxes]), arrows)
    fewest, layers = arrange(lanes)
    assert fewest == crossings(layers, lanes.right) <= crossings(lanes.layers, lanes.right)
    removed = sift(layers, lanes, reach=5, budget=10_000)
    assert fewest - removed == crossings(layers, lanes.right)
    assert [sorted(members) for members in layers] == [sorted(members) for members in lanes.layers]


@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(0, 30), st.floats(0.5, 5)), min_size=1, max_size=8))
def test_spread_keeps_gaps_and_no_small_move_does_better(entries):
    wishes, gaps, weights = (list(column) for column in zip(*entries, strict=True))

    def cost(places):
        return sum(w * (p - wish) ** 2 for p, wish, w in zip(places, wishes, weights, strict=True))

    def keeps(places):
        return all(places[i] - places[i - 1] >= gaps[i] - 1e-6 for i in range(1, len(places)))

    found = spread_apart(wishes, gaps, weights)
    assert keeps(found)
    for first in range(len(found)):
        for last in range(first + 1, len(found) + 1):
            for step in (-0.01, 0.01):
                moved = [p + step * (first <= i < last) for i, p in enumerate(found)]
                assert not keeps(moved) or cost(moved) >= cost(found) - 1e-6


def test_spacing_is_kept():
    boxes, arrows = perceptron(2, 2, 1)
    wide = place(boxes, arrows, Spacing(column_gap=200.0, row_gap=80.0, margin=50.0))
    assert min(x for x, _ in wide.centres) == 80.0
    assert wide.width > place(boxes, arrows).width
