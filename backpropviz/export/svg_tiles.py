"""The tile of an array as SVG: its head, and its grids with every entry's number in full as data."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from backpropviz.autodiff.programs import plain_number
from backpropviz.export.shown_grids import NUMBER_SIZE, heat_runs
from backpropviz.export.svg_text import clean, svg_text

if TYPE_CHECKING:
    from backpropviz.charts.theme import Theme
    from backpropviz.export.shown_grids import ShownCell, ShownGrid
    from backpropviz.scene.drawing import Mark

CAPTION_SIZE = 13.0
"""Of the operation and shape in a tile's head, in px."""
HEAD_SIDE = 14.0
"""How far the head's words stand from the tile's sides, in px."""
HEAD_LINE = 19.0
"""How far below the tile's upper side they stand, in px."""


def svg_tile(mark: Mark, grids: tuple[ShownGrid, ...], theme: Theme, *, has_data: bool) -> list[str]:
    """Draw what stands inside an array's mark; its middle is the origin. Cells tell their numbers in full as data."""
    assert mark.tile is not None  # noqa: S101  only arrays have grids
    side, line = mark.width / 2 - HEAD_SIDE, -mark.height / 2 + HEAD_LINE
    lines = [
        svg_text(-side, line, 17, theme.ink, mark.name, weight=600, anchor="start", italic=True),
        svg_text(side, line, CAPTION_SIZE, theme.muted, mark.tile.caption, weight=400, anchor="end"),
    ]
    for grid in grids:
        colour = theme.value if grid.kind == "value" else theme.gradient
        if grid.tile.shows_numbers:
            lines += _numbers(mark.name, grid, colour, theme, has_data=has_data)
        else:
            lines += _heat(grid, colour, theme)
        lines += _frames(grid, colour, theme)
    return lines


def _numbers(name: str, grid: ShownGrid, colour: str, theme: Theme, *, has_data: bool) -> list[str]:
    """Draw grounds, gaps between the cells, and their numbers, with data where it can be read."""
    if not grid.cells:
        return []
    opacity = ' opacity="0.75"' if grid.summing else ""
    width, height = grid.tile.cell
    texts = []
    for shown in grid.cells:
        x, y = shown.cell.x, grid.top + shown.cell.y
        look = f' fill="{theme.gradient}"' if shown.broken else ""
        if shown.size != NUMBER_SIZE:
            look += f' font-size="{shown.size:g}"'
        place = f'x="{x + width / 2:g}" y="{y + height / 2 + 0.35 * shown.size:.0f}"'
        data = f"{_data(name, grid, shown)} " if has_data else ""
        texts.append(f"<text {data}{place}{look}>{clean(shown.text)}</text>")
    return [
        *_grounds(grid, colour, opacity),
        f'<path stroke="{theme.paper}" d="{_gaps(grid)}"/>',
        f'<g font-size="{NUMBER_SIZE:g}" fill="{theme.on_tint(colour)}"{opacity}>',
        *texts,
        "</g>",
    ]


def _data(name: str, grid: ShownGrid, shown: ShownCell) -> str:
    """Name an entry and give its numbers in full, as the cells of a page do."""
    data = {"node": name, "entry": shown.cell.entry}
    if grid.kind == "value":
        data["value"] = str(plain_number(shown.number))
    if shown.gradient is not None:
        data["gradient"] = str(plain_number(shown.gradient))
    return " ".join(f"data-{key}={quoteattr(clean(text))}" for key, text in data.items())


def _grounds(grid: ShownGrid, colour: str, opacity: str = "") -> list[str]:
    """Draw one path for each depth of colour, wide enough to fill its cells."""
    height = grid.tile.cell[1]
    runs: dict[float, list[str]] = {}
    for depth, x, y, length in heat_runs(grid):
        runs.setdefault(depth, []).append(f"M{x:g} {y + height / 2:g}h{length:g}")
    return [
        f'<g fill="none" stroke="{colour}" stroke-width="{height:g}"{opacity}>',
        *(f'<path stroke-opacity="{depth:.2g}" d="{"".join(each)}"/>' for depth, each in sorted(runs.items())),
        "</g>",
    ]


def _gaps(grid: ShownGrid) -> str:
    """Give the path of the lines between the cells."""
    width, height = grid.tile.cell
    down = [
        f"M{left + column * width:g} {grid.top:g}v{grid.height:g}"
        for left, _, _ in grid.sheets
        for column in range(1, grid.tile.columns)
    ]
    across = [
        f"M{left:g} {grid.top + row * height:g}h{length:g}"
        for left, length, _ in grid.sheets
        for row in range(1, grid.tile.rows)
    ]
    return "".join(down + across)


def _heat(grid: ShownGrid, colour: str, theme: Theme) -> list[str]:
    """Draw grounds, and strokes through negative entries."""
    width, height = grid.tile.cell
    lines = _grounds(grid, colour)
    for pale, ink in ((True, colour), (False, theme.paper)):
        strokes = "".join(
            f"M{shown.cell.x:g} {grid.top + shown.cell.y:g}l{width:g} {height:g}"
            for shown in grid.cells
            if shown.struck and shown.pale == pale
        )
        if strokes:
            lines.append(
                f'<path fill="none" stroke="{ink}" stroke-width="{max(0.5, width * 0.14):.2g}" d="{strokes}"/>'
            )
    if grid.scale:
        lines.append(svg_text(0, grid.top + grid.height + 12, 11, theme.muted, grid.scale, weight=400))
    return lines


def _frames(grid: ShownGrid, colour: str, theme: Theme) -> list[str]:
    line = f'stroke="{colour if grid.known else theme.faint}"' + (' stroke-dasharray="4 3"' if grid.dashed else "")
    lines = []
    for left, width, name in grid.sheets:
        sides = f'x="{left:g}" y="{grid.top:g}" width="{width:g}" height="{grid.height:g}"'
        lines.append(f'<rect {sides} fill="none" stroke-width="1.2" {line}/>')
        if name:
            lines.append(svg_text(left + width / 2, grid.top - 4, 11, theme.muted, name, weight=400))
    if grid.sign:
        lines.append(svg_text(grid.sheets[0][0] - 9, grid.top + 12, CAPTION_SIZE, colour, grid.sign, weight=400))
    return lines
