"""Closing several gates into one, and opening one gate into several, without changing a bit at the boundary.

A graph in which something is closed or opened is a view of its *basis*, the graph it was made from. The basis decides
every number that both have: values, adjoints and contributions of a view are read off a run of the basis, and only
what the view alone has (the inside of an opened sigmoid) is computed beside it. So the boundary keeps its bits, which
no arithmetic of its own could promise: floating-point products depend on the order of their factors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backpropviz.errors import GraphError
from backpropviz.graph.closing.boundary import boundary_of
from backpropviz.graph.closing.closed_graph import Closing, Opening, Regrouping, regrouped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backpropviz.graph.closing.closed_graph import Edge
    from backpropviz.graph.graph import Graph


@dataclass(frozen=True, slots=True)
class Grouping:
    """How a view stands to its basis.

    Parameters
    ----------
    basis : Graph
        What the view was made from; its rules decide the bits.
    history : tuple of Closing or Opening
        What was done to it, in order.
    nodes : mapping of str to str
        Node of the basis whose value and adjoint a node of the view has; nodes of the view alone are missing.
    edges : mapping of (str, int) to tuple of (str, int)
        Edges of the basis whose contributions an edge of the view carries, in the order in which they are told; edges
        of the view alone are missing.
    closed : mapping of str to tuple of str
        Closed gates, and the nodes they were made from.
    opened : mapping of str to tuple of str
        Opened gates, and all gates they opened into, themselves last.
    """

    basis: Graph
    history: tuple[Regrouping, ...]
    nodes: Mapping[str, str]
    edges: Mapping[Edge, tuple[Edge, ...]]
    closed: Mapping[str, tuple[str, ...]]
    opened: Mapping[str, tuple[str, ...]]


def collapse(graph: Graph, nodes: Iterable[str], name: str | None = None) -> Graph:
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
            return view_of(basis_of(graph), rest if name in (None, gate) else (*rest, Closing((gate,), str(name))))
    records = {record.name: record for record in graph.creation_order()}
    consumers = {each: [consumer for consumer, _ in graph.consumers(each)] for each in records}
    inside, _, way_out, _ = boundary_of(records, graph.output, [name for name in records if name in members], consumers)
    return view_of(basis_of(graph), (*past, Closing(inside, way_out if name is None else name)))


def expand(graph: Graph, node: str) -> Graph:
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
        return view_of(basis_of(graph), (*_history(graph), Opening(node)))
    past = list(grouping.history)
    past.remove(Closing(grouping.closed[node], node))
    return view_of(grouping.basis, tuple(past))


def basis_of(graph: Graph) -> Graph:
    """Give the graph that a view was made from; a plain graph itself."""
    return graph if graph.grouping is None else graph.grouping.basis


def view_of(basis: Graph, history: tuple[Regrouping, ...]) -> Graph:
    """Do a history of closings and openings to a graph.

    Raises
    ------
    GraphError
        Where a step does not fit.
    """
    from backpropviz.graph.graph import Graph  # noqa: PLC0415  Graph stands on this module

    if not history:
        return basis
    view = regrouped(basis, history)
    graph = Graph(view.ordered(), view.output)
    graph.grouping = Grouping(basis, history, view.nodes, view.edges, view.closed, view.opened)
    return graph


def _history(graph: Graph) -> tuple[Regrouping, ...]:
    return () if graph.grouping is None else graph.grouping.history


def history_entries(history: tuple[Regrouping, ...]) -> list[dict[str, Any]]:
    """Give a history as JSON has it."""
    return [
        {"close": list(step.members), "name": step.name} if isinstance(step, Closing) else {"open": step.gate}
        for step in history
    ]


def read_regroupings(entries: Any) -> tuple[Regrouping, ...]:
    """Read a history from JSON.

    Raises
    ------
    GraphError
        Where it is none.
    """
    steps: list[Regrouping] = []
    for entry in entries if isinstance(entries, list) else [entries]:
        match entry:
            case {"close": [*members], "name": str(name)} if all(isinstance(each, str) for each in members):
                steps.append(Closing(tuple(members), name))
            case {"open": str(gate)}:
                steps.append(Opening(gate))
            case _:
                raise GraphError(f"{str(entry)[:80]} in JSON is neither a closing nor an opening of gates.")
    return tuple(steps)
