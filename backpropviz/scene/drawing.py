"""What to draw, as values: marks with places, labels and curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backpropviz.autodiff.plan import plan_of
from backpropviz.errors import InputError, LayoutError
from backpropviz.graph import CONSTANT, INPUT
from backpropviz.scene.labels import folded_constants, label_of
from backpropviz.scene.layout import Box, place
from backpropviz.scene.text import text_width

if TYPE_CHECKING:
    from backpropviz.graph import Graph

DRAWINGS = ("circuit",)
LARGEST = 2_500
"""How many marks are drawn at most: beyond, neither a person nor a browser follows."""

GATE = 60.0
"""Diameter of a gate, in px at 100 %."""
INPUT_HEIGHT = 46.0
CONSTANT_HEIGHT = 32.0
TEXT_ROOM = 27.0
"""Room for the number above a mark, and for the one below, in px."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A node on the picture.

    Parameters
    ----------
    node : int
        Position of the node in ``graph.nodes``.
    name, label : str
        Its name, and what stands inside.
    kind : {"input", "constant", "gate"}
        What it is.
    shape : {"circle", "box"}
        How it is drawn.
    x, y, width, height : float
        Centre and size, in px.
    output : bool
        Whether it is the output.
    """

    node: int
    name: str
    label: str
    kind: str
    shape: str
    x: float
    y: float
    width: float
    height: float
    output: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """An edge on the picture, from an argument to its consumer.

    Parameters
    ----------
    source, target, slot : int
        Positions of argument and consumer, and which argument it is.
    path : str
        As SVG writes it; it starts at the argument.
    """

    source: int
    target: int
    slot: int
    path: str


@dataclass(frozen=True, slots=True)
class Scene:
    """One drawing of a graph.

    Parameters
    ----------
    drawing : str
        Which convention.
    width, height : float
        In px at 100 %.
    marks : tuple of Mark
        The nodes.
    curves : tuple of Curve
        The edges.
    """

    drawing: str
    width: float
    height: float
    marks: tuple[Mark, ...]
    curves: tuple[Curve, ...]

    def to_plain(self) -> dict[str, Any]:
        """Give the scene as the browser reads it."""
        return {
            "drawing": self.drawing,
            "width": self.width,
            "height": self.height,
            "nodes": [
                {
                    "id": mark.node,
                    "x": mark.x,
                    "y": mark.y,
                    "width": mark.width,
                    "height": mark.height,
                    "shape": mark.shape,
                    "kind": mark.kind,
                    "label": mark.label,
                    "name": mark.name,
                    **({"output": True} if mark.output else {}),
                }
                for mark in self.marks
            ],
            "edges": [
                {"source": curve.source, "target": curve.target, "slot": curve.slot, "path": curve.path}
                for curve in self.curves
            ],
        }


def draw(graph: Graph, drawing: str = "circuit") -> Scene:
    """Place a graph's marks and curves.

    Parameters
    ----------
    graph : Graph
        What to draw.
    drawing : {"circuit"}
        Round gates with the operation inside and the variable outside; inputs are boxes.

    Raises
    ------
    LayoutError
        For a graph too large to draw legibly.
    InputError
        For an unknown drawing.
    """
    if drawing not in DRAWINGS:
        raise InputError(f"Unknown drawing {drawing!r}: write one of {', '.join(map(repr, DRAWINGS))}.")
    folded = folded_constants(graph)
    drawn = [name for name in graph.nodes if name not in folded]
    if len(drawn) > LARGEST:
        raise LayoutError(
            f"The graph has {len(drawn):,} nodes to draw; more than {LARGEST:,} cannot be read. "
            "Draw a smaller instance of it (fewer units, a shorter loop), or look at its numbers with "
            "evaluate(...) and gradient(...), which have no such limit.",
            expected=LARGEST,
            actual=len(drawn),
        )
    index = {name: number for number, name in enumerate(drawn)}
    shapes = [_shape(graph, name, folded) for name in drawn]
    boxes = [
        Box(
            width,
            height + 2 * TEXT_ROOM if kind != CONSTANT else height,
            source=kind != "gate",
            round=shape == "circle",
        )
        for _, kind, shape, width, height in shapes
    ]
    edges = [
        (argument, name, slot)
        for name in drawn
        for slot, argument in enumerate(graph.arguments(name))
        if argument in index
    ]
    placement = place(boxes, [(index[argument], index[name], slot) for argument, name, slot in edges])
    places = plan_of(graph).place
    marks = tuple(
        Mark(places[name], name, label, kind, shape, round(x, 1), round(y, 1), width, height, name == graph.output)
        for name, (label, kind, shape, width, height), (x, y) in zip(drawn, shapes, placement.centres, strict=True)
    )
    curves = tuple(
        Curve(places[argument], places[name], slot, path)
        for (argument, name, slot), path in zip(edges, placement.paths, strict=True)
    )
    return Scene(drawing, round(placement.width, 1), round(placement.height, 1), marks, curves)


def _shape(graph: Graph, name: str, folded: set[str]) -> tuple[str, str, str, float, float]:
    """Label, kind, shape and size of a node's mark."""
    label = label_of(graph, name, folded)
    op = graph.op(name)
    width = text_width(label, 17.0) + 22.0
    if op == INPUT:
        return label, "input", "box", max(GATE, round(width)), INPUT_HEIGHT
    if op == CONSTANT:
        return label, "constant", "box", max(40.0, round(width)), CONSTANT_HEIGHT
    if width <= GATE + 4.0:
        return label, "gate", "circle", GATE, GATE
    return label, "gate", "box", float(round(width)), GATE
