r"""A step and its derivation as LaTeX: a TikZ picture and an aligned display."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.charts.theme import LIGHT
from backpropviz.export.shown_step import MarkTexts, ShownStep, shown_step_of
from backpropviz.export.tikz_tiles import tex_text, tikz_tile
from backpropviz.graph import CONSTANT
from backpropviz.graph.notation.gate_latex import latex_name
from backpropviz.steps.records import Evaluate, Seed, Settle

if TYPE_CHECKING:
    from backpropviz.export.shown_graph import ShownGraph
    from backpropviz.scene.drawing import Mark
    from backpropviz.scene.edge_curves import Cubics

_UNIT = 0.0176
"""Centimetres per px: the picture of a lecture example fits the text width of an article."""
_WIDEST = 17.0
"""Centimetres, the text width of a page: a wider picture is made as wide as the text around it."""
_COLOURS = {
    "value": LIGHT.value,
    "gradient": LIGHT.gradient,
    "current": LIGHT.current,
    "valueline": LIGHT.value_line,
    "gradientline": LIGHT.gradient_line,
    "future": LIGHT.faint,
    "inputfill": LIGHT.input_fill,
    "gatefill": LIGHT.gate_fill,
    "constantfill": LIGHT.constant_fill,
}
_EDGE_COLOURS = {"future": "future", "forward": "valueline", "tangent": "gradientline", "backward": "gradientline"}
# What stands inside gates, where TeX needs its own word for it.
_SIGNS = {"×": r"$\times$", "÷": r"$\div$", "+": "$+$", "−": "$-$", "·": r"$\cdot$"}
_GREEK = {
    sign: rf"\ensuremath{{\{command}}}"
    for sign, command in {
        "Φ": "Phi",
        "φ": "varphi",
        "σ": "sigma",
        "Σ": "Sigma",
        "π": "pi",
        "∞": "infty",
        "·": "cdot",
    }.items()
} | {"−": "-"}


def to_latex(shown_graph: ShownGraph, *, document: bool = False) -> str:
    r"""Write the shown step as a TikZ picture, followed by the derivation up to it.

    Parameters
    ----------
    shown_graph : ShownGraph
        What to write.
    document : bool
        Whether to write a document that compiles by itself, or a piece for one. The piece needs
        ``\usepackage{amsmath, tikz}``.
    """
    look = shown_graph.look
    shown = shown_step_of(
        shown_graph.scene, shown_graph.timeline, shown_graph.shown_step, look.notation, shown_graph.on_edges
    )
    drawn = tikz_picture(shown_graph, shown)
    if shown_graph.scene.width * _UNIT > _WIDEST:
        drawn = f"\\resizebox{{\\linewidth}}{{!}}{{%\n{drawn}}}"
    body = "\n".join([drawn, "", derivation(shown_graph)]) + "\n"
    if not document:
        return body
    return (
        "\\documentclass{article}\n\\usepackage[a4paper,margin=2cm]{geometry}\n\\usepackage{amsmath,tikz}\n"
        f"\\begin{{document}}\n\\noindent\n{body}\\end{{document}}\n"
    )


def tikz_picture(shown_graph: ShownGraph, shown: ShownStep) -> str:
    """Write a moment as a ``tikzpicture``, with colours of its own."""
    scene = shown_graph.scene
    lines = [rf"\definecolor{{bpv{name}}}{{HTML}}{{{code[1:].upper()}}}" for name, code in _COLOURS.items()]
    lines.append(
        rf"\begin{{tikzpicture}}[x={_UNIT}cm,y=-{_UNIT}cm,line width=0.6pt,every node/.style={{inner sep=0pt,"
        r"font=\small},>=latex]"
    )
    for block in scene.frames:
        (left, top), (x, y) = block.corner, block.title_place
        lines.append(
            rf"\draw[black!60,rounded corners=4pt,line width=1.2pt] ({left:g},{top:g}) rectangle "
            rf"({left + block.width:g},{top + block.height:g});"
        )
        lines.append(rf"\node[anchor=base west,text=black!60] at ({x:g},{y:g}) {{{tex_text(block.title)}}};")
    for curve in scene.curves:
        key = curve.key
        state = shown.edges[key]
        now = key in shown.active
        colour = {"forward": "value", "backward": "gradient"}.get(state, "gradient") if now else _EDGE_COLOURS[state]
        arrow = "<-" if state == "backward" else "->"
        flow = shown.on_edges.widths.get(key)
        width = f",line width={flow * _UNIT:.4f}cm" if flow is not None else ",line width=1.2pt" if now else ""
        lines.append(rf"\draw[{arrow},bpv{colour}{width}] {_path(shown.curves[key])};")
    lines += [
        rf"\node[fill=white,inner sep=1.5pt] at ({curve.label_place[0]:.1f},{curve.label_place[1]:.1f}) "
        rf"{{${latex_name(curve.still_label)}$}};"
        for curve in scene.curves
        if curve.still_label
    ]
    lines += [
        rf"\node[fill=white,inner sep=1pt,text=black!60,font=\footnotesize] at ({label.x:g},{label.y:g}) "
        rf"{{{tex_text(label.text)}}};"
        for label in shown.on_edges.labels
    ]
    for mark in scene.marks:
        lines.extend(_mark(mark, shown.texts[mark.node], shown_graph.graph.nodes[mark.node]))
    lines += [
        rf"\node[draw=bpvgradient,fill=white,rounded corners=4pt,inner sep=2pt,text=bpvgradient,font=\footnotesize] "
        rf"at ({label.x:g},{label.y:g}) {{{tex_text(label.text)}}};"
        for label in shown.labels
    ]
    return "\n".join([*lines, r"\end{tikzpicture}"])


def derivation(shown_graph: ShownGraph) -> str:
    """Write the steps so far as one aligned display: one line per value, one per finished gradient."""
    timeline, look = shown_graph.timeline, shown_graph.look
    rows = []
    for k, step in enumerate(timeline[: shown_graph.shown_step], 1):
        # A gradient is told once, when it is complete; what happened before is in its sum.
        if isinstance(step.records[0], (Evaluate, Seed)) or isinstance(step.records[-1], Settle):
            # The equations begin with their symbol; the first equals sign aligns.
            rows.append(timeline.narrate(k, look.notation).latex.replace(" = ", " &= ", 1))
    # Formulas name some functions by Greek letters, which TeX's older engines know by their commands only.
    told = "".join(_GREEK.get(sign, sign) for sign in " \\\\\n".join(rows))
    return f"\\begin{{align*}}\n{told}\n\\end{{align*}}"


def _path(cubics: Cubics) -> str:
    text = f"({cubics[0][0]:g},{cubics[0][1]:g})"
    for piece in cubics:
        text += " .. controls ({:g},{:g}) and ({:g},{:g}) .. ({:g},{:g})".format(*piece[2:])
    return text


def _mark(mark: Mark, texts: MarkTexts, name: str) -> list[str]:
    half = mark.height / 2
    lines = []
    if texts.ring:
        dashes = ",densely dotted" if texts.ring == "sending" else ""
        lines.append(rf"\draw[bpvcurrent,line width=1.3pt{dashes}] {_outline(mark, 5)};")
    fill = {"input": "inputfill", "constant": "constantfill"}.get(mark.kind, "gatefill")
    width = ",line width=1pt" if mark.output else ""
    lines.append(rf"\draw[fill=bpv{fill}{width}] {_outline(mark, 0)};")
    if mark.tile is not None:
        return [*lines, *tikz_tile(mark, texts.grids, name)]
    label = f"${latex_name(name)}$" if mark.kind == "input" else _label(mark.label)
    lines.append(rf"\node at ({mark.x:g},{mark.y:g}) {{{label}}};")
    if texts.name:
        side, anchor = (1, "west") if mark.output else (-1, "east")
        x = mark.x + side * mark.width * 0.47
        lines.append(
            rf"\node[anchor={anchor},text=black!60] at ({x:g},{mark.y - half * 0.95:g}) {{${latex_name(name)}$}};"
        )
    if texts.value:
        lines.append(
            rf"\node[anchor=south,text=bpvvalue] at ({mark.x:g},{mark.y - half - 8:g}) {{{tex_text(texts.value)}}};"
        )
    if texts.slope:
        lines.append(
            rf"\node[anchor=north,text=bpvgradient] at ({mark.x:g},{mark.y + half + 8:g}) {{{_slope(texts, name)}}};"
        )
    return lines


def _slope(texts: MarkTexts, name: str) -> str:
    barred = f"{name}\u0304 = "
    if texts.slope.startswith(barred):
        return rf"$\bar{{{latex_name(name)}}}$ = {tex_text(texts.slope[len(barred) :])}"
    return tex_text(texts.slope)


def _outline(mark: Mark, grown: float) -> str:
    if mark.shape == "circle":
        return rf"({mark.x:g},{mark.y:g}) circle[radius={(mark.width / 2 + grown) * _UNIT:.3f}cm]"
    width, height = mark.width / 2 + grown, mark.height / 2 + grown
    corner = 2 if mark.kind == CONSTANT else 4
    return (
        rf"[rounded corners={corner}pt] ({mark.x - width:g},{mark.y - height:g}) rectangle "
        rf"({mark.x + width:g},{mark.y + height:g})"
    )


def _label(label: str) -> str:
    return _SIGNS.get(label) or tex_text(label)
