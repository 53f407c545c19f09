"""How large the tile of an array is, and which entry each of its cells shows: values, and gradients below."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.scene.labels import text_width
from backpropviz.steps.segments import shape_text

if TYPE_CHECKING:
    from backpropviz.schema.picture import TileGeometry

MOST_NUMBERS = 6
"""Rows and columns up to which every cell shows its number."""
MOST_CELLS = 64
"""Rows and columns up to which every entry has a cell of its own."""
MOST_SHEETS = 4
"""How many matrices of a stack stand side by side."""
_SAMPLED = 32
_NUMBER_CELL = (54.0, 22.0)
_HEAT_SIDE = 150.0
_LARGEST_HEAT_CELL = 14.0
_THINNEST_GRID = 14.0
_HEAD = 30.0
_APART = 9.0  # between a name in bold and what stands beside it
_SIDE = 20.0
_SHEET_GAP = 10.0
_SHEET_NAME = 11.0
_FOOT = 10.0
_BETWEEN = 14.0
_SCALE_LINE = 16.0
_SHEET_LABEL = 15.0
_WIDEST_SCALE = "size ≤ 2e−100, struck: −"


@dataclass(frozen=True, slots=True)
class Tile:
    """The grids of one array.

    Parameters
    ----------
    shape : tuple of int
        Of the array.
    caption : str
        What stands in the head beside the name: operation and shape.
    rows, columns : int
        Cells of one sheet; fewer than entries where the array is sampled.
    sheets : int
        How many matrices stand side by side; 1 for vectors and matrices.
    cell : (width, height)
        Of one cell, in px.
    has_gradient : bool
        Whether a second grid stands below.
    width, height : float
        Of the whole tile, in px.
    gap : float
        Between two matrices of a stack, in px: their names stand clear of each other.
    """

    shape: tuple[int, ...]
    caption: str
    rows: int
    columns: int
    sheets: int
    cell: tuple[float, float]
    has_gradient: bool
    width: float
    height: float
    gap: float

    @property
    def shows_numbers(self) -> bool:
        """Whether cells are large enough for their numbers."""
        return self.cell == _NUMBER_CELL

    @property
    def tops(self) -> tuple[float, ...]:
        """Upper side of each grid, from the middle of the tile, in px: values first."""
        lead = _SHEET_LABEL if self.sheets > 1 else 0.0
        first = -self.height / 2 + _HEAD + lead
        block = _block(self.rows, self.cell, self.sheets)
        return (first, first + block + _BETWEEN) if self.has_gradient else (first,)

    def to_plain(self) -> TileGeometry:
        """Give the tile as the browser reads it; tops of the grids are measured from the middle of the tile."""
        return {
            "shape": list(self.shape),
            "caption": self.caption,
            "rows": self.rows,
            "columns": self.columns,
            "sheets": self.sheets,
            "cell": list(self.cell),
            "numbers": self.shows_numbers,
            "tops": list(self.tops),
            "gap": self.gap,
        }


def tile_of(shape: tuple[int, ...], name: str, operation: str, *, has_gradient: bool) -> Tile:
    """Measure the tile of an array.

    Parameters
    ----------
    shape : tuple of int
        Of the array; a vector stands as a row.
    name, operation : str
        What its head says beside the shape.
    has_gradient : bool
        Whether gradients arrive here.

    Examples
    --------
    >>> tile_of((4, 2), "A", "@", has_gradient=True).caption
    '@ [4×2]'
    >>> tile_of((300, 200), "X", "input", has_gradient=True).rows
    32
    """
    rows, columns = shape[-2] if len(shape) > 1 else 1, shape[-1]
    sheets = min(MOST_SHEETS, prod(shape[:-2]))
    cell = _NUMBER_CELL
    if max(rows, columns) > MOST_NUMBERS or columns * sheets > 2 * MOST_NUMBERS:
        rows, columns = (_SAMPLED if side > MOST_CELLS else side for side in (rows, columns))
        side = min(_LARGEST_HEAT_CELL, round(_HEAT_SIDE / max(rows, columns), 1))
        # A long vector would be a hairline: its cells grow across.
        cell = (max(side, round(_THINNEST_GRID / columns, 1)), max(side, round(_THINNEST_GRID / rows, 1)))
    caption = f"{operation} {shape_text(shape)}".strip()
    head = 1.1 * text_width(name, 17.0) + _APART + text_width(caption, 13.0) + 2 * _SIDE
    scale = 0.0 if cell == _NUMBER_CELL else text_width(_WIDEST_SCALE, 11.0) + 8.0
    widest = max((text_width(each, _SHEET_NAME) for each in sheet_names(shape, sheets)), default=0.0)
    gap = float(round(max(_SHEET_GAP, widest + _SHEET_GAP - columns * cell[0])))
    width = max((columns * cell[0] + gap) * sheets - gap + 2 * _SIDE, head, scale)
    height = (
        _HEAD + _block(rows, cell, sheets) * (2 if has_gradient else 1) + (_BETWEEN if has_gradient else 0.0) + _FOOT
    )
    return Tile(
        shape, caption, rows, columns, sheets, cell, has_gradient, float(round(width)), float(round(height)), gap
    )


def sheet_names(shape: tuple[int, ...], sheets: int) -> tuple[str, ...]:
    """Name the matrices of a stack; the last that has room says how many there are. None for a matrix or a vector.

    Examples
    --------
    >>> sheet_names((5, 2, 2), 4)
    ('[0]', '[1]', '[2]', '[3] of 5')
    """
    lead = shape[:-2]
    count = prod(lead)
    if sheets == 1:
        return ()
    names = [f"[{','.join(map(str, np.unravel_index(sheet, lead)))}]" for sheet in range(sheets)]
    if count > sheets:
        names[-1] += f" of {count}"
    return tuple(names)


def _block(rows: int, cell: tuple[float, float], sheets: int) -> float:
    """Give the height of one grid with what is written around it."""
    scale = 0.0 if cell == _NUMBER_CELL else _SCALE_LINE
    return rows * cell[1] + scale + (_SHEET_LABEL if sheets > 1 else 0.0)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid.

    Parameters
    ----------
    place : int
        Of its entry, in C order.
    index : tuple of int
        Of its entry, from 0.
    x, y : float
        Upper left corner, from the middle of the grid's upper side, in px.
    """

    place: int
    index: tuple[int, ...]
    x: float
    y: float

    @property
    def entry(self) -> str:
        """The index as pages and pictures name it, ``"2,0"``."""
        return ",".join(map(str, self.index))


def cells_of(tile: Tile) -> tuple[Cell, ...]:
    """Give the cells of one grid of a tile, sheet by sheet, row by row; where the array is sampled, evenly.

    Examples
    --------
    >>> from backpropviz.scene.tiles import tile_of
    >>> [cell.entry for cell in cells_of(tile_of((2, 2), "x", "input", has_gradient=False))]
    ['0,0', '0,1', '1,0', '1,1']
    """
    shape = tile.shape
    all_rows, all_columns = shape[-2] if len(shape) > 1 else 1, shape[-1]
    width, height = tile.cell
    lefts = sheet_lefts(tile)
    cells = []
    for sheet, row, column in product(range(tile.sheets), range(tile.rows), range(tile.columns)):
        across, down = column * all_columns // tile.columns, row * all_rows // tile.rows
        place = (sheet * all_rows + down) * all_columns + across
        index = tuple(int(each) for each in np.unravel_index(place, shape))
        cells.append(Cell(place, index, lefts[sheet] + column * width, row * height))
    return tuple(cells)


def sheet_lefts(tile: Tile) -> tuple[float, ...]:
    """Give the left side of each matrix of a stack, from the middle of the tile, in px."""
    width = tile.columns * tile.cell[0]
    whole = tile.sheets * width + (tile.sheets - 1) * tile.gap
    return tuple(-whole / 2 + sheet * (width + tile.gap) for sheet in range(tile.sheets))
