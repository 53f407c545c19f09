"""Drawings in which the nodes of the graph are the marks: the circuit, and the computation graph."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from backpropviz.autodiff.plan import plan_of
from backpropviz.graph import CONSTANT, INPUT
from backpropviz.ops.composite import CLOSED_GATES as COMPOSITES
from backpropviz.ops.counting import counted
from backpropviz.scene.blocks_inside import residual_edges, standing_inside
from backpropviz.scene.labels import definition_label, folded_constants, label_of, text_width
from backpropviz.scene.layout import Box, Spacing, place
from backpropviz.scene.marks import CONSTANT_HEIGHT, GATE_WIDTH, INPUT_HEIGHT, TEXT_ROOM, Curve, Frame, Mark, Scene
from backpropviz.scene.tiles import Tile, tile_of
from backpropviz.steps.segments import shape_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from backpropviz.graph import Graph

_FACE = 17.0
_LABEL_FACE = 13.0
_LABEL_ROOM = 46.0
"""Around the text of a contribution between two columns: its label, and some freedom to place it."""


@dataclass(frozen=True, slots=True)
class NodeShape:
    """How one node is drawn.

    Parameters
    ----------
    label : str
        What stands inside.
    kind : {"input", "constant", "gate"}
        What it is.
    form : {"circle", "box"}
        Its outline.
    width, height : float
        In px.
    tile : Tile or None
        Of an array: its grids, which have all numbers inside.
    """

    label: str
    kind: str
    form: str
    width: float
    height: float
    tile: Tile | None = None


def circuit(graph: Graph, shapes: Mapping[str, tuple[int, ...]]) -> Scene:
    """Draw round gates with the operation inside and the variable outside; inputs are boxes, arrays tiles."""
    folded = folded_constants(graph)
    return _scene(
        "circuit",
        graph,
        folded,
        shapes,
        lambda name: _tile(graph, name, folded, shapes) or _round(graph, name, folded),
    )


def computation_graph(graph: Graph, shapes: Mapping[str, tuple[int, ...]]) -> Scene:
    """Draw an algorithm: every node a rectangle, the function inside, the variable's name outside, edges unlabelled."""
    folded = folded_constants(graph)
    return _scene(
        "computation graph",
        graph,
        folded,
        shapes,
        lambda name: _tile(graph, name, folded, shapes) or _rectangle(graph, name),
    )


def drawn_nodes(graph: Graph) -> list[str]:
    """List the nodes that have a mark of their own."""
    folded, inside = folded_constants(graph), standing_inside(graph)
    return [name for name in graph.nodes if name not in folded and name not in inside]


def _scene(
    drawing: str,
    graph: Graph,
    folded: set[str],
    shapes_of: Mapping[str, tuple[int, ...]],
    shape_of: Callable[[str], NodeShape],
) -> Scene:
    inside = standing_inside(graph)
    drawn = [name for name in graph.nodes if name not in folded and name not in inside]
    shapes = [shape_of(name) for name in drawn]
    index = {name: number for number, name in enumerate(drawn)}
    boxes = [
        Box(
            shape.width,
            shape.height + 2 * TEXT_ROOM if shape.kind != CONSTANT and shape.tile is None else shape.height,
            source=shape.kind != "gate",
            round=shape.form == "circle",
        )
        for shape in shapes
    ]
    edges = [
        (argument, name, slot)
        for name in drawn
        for slot, argument in enumerate(graph.arguments(name))
        if argument in index
    ]
    # What travels from tile to tile is told by its shape, which has to stand between them.
    told = (text_width(shape_text(shapes_of[name]), _LABEL_FACE) for name in drawn if shapes_of.get(name))
    spacing = Spacing(column_gap=max(Spacing().column_gap, *(width + _LABEL_ROOM for width in told), 0.0))
    arrows = [(index[argument], index[name], slot) for argument, name, slot in edges]
    blocks = {} if graph.grouping is None else graph.grouping.ports
    groups = [[index[port] for port in ports] for ports in blocks.values()]
    placement = place(boxes, arrows, spacing, groups)
    places = plan_of(graph).place

    def mark(name: str, shape: NodeShape, x: float = 0.0, y: float = 0.0) -> Mark:
        x, y, is_output = round(x, 1), round(y, 1), name == graph.output
        node, (width, height) = places[name], (shape.width, shape.height)
        return Mark(node, name, shape.label, shape.kind, shape.form, x, y, width, height, is_output, shape.tile)

    centres = placement.centres
    marks = tuple(mark(name, shape, *centre) for name, shape, centre in zip(drawn, shapes, centres, strict=True))
    held = tuple(mark(name, shape) for name in inside if (shape := shape_of(name)).tile is not None)
    skips = residual_edges(graph, shapes_of)
    curves = tuple(
        Curve(places[argument], places[name], slot, path, label="residual" if (name, slot) in skips else "")
        for (argument, name, slot), path in zip(edges, placement.paths, strict=True)
    )
    owners = {places[name]: places[owner] for name, owner in inside.items()}
    frames = tuple(
        Frame(_titled(block, _learned_text(graph, ports, shapes_of)), tuple(places[port] for port in ports), *frame)
        for (block, ports), frame in zip(blocks.items(), placement.frames, strict=True)
    )
    return Scene(drawing, round(placement.width, 1), round(placement.height, 1), marks, curves, owners, frames, held)


def _titled(block: str, learned: str) -> str:
    return f"{block}: {learned}" if learned else block


def _tile(graph: Graph, name: str, folded: set[str], shapes: Mapping[str, tuple[int, ...]]) -> NodeShape | None:
    """Draw an array that has entries as its grids; what stands inside a gate stands in the head."""
    shape = shapes.get(name, ())
    if not shape or 0 in shape:
        return None
    kind = graph.op(name) if graph.op(name) in {INPUT, CONSTANT} else "gate"
    operation = label_of(graph, name, folded) if kind == "gate" else kind
    if graph.op(name) in COMPOSITES:
        # Its name stands beside it anyway. What several values share is counted in their frame.
        operation = "" if _leaves_with_others(graph, name) else _learned_text(graph, (name,), shapes)
    tile = tile_of(shape, name, operation, has_gradient=kind != CONSTANT)
    return NodeShape(operation, kind, "box", tile.width, tile.height, tile)


def _leaves_with_others(graph: Graph, name: str) -> bool:
    return graph.grouping is not None and graph.grouping.block_of(name) != name


def _learned_text(graph: Graph, gates: Collection[str], shapes: Mapping[str, tuple[int, ...]]) -> str:
    """Count what is learned inside closed gates."""
    inside = standing_inside(graph)
    count = sum(prod(shapes.get(each, ())) for each, owner in inside.items() if owner in gates)
    return counted(count, "parameter") if count else ""


def _leaf(graph: Graph, name: str, label: str) -> NodeShape | None:
    width = text_width(label, _FACE) + 22.0
    if graph.op(name) == INPUT:
        return NodeShape(label, "input", "box", max(GATE_WIDTH, round(width)), INPUT_HEIGHT)
    if graph.op(name) == CONSTANT:
        return NodeShape(label, "constant", "box", max(40.0, round(width)), CONSTANT_HEIGHT)
    return None


def _round(graph: Graph, name: str, folded: set[str]) -> NodeShape:
    label = label_of(graph, name, folded)
    width = text_width(label, _FACE) + 22.0
    form = "circle" if width <= GATE_WIDTH + 4.0 else "box"
    gate = NodeShape(label, "gate", form, GATE_WIDTH if form == "circle" else float(round(width)), GATE_WIDTH)
    return _leaf(graph, name, label) or gate


def _rectangle(graph: Graph, name: str) -> NodeShape:
    label = label_of(graph, name, set()) if not graph.arguments(name) else definition_label(graph, name)
    width = max(GATE_WIDTH, round(text_width(label, _FACE) + 26.0))
    return _leaf(graph, name, label) or NodeShape(label, "gate", "box", float(width), INPUT_HEIGHT)
