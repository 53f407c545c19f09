"""Where a set of nodes begins and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.errors import GraphError
from backpropviz.graph.node import CONSTANT, INPUT
from backpropviz.graph.order import topological

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from backpropviz.graph.node import Node


def boundary_of(
    records: Mapping[str, Node], output: str, nodes: Collection[str], consumers: Mapping[str, Collection[str]]
) -> tuple[tuple[str, ...], tuple[str, ...], str, tuple[str, ...]]:
    """Find what a set of nodes takes and what it gives, as one gate would.

    Parameters
    ----------
    records : mapping of str to Node
        All nodes.
    output : str
        The graph's output.
    nodes : collection of str
        The set, whose order decides where depth does not. Constants need not be named: those that members use come
        along.
    consumers : mapping of str to collection of str
        Of every node, who uses it.

    Returns
    -------
    members : tuple of str
        The operations of the set, arguments first.
    constants : tuple of str
        The constants they use.
    way_out : str
        The one member that others use.
    arguments : tuple of str
        The nodes outside that members use, in the order of first use.

    Raises
    ------
    GraphError
        For an input among the nodes, for no or several ways out, or for a member that leads nowhere.
    """
    chosen = dict.fromkeys(name for name in nodes if records[name].op != CONSTANT)
    if not chosen:
        raise GraphError("A gate is made of at least one operation; only constants are named.")
    for name in chosen:
        if records[name].op == INPUT:
            raise GraphError(f"{name} is an input: a gate is made of operations. Leave it out.", node=name)
    members = topological({name: [each for each in records[name].arguments if each in chosen] for name in chosen})
    used = [argument for name in members for argument in records[name].arguments]
    constants = tuple(dict.fromkeys(name for name in used if records[name].op == CONSTANT))
    arguments = tuple(dict.fromkeys(name for name in used if name not in chosen and name not in constants))
    ways_out = [name for name in members if name == output or any(each not in chosen for each in consumers[name])]
    if len(ways_out) != 1:
        between = _between(records, chosen, arguments)
        advice = (
            f"Take in {', '.join(between)} too, which stand between them."
            if between
            else "Choose nodes with one way out, and close the others by themselves."
        )
        raise GraphError(
            f"One gate gives one value, but {len(ways_out)} of these nodes are used outside: "
            f"{', '.join(ways_out) or 'none'}. {advice}",
            node=ways_out[0] if ways_out else members[-1],
            expected=1,
            actual=tuple(ways_out),
        )
    (way_out,) = ways_out
    _require_useful(records, members, way_out)
    if not arguments:
        raise GraphError("These nodes use constants only: the gate would have no argument.", node=way_out)
    return members, constants, way_out, arguments


def _require_useful(records: Mapping[str, Node], members: tuple[str, ...], way_out: str) -> None:
    useful = {way_out}
    for name in reversed(members):
        if name in useful:
            useful.update(records[name].arguments)
    for name in members:
        if name not in useful:
            raise GraphError(f"{name} does not lead to {way_out}, the way out. Leave it out.", node=name)


def _between(records: Mapping[str, Node], chosen: Collection[str], arguments: tuple[str, ...]) -> list[str]:
    """Give the nodes through which a way leads out of the set and back in."""
    order = topological({name: record.arguments for name, record in records.items()})
    after = set(chosen)
    for name in order:
        if not after.isdisjoint(records[name].arguments):
            after.add(name)
    before = set(arguments)
    for name in reversed(order):
        if name in before:
            before.update(records[name].arguments)
    return [name for name in order if name in after and name in before and name not in chosen]
