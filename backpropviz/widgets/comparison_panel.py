"""What a cell shows of a comparison: tables, and one figure with two charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets
import plotly.graph_objects as go

from backpropviz.charts.comparison_charts import arrange, paint, show_errors
from backpropviz.widgets.guard import guarded
from backpropviz.widgets.lifetime import adopt
from backpropviz.widgets.tables import Tables

if TYPE_CHECKING:
    from backpropviz.widgets.comparison import Comparison

_NARROWEST = 320


class ComparisonPanel(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Tables above one figure, which follows the width and the theme that the tables report.

    Parameters
    ----------
    comparison : Comparison
        What to show.
    """

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.message: dict[str, Any] = {}
        names = list(comparison.graph.inputs)
        # The figure must not widen the panel whose width it follows.
        super().__init__(layout=ipywidgets.Layout(width="100%", overflow="hidden"))
        self.tables = Tables(content=comparison.content(), names=names, chosen=names[0])
        self.figure = go.FigureWidget(comparison.to_figure(names[0]))
        self.figure.set_trait("_config", {"displaylogo": False})
        self.children = [self.tables, self.figure]
        self.tables.observe(guarded(self, self._follow_page), ["width", "dark"])
        self.tables.observe(guarded(self, self._choose), "chosen")
        adopt(self)

    def close(self) -> None:
        """Free the panel, its parts and their layouts."""
        self.figure.close()
        self.tables.layout.close()
        self.tables.close()
        self.layout.close()
        super().close()

    def _follow_page(self, _change: object) -> None:
        arrange(self.figure, max(_NARROWEST, self.tables.width))
        paint(self.figure, dark=self.tables.dark)

    def _choose(self, change: dict[str, Any]) -> None:
        comparison = self.comparison
        entries = sum(comparison.cost.entries.values())
        curve = comparison.error_curve(change["new"])
        show_errors(self.figure, curve, comparison.cost_curve(), entries)
        self._follow_page(change)
