"""The comparison of the ways to differentiate, as something to print and to look at."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

from backpropviz.autodiff.checking.compare import DIGITS_TITLE, WORK_HEAD, MethodComparison, compare_methods
from backpropviz.autodiff.checking.error_curve import ErrorCurve, curve_on
from backpropviz.autodiff.costs.cost_curve import CostCurve, cost_curve, gradient_costs
from backpropviz.errors import InputError
from backpropviz.export.inline_frame import frame
from backpropviz.export.still_page import comparison_page
from backpropviz.export.whole_files import written_text
from backpropviz.static import read_text
from backpropviz.widgets.callbacks import guarded
from backpropviz.widgets.display import display_with_page
from backpropviz.widgets.live_view import LiveView, free_with_cell

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from backpropviz.graph import Source

_NARROWEST = 320
_PAGE = 900.0
"""Height, in px, of its page in a notebook."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison(MethodComparison):
    """The ways to differentiate a graph, side by side at one point.

    Prints as tables; as the last line of a cell it shows the tables and two charts: the error of finite differences
    against their step, and the cost of a gradient against the number of inputs. Made by
    :func:`backpropviz.compare`.
    """

    def error_curve(self, wrt: str | None = None) -> ErrorCurve:
        """Measure the error of finite differences in the derivative by one input; default the first.

        Raises
        ------
        InputError
            For a graph without inputs, or an unknown one.
        """
        if not self.graph.inputs or (wrt is not None and wrt not in self.graph.inputs):
            raise InputError(f"The graph has no input {wrt or ''!r} to differentiate by.", expected=self.graph.inputs)
        return curve_on(self.tape, wrt or self.graph.inputs[0])

    def cost_curve(self) -> CostCurve:
        """Count what a gradient costs for 10 to 10,000 inputs."""
        return cost_curve()

    def own_costs(self) -> dict[str, float]:
        """Cost of this graph's gradient by each method, in evaluations of its output."""
        return gradient_costs(self.cost)

    def content(self) -> dict[str, Any]:
        """Tables and sentences, as text."""
        wrt = f"∂{self.graph.output}/∂"
        methods = list(self.methods)
        return {
            "heading": self.title(),
            "tables": [
                {"title": "Derivatives", "head": [wrt, *methods], "rows": self.derivative_rows()},
                {"title": DIGITS_TITLE, "head": [wrt, *methods[1:]], "rows": self.digit_rows()},
                {"title": "What it takes", "head": list(WORK_HEAD), "rows": self.work_rows()},
            ],
            "notes": self.notes,
        }

    def to_figure(self, wrt: str | None = None) -> Any:
        """Give the two charts as a plotly figure.

        Parameters
        ----------
        wrt : str, optional
            Input of the error curve; default the first.
        """
        from backpropviz.charts.comparison_charts import comparison_figure, paint  # noqa: PLC0415  loads plotly

        entries = sum(self.cost.entries.values())
        figure = comparison_figure(self.error_curve(wrt), self.cost_curve(), self.own_costs(), entries)
        paint(figure, dark=False)
        return figure

    def to_html(self, path: str | Path | None = None) -> str:
        """Write the tables and charts as one page that needs no network and runs no script.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it; without one the text is only returned.

        Raises
        ------
        ExportError
            Where the file cannot be written.
        """
        errors = self.error_curve() if self.graph.inputs else None
        text = comparison_page(self.content(), errors, self.cost_curve())
        return written_text(path, text)

    def widget(self) -> Any:
        """Give the widget that a cell shows."""
        return ComparisonPanel(self)

    def _ipython_display_(self, **_options: Any) -> None:
        if not self.graph.inputs:
            print(self)  # noqa: T201  there is nothing to draw
            return
        panel = self.widget()
        page = frame(self.to_html(), height=_PAGE, title=self.title())
        display_with_page(panel, "As it was measured.", page, marking=panel.tables)


class Tables(LiveView):
    """Draws titled tables; reports its width, so that a chart beside it can follow.

    Attributes
    ----------
    content : dict
        ``heading``, ``tables`` (each with ``title``, ``head`` and ``rows`` of text) and ``notes``.
    names, chosen : list of str, str
        Inputs to choose from, and which one is chosen.
    width, dark : int, bool
        What the page says: width in CSS pixels, 0 until it is drawn.
    """

    _esm = read_text("tables.js")
    _css = read_text("view.css", "aids.css")

    content = traitlets.Dict({"heading": "", "tables": [], "notes": []}).tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)
    width = traitlets.Int(0).tag(sync=True)
    dark = traitlets.Bool(False).tag(sync=True)


class ComparisonPanel(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Tables above one figure, which follows the width and the theme that the tables report."""

    def __init__(self, comparison: Comparison) -> None:
        import plotly.graph_objects as go  # noqa: PLC0415  loads long; tables print without it

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
        free_with_cell(self)

    def close(self) -> None:
        """Free the panel, its parts and their layouts."""
        self.figure.close()
        self.tables.layout.close()
        self.tables.close()
        self.layout.close()
        super().close()

    def _follow_page(self, _change: object) -> None:
        from backpropviz.charts.comparison_charts import fit_to_width, paint  # noqa: PLC0415  loads plotly

        fit_to_width(self.figure, max(_NARROWEST, self.tables.width))
        paint(self.figure, dark=self.tables.dark)

    def _choose(self, change: dict[str, Any]) -> None:
        from backpropviz.charts.comparison_charts import show_errors  # noqa: PLC0415  as above

        comparison = self.comparison
        entries = sum(comparison.cost.entries.values())
        curve = comparison.error_curve(change["new"])
        show_errors(self.figure, curve, comparison.cost_curve(), entries)
        self._follow_page(change)


def compare(source: Source, point: Mapping[str, object] | None = None, /, **inputs: object) -> Comparison:
    """Differentiate in four ways at one point, and put them side by side.

    Reverse mode, forward mode, central differences and, for scalar graphs, symbolic differentiation: the values per
    input, to how many digits they agree, sweeps, counted operations, numbers stored, and measured time.

    Parameters
    ----------
    source : Graph, str, callable, or an object with ``graph`` and ``point``
        With a scalar output.
    point : mapping of str to number or array, optional
        Input values by name.
    **inputs : number or array
        Input values.

    Returns
    -------
    Comparison
        ``print`` gives the tables; a cell that ends with it shows tables and charts.

    Raises
    ------
    InputError, SeedError
        For inputs that do not fit, or an output that is not a scalar.
    """
    measured = compare_methods(source, point, **inputs)
    return Comparison(**{field.name: getattr(measured, field.name) for field in fields(measured)})
