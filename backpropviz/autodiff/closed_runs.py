"""Runs of a graph in which gates were closed or opened: the numbers of its basis, and what only the view has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.forward import Tangents, pushed_tangent
from backpropviz.autodiff.input_values import number
from backpropviz.autodiff.plan import plan_of
from backpropviz.autodiff.reverse import Adjoints
from backpropviz.graph.closing.grouping import inside
from backpropviz.ops.sweeps import pull_back, push_forward, run_forward

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropviz.graph import Graph, Number
    from backpropviz.graph.closing.regrouping import Edge, Grouping
    from backpropviz.ops.plan import Instruction, Plan


def values_of(graph: Graph, below: Mapping[str, Number]) -> list[Any]:
    """Give the primals of a view by position, from those of its basis."""
    plan = plan_of(graph)
    values = plan.leaves(_standing(graph, below))
    with np.errstate(all="ignore"):
        return run_forward(plan, values, lambda step, arguments: number(step.value(arguments)))


def adjoints_of(graph: Graph, values: Sequence[Any], seed: Number, below: Adjoints) -> Adjoints:
    """Give the adjoints and contributions of a view, from those of its basis.

    A gate inside an opened form sends on what it receives by its own rule; the edges at which the form's arguments
    enter carry the whole form's contribution. Where several values leave a block, what leads to more than one of them
    is gone through once for each, with what this value received: the terms of an argument's sum.
    """
    plan, edges, shared = plan_of(graph), _grouping(graph).edges, _grouping(graph).shared
    standing = {plan.place[name]: adjoint for name, adjoint in _standing(graph, below).items()}
    kept: list[Sequence[Number]] = []

    def rule(step: Instruction, cotangent: Any, out: Any, arguments: Sequence[Any]) -> list[Number]:
        consumer = plan.nodes[step.place]
        missing = tuple(slot for slot in step.slots if (consumer, slot) not in edges)
        received = {}
        if missing:
            own = step.kind.vjp(standing.get(step.place, cotangent), out, arguments, step.parameters, missing)
            received = dict(zip(missing, own, strict=True))
        ported: Mapping[Edge, Number] = {}
        if any((consumer, slot) in shared for slot in step.slots):
            ported = _from_port(graph, consumer, standing[step.place], below)
        for slot in step.slots:
            if slot not in received:
                amounts = ported if (consumer, slot) in shared else below.contributions
                terms = [amounts[edge] for edge in edges[consumer, slot]]
                received[slot] = sum(terms[1:], terms[0])
        return [number(received[slot]) for slot in step.slots]

    with np.errstate(all="ignore"):
        sums = pull_back(plan, values, seed, rule, kept=kept)
    return Adjoints(plan, values, [standing.get(place, total) for place, total in enumerate(sums)], kept)


def _from_port(graph: Graph, gate: str, cotangent: Number, below: Adjoints) -> Mapping[Edge, Number]:
    """Give what one of a block's values alone sends back on the edges of the basis inside."""
    plans: dict[str, Plan] = graph.memory.setdefault("plans of ports", {})
    if gate not in plans:
        plan = plan_of(_grouping(graph).basis)
        members = {plan.place[name] for name in inside(graph, gate)}
        gates = plan.gates.chosen([place in members for place in plan.gates.places])
        plans[gate] = replace(plan, output=plan.place[_grouping(graph).nodes[gate]], gates=gates)
    return below.sent(plans[gate], cotangent)


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
