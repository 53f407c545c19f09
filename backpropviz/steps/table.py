"""The trace table of a run: one row per node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.graph import CONSTANT
from backpropviz.graph.notation.gate_latex import latex_name
from backpropviz.ops import REGISTRY
from backpropviz.steps.formulas import definition_latex
from backpropviz.steps.numerals import latex_number
from backpropviz.steps.segments import number_text

if TYPE_CHECKING:
    from backpropviz.graph import Number
    from backpropviz.steps.sequence import StepSequence


@dataclass(frozen=True, slots=True)
class TableRow:
    """One node of a run.

    Parameters
    ----------
    step : int
        At which step its value becomes known; 0 for constants.
    node, expression : str
        Its name, and its definition in its arguments' names.
    primal : float64 or array
        Its value.
    partials : tuple of numbers
        Local partials by slot, those of constants left out; empty for leaves and for operations on whole arrays.
    derivative : float64, array or None
        Its tangent in forward mode, its adjoint in reverse mode.
    """

    step: int
    node: str
    expression: str
    primal: Number
    partials: tuple[Number, ...]
    derivative: Number | None


@dataclass(frozen=True, slots=True)
class TraceTable:
    """The trace of a run; prints as Markdown.

    Parameters
    ----------
    rows : tuple of TableRow
        In the order of evaluation.
    derivative : {"adjoint", "tangent"}
        What the last column holds.
    definitions : tuple of str
        The expressions in LaTeX.
    """

    rows: tuple[TableRow, ...]
    derivative: str
    definitions: tuple[str, ...]

    def to_markdown(self) -> str:
        """Write the table in Markdown."""
        head = ["step", "node", "expression", "primal", "local partials", self.derivative]
        lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
        for row in self.rows:
            partials = ", ".join(number_text(each) for each in row.partials)
            derivative = "" if row.derivative is None else number_text(row.derivative)
            expression = row.expression.replace("|", "\\|")
            cells = [_when(row), row.node, expression, number_text(row.primal), partials, derivative]
            lines.append(f"| {' | '.join(cells)} |")
        return "\n".join(lines)

    def to_latex(self) -> str:
        """Write the table as a LaTeX ``tabular``."""
        lines = [
            r"\begin{tabular}{rllrrr}",
            rf"step & node & expression & primal & local partials & {self.derivative} \\ \hline",
        ]
        for row, definition in zip(self.rows, self.definitions, strict=True):
            partials = ", ".join(_latex(each) for each in row.partials)
            derivative = "" if row.derivative is None else _latex(row.derivative)
            name = f"${latex_name(row.node)}$"
            lines.append(
                rf"{_when(row)} & {name} & ${definition}$ & {_latex(row.primal)} & {partials} & {derivative} \\"
            )
        return "\n".join([*lines, r"\end{tabular}"])

    def __str__(self) -> str:
        return self.to_markdown()


def trace_table(timeline: StepSequence) -> TraceTable:
    """Tabulate a run; see :meth:`backpropviz.steps.Timeline.table`."""
    graph = timeline.graph
    derivatives = timeline.adjoints if timeline.mode == "reverse" else timeline.tangents
    rows = []
    definitions = []
    told = 0
    for name in graph.nodes:
        leaf = not graph.arguments(name)
        constant = graph.op(name) == CONSTANT
        told += not constant
        rows.append(
            TableRow(
                step=0 if constant else told,
                node=name,
                expression=name if leaf else graph.definition(name, style="unicode"),
                primal=timeline.tape.primals[name],
                partials=() if leaf else _partials(timeline, name),
                derivative=None if constant or derivatives is None else derivatives[name],
            )
        )
        definitions.append(latex_name(name) if leaf else definition_latex(graph, name))
    return TraceTable(tuple(rows), "adjoint" if timeline.mode == "reverse" else "tangent", tuple(definitions))


def _when(row: TableRow) -> str:
    return str(row.step) if row.step else ""  # constants are known before the first step


def _partials(timeline: StepSequence, name: str) -> tuple[Number, ...]:
    graph = timeline.graph
    if not REGISTRY[graph.op(name)].elementwise:
        return ()
    found = zip(graph.arguments(name), timeline.tape.partials(name), strict=True)
    return tuple(partial for argument, partial in found if graph.op(argument) != CONSTANT)


def _latex(number: Number) -> str:
    shape = np.shape(number)
    return f"${latex_number(float(number))}$" if shape == () else "$[" + r" \times ".join(map(str, shape)) + "]$"
