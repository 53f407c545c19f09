"""Loss against epochs in one plotly figure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.charts.theme import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMES = ("training", "held out")
_HEIGHT = 300
_ACCURACY_HEIGHT = 160
_VISIBLE = 0.02
_LABEL, _ACCURACY_LABEL = 0.08, 0.15  # height of a label, as a share of the axis
_FONT = "system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, sans-serif"


def training_figure(*, held_out: bool) -> Any:
    """Make the figure, without points yet.

    Parameters
    ----------
    held_out : bool
        Whether there is a curve of held-out examples.

    Returns
    -------
    plotly.graph_objects.Figure
        In light colours; :func:`arrange` and :func:`paint` adapt it.
    """
    import plotly.graph_objects as go  # noqa: PLC0415  loaded on first use

    # Without plotly's own template, and with labels that it need not measure, an update of the live chart takes three
    # fifths of the time; all that is seen is set here and in `paint`.
    figure = go.Figure(layout={"template": go.layout.Template()})
    for name in _NAMES[: 1 + held_out]:
        figure.add_scatter(
            name=name,
            mode="lines",
            line={"width": 2},
            hovertemplate=f"{name}: %{{y:.4g}} after %{{x:.4g}} epochs<extra></extra>",
        )
    figure.update_layout(
        showlegend=False,
        hovermode="closest",
        height=_HEIGHT,
        margin={"l": 58, "r": 74, "t": 14, "b": 46},
        font={"size": 13, "family": _FONT},
        # "Share chart" would upload the figure.
        modebar={"remove": ["sendDataToCloud", "sendChartToCloud", "lasso2d", "select2d", "autoScale2d"]},
        xaxis={
            "title": {"text": "epochs", "font": {"size": 13}},
            "rangemode": "tozero",
            "zeroline": False,
            "showline": True,
            "ticks": "outside",
            "ticklabeloverflow": "allow",
        },
        yaxis={
            "title": {"text": "loss", "font": {"size": 13}},
            "zeroline": False,
            "showline": True,
            "ticks": "outside",
            "ticklabeloverflow": "allow",
            "exponentformat": "power",
        },
        annotations=[
            {
                "text": name,
                "xref": "paper",
                "x": 1,
                "xanchor": "left",
                "xshift": 6,
                "showarrow": False,
                "visible": False,
            }
            for name in _NAMES[: 1 + held_out]
        ],
    )
    paint(figure, dark=False)
    return figure


def show_curves(figure: Any, epochs: Sequence[float], curves: Sequence[Sequence[float]], *, log_scale: bool) -> None:
    """Put curves into the figure, with their names at their ends.

    Parameters
    ----------
    figure : Figure
        From :func:`training_figure`.
    epochs : sequence of float
        Where they were measured.
    curves : sequence of sequences of float
        Training loss, and that of held-out examples where the figure has a curve for it.
    log_scale : bool
        Whether the loss is drawn on a logarithmic axis.
    """
    shown = [np.asarray(curve, dtype=np.float64) for curve in curves[: len(figure.data)]]
    layout: dict[str, Any] = {}
    kind = "log" if log_scale else "linear"
    if figure.layout.yaxis.type != kind:
        layout |= {"yaxis.type": kind, "yaxis.rangemode": "normal" if log_scale else "tozero"}
    heights = _label_heights(curves, log_scale=log_scale)
    for index, (label, height) in enumerate(zip(figure.layout.annotations, heights, strict=False)):
        # plotly lays out the whole chart anew for a label: only one that has moved visibly is worth it.
        if height is None or not label.visible or abs(height - label.y) > _VISIBLE * max(abs(height), abs(label.y)):
            layout[f"annotations[{index}].visible"] = height is not None
            layout[f"annotations[{index}].y"] = 0.0 if height is None else height
    # One message; arrays travel as bytes. Assigning property by property would cost several times as much.
    figure.plotly_update(
        restyle_data={"x": [np.asarray(epochs, dtype=np.float64)] * len(shown), "y": shown},
        relayout_data=layout,
        trace_indexes=list(range(len(shown))),
    )


def run_figure(
    epochs: Sequence[float],
    losses: Sequence[Sequence[float]],
    accuracies: Sequence[Sequence[float]] = (),
    *,
    log_scale: bool = False,
) -> Any:
    """Draw a finished run: its losses, and beneath them its accuracies where it has any.

    Parameters
    ----------
    epochs : sequence of float
        Where all curves were measured; none at all give empty axes, one gives a point.
    losses, accuracies : sequence of sequences of float
        Of the training examples, and of the held-out ones where there are any.
    log_scale : bool
        Whether the loss is drawn on a logarithmic axis.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure = training_figure(held_out=len(losses) > 1)
    show_curves(figure, epochs, losses, log_scale=log_scale)
    marks = "lines" if len(epochs) > 1 else "markers"
    figure.update_traces(mode=marks)
    if not accuracies:
        return figure
    colours = (LIGHT.value, LIGHT.gradient)
    for name, curve, colour in zip(_NAMES, accuracies, colours, strict=False):
        figure.add_scatter(
            name=f"accuracy, {name}",
            x=np.asarray(epochs, dtype=np.float64),
            y=np.asarray(curve, dtype=np.float64),
            yaxis="y2",
            mode=marks,
            line={"width": 2, "color": colour},
            hovertemplate=f"{name}: %{{y:.1%}} after %{{x:.4g}} epochs<extra></extra>",
        )
    axis = figure.layout.yaxis.to_plotly_json()
    del axis["exponentformat"]
    axis["title"]["text"] = "accuracy"
    axis |= {"type": "linear", "rangemode": "normal", "tickformat": ".0%"}
    figure.update_layout(
        height=_HEIGHT + _ACCURACY_HEIGHT,
        xaxis_anchor="y2",
        yaxis_domain=[0.44, 1.0],
        yaxis2=axis | {"anchor": "x", "domain": [0.0, 0.34]},
    )
    heights = _label_heights(accuracies, log_scale=False, from_zero=False, room=_ACCURACY_LABEL)
    for name, height, colour in zip(_NAMES, heights, colours, strict=False):
        if height is not None:
            place = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 6, "yref": "y2", "y": height}
            figure.add_annotation(text=name, showarrow=False, font={"color": colour}, **place)
    return figure


def arrange(figure: Any, width: int) -> None:
    """Fit the figure to a width in CSS pixels."""
    if figure.layout.width != width:
        figure.layout.width = width


def paint(figure: Any, *, dark: bool) -> None:
    """Give the figure the colours of a light or a dark page."""
    theme = DARK if dark else LIGHT
    with figure.batch_update():
        # Transparent, so that the chart has the colour of the card it lies on.
        figure.layout.paper_bgcolor = figure.layout.plot_bgcolor = "rgba(0,0,0,0)"
        figure.layout.font.color = theme.ink
        figure.layout.modebar.update(bgcolor="rgba(0,0,0,0)", color=theme.muted, activecolor=theme.value)
        figure.layout.hoverlabel.update(bgcolor=theme.gate_fill, bordercolor=theme.muted, font={"color": theme.ink})
        for axis in (figure.layout.xaxis, figure.layout.yaxis):
            axis.update(gridcolor=theme.grid, linecolor=theme.muted, tickcolor=theme.muted)
        for trace, label, colour in zip(
            figure.data, figure.layout.annotations, (theme.value, theme.gradient), strict=False
        ):
            trace.line.color = colour
            label.font.color = colour


def _label_heights(
    curves: Sequence[Sequence[float]], *, log_scale: bool, from_zero: bool = True, room: float = _LABEL
) -> list[float | None]:
    """Heights of the curves' ends in the units of the axis, kept apart where the curves end close to each other."""
    ends = [curve[-1] if len(curve) and math.isfinite(curve[-1]) else None for curve in curves]
    shown = [value for curve in curves for value in curve if math.isfinite(value)]
    if not shown:
        return [None for _ in ends]
    if log_scale:
        shown = [math.log10(value) for value in shown if value > 0]
        ends = [math.log10(end) if end is not None and end > 0 else None for end in ends]
        low, high = (min(shown), max(shown)) if shown else (0.0, 1.0)
    else:
        low, high = 0.0 if from_zero else min(shown), max(shown)
    apart = max(high - low, 1e-9) * room
    if len(ends) == 2 and ends[0] is not None and ends[1] is not None and abs(ends[0] - ends[1]) < apart:
        middle, sign = (ends[0] + ends[1]) / 2, 1 if ends[1] >= ends[0] else -1
        return [middle - sign * apart / 2, middle + sign * apart / 2]
    return [end if end is None else float(end) for end in ends]
