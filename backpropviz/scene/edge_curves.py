"""Edges as cubic pieces, for pictures that need points on them."""

from __future__ import annotations

import math
import re
from itertools import pairwise

_Piece = tuple[float, float, float, float, float, float, float, float]
Cubics = tuple[_Piece, ...]

_TOKEN = re.compile(r"[MLC]|-?\d*\.?\d+(?:e[-+]?\d+)?")
_SAMPLES = 12


def read_path(text: str) -> Cubics:
    """Read a path of absolute M, L and C commands into cubic pieces of eight numbers: start, two handles, end.

    Examples
    --------
    >>> read_path("M0,0C1,0 2,3 3,3")
    ((0.0, 0.0, 1.0, 0.0, 2.0, 3.0, 3.0, 3.0),)
    """
    pieces: list[_Piece] = []
    command, x, y = "M", 0.0, 0.0
    tokens = _TOKEN.findall(text)
    at = 0
    while at < len(tokens):
        if tokens[at] in {"M", "L", "C"}:
            command = tokens[at]
            at += 1
            continue
        count = 6 if command == "C" else 2
        numbers = [float(token) for token in tokens[at : at + count]]
        at += count
        end_x, end_y = numbers[-2:]
        if command == "C":
            pieces.append((x, y, numbers[0], numbers[1], numbers[2], numbers[3], end_x, end_y))
        elif command == "L":
            third_x, third_y = (end_x - x) / 3, (end_y - y) / 3
            pieces.append((x, y, x + third_x, y + third_y, end_x - third_x, end_y - third_y, end_x, end_y))
        x, y = end_x, end_y
    return tuple(pieces)


def length(cubics: Cubics) -> float:
    """Measure a curve, in px."""
    points = samples(cubics)
    return sum(math.dist(first, second) for first, second in pairwise(points))


def samples(cubics: Cubics, per_piece: int = _SAMPLES) -> list[tuple[float, float]]:
    """Walk along a curve, both ends included."""
    points = [(cubics[0][0], cubics[0][1])] if cubics else []
    for piece in cubics:
        points.extend(_on_piece(piece, index / per_piece) for index in range(1, per_piece + 1))
    return points


def point_at(cubics: Cubics, share: float) -> tuple[float, float, float, float]:
    """Give the point at a share of the length, and the unit normal there: ``(x, y, normal_x, normal_y)``."""
    points = samples(cubics)
    steps = [math.dist(first, second) for first, second in pairwise(points)]
    wanted = share * sum(steps)
    for (first, second), step in zip(pairwise(points), steps, strict=True):
        if wanted <= step and step > 0:
            part = wanted / step
            across = ((second[0] - first[0]) / step, (second[1] - first[1]) / step)
            return (
                first[0] + part * (second[0] - first[0]),
                first[1] + part * (second[1] - first[1]),
                -across[1],
                across[0],
            )
        wanted -= step
    return (*points[-1], 0.0, 1.0)


def _on_piece(piece: _Piece, t: float) -> tuple[float, float]:
    s = 1 - t
    weights = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)
    return (
        sum(weight * piece[2 * index] for index, weight in enumerate(weights)),
        sum(weight * piece[2 * index + 1] for index, weight in enumerate(weights)),
    )
