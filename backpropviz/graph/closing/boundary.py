"""Where a set of nodes begins and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from backpropviz.errors import GraphError
from backpropviz.graph.node import CONSTANT, INPUT
from backpropviz.graph.structure import topological

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from backpropviz.graph.node import Node


class Boundary(NamedTuple):
    """What a set of nodes takes, and what it gives.

    Parameters
    ----------
    members : tuple of str
        The operations of the set, arguments first.
    constants : tuple of str
        The constants they use.
    ways_out : tuple of str
        The members that others use, arguments first.
    arguments : tuple of str
        The nodes outside that members use, in the order of first use.
    """

    members: tuple[str, ...]
    constants: tuple[str, ...]
    ways_out: tuple[str, ...]
    arguments: tuple[str, ...]


def boundary_of(
    records: Mapping[str, Node],
    output: str,
    nodes: Collection[str],
    consumers: Mapping[str, Collection[str]],
    place: Callable[[str], float],
) -> Boundary:
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
    place : callable
        Gives a number to a node, which is larger than those of its arguments where it is finite.

    Raises
    ------
    GraphError
        For an input among the nodes, for no way out, for a way that leads out of the set and back in, or for a member
        that leads nowhere.
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
    ways_out = tuple(name for name in members if name == output or any(each not in chosen for each in consumers[name]))
    if not ways_out:
        raise GraphError("None of these nodes is used outside: the gate would give nothing.", node=members[-1])
    # One value cannot leave and come back: who waits for it would be waited for.
    if len(ways_out) > 1 and (between := _between(records, chosen, arguments, place)):
        raise GraphError(
            f"A gate waits for its arguments, and {', '.join(between)} would wait for it in turn. "
            f"Take in {', '.join(between)} too, which stand between these nodes.",
            node=between[0],
        )
    _require_useful(records, members, ways_out)
    if not arguments:
        raise GraphError("These nodes use constants only: the gate would have no argument.", node=ways_out[-1])
    return Boundary(members, constants, ways_out, arguments)


def _require_useful(records: Mapping[str, Node], members: tuple[str, ...], ways_out: tuple[str, ...]) -> None:
    useful = set(ways_out)
    for name in reversed(members):
        if name in useful:
            useful.update(records[name].arguments)
    for name in members:
        if name not in useful:
            raise GraphError(f"{name} does not lead to {', '.join(ways_out)}, the way out. Leave it out.", node=name)


def _between(
    records: Mapping[str, Node], chosen: Collection[str], arguments: tuple[str, ...], place: Callable[[str], float]
) -> list[str]:
    """Give the nodes through which a way leads out of the set and back in: none stands before the whole set."""
    first = min(map(place, chosen))
    before: dict[str, list[str]] = {}
    waiting = list(arguments)
    while waiting:
        name = waiting.pop()
        if name not in before and name not in chosen and place(name) > first:
            before[name] = list(records[name].arguments)
            waiting += before[name]
    after: dict[str, None] = {}
    for name in topological({name: [each for each in used if each in before] for name, used in before.items()}):
        if any(each in chosen or each in after for each in before[name]):
            after[name] = None
    return list(after)
