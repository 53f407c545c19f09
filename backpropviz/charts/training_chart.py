"""Loss against epochs in one plotly figure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.charts.theme import LIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMES = ("training", "held out")
_COLOURS = (LIGHT.value, LIGHT.gradient)
_HEIGHT = 300
_ACCURACY_HEIGHT = 160
_LABEL, _ACCURACY_LABEL = 0.08, 0.15  # height of a label, as a share of the axis
_FONT = "system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, sans-serif"


def _loss_figure(epochs: Sequence[float], curves: Sequence[Sequence[float]], *, log_scale: bool) -> Any:
    """Draw losses, with the names of the curves at their ends."""
    import plotly.graph_objects as go  # noqa: PLC0415  loaded on first use

    # Without plotly's own template: all that is seen is set here.
    figure = go.Figure(layout={"template": go.layout.Template()})
    for name, curve, colour in zip(_NAMES, curves, _COLOURS, strict=False):
        figure.add_scatter(
            name=name,
            x=np.asarray(epochs, dtype=np.float64),
            y=np.asarray(curve, dtype=np.float64),
            mode="lines" if len(epochs) > 1 else "markers",
            line={"width": 2, "color": colour},
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
            "type": "log" if log_scale else "linear",
            "rangemode": "normal" if log_scale else "tozero",
            "title": {"text": "loss", "font": {"size": 13}},
            "zeroline": False,
            "showline": True,
            "ticks": "outside",
            "ticklabeloverflow": "allow",
            "exponentformat": "power",
        },
        # Transparent, so that the chart has the colour of the page it lies on.
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hoverlabel={"bgcolor": LIGHT.gate_fill, "bordercolor": LIGHT.muted, "font": {"color": LIGHT.ink}},
    )
    figure.update_layout(
        font_color=LIGHT.ink,
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": LIGHT.muted, "activecolor": LIGHT.value},
    )
    for axis in (figure.layout.xaxis, figure.layout.yaxis):
        axis.update(gridcolor=LIGHT.grid, linecolor=LIGHT.muted, tickcolor=LIGHT.muted)
    _name_ends(figure, curves, _label_heights(curves, log_scale=log_scale), "y")
    return figure


def _name_ends(figure: Any, curves: Sequence[Sequence[float]], heights: list[float | None], axis: str) -> None:
    """Write the names of curves beside their ends."""
    for name, _, height, colour in zip(_NAMES, curves, heights, _COLOURS, strict=False):
        if height is not None:
            place = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 6, "yref": axis, "y": height}
            figure.add_annotation(text=name, showarrow=False, font={"color": colour}, **place)


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
    """
    figure = _loss_figure(epochs, losses, log_scale=log_scale)
    if not accuracies:
        return figure
    for name, curve, colour in zip(_NAMES, accuracies, _COLOURS, strict=False):
        figure.add_scatter(
            name=f"accuracy, {name}",
            x=np.asarray(epochs, dtype=np.float64),
            y=np.asarray(curve, dtype=np.float64),
            yaxis="y2",
            mode="lines" if len(epochs) > 1 else "markers",
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
    _name_ends(figure, accuracies, heights, "y2")
    return figure


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
