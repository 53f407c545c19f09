"""What the layout achieves on the graphs it was measured on."""

from itertools import pairwise

import pytest
from layout_graphs import chain, lecture, neuron, parallel, perceptron, scattered
from layout_measures import crossings, curves_over_boxes, overlapping_boxes

from backpropviz.scene.layout import Box, place

BOUNDS = {
    "lecture": (lecture(), 1, 0),
    "lecture with one sum": (lecture(binary=False), 1, 0),
    "neuron": (neuron(), 0, 0),
    "parallel arrows": (parallel(), 0, 0),
    "perceptron 2-2-1": (perceptron(2, 2, 1), 1, 0),
    "perceptron 3-4-4-1": (perceptron(3, 4, 4, 1), 60, 0),
    "random, 99 nodes": (scattered(99), 140, 1),
}


@pytest.mark.parametrize("name", BOUNDS)
def test_few_crossings_and_free_boxes(name):
    (boxes, arrows), most_crossings, most_hits = BOUNDS[name]
    placement = place(boxes, arrows)
    assert crossings(placement) <= most_crossings
    assert len(curves_over_boxes(boxes, arrows, placement)) <= most_hits
    assert overlapping_boxes(boxes, placement) == []


def test_the_perceptron_has_the_size_it_was_measured_at():
    assert len(perceptron(3, 4, 4, 1)[0]) == 117
    assert len(perceptron(2, 16, 16, 1)[0]) == 980


def test_a_thousand_nodes():
    boxes, arrows = perceptron(2, 16, 16, 1)
    placement = place(boxes, arrows)
    assert overlapping_boxes(boxes, placement) == []
    assert len(curves_over_boxes(boxes, arrows, placement)) <= 3
    assert crossings(placement) <= 5_000


def test_inputs_of_a_small_graph_stand_in_the_first_column():
    boxes, arrows = lecture()
    centres = place(boxes, arrows).centres
    assert centres[0][0] == centres[1][0] == min(x for x, _ in centres)


def test_columns_and_rows_of_a_small_graph_are_spaced_as_drawn():
    boxes, arrows = lecture(binary=False)
    centres = place(boxes, arrows).centres
    columns = sorted({x for x, _ in centres})
    assert [after - before for before, after in pairwise(columns)] == [165.0] * 4
    assert 140 <= abs(centres[0][1] - centres[1][1]) <= 170


def test_a_long_chain_is_level_and_needs_no_recursion():
    boxes, arrows = chain(2_000)  # twice as deep as Python recurses
    placement = place(boxes, arrows)
    assert len({y for _, y in placement.centres}) == 1
    assert placement.paths[0].count("C") == 1


def test_an_input_used_all_along_a_chain_does_not_cost_its_square():
    boxes, arrows = chain(2_000)
    arrows += [(0, target, 1) for target in range(2, 2_000)]
    placement = place(boxes, arrows)
    assert overlapping_boxes(boxes, placement) == []
    assert len(set(placement.paths)) == len(arrows)


def test_nodes_without_arrows_and_no_nodes_at_all():
    assert place([], []).centres == ()
    alone = place([Box(60, 120)], [])
    assert alone.centres == ((54.0, 84.0),)
    assert (alone.width, alone.height) == (108.0, 168.0)


def test_an_unused_input_stands_below_the_graph():
    boxes, arrows = lecture()
    placement = place([Box(60, 104, source=True), *boxes], [(a + 1, b + 1, slot) for a, b, slot in arrows])
    assert placement.centres[0][1] == max(y for _, y in placement.centres)
    assert placement.centres[1:] == place(boxes, arrows).centres


def test_parallel_arrows_are_distinct_curves():
    boxes, arrows = parallel()
    paths = place(boxes, arrows).paths
    assert len(set(paths)) == len(arrows)


def test_a_node_stands_centred_among_its_arguments():
    boxes, arrows = neuron()
    y = [height for _, height in place(boxes, arrows).centres]
    assert y[5] == pytest.approx((y[0] + y[1]) / 2, abs=0.2)
    assert y[7] == pytest.approx((y[5] + y[6]) / 2, abs=0.2)
    assert y[8:] == [y[8]] * 5


def test_a_cycle_is_refused():
    with pytest.raises(ValueError, match="cycle"):
        place([Box(60, 60)] * 2, [(0, 1, 0), (1, 0, 0)])
