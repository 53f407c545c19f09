"""A long run of gates that hands on several values, such as a loop over pairs, cut into stretches.

What is carried on is counted at every place of the run, and it is cut where that is least: between the rounds of a
loop. Gates stand as they were made, or just before what first uses them, so few values wait; and as a stretch is a
piece of one topological order, no way leads out of it and back in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_HANDED_ON = 8
"""Values that leave a stretch, beyond which it would be no easier to read than what is in it."""
_FEWEST = 3
"""Stretches that one is cut into, where many values are handed on."""
_EASE = 0.5
"""How far the length of a stretch may be from what was meant, as a part of it."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Names in a row.

    Parameters
    ----------
    ports : tuple of str
        Those that are used after it.
    parts : tuple of str or Stretch
        What it is made of, arguments first.
    """

    ports: tuple[str, ...]
    parts: tuple[str | Stretch, ...]


def in_stretches(
    uses: Mapping[str, Sequence[str]], output: str, most: int, made: Iterable[str] = ()
) -> tuple[str | Stretch, ...]:
    """Cut what an output needs into stretches, and these into shorter ones.

    Parameters
    ----------
    uses : mapping of str to sequence of str
        By name, the names that it uses.
    output : str
        What is needed.
    most : int
        Values that are taken in at a glance: stretches side by side give about so many.
    made : iterable of str
        All names in the order in which a program made them, which may be the better one to cut.

    Returns
    -------
    tuple of str or Stretch
        Names alone where every cut would hand on more than :data:`MOST_HANDED_ON`.

    Examples
    --------
    >>> uses = {"c0": [], "h0": []}
    >>> for step in range(40):
    ...     uses |= {f"c{step + 1}": [f"c{step}", f"h{step}"], f"h{step + 1}": [f"c{step + 1}", f"h{step}"]}
    >>> [part.ports for part in in_stretches(uses, "h40", 12)][:2]
    [('c7', 'h7'), ('c15', 'h15')]
    """
    order = _late(uses, output)
    last, waiting = _carried_on(order, uses, output)
    needed = set(order)
    if needed.issubset(told := list(made)):
        other = [name for name in told if name in needed]
        place = {name: index for index, name in enumerate(other)}
        if all(place[used] < place[name] for name in other for used in uses[name]):
            found = _carried_on(other, uses, output)
            if sum(found[1]) < sum(waiting):
                order, (last, waiting) = other, found

    def cut(first: int, end: int) -> tuple[str | Stretch, ...]:
        ends = _ends(waiting, first, end, most)
        if len(ends) < 2:
            return tuple(order[first:end])
        return tuple(
            Stretch(tuple(order[index] for index in range(low, high) if last[index] >= high), cut(low, high))
            for low, high in pairwise((first, *ends))
        )

    return cut(0, len(order))


def _carried_on(order: Sequence[str], uses: Mapping[str, Sequence[str]], output: str) -> tuple[list[int], list[int]]:
    """Give where each name is used last, and how many are made before a place and used from there on."""
    place = {name: index for index, name in enumerate(order)}
    last = list(range(len(order)))
    for name in order:
        for used in uses[name]:
            last[place[used]] = max(last[place[used]], place[name])
    last[place[output]] = len(order)
    waiting = [0] * (len(order) + 1)
    for index, end in enumerate(last):
        if end > index:
            waiting[index + 1] += 1
            if end < len(order):
                waiting[end + 1] -= 1
    for index in range(len(order)):
        waiting[index + 1] += waiting[index]
    return last, waiting


def _ends(waiting: Sequence[int], first: int, end: int, most: int) -> list[int]:
    """Choose where stretches of a piece of the order end; the piece alone where it is short, or hands on too much."""
    count = end - first
    if count <= most:
        return [end]
    handed = min(waiting[first + count // 4 : end - count // 4])
    side_by_side = max(_FEWEST, most // max(handed, 1))
    length = count / math.ceil(count ** (1 / math.ceil(math.log(count, side_by_side))))
    ends, here = [], first
    while end - here > (1 + _EASE) * length:
        meant = here + length
        window = range(math.ceil(meant - _EASE * length), math.floor(meant + _EASE * length) + 1)
        here = min(window, key=lambda place: (waiting[place], abs(place - meant)))
        if waiting[here] > MOST_HANDED_ON:
            return [end]
        ends.append(here)
    return [*ends, end]


def _late(uses: Mapping[str, Sequence[str]], output: str) -> list[str]:
    """Order what an output needs, arguments first, each just before what first uses it."""
    order: list[str] = []
    seen = {output}
    waiting = [(output, iter(uses[output]))]
    while waiting:
        name, rest = waiting[-1]
        for used in rest:
            if used not in seen:
                seen.add(used)
                waiting.append((used, iter(uses[used])))
                break
        else:
            waiting.pop()
            order.append(name)
    return order
