"""A network at several depths: its units as gates, one layer, one neuron, down to the simplest gates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.errors import GraphError
from backpropviz.graph.closing.grouping import basis_of, regroup
from backpropviz.graph.closing.neurons import network_of
from backpropviz.graph.closing.regrouping import Closing, Opening
from backpropviz.graph.closing.shorthands import FORMS

if TYPE_CHECKING:
    from backpropviz.graph.closing.neurons import Unit
    from backpropviz.graph.closing.regrouping import Regrouping
    from backpropviz.graph.graph import Graph

ZOOM_LEVELS = ("network", "layer", "neuron", "gates")


def zoom(graph: Graph, level: str, at: str | int | None = None) -> Graph:
    """Close the units of a network, all but those that are looked into.

    Parameters
    ----------
    graph : Graph
        A network, or a view of one.
    level : {"network", "layer", "neuron", "gates"}
        How deep to look: each unit one gate; weighted sum and activation apart; every product and sum; and the
        activation opened into the gates it is short for.
    at : str or int, optional
        A unit's name or a layer's number from 1: where to look. The other units stay closed. Default everywhere.

    Raises
    ------
    GraphError
        Where the graph is no network, or has no such unit or layer.

    Examples
    --------
    >>> from backpropviz import parse
    >>> graph = parse("h = tanh(w1*x + b1); y = w2*h + b2")
    >>> zoom(graph, "network").arguments("y")
    ('w2', 'h', 'b2')
    >>> len(zoom(graph, "network")), len(zoom(graph, "layer", 1)), len(zoom(graph, "neuron", "h"))
    (7, 8, 9)
    """
    if not isinstance(level, str) or level not in ZOOM_LEVELS:
        raise GraphError(f"Unknown level {level!r}: write one of {', '.join(map(repr, ZOOM_LEVELS))}.")
    basis = basis_of(graph)
    units = network_of(basis).units
    if at is not None and not any(_meant(unit, at) for unit in units.values()):
        raise GraphError(f"The network has no unit or layer {at!r}. Units: {', '.join(units)}.")
    history: list[Regrouping] = []
    for unit in units.values():
        depth = ZOOM_LEVELS.index(level) if at is None or _meant(unit, at) else 0
        history += _steps(basis, unit, depth)
    return regroup(basis, tuple(history))


def _meant(unit: Unit, at: str | int) -> bool:
    return at in (unit.name, unit.layer)


def _steps(basis: Graph, unit: Unit, depth: int) -> list[Regrouping]:
    sum_alone = tuple(name for name in unit.members if name != unit.name or unit.total == unit.name)
    if depth == 0 and len(unit.members) > 1:
        return [Closing(unit.members, unit.name)]
    if depth == 1 and len(sum_alone) > 1:
        return [Closing(sum_alone, unit.total)]
    if depth == 3 and unit.total != unit.name and basis.op(unit.name) in FORMS:
        return [Opening(unit.name)]
    return []
