"""A still picture of a step, as SVG: text stays text."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from backpropviz.graph import CONSTANT
from backpropviz.scene.theme import LIGHT, Theme
from backpropviz.steps.segments import number_text

if TYPE_CHECKING:
    from backpropviz.scene.drawing import Mark, Scene
    from backpropviz.steps import Timeline
    from backpropviz.steps.timeline import State

_FACE = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


def picture(scene: Scene, timeline: Timeline, step: int | None = None, theme: Theme = LIGHT) -> str:
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

    Returns
    -------
    str
        A whole SVG document, the same for the same arguments.
    """
    state = timeline.state(len(timeline) if step is None else step)
    names = timeline.graph.nodes
    title = f"Computation graph of {timeline.graph.output}, step {state.step} of {len(timeline)}"
    lines = [
        (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {scene.width:g} {scene.height:g}" '
        f'width="{scene.width:g}" height="{scene.height:g}" role="img" font-family="{escape(_FACE)}">'),
        f"<title>{escape(title)}</title>",
        f'<rect width="100%" height="100%" fill="{theme.paper}"/>',
        "<defs>",
        *(_arrow_head(name, colour) for name, colour in _edge_colours(theme).items()),
        "</defs>",
    ]
    for curve in scene.curves:
        kind = _edge_state(names[curve.source], names[curve.target], curve.slot, state)
        ends = f'marker-start="url(#bpv-{kind})"' if kind == "backward" else f'marker-end="url(#bpv-{kind})"'
        colour = _edge_colours(theme)[kind]
        lines.append(f'<path d="{curve.path}" fill="none" stroke="{colour}" stroke-width="1.8" {ends}/>')
    for mark in scene.marks:
        lines.extend(_mark(mark, timeline, state, theme))
    return "\n".join([*lines, "</svg>"]) + "\n"


def _edge_colours(theme: Theme) -> dict[str, str]:
    return {"future": theme.faint, "forward": theme.value_line, "backward": theme.gradient_line}


def _edge_state(source: str, target: str, slot: int, state: State) -> str:
    if (target, slot) in state.travelled:
        return "backward"
    return "forward" if target in state.primals and source in state.primals else "future"


def _arrow_head(name: str, colour: str) -> str:
    return (
        f'<marker id="bpv-{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="6.5" markerHeight="6.5" '
        f'orient="auto-start-reverse"><path d="M0,1L10,5L0,9Z" fill="{colour}"/></marker>'
    )


def _mark(mark: Mark, timeline: Timeline, state: State, theme: Theme) -> list[str]:
    graph = timeline.graph
    name = graph.nodes[mark.node]
    half = mark.height / 2
    lines = [f"<g transform={quoteattr(f'translate({mark.x:g},{mark.y:g})')}>"]
    stroke = f'fill="{theme.fill(mark.kind)}" stroke="{theme.ink}" stroke-width="1.6"'
    if mark.shape == "circle":
        lines.append(f'<circle r="{mark.width / 2:g}" {stroke}/>')
    else:
        corner = 6 if mark.kind == CONSTANT else 11
        lines.append(
            f'<rect x="{-mark.width / 2:g}" y="{-half:g}" width="{mark.width:g}" height="{mark.height:g}" '
            f'rx="{corner}" {stroke}/>'
        )
    lines.append(_text(0, 6, 17, theme.ink, mark.label, weight=600))
    if mark.kind == "gate" and mark.label != name:
        offset = mark.width * 0.45 if mark.shape == "circle" else mark.width / 2 + 2
        lines.append(_text(-offset, -half * 0.74, 15, theme.muted, name, anchor="end", italic=True))
    if name in state.primals and mark.kind != CONSTANT:
        lines.append(_text(0, -half - 9, 15, theme.value, number_text(state.primals[name]), weight=600))
    shown = state.sums.get(name) if timeline.mode == "reverse" else state.tangents.get(name)
    if shown is not None:
        sign = "▽ " if timeline.mode == "reverse" else f"{name}\u0307 = "
        lines.append(_text(0, half + 20, 15, theme.gradient, sign + number_text(shown), weight=600))
    return [*lines, "</g>"]


def _text(
    x: float,
    y: float,
    size: float,
    colour: str,
    text: str,
    *,
    weight: int = 400,
    anchor: str = "middle",
    italic: bool = False,
) -> str:
    style = ' font-style="italic"' if italic else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="{colour}"{style}>{escape(text)}</text>'
    )
