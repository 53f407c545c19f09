"""Columns: the horizontal extent of every layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.scene.layout.lanes import Lanes
    from backpropviz.scene.layout.shapes import Box, Spacing

STEEPNESS = 4.5
"""Rise per px of gap beyond which a gap is widened."""
WIDEST = 2.2
"""How much wider than usual a gap may become."""


def centre_columns(
    boxes: Sequence[Box], lanes: Lanes, layers: list[list[int]], y: Sequence[float], spacing: Spacing
) -> list[tuple[float, float]]:
    """Return the left and right end of every column, the first at 0.

    Parameters
    ----------
    boxes, spacing
        As in ``place``.
    lanes : Lanes
        What was ordered; a gap with a long way up or down in it is widened.
    layers : list of list of int
        The members of each column.
    y : sequence of float
        Their heights.
    """
    columns: list[tuple[float, float]] = []
    left = 0.0
    for members in layers:
        width = max((boxes[member].width for member in members if member < lanes.count), default=0.0)
        columns.append((left, left + width))
        rise = max((abs(y[member] - y[end]) for member in members for end in lanes.right[member]), default=0.0)
        left += width + min(max(spacing.column_gap, rise / STEEPNESS), WIDEST * spacing.column_gap)
    return columns
