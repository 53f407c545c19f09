"""Curves: the SVG path of every arrow, and where exactly it leaves one shape and enters another.

An arrow is a chain of cubic pieces that runs to the right all the way. It goes straight for its target if nothing
stands in between, else through its lane points with slopes that never overshoot, and if even that brushes a box, it
runs level through every column.

References
----------
Fritsch, Carlson (1980), Monotone piecewise cubic interpolation.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING, TypeAlias

from backpropviz.scene.layout.rows import spread_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.scene.layout.layers import Arrow, Box, Spacing

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


Point: TypeAlias = tuple[float, float]
Bezier: TypeAlias = tuple[Point, Point, Point, Point]
"""A cubic by its four control points."""

STEPS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Corridor:
    """Where an arrow may pass through one column.

    Parameters
    ----------
    left, right : float
        The ends of the column.
    height : float
        The lane point of the arrow.
    top, bottom : float
        The nearest boxes above and below it; infinite if there are none.
    """

    left: float
    right: float
    height: float
    top: float
    bottom: float


def swing(start: Point, end: Point, bulge: float = 0.0) -> list[Bezier]:
    """Return one S-shaped piece that leaves and arrives level.

    Parameters
    ----------
    start, end : (float, float)
        Its ends.
    bulge : float, px
        How far the middle swings down, so that parallel arrows part.
    """
    reach = (end[0] - start[0]) / 2
    return [
        (start, (start[0] + reach, start[1] + bulge), (end[0] - reach, end[1] + bulge), end),
    ]


def straight(start: Point, end: Point) -> Bezier:
    """Return a straight piece."""
    return start, _between(start, end, 1 / 3), _between(start, end, 2 / 3), end


def _between(start: Point, end: Point, part: float) -> Point:
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def glide(points: Sequence[Point]) -> list[Bezier]:
    """Return a smooth chain of pieces through all points, level at both ends and nowhere overshooting."""
    rises = [(lower[1] - upper[1]) / (lower[0] - upper[0]) for upper, lower in pairwise(points)]
    slopes = [0.0]
    for before, after in pairwise(rises):
        # The harmonic mean is at most twice the smaller rise, which keeps the cubic monotone.
        slopes.append(0.0 if before * after <= 0 else 2 * before * after / (before + after))
    slopes.append(0.0)
    pieces = []
    for index, (start, end) in enumerate(pairwise(points)):
        # Level ends reach half-way, as a single swing does; sloped ones a third, as a Hermite cubic does.
        first = (end[0] - start[0]) / (3 if slopes[index] else 2)
        last = (end[0] - start[0]) / (3 if slopes[index + 1] else 2)
        pieces.append(
            (
                start,
                (start[0] + first, start[1] + first * slopes[index]),
                (end[0] - last, end[1] - last * slopes[index + 1]),
                end,
            )
        )
    return pieces


def through(start: Point, corridors: Sequence[Corridor], end: Point, bulge: float = 0.0) -> list[Bezier]:
    """Return a curve through the columns in between.

    Parameters
    ----------
    start, end : (float, float)
        Its ends.
    corridors : sequence of Corridor
        Where it may pass, from left to right.
    bulge : float, px
        As in ``swing``; used if nothing stands in between.
    """
    pieces = swing(start, end, bulge)
    if not corridors or not strikes(pieces, corridors):
        return pieces
    pieces = glide([start, *(((way.left + way.right) / 2, way.height) for way in corridors), end])
    if not strikes(pieces, corridors):
        return pieces
    return glide([start, *((x, way.height) for way in corridors for x in (way.left, way.right)), end])


def strikes(pieces: Sequence[Bezier], corridors: Sequence[Corridor]) -> bool:
    """Tell whether a curve leaves the corridors."""
    chords = [chord for piece in pieces for chord in _chords(piece)]
    index = 0
    for way in corridors:
        while chords[index][1][0] < way.left:
            index += 1
        probe = index
        while probe < len(chords) and chords[probe][0][0] <= way.right:
            (_, before), (_, after) = chords[probe]
            if min(before, after) < way.top or max(before, after) > way.bottom:
                return True
            probe += 1
    return False


def _chords(piece: Bezier) -> list[tuple[Point, Point]]:
    """Return one piece as ten chords."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = piece
    points = [piece[0]]
    for t in STEPS:
        s = 1 - t
        a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
        points.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    points.append(piece[3])
    return list(pairwise(points))


def path(pieces: Sequence[Bezier]) -> str:
    """Write a chain of pieces as an SVG path, to a tenth of a pixel."""
    text = [f"M{_number(pieces[0][0][0])},{_number(pieces[0][0][1])}"]
    for _, first, second, end in pieces:
        text.append("C" + " ".join(f"{_number(x)},{_number(y)}" for x, y in (first, second, end)))
    return "".join(text)


def _number(value: float) -> str:
    return f"{round(value, 1) + 0.0:g}" if abs(value) < 1e5 else f"{value:.1f}"
