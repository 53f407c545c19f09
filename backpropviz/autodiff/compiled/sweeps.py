"""Both sweeps of a graph as terms: the rules of the operations are called once, with tracers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backpropviz.autodiff.compiled.terms import Pool, Term
from backpropviz.autodiff.plan import plan_of

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

    Parameters
    ----------
    graph : Graph
        Of elementwise operations on scalars.
    raises : bool
        As in :class:`Pool`.

    Raises
    ------
    UntraceableRuleError
        Where a rule is written with something that generated code cannot call.
    """
    plan = plan_of(graph)
    pool = Pool(raises=raises)
    terms: list[Any] = [None] * len(plan.nodes)
    inputs = []
    for name in graph.inputs:
        variable = terms[plan.place[name]] = pool.variable()
        inputs.append(variable.index)
    for place, constant in plan.constants:
        terms[place] = Term(pool, pool.lift(constant))
    for step in plan.instructions:
        arguments = [terms[place] for place in step.arguments]
        terms[step.place] = _term(pool, step.op.value(*arguments, **step.parameters))
    sums: list[Any] = [None] * len(plan.nodes)
    sums[plan.place[graph.output]] = Term(pool, pool.constant(1.0))
    for step in plan.backward:
        arguments = [terms[place] for place in step.arguments]
        received = step.vjp(sums[step.place], terms[step.place], arguments, step.parameters, step.slots)
        for slot, contribution in zip(step.slots, received, strict=True):
            place = step.arguments[slot]
            sums[place] = contribution if sums[place] is None else sums[place] + contribution
    gradient = []
    for name in graph.inputs:
        total = sums[plan.place[name]]
        gradient.append(pool.constant(0.0) if total is None else pool.lift(total))
    return Sweeps(pool, tuple(inputs), terms[plan.place[graph.output]].index, tuple(gradient))


def _term(pool: Pool, result: Any) -> Term:
    return result if type(result) is Term else Term(pool, pool.lift(result))
