"""Where on its curve an edge's label stands, so that labels keep clear of each other and of the marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backpropviz.scene.text import text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHARES = (0.64, 0.56, 0.72, 0.48, 0.4, 0.8, 0.32)
_HEIGHT = 18.0
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_FACE = 14.0


def shares(paths: Sequence[str], labels: Sequence[str], discs: Sequence[tuple[float, float, float]]) -> list[float]:
    """Choose, for each edge, how far along its curve the label stands.

    Parameters
    ----------
    paths : sequence of str
        SVG paths of cubic pieces.
    labels : sequence of str
        One per path.
    discs : sequence of (x, y, radius)
        What labels must not cover.

    Returns
    -------
    list of float
        From 0 at the start of the curve to 1 at its end.
    """
    taken: list[tuple[float, float, float]] = []
    chosen = []
    for path, label in zip(paths, labels, strict=True):
        half = text_width(label, _FACE) / 2 + 4
        costs = []
        for rank, share in enumerate(_SHARES):
            x, y = point_at(path, share)
            covered = sum(_overlap(x - each, half + width) * _overlap(y - row, _HEIGHT) for each, row, width in taken)
            covered += sum(1e4 for left, top, reach in discs if abs(x - left) < reach + half and abs(y - top) < reach)
            costs.append((covered, rank, share, (x, y, half)))
        _, _, share, place = min(costs)
        taken.append(place)
        chosen.append(share)
    return chosen


def point_at(path: str, share: float) -> tuple[float, float]:
    """Give the point at a share of a path of cubic pieces, counted in pieces.

    Examples
    --------
    >>> point_at("M0,0C10,0 20,0 30,0", 0.5)
    (15.0, 0.0)
    """
    numbers = [float(number) for number in _NUMBER.findall(path)]
    points = list(zip(numbers[::2], numbers[1::2], strict=True))
    pieces = (len(points) - 1) // 3
    position = min(max(share, 0.0), 1.0) * pieces
    piece = min(int(position), pieces - 1)
    t = position - piece
    p, q, r, s = points[3 * piece : 3 * piece + 4]
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    x, y = (sum(w * point[axis] for w, point in zip(weights, (p, q, r, s), strict=True)) for axis in (0, 1))
    return x, y


def _overlap(distance: float, room: float) -> float:
    return max(0.0, room - abs(distance))
