"""A run as a plotly figure, for whoever already lives in plotly: frames, a play button and a slider."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from backpropviz.charts.theme import DARK, LIGHT
from backpropviz.errors import InputError
from backpropviz.export.plotly_tiles import changing, plotly_text, texts_at, tile_frames, tile_traces, tile_words
from backpropviz.export.shown_step import ShownStep, shown_step_of
from backpropviz.export.svg import frame_of
from backpropviz.scene.edge_curves import samples

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backpropviz.charts.theme import Theme
    from backpropviz.export.shown_graph import ShownGraph
    from backpropviz.scene.drawing import Curve, Frame, Mark

_MOST_MARKS = 120
"""A figure repeats every changing text in every frame: beyond this it takes megabytes."""
_CONTROLS = 100.0
_RING_POINTS = 40
_CLEAR = "rgba(0,0,0,0)"


def to_figure(shown_graph: ShownGraph) -> Any:
    """Draw a run as a plotly ``Figure`` with one frame per step.

    Returns
    -------
    plotly.graph_objects.Figure
        ``figure.write_html(path, auto_play=False)`` carries plotly.js, some 4.8 MB; with ``include_plotlyjs="cdn"`` it
        needs a network. Where a notebook shows nothing, the default renderer does not fit the place: choose another
        by ``figure.show("notebook")`` or ``plotly.io.renderers.default``.

    Raises
    ------
    InputError
        For a graph of more than 120 marks.
    """
    import plotly.graph_objects as go  # noqa: PLC0415  heavy, and used by few

    scene = shown_graph.scene
    if len(scene.marks) > _MOST_MARKS:
        raise InputError(
            f"A plotly figure is drawn for up to {_MOST_MARKS} nodes, and this graph has {len(scene.marks)}. "
            "to_html() has no such limit.",
            expected=_MOST_MARKS,
            actual=len(scene.marks),
        )
    theme = DARK if shown_graph.look.theme == "dark" else LIGHT
    shown_steps = [
        shown_step_of(scene, shown_graph.timeline, step, shown_graph.look.notation, shown_graph.on_edges)
        for step in range(len(shown_graph.timeline) + 1)
    ]
    unmoved = [
        _labels(scene.marks, theme),
        *_titles(scene.frames, theme),
        _names(scene.marks, shown_steps[0], theme),
        _weights(scene.curves, theme),
        *tile_words(scene.marks, shown_steps[0], theme),
    ]
    drawn = [_traces(shown_graph, shown_steps, each, theme) for each in shown_steps]
    tiles = [tile_traces(scene.marks, each, theme) for each in shown_steps]
    moving = list(range(len(drawn[0]) + len(tiles[0])))
    start = shown_graph.shown_step
    left, top, right, bottom = frame_of(scene, shown_steps)
    # Frames change the traces that move; the labels stay, after them so that they are drawn above.
    figure = go.Figure(
        data=[*drawn[start], *tiles[start], *unmoved],
        frames=[
            go.Frame(name=str(step), data=[*traces, *map(changing, cells)], traces=moving)
            for step, (traces, cells) in enumerate(zip(drawn, tiles, strict=True))
        ],
    )
    figure.update_layout(
        shapes=[
            *(_line_around(block, theme) for block in scene.frames),
            *(
                shape
                for mark in scene.marks
                for shape in (_shape(mark, theme), *tile_frames(mark, shown_steps[0].texts[mark.node].grids, theme))
            ),
        ],
        xaxis={"visible": False, "range": [left, right], "fixedrange": True},
        yaxis={"visible": False, "range": [bottom, top], "scaleanchor": "x", "fixedrange": True},
        width=right - left,
        height=bottom - top + _CONTROLS,
        margin={"l": 0, "r": 0, "t": 0, "b": _CONTROLS},
        showlegend=False,
        hovermode=False,
        paper_bgcolor=theme.paper,
        plot_bgcolor=theme.paper,
        font={"family": "system-ui, 'DejaVu Sans', sans-serif", "size": 15, "color": theme.ink},
        updatemenus=[_buttons(shown_graph.look.speed)],
        sliders=[_slider(len(shown_steps), start)],
    )
    return figure


def _traces(
    shown_graph: ShownGraph, shown_steps: list[ShownStep], shown: ShownStep, theme: Theme
) -> list[dict[str, Any]]:
    """Give every trace that changes, each of the same length in all frames: plotly blends one frame into the next."""
    marks = shown_graph.scene.marks
    traces = [trace for key in shown.edges for trace in _edge(key, shown, theme)]
    local = {label.key: label.text for label in shown.on_edges.labels}
    on_edges = shown_steps[-1].on_edges.labels
    texts = [shown.texts[mark.node] for mark in marks]
    above = [(mark.x, mark.y - mark.height / 2 - 14) for mark in marks]
    below = [(mark.x, mark.y + mark.height / 2 + 16) for mark in marks]
    now = {label.key: label.text for label in shown.labels}
    standing = {label.key: (label.x, label.y) for each in reversed(shown_steps) for label in each.labels}
    return [
        *traces,
        _ring(marks, shown, theme),
        texts_at(above, [each.value for each in texts], theme.value),
        texts_at(below, [each.slope for each in texts], theme.gradient),
        texts_at([(x, y - 13) for x, y in standing.values()], [now.get(key, "") for key in standing], theme.gradient),
        texts_at(
            [(each.x, each.y - 9) for each in on_edges], [local.get(each.key, "") for each in on_edges], theme.muted
        ),
    ]


def _edge(key: tuple[int, int], shown: ShownStep, theme: Theme) -> list[dict[str, Any]]:
    """Give the line of an edge, and the heads at its two ends, one of which is seen."""
    state, active = shown.edges[key], key in shown.active
    travelled = {"forward": (theme.value_line, theme.value), "future": (theme.faint, theme.faint)}
    colour = travelled.get(state, (theme.gradient_line, theme.gradient))[active]
    points = [(round(x, 1), round(y, 1)) for x, y in samples(shown.curves[key])]
    x, y = (list(each) for each in zip(*points, strict=True))
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": colour, "width": shown.on_edges.widths.get(key, 3.5 if active else 1.8), "shape": "spline"},
    }
    ends = [(points[1], points[0]), (points[-2], points[-1])]
    seen = 0 if state == "backward" else 1
    marker = {
        "symbol": "arrow",
        "size": [12 if end == seen else 0 for end in range(2)],
        "color": colour,
        # Plotly turns markers clockwise from "up"; y grows downwards here as on the screen.
        "angle": [round(math.degrees(math.atan2(x1 - x0, y0 - y1)), 1) for (x0, y0), (x1, y1) in ends],
        "line": {"width": 0},
    }
    tips = {"x": [tip[0] for _, tip in ends], "y": [tip[1] for _, tip in ends]}
    return [line, {"type": "scatter", "mode": "markers", **tips, "marker": marker}]


def _ring(marks: Iterable[Mark], shown: ShownStep, theme: Theme) -> dict[str, Any]:
    """Give the amber ring as a line, since shapes do not take part in frames; none is there as a point."""
    current = [mark for mark in marks if shown.texts[mark.node].ring == "current"]
    points = _around(current[0]) if current else [(0.0, 0.0)] * (_RING_POINTS + 1)
    x, y = ([round(each, 1) for each in side] for side in zip(*points, strict=True))
    line = {"color": theme.current if current else _CLEAR, "width": 3.5}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line}


def _around(mark: Mark) -> list[tuple[float, float]]:
    """Go once around a mark; round or not, in as many points."""
    width, height = mark.width / 2 + 6, mark.height / 2 + 6
    if mark.shape == "circle":
        turns = [2 * math.pi * point / _RING_POINTS for point in range(_RING_POINTS + 1)]
        return [(mark.x + width * math.cos(turn), mark.y + height * math.sin(turn)) for turn in turns]
    corners = [(-width, -height), (width, -height), (width, height), (-width, height), (-width, -height)]
    return [(mark.x + x, mark.y + y) for x, y in corners] + [(mark.x - width, mark.y - height)] * (_RING_POINTS - 4)


def _labels(marks: Iterable[Mark], theme: Theme) -> dict[str, Any]:
    labelled = [mark for mark in marks if mark.tile is None]
    return texts_at([(mark.x, mark.y) for mark in labelled], [mark.label for mark in labelled], theme.ink)


def _weights(curves: Iterable[Curve], theme: Theme) -> dict[str, Any]:
    """Write what stands on the edges of a network, above their lines."""
    told = [curve for curve in curves if curve.still_label]
    places = [(x, y - 9) for x, y in (curve.label_place for curve in told)]
    return texts_at(places, [curve.still_label for curve in told], theme.ink)


def _names(marks: Iterable[Mark], shown: ShownStep, theme: Theme) -> dict[str, Any]:
    told = [mark for mark in marks if shown.texts[mark.node].name]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [mark.x + (1 if mark.output else -1) * mark.width * 0.47 for mark in told],
        "y": [mark.y - mark.height * 0.46 for mark in told],
        "text": [f"<i>{plotly_text(shown.texts[mark.node].name)}</i>" for mark in told],
        "textposition": ["middle right" if mark.output else "middle left" for mark in told],
        "textfont": {"color": theme.muted},
    }


def _titles(blocks: Sequence[Frame], theme: Theme) -> list[dict[str, Any]]:
    if not blocks:
        return []
    places, texts = [block.title_place for block in blocks], [plotly_text(block.title) for block in blocks]
    return [texts_at(places, texts, theme.muted, anchor="top right")]


def _line_around(block: Frame, theme: Theme) -> dict[str, Any]:
    left, top = block.corner
    return {
        "type": "rect",
        "x0": left,
        "x1": left + block.width,
        "y0": top,
        "y1": top + block.height,
        "line": {"color": theme.muted, "width": 3},
        "layer": "below",
    }


def _shape(mark: Mark, theme: Theme) -> dict[str, Any]:
    width, height = mark.width / 2, mark.height / 2
    return {
        "type": "circle" if mark.shape == "circle" else "rect",
        "x0": mark.x - width,
        "x1": mark.x + width,
        "y0": mark.y - height,
        "y1": mark.y + height,
        "fillcolor": theme.fill(mark.kind),
        "line": {"color": theme.ink, "width": 2.6 if mark.output else 1.6},
        "layer": "below",
    }


def _buttons(speed: float) -> dict[str, Any]:
    frame_options = {"frame": {"duration": 700 / speed, "redraw": False}, "transition": {"duration": 0}}
    play = {"label": "▶ Play", "method": "animate", "args": [None, {**frame_options, "fromcurrent": True}]}
    halt = {"frame": {"duration": 0, "redraw": False}, "mode": "immediate"}
    pause = {"label": "❚❚ Pause", "method": "animate", "args": [[None], halt]}
    return {
        "type": "buttons",
        "direction": "left",
        "buttons": [play, pause],
        "x": 0.02,
        "xanchor": "left",
        "y": 0,
        "yanchor": "top",
        "pad": {"t": 24},
        "showactive": False,
    }


def _slider(count: int, start: int) -> dict[str, Any]:
    jump = {"frame": {"duration": 0, "redraw": False}, "mode": "immediate"}
    steps = [{"label": str(step), "method": "animate", "args": [[str(step)], jump]} for step in range(count)]
    return {
        "active": start,
        "steps": steps,
        "x": 0.3,
        "len": 0.66,
        "y": 0,
        "pad": {"t": 14},
        "currentvalue": {"prefix": "step ", "xanchor": "right"},
    }
