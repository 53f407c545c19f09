"""Closing several gates into one, and opening one gate into several, without changing a bit at the boundary.

A graph in which something is closed or opened is a view of its *basis*, the graph it was made from. The basis decides
every number that both have: values, adjoints and contributions of a view are read off a run of the basis, and only
what the view alone has (the inside of an opened sigmoid) is computed beside it. So the boundary keeps its bits, which
no arithmetic of its own could promise: floating-point products depend on the order of their factors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from backpropviz.errors import GraphError
from backpropviz.graph.closing.boundary import boundary_of
from backpropviz.graph.closing.regrouped_graph import RegroupedGraph
from backpropviz.graph.closing.regrouping import Closing, Grouping, Opening
from backpropviz.graph.structure import Structure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backpropviz.graph.closing.regrouping import Regrouping

G = TypeVar("G", bound=Structure)
"""A view of a graph is of the graph's own class."""


def collapse(graph: G, nodes: Iterable[str], name: str | None = None) -> G:
    """Close nodes into one gate, whose local partials are those of the composite.

    Values and adjoints of all other nodes keep every bit; :func:`expand` undoes it.

    Parameters
    ----------
    graph : Graph
        Where the nodes are.
    nodes : iterable of str
        Operations with one way out: one of them is used by others, or is the output.
    name : str, optional
        Of the gate; default the name of the way out.

    Raises
    ------
    GraphError
        For an input among the nodes, or several ways out.
    """
    members = {graph.node(each).name for each in ([nodes] if isinstance(nodes, str) else nodes)}
    if not members:
        raise GraphError("No nodes are named: a gate is made of at least one operation.")
    past = _history(graph)
    for gate, parts in graph.grouping.opened.items() if graph.grouping else ():
        if members == set(parts):
            # What was opened is closed again: it is the old gate, under a new name at most.
            rest = tuple(step for step in past if step != Opening(gate))
            return regroup(basis_of(graph), rest if name in (None, gate) else (*rest, Closing((gate,), str(name))))
    records = {record.name: record for record in graph.creation_order()}
    consumers = {each: [consumer for consumer, _ in graph.consumers(each)] for each in records}
    inside, _, way_out, _ = boundary_of(records, graph.output, [name for name in records if name in members], consumers)
    return regroup(basis_of(graph), (*past, Closing(inside, way_out if name is None else name)))


def expand(graph: G, node: str) -> G:
    """Open a closed gate, or a sigmoid, softplus, tanh, quotient or difference into the gates it is short for.

    Values and adjoints of all other nodes keep every bit. Where a sigmoid is opened, its whole contribution arrives at
    its argument: the product along the four gates may differ from it in the last place, and is 0 times infinity far
    out, where the sigmoid's own slope is a plain 0.

    Raises
    ------
    GraphError
        For a node that is neither.
    """
    graph.node(node)
    grouping = graph.grouping
    if grouping is None or node not in grouping.closed:
        return regroup(basis_of(graph), (*_history(graph), Opening(node)))
    past = list(grouping.history)
    members = grouping.closed[node]
    past.remove(
        next(each for each in past if isinstance(each, Closing) and (each.members, each.name) == (members, node))
    )
    return regroup(grouping.basis, tuple(past))


def basis_of(graph: G) -> G:
    """Give the graph that a view was made from; a plain graph itself."""
    return graph if graph.grouping is None else graph.grouping.basis


def regroup(basis: G, history: tuple[Regrouping, ...]) -> G:
    """Do a history of closings and openings to a graph.

    Raises
    ------
    GraphError
        Where a step does not fit.
    """
    if not history:
        return basis
    view = RegroupedGraph(basis)
    for step in history:
        view.do(step)
    graph = type(basis)(view.ordered(), view.output)
    graph.grouping = Grouping(basis, history, view.nodes, view.edges, view.closed, view.opened)
    return graph


def _history(graph: Structure) -> tuple[Regrouping, ...]:
    return () if graph.grouping is None else graph.grouping.history
