"""A chart with logarithmic axes, as SVG: lines with their names beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from backpropviz.graph.notation.small_digits import raised
from backpropviz.steps.numerals import format_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDTH, HEIGHT = 520.0, 330.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 66.0, 130.0, 34.0, 48.0
_LABEL_HEIGHT = 17.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart.

    Parameters
    ----------
    name : str
        Stands at its end.
    points : sequence of (float, float)
        Those that have no place on a logarithmic axis are left out.
    role : {"value", "gradient", "tangent", "muted"}
        Which colour it has, by the classes of the page.
    dashed : bool
        A second sign beside the colour.
    """

    name: str
    points: Sequence[tuple[float, float]]
    role: str
    dashed: bool = False


def chart(title: str, across: str, up: str, lines: Iterable[Line]) -> str:
    """Draw lines over logarithmic axes.

    Parameters
    ----------
    title, across, up : str
        Of the chart and its axes.
    lines : iterable of Line
        Lines of fewer than two points are left out.

    Returns
    -------
    str
        An ``svg`` element, whose colours come from classes; empty where there is no line.
    """
    drawn = [(line, [(math.log10(x), math.log10(y)) for x, y in line.points if _has_place(x, y)]) for line in lines]
    drawn = [(line, points) for line, points in drawn if len(points) > 1]
    if not drawn:
        return ""
    places = [point for _, points in drawn for point in points]
    left, right = math.floor(min(x for x, _ in places)), math.ceil(max(x for x, _ in places))
    low, high = math.floor(min(y for _, y in places)), math.ceil(max(y for _, y in places))

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            round(_LEFT + (x - left) / max(right - left, 1) * (WIDTH - _LEFT - _RIGHT), 1),
            round(HEIGHT - _BOTTOM - (y - low) / max(high - low, 1) * (HEIGHT - _TOP - _BOTTOM), 1),
        )

    parts = [
        f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(title)}">',
        f'<text class="title" x="{_LEFT:g}" y="18">{escape(title)}</text>',
    ]
    middle, height = (WIDTH + _LEFT - _RIGHT) / 2, (HEIGHT + _TOP - _BOTTOM) / 2
    turned = f'transform="translate(14,{height:g}) rotate(-90)"'
    parts.append(f'<text class="muted" x="{middle:g}" y="{HEIGHT - 8:g}" text-anchor="middle">{escape(across)}</text>')
    parts.append(f'<text class="muted" text-anchor="middle" {turned}>{escape(up)}</text>')
    for power in _ticks(left, right):
        x, bottom = place(power, low)
        parts.append(f'<path class="grid" d="M{x:g},{bottom:g}V{_TOP:g}"/>')
        parts.append(f'<text class="muted" x="{x:g}" y="{bottom + 18:g}" text-anchor="middle">{_power(power)}</text>')
    for power in _ticks(low, high):
        start, y = place(left, power)
        parts.append(f'<path class="grid" d="M{start:g},{y:g}H{WIDTH - _RIGHT:g}"/>')
        parts.append(f'<text class="muted" x="{start - 8:g}" y="{y + 4:g}" text-anchor="end">{_power(power)}</text>')
    ends = []
    for line, points in drawn:
        path = "L".join("{:g},{:g}".format(*place(x, y)) for x, y in points)
        dashes = ' stroke-dasharray="6 4"' if line.dashed else ""
        parts.append(f'<path class="line {line.role}" d="M{path}"{dashes}/>')
        ends.append((place(*points[-1])[1], line))
    for y, line in _spread(ends):
        parts.append(f'<text class="{line.role}" x="{WIDTH - _RIGHT + 8:g}" y="{y + 4:g}">{escape(line.name)}</text>')
    return "\n".join([*parts, "</svg>"])


def _has_place(x: float, y: float) -> bool:
    return 0 < x < math.inf and 0 < y < math.inf


def _ticks(low: int, high: int) -> range:
    """Choose whole powers of ten, at most seven of them."""
    return range(low, high + 1, max(1, math.ceil((high - low) / 6)))


def _power(power: int) -> str:
    small = 0 <= power <= 3  # 1, 10, 100, 1000
    return format_number(10.0**power) if small else f"10{raised(power)}"


def _spread(ends: list[tuple[float, Line]]) -> list[tuple[float, Line]]:
    """Move names apart that would stand on each other."""
    spread: list[tuple[float, Line]] = []
    for y, line in sorted(ends, key=lambda end: end[0]):
        spread.append((max(y, spread[-1][0] + _LABEL_HEIGHT) if spread else y, line))
    return spread
