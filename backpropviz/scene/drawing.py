"""The three drawings of one graph; that of a neural network has circles for units, and weights on the edges."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backpropviz.autodiff.plan import plan_of
from backpropviz.errors import GraphError, InputError, LayoutError
from backpropviz.graph.closing.cones import in_cones
from backpropviz.graph.closing.neurons import network_of, why_no_network
from backpropviz.ops import choose
from backpropviz.scene.edge_labels import overprinted, shares
from backpropviz.scene.labels import text_width
from backpropviz.scene.layout import Box, Spacing, place
from backpropviz.scene.marks import GATE_WIDTH, TEXT_ROOM, Curve, Frame, Mark, Scene
from backpropviz.scene.nodes import circuit, computation_graph, drawn_nodes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph import Graph
    from backpropviz.graph.closing.neurons import UnitLayers

_WIDE_VALUE = "−0.0000"
"""As wide as the value of a weight usually is."""

_SPACING = Spacing(column_gap=190.0, row_gap=26.0)
_TALL = 650.0
"""Height, in px, from which on a network is drawn smaller beside its panel: five units in a layer."""
_WIDTH_BY_HEIGHT = 1.9
"""Of the room there: a tall network would stand in the middle of it, with its labels over its units."""
_WIDEST_GAP = 2.2
"""How much wider than usual the gaps between the layers of a tall network may be."""


def network(graph: Graph) -> Scene:
    """Draw a network diagram.

    Raises
    ------
    GraphError
        Where the graph is no network, with the reason.
    """
    found = network_of(graph)
    drawn = [*found.features, *found.units]
    index = {name: number for number, name in enumerate(drawn)}
    sizes = [max(GATE_WIDTH, round(text_width(name, 17.0) + 24.0)) for name in drawn]
    boxes = [Box(size, size + 2 * TEXT_ROOM, source=False, round=True) for size in sizes]
    links = [(link, unit.name) for unit in found.units.values() for link in unit.links]
    arrows = [(index[link.source], index[name], number) for number, (link, name) in enumerate(links)]
    placement = place(boxes, arrows, _SPACING)
    gaps = len({x for x, _ in placement.centres}) - 1
    missing = _WIDTH_BY_HEIGHT * placement.height - placement.width
    if placement.height > _TALL and missing > 0.0 < gaps:
        gap = min(_SPACING.column_gap + missing / gaps, _WIDEST_GAP * _SPACING.column_gap)
        placement = place(boxes, arrows, replace(_SPACING, column_gap=gap))
    places = plan_of(graph).place
    marks = tuple(
        Mark(
            places[name],
            name,
            name,
            "input" if name in found.features else "gate",
            "circle",
            round(x, 1),
            round(y, 1),
            size,
            size,
            name == graph.output,
        )
        for name, size, (x, y) in zip(drawn, sizes, placement.centres, strict=True)
    )
    labels = [f"{link.weight} {_WIDE_VALUE}" for link, _ in links]  # in a page, the value follows the name
    where = shares(placement.paths, labels, marks)
    # The weights of a layer are named together: some names among many would say that those weights are special.
    met = overprinted(placement.paths, labels, where)
    crowded = {found.units[name].layer for (_, name), meets in zip(links, met, strict=True) if meets}
    curves = tuple(
        Curve(
            places[link.source],
            places[name],
            link.slot,
            path,
            link.weight,
            share,
            places[link.product],
            crowded=found.units[name].layer in crowded,
            weight=places[link.weight],
        )
        for (link, name), path, share in zip(links, placement.paths, where, strict=True)
    )
    width, height = round(placement.width, 1), round(placement.height, 1)
    return Scene("network", width, height, marks, curves, _owners(found, places))


def _owners(found: UnitLayers, places: dict[str, int]) -> dict[int, int]:
    """Give the unit that stands for each weight, bias, product and sum."""
    owners: dict[int, int] = {}
    for unit in found.units.values():
        parts = [*unit.members, *(link.weight for link in unit.links), *unit.biases]
        owners |= {places[name]: places[unit.name] for name in parts if name != unit.name and name not in found.units}
    return owners


__all__ = ["DRAWINGS", "MOST_NODES", "Curve", "Frame", "Mark", "Scene", "draw", "why_not"]

DRAWINGS = ("circuit", "computation graph", "network")
MOST_NODES = 2_500
"""How many marks are drawn at most: beyond, neither a person nor a browser follows."""
MOST_OPEN = 1_200
"""Marks beyond which a graph is shown as closed blocks first."""
MOST_CLOSED = 200_000
"""Nodes that are closed into blocks: beyond, nobody waits for it."""


def draw(graph: Graph, drawing: str = "circuit", shapes: Mapping[str, tuple[int, ...]] | None = None) -> Scene:
    """Place a graph's marks and curves.

    Parameters
    ----------
    graph : Graph
        What to draw.
    drawing : {"circuit", "computation graph", "network"}
        Round gates with the operation inside and the variable outside; or the algorithm, every node a rectangle with
        the function inside; or the network, a circle for each unit and a weight on each edge.
    shapes : mapping of str to tuple of int, optional
        Shape of each node: arrays are then drawn as tiles, with room for their entries.

    Raises
    ------
    LayoutError
        For a graph too large to draw legibly.
    InputError
        For an unknown drawing, or a graph that is no network.
    """
    choose("drawing", drawing, DRAWINGS)
    require_drawable(graph)
    try:
        if drawing == "network":
            return network(graph)
        return (circuit if drawing == "circuit" else computation_graph)(graph, shapes or {})
    except GraphError as refusal:
        raise InputError(str(refusal), node=refusal.node) from None


def require_closable(graph: Graph) -> None:
    """Refuse a graph of so many nodes that it would take minutes to be shown, before any of them has passed.

    Raises
    ------
    LayoutError
        For more nodes than are closed into blocks.
    """
    if graph.grouping is None and len(graph) > MOST_CLOSED:
        raise LayoutError(
            f"The graph has {len(graph):,} nodes; more than {MOST_CLOSED:,} take minutes to be shown. Show a smaller "
            "instance of it (fewer tokens or units, a batch of one, a shorter loop), or look at its numbers with "
            "evaluate(...) and gradient(...), which have no such limit.",
            expected=MOST_CLOSED,
            actual=len(graph),
        )


def legible(graph: Graph) -> Graph:
    """Give a graph as it is shown first: one of more than :data:`MOST_OPEN` marks as closed blocks."""
    require_closable(graph)
    if graph.grouping is None and len(drawn_nodes(graph)) > MOST_OPEN:
        return in_cones(graph)
    return graph


def require_drawable(graph: Graph) -> None:
    """Refuse a graph that nobody could read, before anything is computed for its picture.

    Raises
    ------
    LayoutError
        For more nodes than can be drawn.
    """
    drawn = len(drawn_nodes(graph))
    if drawn > MOST_NODES:
        raise LayoutError(
            f"The graph has {drawn:,} nodes to draw; more than {MOST_NODES:,} cannot be read. "
            "Draw a smaller instance of it (fewer units, a shorter loop), close gates (collapse), or look at its "
            "numbers with evaluate(...) and gradient(...), which have no such limit.",
            expected=MOST_NODES,
            actual=drawn,
        )


def why_not(graph: Graph, drawing: str) -> str:
    """Say why a graph cannot be drawn in this way; empty where it can."""
    return why_no_network(graph) if drawing == "network" else ""
