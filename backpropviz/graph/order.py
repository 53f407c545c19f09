"""A topological order that is the same on every run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.errors import GraphError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def topological(arguments: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Order nodes by (depth, creation index), without recursion.

    Depth is the number of edges on the longest path from a leaf. Counting unmet arguments (Kahn's algorithm) rather
    than walking down keeps a chain of any length within Python's recursion limit.

    Parameters
    ----------
    arguments : mapping of str to sequence of str
        Of every node, in the order of creation; all of them are nodes of the mapping.

    Raises
    ------
    GraphError
        For a cycle, with the nodes on it.
    """
    waiting = {name: len(used) for name, used in arguments.items()}
    used_by: dict[str, list[str]] = {name: [] for name in arguments}
    for name, used in arguments.items():
        for argument in used:
            used_by[argument].append(name)
    depth = {name: 0 for name, count in waiting.items() if count == 0}
    ready = list(depth)
    for name in ready:  # grows while it is walked
        for consumer in used_by[name]:
            waiting[consumer] -= 1
            depth[consumer] = max(depth.get(consumer, 0), depth[name] + 1)
            if waiting[consumer] == 0:
                ready.append(consumer)
    if len(ready) < len(arguments):
        cycle = _cycle(arguments, {name for name, count in waiting.items() if count > 0})
        raise GraphError(
            f"The graph has a cycle: {' -> '.join(cycle)}. A computation graph runs one way.", node=cycle[0]
        )
    return tuple(sorted(arguments, key=depth.__getitem__))  # the mapping's order stays among nodes of one depth


def _cycle(arguments: Mapping[str, Sequence[str]], unmet: set[str]) -> list[str]:
    """Walk arguments backwards among the unmet nodes until one repeats."""
    name = next(name for name in arguments if name in unmet)
    path: list[str] = []
    place: dict[str, int] = {}
    while name not in place:
        place[name] = len(path)
        path.append(name)
        name = next(argument for argument in arguments[name] if argument in unmet)
    return [name, *reversed(path[place[name] :])]
