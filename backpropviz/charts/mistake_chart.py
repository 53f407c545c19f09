"""A class by named mistake: one bar for each."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from backpropviz.charts.theme import LIGHT
from backpropviz.ops.counting import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

_BAR, _AROUND = 34, 90  # px: a bar with its room, and what stands above and below all of them


def mistake_figure(counts: Mapping[str, tuple[int, int]], sheets: int) -> Any:
    """Draw on how many sheets each mistake was made.

    Parameters
    ----------
    counts : mapping of str to (int, int)
        By name of the mistake: how many sheets hold it, and how many answers it gave; from above downwards.
    sheets : int
        How many sheets there are.
    """
    import plotly.graph_objects as go  # noqa: PLC0415  loaded on first use

    # Without plotly's own template: all that is seen is set here.
    figure = go.Figure(layout={"template": go.layout.Template()})
    figure.add_bar(
        orientation="h",
        # plotly reads labels as HTML.
        y=[escape(kind) for kind in counts],
        x=[made for made, _ in counts.values()],
        text=[str(made) for made, _ in counts.values()],
        textposition="outside",
        cliponaxis=False,
        customdata=[counted(given, "answer") for _, given in counts.values()],
        marker={"color": LIGHT.gradient},
        hovertemplate="%{y}: on %{x} of " + counted(sheets, "sheet") + ", %{customdata}<extra></extra>",
    )
    figure.update_layout(
        showlegend=False,
        height=_AROUND + _BAR * max(1, len(counts)),
        margin={"l": 12, "r": 36, "t": 14, "b": 50},
        font={"size": 13, "color": LIGHT.ink, "family": "system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans"},
        # "Share chart" would upload the figure.
        modebar={"remove": ["sendDataToCloud", "sendChartToCloud", "lasso2d", "select2d", "autoScale2d"]},
        xaxis={
            "title": {"text": f"sheets with the mistake, of {sheets}"},
            "range": [0, max(1, sheets)],
            "tickformat": "d",
            "dtick": max(1, -(-sheets // 8)),  # whole sheets only
            "gridcolor": LIGHT.grid,
            "zeroline": False,
        },
        yaxis={"autorange": "reversed", "automargin": True, "ticksuffix": "  "},
        paper_bgcolor=LIGHT.paper,
        plot_bgcolor=LIGHT.paper,
    )
    return figure
