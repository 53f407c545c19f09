"""Boxes that stand together in a frame: a staircase from upper left to lower right, which is placed as one box.

Each has a row to itself, so that arrows from outside reach it and leave it level, past the others; and stands right of
those in the frame that it uses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backpropviz.scene.layout.layers import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.scene.layout.layers import Arrow, Spacing

PADDING = 20.0
"""Between a frame and what stands in it, in px."""
HEAD = 32.0
"""Room for a frame's title above what stands in it, in px: no more than a picture leaves around its marks."""
_NEARER = 0.5
"""Gaps inside a frame, as a part of those outside."""


@dataclass(frozen=True, slots=True)
class Framed:
    """Boxes, some of which stand in frames.

    Parameters
    ----------
    outer : tuple of Box
        What is placed: frames, and boxes that stand in none.
    homes : tuple of int
        For each box, which of these it is or stands in.
    offsets : tuple of (float, float)
        For each box, how far its centre lies from that of its home.
    """

    outer: tuple[Box, ...]
    homes: tuple[int, ...]
    offsets: tuple[tuple[float, float], ...]


def framed(boxes: Sequence[Box], arrows: Sequence[Arrow], groups: Sequence[Sequence[int]], spacing: Spacing) -> Framed:
    """Put boxes into frames.

    Parameters
    ----------
    boxes, arrows, spacing
        As in ``place``.
    groups : sequence of sequence of int
        The boxes of each frame, arguments first.

    Examples
    --------
    >>> from backpropviz.scene.layout import Spacing
    >>> found = framed([Box(60, 60), Box(60, 60), Box(60, 60)], [(0, 2, 0)], [(0, 2)], Spacing())
    >>> found.homes, len(found.outer)
    ((0, 1, 0), 2)
    """
    group_of = {box: number for number, group in enumerate(groups) for box in group}
    outer: list[Box] = []
    homes = [0] * len(boxes)
    offsets = [(0.0, 0.0)] * len(boxes)
    made: dict[int, int] = {}
    for number, box in enumerate(boxes):
        group = group_of.get(number)
        if group is None:
            homes[number] = len(outer)
            outer.append(box)
        elif group not in made:
            made[group] = len(outer)
            frame, inside = _staircase(groups[group], boxes, arrows, spacing)
            outer.append(frame)
            for member, offset in zip(groups[group], inside, strict=True):
                homes[member], offsets[member] = made[group], offset
    return Framed(tuple(outer), tuple(homes), tuple(offsets))


def _staircase(
    group: Sequence[int], boxes: Sequence[Box], arrows: Sequence[Arrow], spacing: Spacing
) -> tuple[Box, list[tuple[float, float]]]:
    """Give the frame of a group, and how far the centres of its members lie from its own."""
    depth = dict.fromkeys(group, 0)
    for member in group:
        depth[member] = max(
            (depth[source] + 1 for source, target, _ in arrows if target == member and source in depth), default=0
        )
    widths = [
        max(boxes[each].width for each in group if depth[each] == column) for column in range(max(depth.values()) + 1)
    ]
    gap, row_gap = _NEARER * spacing.column_gap, _NEARER * spacing.row_gap
    lefts = [sum(widths[:column]) + gap * column for column in range(len(widths))]
    width = lefts[-1] + widths[-1] + 2 * PADDING
    height = sum(boxes[each].height for each in group) + row_gap * (len(group) - 1) + PADDING + HEAD
    top = HEAD - height / 2
    centres = []
    for member in group:
        x = PADDING + lefts[depth[member]] + widths[depth[member]] / 2 - width / 2
        centres.append((x, top + boxes[member].height / 2))
        top += boxes[member].height + row_gap
    return Box(width, height), centres
