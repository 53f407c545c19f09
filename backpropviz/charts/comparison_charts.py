"""Two charts in one figure: error against the step, and cost against the number of inputs."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.charts.comparison_labels import branch_labels, cost_labels
from backpropviz.charts.theme import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.autodiff.checking.error_curve import ErrorCurve
    from backpropviz.autodiff.costs.cost_curve import CostCurve

_NARROW = 700
_SMALLEST = 1e-17  # where an error of exactly 0 is drawn: a logarithmic axis has no place for it
_TANGENT = {False: "#0f766e", True: "#4fc7b8"}
_DASHES = {"complex": "dash"}


def comparison_figure(errors: ErrorCurve, costs: CostCurve, own: Mapping[str, float], entries: int) -> Any:
    """Make the figure.

    Parameters
    ----------
    errors : ErrorCurve
        Of one input.
    costs : CostCurve
        Of a function with D inputs.
    own : mapping of str to float
        By method: what the gradient of the graph in question costs, in its own evaluations.
    entries : int
        How many numbers its inputs hold.

    Returns
    -------
    plotly.graph_objects.Figure
        In light colours, 900 pixels wide; :func:`arrange` and :func:`paint` adapt it.
    """
    import plotly.graph_objects as go  # noqa: PLC0415  loaded on first use

    figure = go.Figure()
    for scheme in ("forward", "central", "complex"):
        figure.add_scatter(
            name=scheme,
            mode="lines",
            line={"width": 2, "dash": _DASHES.get(scheme, "solid")},
            hovertemplate=f"{scheme}: step %{{x:.1e}}, error %{{text}}<extra></extra>",
        )
    for method, values in costs.costs.items():
        figure.add_scatter(
            name=method,
            mode="lines",
            x=list(costs.sizes),
            y=list(values),
            line={"width": 2},
            xaxis="x2",
            yaxis="y2",
            hovertemplate=f"{method}: %{{y:,.1f}} evaluations at D = %{{x:,}}<extra></extra>",
        )
    figure.add_scatter(
        name="this graph",
        mode="markers",
        x=[entries] * len(own),
        y=list(own.values()),
        text=list(own),
        marker={"size": 9, "symbol": "circle-open", "line": {"width": 2}},
        xaxis="x2",
        yaxis="y2",
        hovertemplate="this graph, %{text}: %{y:,.2f} evaluations at D = %{x:,}<extra></extra>",
    )
    logarithmic = {"type": "log", "exponentformat": "power", "showline": True, "ticks": "outside", "zeroline": False}
    lowest = math.log10(max(1, min(entries, *costs.sizes))) - 0.35
    highest = math.log10(max(entries, *costs.sizes)) + 0.1
    figure.update_layout(
        showlegend=False,
        hovermode="closest",
        dragmode="zoom",
        margin={"l": 62, "r": 16, "t": 64, "b": 52},
        font={"size": 13, "family": "system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, sans-serif"},
        # "Share chart" would upload the figure.
        modebar={"remove": ["sendDataToCloud", "sendChartToCloud", "lasso2d", "select2d", "autoScale2d"]},
        xaxis={**logarithmic, "range": [-16.2, 0.2], "dtick": 4, "title": {"text": "step"}, "anchor": "y"},
        yaxis={**logarithmic, "range": [-17.4, 1.0], "dtick": 4, "title": {"text": "relative error"}},
        xaxis2={
            **logarithmic,
            "range": [lowest, highest],
            "dtick": 1,
            "title": {"text": "number of inputs D"},
            "anchor": "y2",
        },
        yaxis2={**logarithmic, "dtick": 1, "title": {"text": "evaluations of f"}, "anchor": "x2"},
    )
    figure.update_layout(yaxis2_range=[-0.6, math.log10(max(max(values) for values in costs.costs.values())) + 0.5])
    show_errors(figure, errors, costs, entries)
    fit_to_width(figure, 900)
    return figure


def show_errors(figure: Any, errors: ErrorCurve, costs: CostCurve, entries: int) -> None:
    """Put the error curves of another input into the figure."""
    with figure.batch_update():
        for trace in figure.data[:3]:
            curve = errors.curves.get(trace.name)
            found = np.array([]) if curve is None else curve.errors
            shown = np.where(np.isfinite(found), np.maximum(found, _SMALLEST), np.nan)
            trace.x = errors.steps[: len(found)]
            trace.y = [None if math.isnan(each) else float(each) for each in shown]
            trace.text = [f"{each:.1e}" for each in found]
        unit = "relative error" if errors.derivative else "absolute error"
        figure.layout.yaxis.title.text = unit
        figure.layout.annotations = [
            _title(f"<b>Error of finite differences</b><br>in the derivative by {html.escape(errors.input)}"),
            _title(f"<b>Cost of a whole gradient</b><br>counted in operations, for f = {costs.formula}"),
            *branch_labels(errors),
            *cost_labels(costs, entries),
        ]


def fit_to_width(figure: Any, width: int) -> None:
    """Fit the figure to a width in CSS pixels: side by side, or one above the other."""
    narrow = width < _NARROW
    domains = {
        "xaxis": [0, 1] if narrow else [0, 0.46],
        "xaxis2": [0, 1] if narrow else [0.58, 1],
        "yaxis": [0.6, 1] if narrow else [0, 1],
        "yaxis2": [0, 0.4] if narrow else [0, 1],
    }
    with figure.batch_update():
        figure.layout.width = width
        figure.layout.height = 760 if narrow else 400
        for axis, domain in domains.items():
            figure.layout[axis].domain = domain
        for title, (across, up) in zip(
            figure.layout.annotations[:2], (("xaxis", "yaxis"), ("xaxis2", "yaxis2")), strict=True
        ):
            title.x, title.y = domains[across][0], domains[up][1]


def paint(figure: Any, *, dark: bool) -> None:
    """Give the figure the colours of a light or a dark page."""
    theme = DARK if dark else LIGHT
    colours = {
        "forward": theme.gradient,
        "central": theme.value,
        "complex": _TANGENT[dark],
        "reverse mode": theme.value,
        "forward mode": _TANGENT[dark],
        "finite differences": theme.gradient,
        "this graph": theme.ink,
    }
    with figure.batch_update():
        figure.layout.paper_bgcolor = figure.layout.plot_bgcolor = theme.paper
        figure.layout.font.color = theme.ink
        figure.layout.modebar.update(bgcolor="rgba(0,0,0,0)", color=theme.muted, activecolor=theme.value)
        figure.layout.hoverlabel.update(bgcolor=theme.gate_fill, bordercolor=theme.muted, font={"color": theme.ink})
        for axis in (figure.layout.xaxis, figure.layout.yaxis, figure.layout.xaxis2, figure.layout.yaxis2):
            axis.update(gridcolor=theme.grid, linecolor=theme.muted, tickcolor=theme.muted)
        for trace in figure.data:
            part = trace.marker if trace.name == "this graph" else trace.line
            part.color = colours[trace.name]
        for annotation in figure.layout.annotations:
            annotation.font.color = colours.get(annotation.name, theme.ink)


def _title(text: str) -> dict[str, Any]:
    return {
        "name": "title",
        "text": text,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "showarrow": False,
        "yshift": 8,
        "font": {"size": 14},
    }
