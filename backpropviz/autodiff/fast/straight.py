"""Both sweeps of a scalar graph: as terms, the rules called once with tracers, and as one generated function."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.fast.buffers import array_function
from backpropviz.autodiff.fast.dialects import FLOATS
from backpropviz.autodiff.fast.source import SourceText, build
from backpropviz.autodiff.fast.terms import Pool, Term
from backpropviz.autodiff.plan import plan_of
from backpropviz.ops.sweeps import pull_back, run_forward

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropviz.graph import Graph


@dataclass(frozen=True, slots=True)
class Sweeps:
    """A program in terms.

    Parameters
    ----------
    pool : Pool
        All terms.
    inputs : tuple of int
        Terms of the inputs, in the graph's order.
    value : int
        Term of the output.
    gradient : tuple of int
        Terms of the adjoints of the inputs, in the same order.
    """

    pool: Pool
    inputs: tuple[int, ...]
    value: int
    gradient: tuple[int, ...]


def sweeps_of(graph: Graph, *, raises: bool) -> Sweeps:
    """Write both sweeps in terms, in exactly the order of additions that the tape has.

    Raises
    ------
    UntraceableRuleError
        Where a rule is written with something that generated code cannot call.
    """
    plan = plan_of(graph)
    pool = Pool(raises=raises)
    variables = {name: pool.variable() for name in graph.inputs}
    terms = plan.leaves(variables)
    for place, constant in plan.constants:
        terms[place] = Term(pool, pool.lift(constant))
    run_forward(plan, terms, lambda step, arguments: Term(pool, pool.lift(step.value(arguments))))
    sums = pull_back(plan, terms, Term(pool, pool.constant(1.0)))
    gradient = [sums[plan.place[name]] for name in graph.inputs]
    return Sweeps(
        pool,
        tuple(variable.index for variable in variables.values()),
        terms[plan.output].index,
        tuple(pool.constant(0.0) if total is None else pool.lift(total) for total in gradient),
    )


_HARMLESS = {
    "type": type,
    "float": float,
    "len": len,
    "KeyError": KeyError,
    "ArithmeticError": ArithmeticError,
    "ValueError": ValueError,
}


class StraightLine:
    """Generated source for a graph of elementwise operations on scalars.

    Parameters
    ----------
    graph : Graph
        What to compile.
    convert : callable
        ``convert(inputs, wanted)`` takes over where inputs are missing or are not all Python floats.
    rescue : callable
        ``rescue(inputs, wanted)`` takes over where Python's arithmetic raises: where float64 gives NaN or infinity.

    Raises
    ------
    UntraceableRuleError
        Where a rule cannot be written as source.
    """

    def __init__(self, graph: Graph, convert: Callable[..., Any], rescue: Callable[..., Any]) -> None:
        self._graph = graph
        self._names = graph.inputs
        self._convert = convert
        self._rescue = rescue
        self._floats = sweeps_of(graph, raises=True)
        self._sweeps: dict[str, Callable[..., tuple[Any, ...]]] = {}
        self.gradient = self._scalar_function("gradient")

    @cached_property
    def listed(self) -> Callable[[Sequence[Any]], tuple[float, tuple[float, ...]]]:
        """Compute value and gradient by position: a dictionary of names costs as much as some dozen gates."""
        return self._scalar_function("listed")

    @cached_property
    def value(self) -> Callable[[Mapping[str, Any]], float]:
        """Compute the value alone: the forward half of the same terms."""
        return self._scalar_function("value")

    def sweep(self, wanted: str) -> Callable[..., tuple[Any, ...]]:
        """Give the function for arrays of inputs, by position: their value, and their adjoints where wanted.

        NumPy tells of an invalid operation, such as the logarithm of a negative number, without being asked: so the
        terms of the scalar function serve here too, and only a block that has such points runs the cautious ones.
        """
        function = self._sweeps.get(wanted)
        if function is None:
            swift = _array_function(self._floats, wanted)

            def function(*columns: Any) -> tuple[Any, ...]:
                try:
                    with np.errstate(all="ignore", invalid="raise"):
                        return swift(*columns)
                except FloatingPointError:
                    with np.errstate(all="ignore"):
                        return self._cautious(wanted)(*columns)

            self._sweeps[wanted] = function
        return function

    @property
    def source(self) -> str:
        """Text of the function that computes value and gradient at one point."""
        return "\n".join(self._scalar_lines("gradient"))

    def _cautious(self, wanted: str) -> Callable[..., tuple[Any, ...]]:
        return _array_function(sweeps_of(self._graph, raises=False), wanted)

    def _scalar_function(self, wanted: str) -> Callable[[Any], Any]:
        keys = {f"k{number}": name for number, name in enumerate(self._names)}
        hooks = {
            "convert": lambda inputs: self._convert(inputs, wanted),
            "rescue": lambda inputs: self._rescue(inputs, wanted),
        }
        return build("run", self._scalar_lines(wanted), {**FLOATS.namespace, **_HARMLESS, **hooks, **keys})

    def _scalar_lines(self, wanted: str) -> list[str]:
        """One function for both sweeps: what they share is computed once and never leaves the frame."""
        sweeps = self._floats
        roots = (sweeps.value,) if wanted == "value" else (sweeps.value, *sweeps.gradient)
        source = SourceText(sweeps.pool, roots, FLOATS)
        names = [f"t{index}" for index in sweeps.inputs]
        result = source[sweeps.value]
        if wanted == "gradient":
            result += f",{{{','.join(f'k{number}:{source[root]}' for number, root in enumerate(sweeps.gradient))}}}"
        elif wanted == "listed":
            result += f",({''.join(f'{source[root]},' for root in sweeps.gradient)})"
        reading = [f"  {name}=inputs[k{number}]" for number, name in enumerate(names)]
        if wanted == "listed":
            reading = [f"  {''.join(f'{name},' for name in names)}=inputs"]
        floats = f"  if {' or '.join(f'type({name}) is not float' for name in names)}: return convert(inputs)"
        return [
            "def run(inputs):",
            f" if len(inputs)!={len(names)}: return convert(inputs)",
            " try:",
            *((*reading, floats) if names else ()),
            *(f"  {line}" for line in source.lines),
            f"  return {result}",
            " except KeyError: return convert(inputs)",
            " except (ArithmeticError,ValueError): return rescue(inputs)",
        ]


def _array_function(sweeps: Sweeps, wanted: str) -> Callable[..., tuple[Any, ...]]:
    roots = (sweeps.value, *sweeps.gradient) if wanted == "gradient" else (sweeps.value,)
    return array_function(sweeps.pool, sweeps.inputs, roots)
