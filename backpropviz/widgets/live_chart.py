"""The chart of the curves: at most one plotly widget, made when somebody looks."""

from __future__ import annotations

import asyncio
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from traitlets import Integer

from backpropviz.charts import training_chart
from backpropviz.widgets.guard import guarded

if TYPE_CHECKING:
    from backpropviz.runs.loss_curves import TrainingCurves
    from backpropviz.widgets.trainer_view import TrainerView

_NARROWEST = 240
_REST = 0.3  # seconds
_PLOTLY = "plotly.graph_objects"


class LiveChart:
    """Makes, fits and feeds the figure of one trainer.

    Loading plotly takes a second or two and its widget brings megabytes to the page. So it is loaded in a thread,
    once the page shows the rest, and the training goes on meanwhile.

    Parameters
    ----------
    view : TrainerView
        Where it is shown, through the trait ``chart``.
    held_out : bool
        Whether there is a curve of held-out examples.
    """

    def __init__(self, view: TrainerView, *, held_out: bool) -> None:
        self._view = view
        self._held_out = held_out
        self._loading: asyncio.Task[None] | None = None

    @property
    def live(self) -> bool:
        """Whether there is a figure on the page."""
        return self._view.chart is not None

    def follow_page(self, curves: TrainingCurves, *, log_scale: bool) -> None:
        """Take the width and the theme of the page; the first time, begin to load."""
        if self._view.width <= 0:
            return
        if self.live:
            self._fit(self._view.chart)
        elif self._loading is None:
            self._loading = asyncio.get_running_loop().create_task(self._load(curves, log_scale=log_scale))

    def show(self, curves: TrainingCurves, *, log_scale: bool) -> None:
        """Draw the curves if there is a figure."""
        if self.live:
            training_chart.show_curves(self._view.chart, curves.epochs, curves.losses, log_scale=log_scale)

    def still(self, curves: TrainingCurves, *, log_scale: bool) -> Any:
        """Give a figure of its own, which no longer changes."""
        figure = training_chart.training_figure(held_out=self._held_out)
        training_chart.show_curves(figure, curves.epochs, curves.losses, log_scale=log_scale)
        return figure

    def close(self) -> None:
        """Free the figure."""
        if self._loading is not None:
            self._loading.cancel()
        chart, self._view.chart = self._view.chart, None
        if chart is not None:
            chart.close()

    async def _load(self, curves: TrainingCurves, *, log_scale: bool) -> None:
        await asyncio.sleep(_REST)  # a cell that is run again at once need not bring plotly to the page each time
        # FigureWidget is behind a lazy attribute with imports of its own.
        await asyncio.to_thread(lambda: import_module(_PLOTLY).FigureWidget)
        guarded(self._view, self._make)(curves, log_scale=log_scale)

    def _make(self, curves: TrainingCurves, *, log_scale: bool) -> None:
        figure = _quiet_widget()(self.still(curves, log_scale=log_scale))
        figure._config = {"displaylogo": False}  # noqa: SLF001  the only way to reach the widget's configuration
        self._fit(figure)
        self._view.chart = figure

    def _fit(self, figure: Any) -> None:
        training_chart.arrange(figure, max(_NARROWEST, self._view.width))
        training_chart.paint(figure, dark=self._view.dark)


@cache
def _quiet_widget() -> Any:
    """Make plotly's widget, without two of the four messages that it sends at each update.

    They number the updates, so that the kernel can tell to which one a report of the page belongs; the page of a
    trainer makes no reports.
    """

    class QuietFigureWidget(import_module(_PLOTLY).FigureWidget):  # type: ignore[misc]  # known when plotly is loaded
        _last_layout_edit_id = Integer(0)
        _last_trace_edit_id = Integer(0)

    return QuietFigureWidget
