"""The tiles of arrays in a plotly figure: cells as wide marker lines, which take part in frames as shapes do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backpropviz.charts.theme import translucent
from backpropviz.export.shown_grids import DARKEST, NUMBER_SIZE
from backpropviz.export.svg_tiles import CAPTION_SIZE, HEAD_LINE, HEAD_SIDE
from backpropviz.scene.tiles import cells_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backpropviz.charts.theme import Theme
    from backpropviz.export.shown_grids import ShownCell, ShownGrid
    from backpropviz.export.shown_step import ShownStep
    from backpropviz.scene.drawing import Mark
    from backpropviz.scene.tiles import Tile


def plotly_text(text: str) -> str:
    """Write a text so that plotly shows it as it is: neither as HTML, nor as LaTeX, nor as a link.

    Examples
    --------
    >>> plotly_text('<a href="https://x">$y$</a>')
    '&lt;a href="https://x"&gt;&#36;y&#36;&lt;/a&gt;'
    """
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("$", "&#36;")):
        text = text.replace(sign, entity)
    return text


def texts_at(
    places: Iterable[tuple[float, float]],
    texts: Iterable[str],
    colour: str,
    *,
    size: float | None = None,
    form: str = "b",
    anchor: str | None = None,
) -> dict[str, Any]:
    """Write texts at their places, in px; `form` is the HTML element around each, none where it is empty."""
    points = list(places)
    start, end = (f"<{form}>", f"</{form}>") if form else ("", "")
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "text",
        "x": [x for x, _ in points],
        "y": [y for _, y in points],
        "text": [f"{start}{plotly_text(text)}{end}" if text else "" for text in texts],
        "textfont": {"color": colour} if size is None else {"color": colour, "size": size},
    }
    return trace if anchor is None else {**trace, "textposition": anchor}


_LONGER = 1.4
"""How much longer than its size plotly draws a marker line."""


@dataclass(frozen=True, slots=True)
class _Spot:
    """A cell on the figure, by its middle; `shown` is None while its number is not there yet."""

    x: float
    y: float
    tile: Tile
    shown: ShownCell | None


def tile_traces(marks: Sequence[Mark], shown: ShownStep, theme: Theme) -> list[dict[str, Any]]:
    """Give what changes in the tiles: tints, strokes, numbers and scales, as many points in every frame."""
    traces = []
    for kind, colour in (("value", theme.value), ("slope", theme.gradient)):
        grids = [(mark, grid) for mark in marks for grid in shown.texts[mark.node].grids if grid.kind == kind]
        spots = [spot for mark, grid in grids for spot in _spots(mark, grid)]
        written = [spot for spot in spots if spot.tile.shows_numbers]
        heat = [spot for spot in spots if not spot.tile.shows_numbers]
        scaled = [(mark, grid) for mark, grid in grids if not grid.tile.shows_numbers]
        if spots:
            traces.append(_tints(spots, colour))
        if heat:
            traces.append(_strokes(heat, colour, theme.paper))
            places = [(mark.x, mark.y + grid.top + grid.height + 8) for mark, grid in scaled]
            traces.append(texts_at(places, [grid.scale for _, grid in scaled], theme.muted, size=11, form=""))
        if written:
            texts = ["" if spot.shown is None else spot.shown.text for spot in written]
            places = [(spot.x, spot.y) for spot in written]
            traces.append(texts_at(places, texts, theme.on_tint(colour), size=NUMBER_SIZE - 1))
    return traces


def changing(trace: dict[str, Any]) -> dict[str, Any]:
    """Give what a frame says anew of a trace of tiles; plotly keeps the rest."""
    if "text" in trace:
        return {"text": trace["text"]}
    return {"marker": {"line": {"color": trace["marker"]["line"]["color"]}}}


def tile_words(marks: Sequence[Mark], shown: ShownStep, theme: Theme) -> list[dict[str, Any]]:
    """Give what stands still: heads, signs, and names of the matrices of a stack."""
    tiles = [(mark, mark.tile) for mark in marks if mark.tile is not None]
    if not tiles:
        return []
    heads = [(mark.width / 2 - HEAD_SIDE, mark.y - mark.height / 2 + HEAD_LINE - 5) for mark, _ in tiles]
    left = [(mark.x - side, y) for (mark, _), (side, y) in zip(tiles, heads, strict=True)]
    right = [(mark.x + side, y) for (mark, _), (side, y) in zip(tiles, heads, strict=True)]
    around = [
        (mark.x + x, mark.y + grid.top + y, word)
        for mark, _ in tiles
        for grid in shown.texts[mark.node].grids
        for x, y, word in [
            *((left + width / 2, -8.0, name) for left, width, name in grid.sheets),
            (grid.sheets[0][0] - 9, 7.0, grid.sign),
        ]
        if word
    ]
    return [
        texts_at(left, [mark.name for mark, _ in tiles], theme.ink, form="i", anchor="middle right"),
        texts_at(
            right, [tile.caption for _, tile in tiles], theme.muted, size=CAPTION_SIZE, form="", anchor="middle left"
        ),
        texts_at([(x, y) for x, y, _ in around], [word for *_, word in around], theme.muted, size=11, form=""),
    ]


def tile_frames(mark: Mark, grids: Sequence[ShownGrid], theme: Theme) -> list[dict[str, Any]]:
    """Give the outlines of a tile's grids as shapes."""
    return [
        {
            "type": "rect",
            "x0": mark.x + left,
            "x1": mark.x + left + width,
            "y0": mark.y + grid.top,
            "y1": mark.y + grid.top + grid.height,
            "line": {"color": theme.value if grid.kind == "value" else theme.gradient, "width": 1.2},
            "layer": "below",
        }
        for grid in grids
        for left, width, _ in grid.sheets
    ]


def _spots(mark: Mark, grid: ShownGrid) -> list[_Spot]:
    """Give every cell of a grid, also of one whose numbers are not there yet."""
    places = cells_of(grid.tile)
    width, height = grid.tile.cell
    return [
        _Spot(
            round(mark.x + cell.x + width / 2, 1),
            round(mark.y + grid.top + cell.y + height / 2, 1),
            grid.tile,
            shown,
        )
        for cell, shown in zip(places, grid.cells or [None] * len(places), strict=True)
    ]


def _tints(spots: Sequence[_Spot], colour: str) -> dict[str, Any]:
    line = {
        "width": [spot.tile.cell[1] for spot in spots],
        # In hundredths: a figure repeats them in every frame.
        "color": [0 if spot.shown is None else round(100 * spot.shown.depth) for spot in spots],
        "colorscale": [[0, translucent(colour, 0.0)], [1, translucent(colour, DARKEST)]],
        "cmin": 0,
        "cmax": round(100 * DARKEST),
    }
    return _markers(spots, "line-ew", line)


def _strokes(spots: Sequence[_Spot], dark: str, light: str) -> dict[str, Any]:
    """Strike negative entries through: dark where the cell is pale, light where it is deep."""
    line = {
        "width": [round(max(0.5, spot.tile.cell[0] * 0.14), 2) for spot in spots],
        "color": [0 if spot.shown is None or not spot.shown.struck else 1 if spot.shown.pale else 2 for spot in spots],
        "colorscale": [[0, translucent(dark, 0.0)], [0.5, dark], [1, light]],
        "cmin": 0,
        "cmax": 2,
    }
    return _markers(spots, "line-nw", line)


def _markers(spots: Sequence[_Spot], symbol: str, line: dict[str, Any]) -> dict[str, Any]:
    marker = {
        "symbol": symbol,
        "size": [round(spot.tile.cell[0] / _LONGER, 2) for spot in spots],
        "line": line,
        "opacity": 1,
    }
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [spot.x for spot in spots],
        "y": [spot.y for spot in spots],
        "marker": marker,
    }
