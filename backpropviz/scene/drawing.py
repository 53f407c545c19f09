"""The three drawings of one graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.errors import GraphError, InputError, LayoutError
from backpropviz.graph.closing.cones import in_cones
from backpropviz.graph.closing.neurons import why_no_network
from backpropviz.scene.marks import Curve, Frame, Mark, Scene
from backpropviz.scene.network_drawing import network
from backpropviz.scene.nodes import circuit, computation_graph, drawn_nodes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph import Graph

__all__ = ["DRAWINGS", "MOST_NODES", "Curve", "Frame", "Mark", "Scene", "draw", "why_not"]

DRAWINGS = ("circuit", "computation graph", "network")
MOST_NODES = 2_500
"""How many marks are drawn at most: beyond, neither a person nor a browser follows."""
MOST_OPEN = 1_200
"""Marks beyond which a graph is shown as closed blocks first."""


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
    if drawing not in DRAWINGS:
        raise InputError(f"Unknown drawing {drawing!r}: write one of {', '.join(map(repr, DRAWINGS))}.")
    require_drawable(graph)
    try:
        if drawing == "network":
            return network(graph)
        return (circuit if drawing == "circuit" else computation_graph)(graph, shapes or {})
    except GraphError as refusal:
        raise InputError(str(refusal), node=refusal.node) from None


def legible(graph: Graph) -> Graph:
    """Give a graph as it is shown first: one of more than :data:`MOST_OPEN` marks as closed blocks."""
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
