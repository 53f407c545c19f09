"""A model is drawn as its blocks: weights stand inside closed ones, connections past a block are named."""

from __future__ import annotations

import numpy as np

from backpropviz.graph import Graph
from backpropviz.graph.node import INPUT, Node
from backpropviz.scene.drawing import draw


def block():
    """x + tanh(x @ W), W learned."""
    nodes = [
        Node("x", INPUT),
        Node("W", INPUT, parameters=(("learned", True),)),
        Node("a", "matmul", ("x", "W")),
        Node("h", "tanh", ("a",)),
        Node("y", "add", ("x", "h")),
    ]
    return Graph(nodes, "y")


SHAPES = {"x": (4, 3), "W": (3, 3), "a": (4, 3), "h": (4, 3), "layer": (4, 3), "y": (4, 3)}


def test_weights_stand_inside_closed_blocks_and_come_out_of_opened_ones():
    closed = block().collapse(["a", "h"], "layer")
    scene = draw(closed, "circuit", SHAPES)
    marks = {mark.name: mark for mark in scene.marks}
    assert set(marks) == {"x", "layer", "y"}
    assert marks["layer"].tile.caption == "9 parameters [4×3]"
    place = {name: index for index, name in enumerate(closed.nodes)}
    assert scene.owners == {place["W"]: place["layer"]}
    assert {mark.name for mark in draw(closed.expand("layer"), "circuit", SHAPES).marks} == {"x", "W", "a", "h", "y"}


def test_residual_connections_are_drawn_as_such():
    labels = {curve.key: curve.label for curve in draw(block(), "circuit", SHAPES).curves}
    names = block().nodes
    assert {(names[node], slot): text for (node, slot), text in labels.items() if text} == {("y", 0): "residual"}
    assert not any(curve.label for curve in draw(block(), "circuit", dict.fromkeys(SHAPES, ())).curves)


def test_what_is_learned_survives_json():
    graph = Graph.from_json(block().to_json())
    assert [name for name in graph.inputs if graph.node(name).learned] == ["W"]
    value = graph.evaluate(x=np.ones((2, 3)), W=np.eye(3)).value
    assert value.shape == (2, 3)
