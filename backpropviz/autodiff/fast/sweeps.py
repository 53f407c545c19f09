"""Both sweeps of a graph as terms: the rules of the operations are called once, with tracers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backpropviz.autodiff.fast.terms import Pool, Term
from backpropviz.autodiff.plan import plan_of
from backpropviz.ops.sweeps import pull_back, run_forward

if TYPE_CHECKING:
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
