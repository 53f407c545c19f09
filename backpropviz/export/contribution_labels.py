"""Where the labels with contributions stand: near the node they add to, clear of marks, texts and each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backpropviz.scene.edge_curves import Cubics, length, point_at
from backpropviz.scene.labels import text_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backpropviz.scene.drawing import Mark

_SHARES = (0.34, 0.44, 0.54, 0.26, 0.64, 0.74)
_SHARES_ON_LINES = (0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8)
_OFFSETS = (0.0, 20.0, -20.0, 32.0, -32.0)
HEIGHT = 22.0
SIZE = 13.0
"""Of the type on a label, in px."""
_EDGE_ROOM = 64.0

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class ContributionLabel:
    """A number on an edge."""

    key: tuple[int, int]
    x: float
    y: float
    width: float
    text: str


def place_labels(
    told: Sequence[tuple[tuple[int, int], Cubics, str]],
    marks: Iterable[Mark],
    others: Iterable[ContributionLabel] = (),
    *,
    on_lines: bool = False,
) -> tuple[ContributionLabel, ...]:
    """Choose a place for each number, as the live picture does.

    Parameters
    ----------
    told : sequence of (key, Cubics, str)
        Edges, argument first, with what stands on them.
    marks : iterable of Mark
        What must stay visible.
    others : iterable of ContributionLabel
        Labels that stand already.
    on_lines : bool
        Whether they stand on their edges and never beside them, as what has no frame must.
    """
    obstacles = [box for mark in marks for box in _covered(mark)]
    placed: list[Rectangle] = [_box(each.x, each.y, each.width, HEIGHT) for each in others]
    labels = []
    for key, cubics, text in told:
        width = text_width(text, SIZE) + 16.0
        short = not on_lines and length(cubics) < width + _EDGE_ROOM
        best: tuple[float, float, float, Rectangle] | None = None
        for share_rank, share in enumerate(_SHARES_ON_LINES if on_lines else _SHARES):
            x, y, normal_x, normal_y = point_at(cubics, share)
            for offset_rank, offset in enumerate(_OFFSETS[:1] if on_lines else _OFFSETS):
                at = (x + normal_x * offset, y + normal_y * offset)
                box = _box(*at, width + 4, HEIGHT + 4)
                cost = share_rank * 12.0 + offset_rank * 40.0 + (160.0 if offset == 0 and short else 0.0)
                cost += sum(_shared(box, other) for other in placed) * 3 + sum(_shared(box, each) for each in obstacles)
                if best is None or cost < best[0]:
                    best = (cost, *at, box)
        if best is not None:
            placed.append(best[3])
            labels.append(ContributionLabel(key, round(best[1], 1), round(best[2], 1), round(width, 1), text))
    return tuple(labels)


def _box(x: float, y: float, width: float, height: float) -> Rectangle:
    return (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _shared(first: Rectangle, second: Rectangle) -> float:
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    return width * height if width > 0 and height > 0 else 0.0


def _covered(mark: Mark) -> list[Rectangle]:
    half = mark.height / 2
    return [
        _box(mark.x, mark.y, mark.width + 14, mark.height + 14),
        _box(mark.x, mark.y - half - 16, max(mark.width, 62), 22),
        _box(mark.x, mark.y + half + 17, max(mark.width, 78), 22),
        _box(mark.x - mark.width / 2 - 4, mark.y - half - 2, 18, 22),
    ]
