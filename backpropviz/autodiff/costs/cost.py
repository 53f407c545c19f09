"""How many operations a value and its derivatives take, counted on the rules themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.costs.counting import WHOLE, Counter, apply_counted, total_price
from backpropviz.autodiff.costs.prices import FREE, Price
from backpropviz.autodiff.costs.storage import forward_storage, reverse_storage, value_storage
from backpropviz.autodiff.plan import plan_of
from backpropviz.autodiff.tape import evaluate
from backpropviz.autodiff.text_table import text_table
from backpropviz.errors import BackpropvizError, InputError
from backpropviz.graph.naming import by_known_name
from backpropviz.graph.source import placed
from backpropviz.ops.sweeps import pull_back, push_forward, run_forward

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropviz.autodiff.tape import Tape
    from backpropviz.graph import Graph
    from backpropviz.graph.source import Source
    from backpropviz.ops.plan import Instruction, Plan


@dataclass(frozen=True, slots=True)
class Count:
    """What one kind of run takes.

    Parameters
    ----------
    work : Price
        Operations on single numbers, the evaluation of the value included.
    stored : int
        Numbers that have to be kept at the same time, at most.
    """

    work: Price
    stored: int

    @property
    def operations(self) -> int:
        """Additions, multiplications, transcendental calls and comparisons, each counted as one."""
        return self.work.operations


@dataclass(frozen=True, slots=True)
class Cost:
    """Operation counts of a graph.

    Parameters
    ----------
    value : Count
        One evaluation.
    forward : mapping of str to Count
        By input: value and tangent along one direction of that input.
    reverse : Count
        Value and gradient by all inputs together, for one entry of the output.
    entries : mapping of str to int
        By input: how many numbers it holds.
    output_entries : int
        How many numbers the output holds.
    """

    value: Count
    forward: Mapping[str, Count]
    reverse: Count
    entries: Mapping[str, int]
    output_entries: int

    @property
    def ratio(self) -> float:
        """Operations of value and gradient together, in evaluations of the function; 1 where there are none."""
        return self.reverse.operations / self.value.operations if self.value.operations else 1.0

    @property
    def forward_operations(self) -> int:
        """Operations for the gradient by all inputs in forward mode: one sweep for each number in the inputs.

        The value is computed once.
        """
        tangents = sum(
            self.entries[name] * (count.operations - self.value.operations) for name, count in self.forward.items()
        )
        return self.value.operations + tangents

    @property
    def reverse_operations(self) -> int:
        """Operations for the derivatives of all entries of the output in reverse mode; the value computed once."""
        return self.value.operations + self.output_entries * (self.reverse.operations - self.value.operations)

    def __str__(self) -> str:
        head = ["", "additions", "multiplications", "transcendental", "comparisons", "operations", "stored", "× value"]
        rows = [("value", self.value)]
        rows += [
            (f"forward mode, by {name}{_times(self.entries[name])}", count) for name, count in self.forward.items()
        ]
        rows += [("reverse mode, all inputs", self.reverse)]
        return text_table(head, [self._row(title, count) for title, count in rows])

    def _row(self, title: str, count: Count) -> list[str]:
        work = count.work
        numbers = [
            work.additions,
            work.multiplications,
            work.transcendental,
            work.comparisons,
            work.operations,
            count.stored,
        ]
        ratio = work.operations / self.value.operations if self.value.operations else 1.0
        return [title, *(f"{number:,}" for number in numbers), f"{ratio:.2f}"]


def _times(entries: int) -> str:
    return "" if entries == 1 else f" (each of {entries:,} entries)"


def cost(source: Source, shapes: Mapping[str, tuple[int, ...]] | None = None, /, **inputs: object) -> Cost:
    """Count the operations of the value, of forward mode per input, and of reverse mode per output.

    The rules of the operations run once on values that remember what was done to them, so the counts belong to the
    rules that are really used. Divisions count as multiplications, changes of sign as additions; multiplying by a
    plain 1 or adding a plain 0 costs nothing. Only what the result needs is counted.

    Parameters
    ----------
    source : Graph, str, callable, or an object with ``graph`` and ``point``
        What to count.
    shapes : mapping of str to tuple of int, optional
        Shapes of array inputs; the others are scalars.
    **inputs : number or array, optional
        Values, whose shapes are used instead.

    Returns
    -------
    Cost
        Prints as a table.

    Raises
    ------
    InputError
        For an unknown input, or a graph that does not work on scalars when no shapes are given.

    References
    ----------
    Baur and Strassen (1983), The complexity of partial derivatives; Griewank and Walther (2008), Evaluating
    Derivatives, chapter 3.

    Examples
    --------
    >>> from backpropviz import parse
    >>> counted = cost(parse("exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"))
    >>> counted.value.operations, counted.reverse.operations
    (8, 25)
    """
    graph, values = placed(source, None, inputs)
    return cost_on(_sample(graph, by_known_name(shapes, graph.inputs, "Shapes"), values))


def cost_on(tape: Tape) -> Cost:
    """Count at a point; see :func:`cost`. The point matters for shapes only."""
    graph, plan = tape.graph, plan_of(tape.graph)
    sizes = [int(np.size(value)) for value in tape.values]
    with np.errstate(all="ignore"):
        primals = _primals(tape, plan)
        value = total_price([primals[plan.place[graph.output]]])
        leaves = _leaves(tape, plan)
        known: dict[tuple[object, ...], tuple[Price, Any]] = {}
        forward = {
            name: Count(value + _forward(plan, leaves, place, known), forward_storage(plan, sizes, place))
            for name, place in ((name, plan.place[name]) for name in graph.inputs)
        }
        reverse = Count(value + _reverse(plan, leaves, graph), reverse_storage(plan, sizes))
    return Cost(
        value=Count(value, value_storage(plan, sizes)),
        forward=forward,
        reverse=reverse,
        entries={name: sizes[plan.place[name]] for name in graph.inputs},
        output_entries=sizes[plan.place[graph.output]],
    )


def _sample(graph: Graph, shapes: Mapping[str, tuple[int, ...]], inputs: Mapping[str, object]) -> Tape:
    """Evaluate at a point of these shapes; positive random numbers, so that matrices have an inverse."""
    generator = np.random.default_rng(0)
    drawn = {name: generator.uniform(0.5, 1.5, shapes.get(name, ()))[()] for name in graph.inputs}
    unknown = {name: shape for name, shape in shapes.items() if name not in drawn}
    try:
        return evaluate(graph, {**drawn, **unknown, **inputs}, {})
    except InputError:
        raise
    except (BackpropvizError, IndexError, TypeError, AttributeError) as fault:
        missing = [name for name in graph.inputs if name not in shapes and name not in inputs]
        if not missing:
            raise
        raise InputError(
            f"The graph does not work on scalars: {fault} Give the shapes: cost(graph, {{{missing[0]!r}: (3, 2)}}).",
            node=missing[0],
        ) from fault


def _primals(tape: Tape, plan: Plan) -> list[Any]:
    """Run the values on counters; constants stay plain numbers."""

    def rule(step: Instruction, arguments: Sequence[Any]) -> Any:
        piece = step.op.name in WHOLE and any(isinstance(each, Counter) for each in arguments)
        return apply_counted(step.op.name, *arguments, **step.parameters) if piece else step.value(arguments)

    return run_forward(plan, plan.leaves({name: Counter(tape.primals[name]) for name in tape.graph.inputs}), rule)


def _leaves(tape: Tape, plan: Plan) -> list[Any]:
    return [value if place in plan.fixed else Counter(value) for place, value in enumerate(tape.values)]


def _forward(plan: Plan, leaves: list[Any], start: int, known: dict[tuple[object, ...], tuple[Price, Any]]) -> Price:
    """Push one tangent: a scalar input's is the number 1, an array input's an array of any numbers.

    What a gate costs depends only on which of its arguments move, so each such case is counted once for all inputs.
    """
    tangents: list[Any] = [None] * len(leaves)
    seed = leaves[start]
    tangents[start] = np.float64(1.0) if np.ndim(seed) == 0 else Counter(seed.value)
    prices: list[Price] = []

    def rule(step: Instruction, incoming: Sequence[Any], out: Any, arguments: Sequence[Any]) -> Any:
        case = (step.place, *(_kind(tangent) for tangent in incoming))
        if case not in known:
            pushed = step.tangent(incoming, out, arguments)
            own = total_price([pushed])
            known[case] = own, Counter(pushed.value) if isinstance(pushed, Counter) else pushed
        price, tangent = known[case]
        prices.append(price)
        return tangent

    push_forward(plan.backward[::-1], leaves, tangents, rule)
    return sum(prices, FREE)


def _kind(tangent: Any) -> object:
    if tangent is None or isinstance(tangent, Counter):
        return tangent is None
    return (np.shape(tangent), np.asarray(tangent).tobytes())


def _reverse(plan: Plan, leaves: list[Any], graph: Graph) -> Price:
    def rule(step: Instruction, cotangent: Any, out: Any, arguments: Sequence[Any]) -> list[Any]:
        return step.op.vjp(cotangent, out, arguments, step.parameters, step.slots)  # a guard is no work

    output = leaves[plan.output]
    seed = np.float64(1.0) if np.ndim(output) == 0 else Counter(np.ones(np.shape(output)))
    sums = pull_back(plan, leaves, seed, rule)
    return total_price([sums[plan.place[name]] for name in graph.inputs])
