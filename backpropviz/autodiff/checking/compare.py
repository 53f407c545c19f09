"""The ways to differentiate, side by side at one point."""

from __future__ import annotations

import importlib
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from backpropviz.autodiff.checking.agreement import MOST_DIGITS, agreement, digits_text, seconds_text, ten_digits
from backpropviz.autodiff.checking.finite import evaluations, finite_difference
from backpropviz.autodiff.costs.cost import cost_on
from backpropviz.autodiff.costs.cost_curve import difference_operations
from backpropviz.autodiff.jacobian import jacobian
from backpropviz.autodiff.symbolic.derivatives import symbolic
from backpropviz.autodiff.tape import evaluate, read_seed
from backpropviz.autodiff.text_table import text_table
from backpropviz.errors import GraphError
from backpropviz.graph.source import placed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backpropviz.autodiff.costs.cost import Cost
    from backpropviz.autodiff.tape import Tape
    from backpropviz.graph import Graph, Number
    from backpropviz.graph.source import Source

REVERSE, FORWARD, DIFFERENCES, SYMBOLIC = "reverse mode", "forward mode", "finite differences", "symbolic"
_REPEATS = 5
_PATIENCE = 0.02  # seconds after which a time is not measured again

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """One way to find the gradient, and what it took.

    Parameters
    ----------
    name : str
        Which.
    gradient : mapping of str to float64 or array, or None
        By input; None where the method does not apply.
    sweeps : str
        How many runs of what kind.
    operations : int or None
        Operations on single numbers for the whole gradient, counted.
    stored : int or None
        Numbers kept at the same time; None where the question makes no sense.
    seconds : float
        Measured, the best of a few runs; NaN where the method does not apply.
    digits : mapping of str to float
        By input: to how many decimal digits the method agrees with reverse mode, 16 at most.
    note : str
        Why it does not apply; else empty.
    """

    name: str
    gradient: Mapping[str, Number] | None
    sweeps: str
    operations: int | None
    stored: int | None
    seconds: float
    digits: Mapping[str, float]
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class MethodComparison:
    """The ways to differentiate a graph, side by side at one point; prints as a table.

    Parameters
    ----------
    tape : Tape
        The graph at the point.
    methods : mapping of str to Method
        Reverse mode, forward mode, finite differences (central), symbolic.
    cost : Cost
        Operation counts of the graph.
    value_seconds : float
        Time of one evaluation.
    """

    tape: Tape
    methods: Mapping[str, Method]
    cost: Cost
    value_seconds: float

    @property
    def graph(self) -> Graph:
        """What was differentiated."""
        return self.tape.graph

    @property
    def value(self) -> Number:
        """Value of the output at the point."""
        return self.tape.value

    @property
    def ratio(self) -> float:
        """Operations of value and gradient together, in evaluations of the function."""
        return self.cost.ratio

    @property
    def time_ratio(self) -> float:
        """Time of value and gradient together, in times of one evaluation."""
        return self.methods[REVERSE].seconds / self.value_seconds

    def derivative_rows(self) -> list[list[str]]:
        """Cells of the table of derivatives: one row per input."""
        return [[name, *(_shown(method, name) for method in self.methods.values())] for name in self.graph.inputs]

    def digit_rows(self) -> list[list[str]]:
        """Cells of the table of agreement with reverse mode, in decimal digits."""
        return [
            [name, *("–" if method.gradient is None else digits_text(method.digits[name]) for method in self.others())]
            for name in self.graph.inputs
        ]

    def work_rows(self) -> list[list[str]]:
        """Cells of the table of costs: one row per method, and one for the value alone."""
        counted = self.cost.value
        value = ["value alone", "1 evaluation", f"{counted.operations:,}", "1.00", f"{counted.stored:,}"]
        rows = [[*value, seconds_text(self.value_seconds)]]
        for method in self.methods.values():
            if method.operations is None or method.gradient is None:
                rows.append([method.name, "–", "–", "–", "–", "–"])
                continue
            ratio = method.operations / counted.operations if counted.operations else 1.0
            stored = "–" if method.stored is None else f"{method.stored:,}"
            cells = [method.sweeps, f"{method.operations:,}", f"{ratio:,.2f}", stored, seconds_text(method.seconds)]
            rows.append([method.name, *cells])
        return rows

    def others(self) -> list[Method]:
        """All methods but reverse mode, which they are compared with."""
        return [method for method in self.methods.values() if method.name != REVERSE]

    @property
    def notes(self) -> list[str]:
        """Sentences that belong below the tables."""
        said = (
            f"Value and gradient by reverse mode take {self.ratio:.2f} times the operations of the value alone "
            f"(measured time: {self.time_ratio:.1f} times)."
        )
        return [said] + [
            f"{method.name.capitalize()}: {method.note}" for method in self.methods.values() if method.note
        ]

    def title(self) -> str:
        """Say where and what."""
        point = ", ".join(f"{name} = {ten_digits(self.tape.primals[name])}" for name in self.graph.inputs)
        return f"{self.graph.output} = {ten_digits(self.value)} at {point or 'no inputs'}"

    def __str__(self) -> str:
        derivatives = text_table([f"∂{self.graph.output}/∂", *self.methods], self.derivative_rows())
        digits = text_table(["", *(method.name for method in self.others())], self.digit_rows())
        work = text_table(WORK_HEAD, self.work_rows())
        return "\n\n".join([self.title(), derivatives, f"{DIGITS_TITLE}\n{digits}", work, "\n".join(self.notes)])


DIGITS_TITLE = "Decimal digits that agree with reverse mode"
WORK_HEAD = ["", "runs", "operations", "× value", "stored", "time"]


def compare_methods(source: Source, point: Mapping[str, object] | None = None, /, **inputs: object) -> MethodComparison:
    """Differentiate by reverse mode, forward mode, finite differences and symbolically, and compare.

    Raises
    ------
    InputError, SeedError
        For inputs that do not fit, or an output that is not a scalar.
    """
    graph, values = placed(source, point, inputs)
    tape, value_seconds = _timed(lambda: evaluate(graph, values, {}))
    read_seed(tape, None)
    at = {name: tape.primals[name] for name in graph.inputs}
    counted = cost_on(tape)
    entries = sum(counted.entries.values())
    adjoints, reverse_seconds = _timed(lambda: evaluate(graph, at, {}).reverse())
    reference = {name: adjoints[name] for name in graph.inputs}
    columns, forward_seconds = _timed(lambda: jacobian(graph, at, mode="forward"))
    differences, difference_seconds = _timed(lambda: finite_difference(graph, at))
    stored = [count.stored for count in counted.forward.values()]
    methods = [
        Method(
            name=REVERSE,
            gradient=reference,
            sweeps="1 sweep",
            operations=counted.reverse.operations,
            stored=counted.reverse.stored,
            seconds=reverse_seconds,
            digits=dict.fromkeys(reference, MOST_DIGITS),
        ),
        Method(
            name=FORWARD,
            gradient={name: block[()] for name, block in columns.blocks.items()},
            sweeps=f"{columns.sweeps:,} sweep{'s' if columns.sweeps != 1 else ''}",
            operations=counted.forward_operations,
            stored=max(stored, default=counted.value.stored),
            seconds=forward_seconds,
            digits=_agreements(reference, columns.blocks),
        ),
        Method(
            name=DIFFERENCES,
            gradient=differences,
            sweeps=f"{evaluations('central', entries):,} evaluations",
            operations=difference_operations(counted),
            stored=counted.value.stored + 1,
            seconds=difference_seconds,
            digits=_agreements(reference, differences),
        ),
        _symbolically(graph, at, reference),
    ]
    return MethodComparison(tape, {method.name: method for method in methods}, counted, value_seconds)


def _symbolically(graph: Graph, at: Mapping[str, Number], reference: Mapping[str, Number]) -> Method:
    importlib.import_module("sympy")  # so that its import is not timed
    start = time.perf_counter()
    try:
        written = {name: symbolic(graph, name) for name in graph.inputs}
        found = {name: derivative.evaluate(at) for name, derivative in written.items()}
    except GraphError as fault:
        return Method(SYMBOLIC, None, "", None, None, math.nan, {}, str(fault))
    return Method(
        name=SYMBOLIC,
        gradient=found,
        sweeps=f"{len(written)} expression{'s' if len(written) != 1 else ''}",
        operations=sum(derivative.operations for derivative in written.values()),
        stored=None,
        seconds=time.perf_counter() - start,
        digits=_agreements(reference, found),
    )


def _agreements(reference: Mapping[str, Number], found: Mapping[str, Any]) -> dict[str, float]:
    return {name: agreement(expected, found[name]) for name, expected in reference.items()}


def _shown(method: Method, name: str) -> str:
    return "–" if method.gradient is None else ten_digits(method.gradient[name])


def _timed(run: Callable[[], Result]) -> tuple[Result, float]:
    best = math.inf
    for _ in range(_REPEATS):
        start = time.perf_counter()
        result = run()
        best = min(best, time.perf_counter() - start)
        if best > _PATIENCE:
            break
    return result, best
