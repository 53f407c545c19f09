"""A run as a plotly figure, for whoever already lives in plotly: frames, a play button and a slider."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from backpropviz.charts.theme import DARK, LIGHT
from backpropviz.errors import InputError
from backpropviz.export.shown_step import Moment, moment
from backpropviz.export.svg import frame_of
from backpropviz.scene.edge_curves import samples

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backpropviz.charts.theme import Theme
    from backpropviz.export.shown_graph import Exhibit
    from backpropviz.scene.drawing import Curve, Mark

_MOST_MARKS = 120
"""A figure repeats every changing text in every frame: beyond this it takes megabytes."""
_CONTROLS = 100.0
_CLEAR = "rgba(0,0,0,0)"


def to_figure(exhibit: Exhibit) -> Any:
    """Draw a run as a plotly ``Figure`` with one frame per step.

    Parameters
    ----------
    exhibit : Exhibit
        What to draw.

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

    scene = exhibit.scene
    if len(scene.marks) > _MOST_MARKS:
        raise InputError(
            f"A plotly figure is drawn for up to {_MOST_MARKS} nodes, and this graph has {len(scene.marks)}. "
            "to_html() has no such limit.",
            expected=_MOST_MARKS,
            actual=len(scene.marks),
        )
    theme = DARK if exhibit.look.theme == "dark" else LIGHT
    moments = [
        moment(scene, exhibit.timeline, step, exhibit.look.notation) for step in range(len(exhibit.timeline) + 1)
    ]
    still = [
        _labels(scene.marks, theme),
        _names(scene.marks, moments[0], theme),
        _weights(scene.curves, theme),
    ]
    drawn = [_traces(exhibit, moments, each, theme) for each in moments]
    moving = list(range(len(drawn[0])))
    start = exhibit.shown_step
    left, top, right, bottom = frame_of(scene, moments)
    # Frames change the traces that move; the labels stay, after them so that they are drawn above.
    figure = go.Figure(
        data=[*drawn[start], *still],
        frames=[go.Frame(name=str(step), data=traces, traces=moving) for step, traces in enumerate(drawn)],
    )
    figure.update_layout(
        shapes=[_shape(mark, theme) for mark in scene.marks],
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
        updatemenus=[_buttons(exhibit.look.speed)],
        sliders=[_slider(len(moments), start)],
    )
    return figure


def literal(text: str) -> str:
    """Write a text so that plotly shows it as it is: neither as HTML, nor as LaTeX, nor as a link.

    Examples
    --------
    >>> literal('<a href="https://x">$y$</a>')
    '&lt;a href="https://x"&gt;&#36;y&#36;&lt;/a&gt;'
    """
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("$", "&#36;")):
        text = text.replace(sign, entity)
    return text


def _traces(exhibit: Exhibit, moments: list[Moment], shown: Moment, theme: Theme) -> list[dict[str, Any]]:
    """Give every trace that changes, each of the same length in all frames: plotly blends one frame into the next."""
    marks = exhibit.scene.marks
    traces = [trace for key in shown.edges for trace in _edge(key, shown, theme)]
    texts = [shown.texts[mark.node] for mark in marks]
    above = [(mark.x, mark.y - mark.height / 2 - 14) for mark in marks]
    below = [(mark.x, mark.y + mark.height / 2 + 16) for mark in marks]
    now = {plate.key: plate.text for plate in shown.plates}
    standing = {plate.key: (plate.x, plate.y) for each in reversed(moments) for plate in each.plates}
    return [
        *traces,
        _rings(marks, shown, theme),
        _texts(above, [each.value for each in texts], theme.value),
        _texts(below, [each.slope for each in texts], theme.gradient),
        _texts([(x, y - 13) for x, y in standing.values()], [now.get(key, "") for key in standing], theme.gradient),
    ]


def _edge(key: tuple[int, int], shown: Moment, theme: Theme) -> list[dict[str, Any]]:
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
        "line": {"color": colour, "width": 3.5 if active else 1.8, "shape": "spline"},
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


def _rings(marks: Iterable[Mark], shown: Moment, theme: Theme) -> dict[str, Any]:
    """Amber rings as markers, since shapes do not take part in frames; only the current one is not transparent."""
    marks = list(marks)
    marker = {
        "symbol": ["circle-open" if mark.shape == "circle" else "square-open" for mark in marks],
        "size": [max(mark.width, mark.height) + 12 for mark in marks],
        "color": [theme.current if shown.texts[mark.node].ring == "current" else _CLEAR for mark in marks],
        "line": {"width": 3.5},
        "opacity": 1,
    }
    places = {"x": [mark.x for mark in marks], "y": [mark.y for mark in marks]}
    return {"type": "scatter", "mode": "markers", **places, "marker": marker}


def _texts(places: Iterable[tuple[float, float]], texts: Iterable[str], colour: str) -> dict[str, Any]:
    points = list(places)
    return {
        "type": "scatter",
        "mode": "text",
        "x": [x for x, _ in points],
        "y": [y for _, y in points],
        "text": [f"<b>{literal(text)}</b>" if text else "" for text in texts],
        "textfont": {"color": colour},
    }


def _labels(marks: Iterable[Mark], theme: Theme) -> dict[str, Any]:
    marks = list(marks)
    return _texts([(mark.x, mark.y) for mark in marks], [mark.label for mark in marks], theme.ink)


def _weights(curves: Iterable[Curve], theme: Theme) -> dict[str, Any]:
    """Write what stands on the edges of a network, above their lines."""
    told = [curve for curve in curves if curve.still_label]
    places = [(x, y - 9) for x, y in (curve.label_place for curve in told)]
    return _texts(places, [curve.still_label for curve in told], theme.ink)


def _names(marks: Iterable[Mark], shown: Moment, theme: Theme) -> dict[str, Any]:
    told = [mark for mark in marks if shown.texts[mark.node].name]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [mark.x + (1 if mark.output else -1) * mark.width * 0.47 for mark in told],
        "y": [mark.y - mark.height * 0.46 for mark in told],
        "text": [f"<i>{literal(shown.texts[mark.node].name)}</i>" for mark in told],
        "textposition": ["middle right" if mark.output else "middle left" for mark in told],
        "textfont": {"color": theme.muted},
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
    beat = {"frame": {"duration": 700 / speed, "redraw": False}, "transition": {"duration": 0}}
    play = {"label": "▶ Play", "method": "animate", "args": [None, {**beat, "fromcurrent": True}]}
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
    still = {"frame": {"duration": 0, "redraw": False}, "mode": "immediate"}
    steps = [{"label": str(step), "method": "animate", "args": [[str(step)], still]} for step in range(count)]
    return {
        "active": start,
        "steps": steps,
        "x": 0.3,
        "len": 0.66,
        "y": 0,
        "pad": {"t": 14},
        "currentvalue": {"prefix": "step ", "xanchor": "right"},
    }
