"""Ports: where exactly an arrow leaves one shape and enters another."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from backpropviz.scene.layout.rows import spread_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.scene.layout.shapes import Arrow, Box, Spacing

SHARE = 0.36
"""Part of the width, up and down from the centre, on which ports may lie."""
LEAN = 8.0
"""An arrow that comes from this many px further up wants its port one px higher."""
LEVEL = 9.0
"""An arrow with at most so many px between its ends is made level."""
NEAREST = 0.7
"""Part of the usual gap that levelling leaves between two ports."""


def fan(
    boxes: Sequence[Box],
    arrows: Sequence[Arrow],
    ends: Sequence[tuple[float, float]],
    heights: Sequence[float],
    spacing: Spacing,
) -> tuple[list[float], list[float]]:
    """Return how far below the centre each arrow leaves its source and enters its target.

    Parameters
    ----------
    boxes, arrows, spacing
        As in ``place``.
    ends : sequence of (float, float)
        For each arrow the height it goes to from its source, and the height it comes from to its target.
    heights : sequence of float
        The height of each box.
    """
    leaving: list[list[tuple[float, int, int]]] = [[] for _ in boxes]
    arriving: list[list[tuple[float, int, int]]] = [[] for _ in boxes]
    for index, (source, target, slot) in enumerate(arrows):
        leaving[source].append((ends[index][0] - heights[source], slot, index))
        arriving[target].append((ends[index][1] - heights[target], slot, index))
    offsets = ([0.0] * len(arrows), [0.0] * len(arrows))
    for result, sides in zip(offsets, (leaving, arriving), strict=True):
        for box, found in zip(boxes, sides, strict=True):
            found.sort()
            if len(found) < 2:
                continue
            limit = SHARE * box.width
            gap = min(spacing.port_gap, 2 * limit / (len(found) - 1))
            wishes = [max(-limit, min(limit, way / LEAN)) for way, _, _ in found]
            placed = spread_apart(wishes, [gap] * len(found), [1.0] * len(found))
            shift = max(0.0, -limit - placed[0]) - max(0.0, placed[-1] - limit)
            for (_, _, index), offset in zip(found, placed, strict=True):
                result[index] = max(-limit, min(limit, offset + shift))
    for box, found in zip(boxes, arriving, strict=True):
        _level(found, SHARE * box.width, spacing.port_gap * NEAREST, *offsets)
    return offsets


def _level(
    found: list[tuple[float, int, int]], limit: float, gap: float, leaving: list[float], arriving: list[float]
) -> None:
    """Shift the ends of almost level arrows at one target, in place, so that they become level."""
    for rank, (way, _, index) in enumerate(found):
        wish = way + leaving[index]
        above = arriving[found[rank - 1][2]] + gap if rank else -limit
        below = arriving[found[rank + 1][2]] - gap if rank + 1 < len(found) else limit
        if abs(wish - arriving[index]) <= LEVEL and above <= wish <= below:
            arriving[index] = wish


def rim(box: Box, offset: float) -> float:
    """Return how far the shape's side is from its centre, at some height above or below it."""
    half = box.width / 2
    return sqrt(half * half - offset * offset) if box.round else half
