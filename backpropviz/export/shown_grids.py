"""The grids of an array's tile at one step, as every picture shows them: texts, tints, strokes and scale."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.scene.labels import text_width
from backpropviz.scene.tiles import Cell, cells_of, sheet_lefts, sheet_names
from backpropviz.steps.numerals import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backpropviz.scene.tiles import Tile

HEAT_LEVELS = 8
"""How many depths of colour a grid has."""
DARKEST = 0.95
"""Opacity of the deepest colour of a heat map."""
NUMBER_SIZE = 14.0
"""Of the type in a cell, in px."""
_DEEPEST_TINT = 0.3
_PALE = 0.5
_CELL_ROOM = 46.0  # px of the 54 of a cell: digits of a wide bold face take more than is estimated


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One entry as a picture shows it.

    Parameters
    ----------
    cell : Cell
        Which entry, and where.
    number : float
        The entry.
    gradient : float or None
        Its gradient, once that is complete.
    text : str
        What stands in the cell; empty in a heat map.
    depth : float
        Opacity of its ground, from 0 to 1: how large the entry is beside the largest.
    """

    cell: Cell
    number: float
    gradient: float | None
    text: str
    depth: float

    @property
    def broken(self) -> bool:
        """Whether it is no finite number."""
        return not np.isfinite(self.number)

    @property
    def struck(self) -> bool:
        """Whether a heat map strikes it through: its sign, for which a colour alone is not enough."""
        return not self.text and self.number < 0

    @property
    def pale(self) -> bool:
        """Whether a stroke through it must be dark to be seen."""
        return self.depth < _PALE

    @property
    def size(self) -> float:
        """Of its type, in px: a long number is set smaller, so that it stays in its cell."""
        return round(min(NUMBER_SIZE, _CELL_ROOM / max(1.0, text_width(self.text, 1.0))), 1)


@dataclass(frozen=True, slots=True)
class ShownGrid:
    """One grid of a tile at one step.

    Parameters
    ----------
    tile : Tile
        Whose.
    kind : {"value", "slope"}
        Whether values stand in it, or gradients.
    sign : str
        Beside it: ``"▽"`` of gradients, ``"▷"`` of tangents.
    known : bool
        Whether its numbers are there.
    summing : bool
        Whether contributions are still to come.
    cells : tuple of ShownCell
        Empty while unknown.
    scale : str
        Of a heat map: how large the deepest colour is.
    """

    tile: Tile
    kind: str
    sign: str
    known: bool
    summing: bool
    cells: tuple[ShownCell, ...]
    scale: str

    @property
    def top(self) -> float:
        """Its upper side, from the middle of the tile, in px."""
        return self.tile.tops[0 if self.kind == "value" else 1]

    @property
    def height(self) -> float:
        """Of its cells, in px."""
        return self.tile.rows * self.tile.cell[1]

    @property
    def sheets(self) -> Sequence[tuple[float, float, str]]:
        """Left side, width and name of each matrix; a matrix that stands alone has no name."""
        names = sheet_names(self.tile.shape, self.tile.sheets) or ("",)
        width = self.tile.columns * self.tile.cell[0]
        return [(left, width, name) for left, name in zip(sheet_lefts(self.tile), names, strict=True)]

    @property
    def dashed(self) -> bool:
        """Whether its frame says that it is not complete."""
        return self.summing or not self.known


def shown_grids(
    tile: Tile, value: Any, slope: Any, *, summing: bool = False, backward: bool = True
) -> tuple[ShownGrid, ...]:
    """Look at the grids of a tile.

    Parameters
    ----------
    tile : Tile
        Where everything stands.
    value, slope : array or None
        Its numbers, as far as they are known; `slope` is the gradient, or in forward mode the tangent.
    summing : bool
        Whether contributions to the gradient are still to come.
    backward : bool
        Whether `slope` is a gradient.
    """
    complete = slope if backward and not summing else None
    grids = [_grid(tile, "value", "", value, complete, summing=False)]
    if tile.has_gradient:
        sign = "▽" if backward else "▷"
        grids.append(_grid(tile, "slope", sign, slope, complete, summing=summing and slope is not None))
    return tuple(grids)


def _grid(tile: Tile, kind: str, sign: str, numbers: Any, gradient: Any, *, summing: bool) -> ShownGrid:
    if numbers is None:
        return ShownGrid(tile, kind, sign, known=False, summing=False, cells=(), scale="")
    entries = _spread(numbers, tile.shape)
    slopes = None if gradient is None else _spread(gradient, tile.shape)
    finite = np.abs(entries[np.isfinite(entries)])
    largest = float(finite.max(initial=0.0))
    cells = tuple(
        ShownCell(
            cell,
            float(entries[cell.place]),
            None if slopes is None else float(slopes[cell.place]),
            cell_text(float(entries[cell.place])) if tile.shows_numbers else "",
            _depth(float(entries[cell.place]), largest, _DEEPEST_TINT if tile.shows_numbers else DARKEST),
        )
        for cell in cells_of(tile)
    )
    scale = "" if tile.shows_numbers else f"size ≤ {cell_text(largest)}, struck: −"
    return ShownGrid(tile, kind, sign, True, summing, cells, scale)


def _spread(numbers: Any, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """Give all entries in C order; a seed, or a constant that stands for a whole array, is one number for all."""
    return np.broadcast_to(np.asarray(numbers, dtype=np.float64), shape).ravel()


def _depth(number: float, largest: float, darkest: float) -> float:
    """Give the opacity of a cell's ground, one of few, so that a picture stays small."""
    if number == 0 or np.isnan(number):
        return 0.0
    share = abs(number) / (largest or 1.0)
    level = min(HEAT_LEVELS - 1, int(min(share, 1.0) * HEAT_LEVELS))
    return darkest * (level + 1) / HEAT_LEVELS


def heat_runs(grid: ShownGrid) -> Iterator[tuple[float, float, float, float]]:
    """Give the cells of a heat map as (depth, left, upper side, width), neighbours in a row that are as deep as one."""
    width = grid.tile.cell[0]
    for first in range(0, len(grid.cells), grid.tile.columns):
        for depth, run in groupby(grid.cells[first : first + grid.tile.columns], key=lambda shown: shown.depth):
            cells = list(run)
            if depth:
                yield (
                    depth,
                    round(cells[0].cell.x, 1),
                    round(grid.top + cells[0].cell.y, 1),
                    round(width * len(cells), 1),
                )
