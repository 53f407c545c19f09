"""Runs of a graph in which gates were closed or opened: the numbers of its basis, and what only the view has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.forward import Tangents, pushed_tangent
from backpropviz.autodiff.input_values import number
from backpropviz.autodiff.plan import plan_of
from backpropviz.autodiff.reverse import Adjoints
from backpropviz.ops.sweeps import pull_back, push_forward, run_forward

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropviz.graph import Graph, Number
    from backpropviz.graph.closing.regrouping import Grouping
    from backpropviz.ops.plan import Instruction


def values_of(graph: Graph, below: Mapping[str, Number]) -> list[Any]:
    """Give the primals of a view by position, from those of its basis."""
    plan = plan_of(graph)
    values = plan.leaves(_standing(graph, below))
    with np.errstate(all="ignore"):
        return run_forward(plan, values, lambda step, arguments: number(step.value(arguments)))


def adjoints_of(graph: Graph, values: Sequence[Any], seed: Number, below: Adjoints) -> Adjoints:
    """Give the adjoints and contributions of a view, from those of its basis.

    A gate inside an opened form sends on what it receives by its own rule; the edges at which the form's arguments
    enter carry the whole form's contribution.
    """
    plan, edges = plan_of(graph), _grouping(graph).edges
    standing = {plan.place[name]: adjoint for name, adjoint in _standing(graph, below).items()}
    kept: list[Sequence[Number]] = []

    def rule(step: Instruction, cotangent: Any, out: Any, arguments: Sequence[Any]) -> list[Number]:
        consumer = plan.nodes[step.place]
        missing = tuple(slot for slot in step.slots if (consumer, slot) not in edges)
        received = {}
        if missing:
            own = step.kind.vjp(standing.get(step.place, cotangent), out, arguments, step.parameters, missing)
            received = dict(zip(missing, own, strict=True))
        for slot in step.slots:
            if slot not in received:
                terms = [below.contributions[edge] for edge in edges[consumer, slot]]
                received[slot] = sum(terms[1:], terms[0])
        return [number(received[slot]) for slot in step.slots]

    with np.errstate(all="ignore"):
        sums = pull_back(plan, values, seed, rule, kept=kept)
    return Adjoints(plan, values, [standing.get(place, total) for place, total in enumerate(sums)], kept)


def tangents_of(graph: Graph, values: Sequence[Any], below: Tangents) -> Tangents:
    """Give the tangents of a view, from those of its basis."""
    plan = plan_of(graph)
    tangents: list[Any] = [None] * len(values)
    for name, tangent in _standing(graph, below).items():
        tangents[plan.place[name]] = tangent
    with np.errstate(all="ignore"):
        push_forward(plan.instructions, values, tangents, pushed_tangent)
    return Tangents(plan, values, tangents)


def _grouping(graph: Graph) -> Grouping[Graph]:
    assert graph.grouping is not None  # noqa: S101  callers ask first
    return graph.grouping


def _standing(graph: Graph, below: Mapping[str, Number]) -> dict[str, Number]:
    """Give the numbers that nodes of a view share with its basis."""
    return {name: below[each] for name, each in _grouping(graph).nodes.items() if name in graph and each in below}
