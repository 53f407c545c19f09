"""Three drawings of one graph, each by its own convention."""

from __future__ import annotations

from itertools import combinations

import pytest

import backpropviz as bpv
from backpropviz.errors import InputError
from backpropviz.scene.drawing import DRAWINGS, draw, why_not
from backpropviz.scene.labels import text_width
from backpropviz.scene.specification import specification

TEXT = "h1 = tanh(w11*x1 + w12*x2 + b1); h2 = tanh(w21*x1 + w22*x2 + b2); p = v1*h1 + v2*h2 + c; L = (p - t)**2"
GRAPH = bpv.parse(TEXT)


def names(scene):
    return {mark.name for mark in scene.marks}


def test_a_circuit_has_round_gates_and_boxes_for_inputs():
    scene = draw(GRAPH, "circuit")
    assert {mark.shape for mark in scene.marks if mark.kind == "input"} == {"box"}
    assert {mark.label for mark in scene.marks if mark.kind == "gate" and mark.shape == "circle"} >= {"×", "+", "tanh"}


def test_a_computation_graph_has_rectangles_with_functions_and_unlabelled_edges():
    scene = draw(GRAPH, "computation graph")
    assert {mark.shape for mark in scene.marks} == {"box"}
    inside = {mark.name: mark.label for mark in scene.marks}
    assert inside["h1"].startswith("tanh")
    assert all(curve.label == "" for curve in scene.curves)
    assert set(GRAPH.inputs) <= names(scene)
    assert "L" in names(scene)


def test_a_network_has_units_and_labelled_edges_but_no_biases_and_no_loss():
    scene = draw(GRAPH, "network")
    assert names(scene) == {"x1", "x2", "h1", "h2", "p"}
    assert {mark.shape for mark in scene.marks} == {"circle"}
    assert sorted(curve.label for curve in scene.curves) == ["v1", "v2", "w11", "w12", "w21", "w22"]
    assert {mark.label for mark in scene.marks} == names(scene)


def test_every_weight_and_bias_has_a_unit_that_stands_for_it():
    scene = draw(GRAPH, "network")
    place = {name: index for index, name in enumerate(GRAPH.nodes)}
    assert scene.owners[place["w21"]] == place["h2"]
    assert scene.owners[place["b1"]] == place["h1"]
    assert scene.owners[place["c"]] == place["p"]


@pytest.mark.parametrize("hidden", [2, 4, 6])
def test_weights_on_edges_keep_clear_of_units_and_of_each_other(hidden):
    sums = [f"h{k} = tanh({' + '.join(f'w{k}{j}*x{j}' for j in range(1, 4))} + b{k})" for k in range(1, hidden + 1)]
    scene = draw(bpv.parse("; ".join([*sums, " + ".join(f"v{k}*h{k}" for k in range(1, hidden + 1))])), "network")
    boxes = []
    for curve in scene.curves:
        x, y = curve.label_place
        half = text_width(curve.label, 15.0) / 2
        boxes.append((x - half, y - 8, x + half, y + 8))
        for mark in scene.marks:
            assert (x - mark.x) ** 2 + (y - mark.y) ** 2 > (mark.width / 2) ** 2
    overlaps = [
        (one, two)
        for one, two in combinations(boxes, 2)
        if min(one[2], two[2]) > max(one[0], two[0]) + 2 and min(one[3], two[3]) > max(one[1], two[1]) + 2
    ]
    assert overlaps == []


def test_weights_are_named_where_all_of_their_layer_have_room():
    scene = draw(bpv.MLP((3, 5, 4, 1), output="sigmoid").scalar_graph(), "network")
    assert names(scene) == {
        "x1",
        "x2",
        "x3",
        *(f"h1_{k}" for k in range(1, 6)),
        *(f"h2_{k}" for k in range(1, 5)),
        "o1",
    }
    assert {curve.label for curve in scene.curves if curve.target == max(each.target for each in scene.curves)} == {
        f"w3_{k}1" for k in range(1, 5)
    }
    written = {curve.still_label for curve in scene.curves if curve.still_label}
    assert {label[:2] for label in written} == {"w1", "w3"}
    assert all(curve.label for curve in scene.curves)  # for whoever selects a unit
    assert all(("crowded" in curve.to_plain()) == (curve.label[:2] == "w2") for curve in scene.curves)


@pytest.mark.parametrize("identifier", list(bpv.examples))
def test_every_example_can_be_drawn_in_every_way_or_says_why_not(identifier):
    graph = bpv.examples[identifier].graph
    for drawing in DRAWINGS:
        reason = why_not(graph, drawing)
        if reason:
            assert drawing == "network"
            with pytest.raises(InputError, match="no network"):
                draw(graph, drawing)
        else:
            assert draw(graph, drawing).marks


def test_a_small_graph_brings_all_its_drawings_to_the_page():
    example = bpv.examples["cmu-exp-ratio-sine"]
    spec = specification(bpv.record(example.graph, example.point), {})
    assert set(spec["scenes"]) == {"computation graph"}
    assert "no network" in spec["undrawable"]["network"]
    network = specification(bpv.record(GRAPH, dict.fromkeys(GRAPH.inputs, 0.5)), {}, drawing="network")
    assert set(network["scenes"]) == {"circuit", "computation graph"}
    assert network["scene"]["drawing"] == "network"


def test_closed_gates_stand_under_their_name():
    example = bpv.examples["cornell-logistic-fine"]
    closed = example.graph.collapse(["v3", "v4", "v5", "v6", "v7", "f"], "neuron")
    assert "neuron" in {mark.label for mark in draw(closed).marks}
