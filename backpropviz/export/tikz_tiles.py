"""rThe tile of an array in TikZ: its head, and its grids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.export.shown_grids import heat_runs
from backpropviz.export.svg_tiles import HEAD_LINE, HEAD_SIDE
from backpropviz.graph.notation.gate_latex import latex_name
from backpropviz.graph.notation.small_digits import RAISED_DIGITS

if TYPE_CHECKING:
    from backpropviz.export.shown_grids import ShownGrid
    from backpropviz.scene.drawing import Mark

_PLAIN = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "−": "$-$", "×": r"$\times$", "÷": r"$\div$", "·": r"$\cdot$", "∞": r"$\infty$", "≈": r"$\approx$",
    "∂": r"$\partial$", "Σ": r"$\Sigma$", "π": r"$\pi$", "ℯ": "$e$", "√": r"$\surd$", "²": "$^2$", "³": "$^3$",
    "…": r"\ldots{}", "½": r"$\frac12$", "▽": r"$\bigtriangledown$", "▷": r"$\triangleright$", "δ": r"$\delta$",
    "ᵀ": r"$^{\mathsf{T}}$", "⁻": "$^-$", "⊙": r"$\odot$", "\u0304": r"", "|": r"$|$", "@": "@", "≥": r"$\geq$",
    "≤": r"$\leq$", "∑": r"$\sum$", "‖": r"$\|$",
} | {sign: f"$^{digit}$" for digit, sign in enumerate(RAISED_DIGITS)}  # fmt: skip


def tex_text(text: str) -> str:
    r"""Write a text so that TeX sets it as it is.

    Examples
    --------
    >>> tex_text("\\input{secret} −3")
    '\\textbackslash{}input\\{secret\\} $-$3'
    """
    return "".join(_PLAIN.get(sign, sign) for sign in text if sign.isprintable() or sign in _PLAIN)


_COLOURS = {"value": "bpvvalue", "slope": "bpvgradient"}


def tikz_tile(mark: Mark, grids: tuple[ShownGrid, ...], name: str) -> list[str]:
    """Draw what stands inside an array's mark."""
    assert mark.tile is not None  # noqa: S101  only arrays have grids
    side, line = mark.width / 2 - HEAD_SIDE, mark.y - mark.height / 2 + HEAD_LINE
    lines = [
        rf"\node[anchor=base west] at ({mark.x - side:g},{line:g}) {{${latex_name(name)}$}};",
        _word("base east", "black!60", r"\scriptsize", mark.x + side, line, mark.tile.caption),
    ]
    for grid in grids:
        lines += [
            *(_numbers if grid.tile.shows_numbers else _heat)(grid, mark.x, mark.y),
            *_frames(grid, mark.x, mark.y),
        ]
    return lines


def _numbers(grid: ShownGrid, x: float, y: float) -> list[str]:
    colour = _COLOURS[grid.kind]
    width, height = grid.tile.cell
    lines = []
    for shown in grid.cells:
        left, top = x + shown.cell.x, y + grid.top + shown.cell.y
        if shown.depth:
            lines.append(_filled(colour, shown.depth, [(left, top, width, height)]))
        ink = "bpvgradient" if shown.broken else f"{colour}!60!black"
        lines.append(_word("center", ink, r"\scriptsize", left + width / 2, top + height / 2, shown.text))
    if grid.cells:
        sides = [(x + left, width) for left, width, _ in grid.sheets]
        first, last = y + grid.top, y + grid.top + grid.height
        rules = [
            f"({left:g},{first + row * height:g}) -- ({left + wide:g},{first + row * height:g})"
            for left, wide in sides
            for row in range(1, grid.tile.rows)
        ] + [
            f"({left + column * width:g},{first:g}) -- ({left + column * width:g},{last:g})"
            for left, _ in sides
            for column in range(1, grid.tile.columns)
        ]
        if rules:
            lines.append(rf"\draw[white] {' '.join(rules)};")
    return lines


def _heat(grid: ShownGrid, x: float, y: float) -> list[str]:
    colour = _COLOURS[grid.kind]
    width, height = grid.tile.cell
    runs: dict[float, list[tuple[float, float, float, float]]] = {}
    for depth, left, top, length in heat_runs(grid):
        runs.setdefault(depth, []).append((x + left, y + top, length, height))
    lines = [_filled(colour, depth, each) for depth, each in sorted(runs.items())]
    for pale, ink in ((True, colour), (False, "white")):
        corners = [
            (x + shown.cell.x, y + grid.top + shown.cell.y)
            for shown in grid.cells
            if shown.struck and shown.pale == pale
        ]
        if corners:
            strokes = " ".join(f"({left:g},{top:g}) -- ({left + width:g},{top + height:g})" for left, top in corners)
            lines.append(rf"\draw[{ink},line width=0.3pt] {strokes};")
    if grid.scale:
        lines.append(_word("base", "black!60", r"\tiny", x, y + grid.top + grid.height + 12, grid.scale))
    return lines


def _filled(colour: str, depth: float, boxes: list[tuple[float, float, float, float]]) -> str:
    places = " ".join(f"({x:g},{y:g}) rectangle ({x + width:g},{y + height:g})" for x, y, width, height in boxes)
    return rf"\fill[{colour},fill opacity={depth:.2f}] {places};"


def _frames(grid: ShownGrid, x: float, y: float) -> list[str]:
    look = (_COLOURS[grid.kind] if grid.known else "bpvfuture") + (",densely dashed" if grid.dashed else "")
    top = y + grid.top
    lines = []
    for left, width, name in grid.sheets:
        box = f"({x + left:g},{top:g}) rectangle ({x + left + width:g},{top + grid.height:g})"
        lines.append(rf"\draw[{look}] {box};")
        if name:
            lines.append(_word("base", "black!60", r"\tiny", x + left + width / 2, top - 4, name))
    if grid.sign:
        place = f"({x + grid.sheets[0][0] - 9:g},{top + 12:g})"
        lines.append(
            rf"\node[anchor=base,text={_COLOURS[grid.kind]},font=\scriptsize] at {place} {{{tex_text(grid.sign)}}};"
        )
    return lines


def _word(anchor: str, ink: str, size: str, x: float, y: float, text: str) -> str:
    return rf"\node[anchor={anchor},text={ink},font={size}] at ({x:g},{y:g}) {{{tex_text(text)}}};"
