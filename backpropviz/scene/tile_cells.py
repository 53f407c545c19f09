"""Which entry of an array each cell of a tile shows, and where the cell stands."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from backpropviz.scene.tiles import Tile


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
