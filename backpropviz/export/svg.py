"""A still picture of a step, as SVG: text stays text."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from backpropviz.charts.theme import DARK, LIGHT, Theme
from backpropviz.export.contribution_labels import HEIGHT, SIZE, ContributionLabel, Rectangle
from backpropviz.export.shown_step import MarkTexts, ShownStep, shown_step_of
from backpropviz.export.svg_text import TYPE, WEIGHT, clean, svg_text
from backpropviz.export.svg_tiles import svg_tile
from backpropviz.graph import CONSTANT
from backpropviz.scene.labels import text_width
from backpropviz.steps.segments import NOTATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backpropviz.export.edge_gradients import EdgeGradients
    from backpropviz.export.shown_graph import ShownGraph
    from backpropviz.scene.drawing import Frame, Mark, Scene
    from backpropviz.steps import Timeline

FACE = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
_THINNEST, _WIDEST = 1.0, 6.5  # px: the lines of a network
_MARGIN = 10.0


def to_svg(
    shown_graph: ShownGraph,
    step: int | None,
    *,
    theme: Theme | None = None,
    frame: Rectangle | None = None,
    widest: float | None = None,
) -> str:
    """Draw one step of what is shown, in its colours or in those of a theme; the rest is as in :func:`svg_picture`."""
    look = shown_graph.look
    return svg_picture(
        shown_graph.scene,
        shown_graph.timeline,
        step,
        theme or (DARK if look.theme == "dark" else LIGHT),
        notation=look.notation,
        on_edges=shown_graph.on_edges,
        frame=frame,
        widest=widest,
    )


def svg_picture(
    scene: Scene,
    timeline: Timeline,
    step: int | None = None,
    theme: Theme = LIGHT,
    *,
    notation: str = NOTATIONS[0],
    on_edges: EdgeGradients | None = None,
    frame: Rectangle | None = None,
    widest: float | None = None,
) -> str:
    """Draw one step of a run.

    Parameters
    ----------
    scene : Scene
        Where everything stands.
    timeline : Timeline
        Its numbers.
    step : int, optional
        Which step; default the last, where every value and gradient is known.
    theme : Theme
        Colours.
    notation : str
        How gradients are written.
    on_edges : EdgeGradients, optional
        What edges show of gradients at the end.
    frame : (left, top, right, bottom), optional
        What to show, in px; default what this step needs. See :func:`frame_of`.
    widest : float, optional
        How wide the picture may be, in px; what is wider is drawn smaller. Of such an image nobody reads the data in
        cells, and it has none.

    Returns
    -------
    str
        A whole SVG document, the same for the same arguments.
    """
    shown = shown_step_of(scene, timeline, step, notation, on_edges)
    title = f"Computation graph of {timeline.graph.output}, step {shown.step} of {shown.steps}"
    return painted(scene, shown, theme, title, frame or frame_of(scene, [shown]), widest=widest)


def painted(
    scene: Scene,
    shown: ShownStep,
    theme: Theme,
    title: str,
    frame: Rectangle,
    below: Iterable[str] = (),
    widest: float | None = None,
) -> str:
    """Draw a shown step on a scene; `below` are further elements, drawn last."""
    left, top, right, bottom = frame
    width, height = round(right - left, 1), round(bottom - top, 1)
    scale = 1.0 if widest is None else min(1.0, widest / width)
    colours = _edge_colours(theme)
    used = sorted({_look(key, shown) for key in shown.edges})
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:g} {top:g} {width:g} {height:g}" '
            f'width="{width * scale:g}" height="{height * scale:g}" role="img" font-family="{escape(FACE)}" '
            # What most texts have is said once.
            f'font-size="{TYPE}" font-weight="{WEIGHT}" text-anchor="middle">'
        ),
        f"<title>{clean(title)}</title>",
        f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" fill="{theme.paper}"/>',
        "<defs>",
        *(_arrow_head(look, colours[look]) for look in used),
        "</defs>",
    ]
    for block in scene.frames:
        lines.extend(_frame(block, theme))
    edges = []
    for curve in scene.curves:
        look = _look(curve.key, shown)
        # Gradients travel against the edge, and so does their arrow.
        end = "start" if look.startswith("backward") else "end"
        plain = 3.0 if look.endswith("now") else 1.8
        wide, weight = shown.on_edges.widths.get(curve.key, plain), shown.weights.get(curve.key)
        if weight is not None:  # as in the page
            wide = _THINNEST + (_WIDEST - _THINNEST) * abs(weight)
        dashes = ' stroke-dasharray="9 6"' if weight is not None and weight < 0.0 else ""
        style = f'stroke="{colours[look]}" stroke-width="{wide:.3g}"{dashes} marker-{end}="url(#bpv-{look})"'
        edges.append((style, f'<path d="{curve.path}"/>'))
    for alike, pairs in groupby(edges, key=itemgetter(0)):  # those that look as one say so once
        lines += [f'<g fill="none" {alike}>', *(path for _, path in pairs), "</g>"]
    lines.extend(_on_an_edge(*each.label_place, each.still_label, theme) for each in scene.curves if each.still_label)
    lines.extend(_on_an_edge(each.x, each.y, each.text, theme, local=True) for each in shown.on_edges.labels)
    for mark in scene.marks:
        lines.extend(_mark(mark, shown.texts[mark.node], theme, has_data=widest is None))
    for label in shown.labels:
        lines.extend(_label(label, theme))
    return "\n".join([*lines, *below, "</svg>"]) + "\n"


def _frame(block: Frame, theme: Theme) -> list[str]:
    """Draw the line around a block that several values leave."""
    (left, top), (x, y) = block.corner, block.title_place
    size = f'width="{block.width:.1f}" height="{block.height:.1f}"'
    return [
        f'<rect x="{left:g}" y="{top:g}" {size} rx="12" fill="none" stroke="{theme.muted}" stroke-width="3"/>',
        f'<text x="{x:g}" y="{y:g}" fill="{theme.muted}" text-anchor="start">{clean(block.title)}</text>',
    ]


def _on_an_edge(x: float, y: float, text: str, theme: Theme, *, local: bool = False) -> str:
    """Write what an edge weighs, or its local gradient; a rim of paper keeps it clear of the line."""
    face = f'font-size="{SIZE}" font-weight="600"' if local else 'font-weight="400" font-style="italic"'
    return (
        f'<text x="{x:.1f}" y="{y + 5:.1f}" fill="{theme.muted if local else theme.ink}" {face} '
        f'stroke="{theme.paper}" stroke-width="5" stroke-linejoin="round" paint-order="stroke">'
        f"{clean(text)}</text>"
    )


def frame_of(scene: Scene, steps: Iterable[ShownStep]) -> Rectangle:
    """Measure what pictures of these steps need: the scene, and what wide numbers and labels add to it."""
    boxes: list[Rectangle] = [(0.0, 0.0, scene.width, scene.height)]
    for shown in steps:
        boxes += [
            (label.x - label.width / 2, label.y - HEIGHT, label.x + label.width / 2, label.y + HEIGHT)
            for label in (*shown.labels, *shown.on_edges.labels)
        ]
        for mark in scene.marks:
            texts = shown.texts[mark.node]
            reach = max(text_width(texts.value, 7.5), text_width(texts.slope, 7.5)) + 4
            half = mark.height / 2 + 26
            boxes.append((mark.x - reach, mark.y - half, mark.x + reach, mark.y + half))
    left, top = (min(box[side] for box in boxes) - _MARGIN for side in (0, 1))
    right, bottom = (max(box[side] for box in boxes) + _MARGIN for side in (2, 3))
    return (round(left, 1), round(top, 1), round(right, 1), round(bottom, 1))


def _edge_colours(theme: Theme) -> dict[str, str]:
    return {
        "future": theme.faint,
        "forward": theme.value_line,
        "tangent": theme.gradient_line,
        "backward": theme.gradient_line,
        "future-now": theme.faint,
        "forward-now": theme.value,
        "tangent-now": theme.gradient,
        "backward-now": theme.gradient,
    }


def _look(key: tuple[int, int], shown: ShownStep) -> str:
    return shown.edges[key] + ("-now" if key in shown.active else "")


def _arrow_head(name: str, colour: str) -> str:
    # Sized in px: a thicker line does not need a larger head.
    return (
        f'<marker id="bpv-{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="12" markerHeight="12" '
        f'markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0,1L10,5L0,9Z" fill="{colour}"/></marker>'
    )


def _mark(mark: Mark, texts: MarkTexts, theme: Theme, *, has_data: bool) -> list[str]:
    half = mark.height / 2
    lines = [f"<g transform={quoteattr(f'translate({mark.x:g},{mark.y:g})')}>"]
    if texts.ring:
        dashes = ' stroke-dasharray="3 4"' if texts.ring == "sending" else ""
        lines.append(_outline(mark, 5, f'fill="none" stroke="{theme.current}" stroke-width="3"{dashes}'))
    width = 2.6 if mark.output else 1.6
    stroke = theme.gradient if texts.broken else theme.ink
    lines.append(_outline(mark, 0, f'fill="{theme.fill(mark.kind)}" stroke="{stroke}" stroke-width="{width}"'))
    if mark.tile is not None:
        return [*lines, *svg_tile(mark, texts.grids, theme, has_data=has_data), "</g>"]
    italic = mark.kind == "input"
    lines.append(svg_text(0, 6, 17, theme.ink, mark.label, weight=600, italic=italic))
    if texts.name:
        # Outside the ring, and below the line on which the value stands.
        offset = mark.width / 2 + (5 if mark.shape == "circle" else 10)
        # A wide number above reaches over the corner; the output has room on its other side.
        side = 1 if mark.output else -1
        anchor = "start" if mark.output else "end"
        lines.append(svg_text(side * offset, -half * 0.72, 15, theme.muted, texts.name, anchor=anchor, italic=True))
    if texts.value:
        lines.append(svg_text(0, -half - 12, 15, theme.value, texts.value, weight=600))
    if texts.slope:
        lines.append(svg_text(0, half + 22, 15, theme.gradient, texts.slope, weight=400 if texts.summing else 600))
    return [*lines, "</g>"]


def _outline(mark: Mark, grown: float, attributes: str) -> str:
    if mark.shape == "circle":
        return f'<circle r="{mark.width / 2 + grown:g}" {attributes}/>'
    corner = (6 if mark.kind == CONSTANT else 11) + grown
    width, height = mark.width + 2 * grown, mark.height + 2 * grown
    sides = f'x="{-width / 2:g}" y="{-height / 2:g}" width="{width:g}" height="{height:g}"'
    return f'<rect {sides} rx="{corner:g}" {attributes}/>'


def _label(label: ContributionLabel, theme: Theme) -> list[str]:
    left, top = label.x - label.width / 2, label.y - HEIGHT / 2
    sides = f'x="{left:g}" y="{top:g}" width="{label.width:g}" height="{HEIGHT:g}" rx="{HEIGHT / 2:g}"'
    return [
        f'<rect {sides} fill="{theme.paper}" stroke="{theme.gradient}" stroke-width="1.4"/>',
        svg_text(label.x, label.y + SIZE * 0.36, SIZE, theme.gradient, label.text, weight=600),
    ]
