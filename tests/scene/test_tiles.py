"""Arrays are drawn as tiles, whose size depends on shapes alone."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.scene.drawing import draw
from backpropviz.scene.labels import text_width
from backpropviz.scene.tiles import MOST_CELLS, MOST_SHEETS, sheet_lefts, sheet_names, tile_of

GRAPH = bpv.trace(lambda x, w, b: np.sum(np.tanh(x @ w + b) ** 2))
SHAPES = {"x": (4, 3), "w": (3, 2), "b": (2,), **dict.fromkeys(["v1", "v2", "v3", "v4"], (4, 2)), "y": ()}


@pytest.mark.parametrize("drawing", ["circuit", "computation graph"])
def test_arrays_are_tiles_and_scalars_are_not(drawing):
    marks = {mark.name: mark for mark in draw(GRAPH, drawing, SHAPES).marks}
    assert {name for name, mark in marks.items() if mark.tile is None} == {"y"}
    assert marks["x"].tile.caption == "input [4×3]"
    assert marks["v1"].tile.caption == "@ [4×2]"


def test_tiles_do_not_touch_each_other():
    marks = draw(GRAPH, "circuit", SHAPES).marks
    for one in marks:
        for other in marks:
            if one is not other:
                beside = abs(one.x - other.x) >= (one.width + other.width) / 2
                assert beside or abs(one.y - other.y) >= (one.height + other.height) / 2, (one.name, other.name)


@pytest.mark.parametrize("shape", [(1,), (6,), (6, 6), (7,), (64, 64), (1000,), (300, 2), (2, 3, 4), (5, 9, 8, 8)])
def test_both_grids_fit_into_the_tile(shape):
    tile = tile_of(shape, "x", "input", has_gradient=True)
    plain = tile.to_plain()
    width, height = tile.cell
    assert tile.sheets * tile.columns * width + (tile.sheets - 1) * plain["gap"] <= tile.width
    first, second = plain["tops"]
    assert -tile.height / 2 < first
    assert first + tile.rows * height < second
    assert second + tile.rows * height <= tile.height / 2
    assert tile.rows <= MOST_CELLS
    assert tile.columns <= MOST_CELLS
    assert tile.sheets <= MOST_SHEETS


def test_numbers_stand_in_cells_that_can_be_read():
    assert tile_of((6, 6), "x", "input", has_gradient=True).shows_numbers
    assert not tile_of((7, 2), "x", "input", has_gradient=True).shows_numbers


@pytest.mark.parametrize("shape", [(1, 1, 3, 3, 2, 1), (12, 12, 2, 2, 3, 1), (2, 4, 4)])
def test_the_names_of_the_matrices_of_a_stack_stand_clear_of_each_other(shape):
    tile = tile_of(shape, "a", "windows", has_gradient=True)
    middles = [left + tile.columns * tile.cell[0] / 2 for left in sheet_lefts(tile)]
    halves = [text_width(name, 11.0) / 2 for name in sheet_names(tile.shape, tile.sheets)]
    for place in range(tile.sheets - 1):
        assert middles[place] + halves[place] < middles[place + 1] - halves[place + 1]
    assert middles[-1] + halves[-1] <= tile.width / 2


def test_a_constant_has_no_grid_for_gradients():
    assert len(tile_of((2, 2), "c", "constant", has_gradient=False).to_plain()["tops"]) == 1


def test_an_array_without_entries_is_drawn_as_before():
    graph = bpv.trace(np.sum)
    assert draw(graph, "circuit", {"x": (0,), "y": (), "a": (0,)}).marks[0].tile is None
