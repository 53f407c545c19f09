"""The edges of a run between single numbers: an array's entries are nodes, and a gate joins those that meet in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from backpropviz.autodiff.plan import plan_of
from backpropviz.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.autodiff.tape import Tape

MOST_ENTRIES = 2_000
"""Numbers of a run up to which their edges are found: each entry of a gate takes a call of its rule."""
_ENTRY = re.compile(r"(?P<node>.+)\[(?P<index>\d+(?:, ?\d+)*)\]")


class EntryEdge(NamedTuple):
    """One edge, seen from its consumer: where it comes from, through which slot, and its local partial."""

    argument: str
    slot: int
    partial: float


def edges_of(tape: Tape) -> dict[str, list[EntryEdge]]:
    """Give the edges into every number of a run that has any, arguments first.

    Between scalars there is an edge for every slot. Between entries of arrays there is one where the local partial is
    not zero at this point. Entries are called as they are indexed, ``W[2,0]``.

    Raises
    ------
    InputError
        For more than 2,000 numbers.
    """
    shapes = tape.shapes
    count = sum(int(np.prod(shape, dtype=int)) for shape in shapes.values())
    if any(shapes.values()) and count > MOST_ENTRIES:
        raise InputError(
            f"Paths between entries are found for up to {MOST_ENTRIES:,} numbers; this run has {count:,}. Take a "
            "smaller batch or fewer units.",
            expected=MOST_ENTRIES,
            actual=count,
        )
    graph = tape.graph
    nodes = plan_of(graph).nodes
    edges: dict[str, list[EntryEdge]] = {}
    for step in plan_of(graph).instructions:
        name = nodes[step.place]
        arguments = graph.arguments(name)
        if not any(shapes[each] for each in (name, *arguments)):
            partials = map(float, tape.partials_at(step))
            edges[name] = [
                EntryEdge(each, slot, part) for slot, (each, part) in enumerate(zip(arguments, partials, strict=True))
            ]
            continue
        given = [tape.primals[each] for each in arguments]
        moving = step.kind.slots
        for place in np.ndindex(shapes[name]):
            chosen = np.zeros(shapes[name])
            chosen[place] = 1.0
            with np.errstate(all="ignore"):
                sent = step.kind.contributions(chosen[()], tape.primals[name], given)
            edges[entry_name(name, place)] = [
                EntryEdge(entry_name(arguments[slot], where), slot, float(back[where]))
                for slot, back in zip(moving, map(np.asarray, sent), strict=True)
                for where in np.ndindex(back.shape)
                if back[where] != 0
            ]
    return edges


def entry_name(node: str, place: tuple[int, ...]) -> str:
    """Name an entry as it is indexed; a scalar by its node alone."""
    return f"{node}[{','.join(map(str, place))}]" if place else node


def number_called(name: str, shapes: Mapping[str, tuple[int, ...]]) -> tuple[str, tuple[int, ...]]:
    """Find the node and the index that a name such as ``W[2,0]`` means.

    Raises
    ------
    InputError
        For an array without an index, and for an index that it does not have.
    """
    name = str(name)
    found = None if name in shapes else _ENTRY.fullmatch(name)
    node = found["node"] if found else name
    place = tuple(map(int, found["index"].split(","))) if found else ()
    shape = shapes.get(node, ())
    if len(place) != len(shape) or any(index >= size for index, size in zip(place, shape, strict=True)):
        first = entry_name(node, (0,) * len(shape))
        raise InputError(f"{node} has shape {shape}. Name one of its entries, as in {first!r}.", node=node, actual=name)
    return node, place
