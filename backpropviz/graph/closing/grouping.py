"""Closing several gates into one, and opening one gate into several, without changing a bit at the boundary.

A graph in which something is closed or opened is a view of its *basis*, the graph it was made from. The basis decides
every number that both have: values, adjoints and contributions of a view are read off a run of the basis, and only
what the view alone has (the inside of an opened sigmoid) is computed beside it. So the boundary keeps its bits, which
no arithmetic of its own could promise: floating-point products depend on the order of their factors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from backpropviz.errors import GraphError
from backpropviz.graph.closing.boundary import boundary_of
from backpropviz.graph.closing.regrouped_graph import RegroupedGraph
from backpropviz.graph.closing.regrouping import Closing, Grouping, Opening
from backpropviz.graph.node import CONSTANT
from backpropviz.graph.structure import Structure

if TYPE_CHECKING:
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
        Operations, and blocks with several ways out. Where one of the nodes is used by others, or is the output, they
        become one gate; where several are, one block which each of them leaves as a gate of its own name, and no way
        may lead from one through other nodes back into the block.
    name : str, optional
        Of the gate or block; default the names of its ways out.

    Raises
    ------
    GraphError
        For an input among the nodes, or a way out and back in.
    """
    blocks = graph.grouping.ports if graph.grouping else {}
    given = [nodes] if isinstance(nodes, str) else list(nodes) if isinstance(nodes, Iterable) else [nodes]
    if not all(isinstance(each, str) for each in given):
        raise GraphError(f'What is closed is told by name, as in ["a", "b"]; not as {nodes!r}.')
    members = {graph.node(port).name for each in given for port in blocks.get(each, (each,))}
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
    place = {name: index for index, name in enumerate(graph.nodes)}
    found = boundary_of(
        records, graph.output, [each for each in records if each in members], consumers, place.__getitem__
    )
    inside, ways_out = found.members, found.ways_out
    whole = {port: block for block, ports in blocks.items() if members.issuperset(ports) for port in ports}
    inside = tuple(dict.fromkeys(whole.get(each, each) for each in inside))
    return regroup(basis_of(graph), (*past, Closing(inside, ", ".join(ways_out) if name is None else name)))


def expand(graph: G, node: str) -> G:
    """Open a closed gate or block, or a sigmoid, softplus, tanh, quotient or difference into the gates it is short for.

    Values and adjoints of all other nodes keep every bit. Where a sigmoid is opened, its whole contribution arrives at
    its argument: the product along the four gates may differ from it in the last place, and is 0 times infinity far
    out, where the sigmoid's own slope is a plain 0.

    Raises
    ------
    GraphError
        For a node that is neither.
    """
    grouping = graph.grouping
    first = node if grouping is None else grouping.ports.get(node, (node,))[0]
    graph.node(first)
    if grouping is None or first not in grouping.closed:
        return regroup(basis_of(graph), (*_history(graph), Opening(node)))
    past = list(grouping.history)
    known = grouping.closed[first], grouping.block_of(first)
    past.remove(next(each for each in past if isinstance(each, Closing) and (each.members, each.name) == known))
    return regroup(grouping.basis, tuple(past))


def basis_of(graph: G) -> G:
    """Give the graph that a view was made from; a plain graph itself."""
    return graph if graph.grouping is None else graph.grouping.basis


def inside(graph: Structure, gate: str) -> set[str]:
    """Give the operations of the basis that stand in a closed gate, from its own down to those that meet its arguments.

    What leads to several values that leave one block stands in each of these gates.
    """
    grouping = graph.grouping
    assert grouping is not None  # noqa: S101  callers ask first
    basis = grouping.basis
    ends = {grouping.nodes[argument] for argument in graph.arguments(gate)}
    found = {grouping.nodes[gate]}
    waiting = list(found)
    while waiting:
        for argument in basis.arguments(waiting.pop()):
            if argument not in ends and argument not in found and basis.op(argument) != CONSTANT:
                found.add(argument)
                waiting.append(argument)
    return found


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
    graph.grouping = Grouping(basis, history, view.nodes, view.edges, view.closed, view.opened, view.ports)
    return graph


def close_each(graph: G, closings: Iterable[Closing]) -> G:
    """Close sets of gates of a plain graph, innermost first; what cannot be one gate stays open.

    Parameters
    ----------
    graph : Graph
        With every gate open.
    closings : iterable of Closing
        Members are gates of `graph`; those that an earlier one closed are closed into the gate that stands for them.
    """
    view = RegroupedGraph(graph)
    history: list[Regrouping] = []
    standing: dict[str, str] = {}  # the gate of the view that a gate is closed into
    for each in closings:
        members = tuple(dict.fromkeys(standing.get(name, name) for name in each.members))
        free = each.name if each.name in members or each.name not in view.records else f"{each.name}()"
        step = replace(each, members=members, name=free)
        try:
            view.do(step)
        except GraphError:
            continue  # a way leads out of them and back in
        history.append(step)
        standing |= dict.fromkeys(each.members, free)
    return regroup(graph, tuple(history))


def _history(graph: Structure) -> tuple[Regrouping, ...]:
    return () if graph.grouping is None else graph.grouping.history
