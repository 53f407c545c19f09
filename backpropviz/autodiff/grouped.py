"""Runs of a graph in which gates were closed or opened: the numbers of its basis, and what only the view has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.plan import plan_of
from backpropviz.autodiff.point import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.autodiff.forward import Tangents
    from backpropviz.autodiff.reverse import Adjoints
    from backpropviz.autodiff.tape import Tape
    from backpropviz.graph import Graph, Number
    from backpropviz.graph.grouping import Grouping


def grouping_of(graph: Graph) -> Grouping:
    """Give how a view stands to its basis."""
    assert graph.grouping is not None  # noqa: S101  callers ask first
    return graph.grouping


def values_of(graph: Graph, below: Tape) -> list[Any]:
    """Give the primals of a view by position, from a run of its basis."""
    plan = plan_of(graph)
    standing = grouping_of(graph).nodes
    values: list[Any] = [None] * len(plan.nodes)
    for place, constant in plan.constants:
        values[place] = constant
    for place, name in enumerate(plan.nodes):
        if name in standing:
            values[place] = below.primals[standing[name]]
    with np.errstate(all="ignore"):
        for step in plan.instructions:
            if values[step.place] is None:
                arguments = [values[place] for place in step.arguments]
                values[step.place] = number(step.op.value(*arguments, **step.parameters))
    return values


def adjoints_of(tape: Tape, below: Adjoints) -> tuple[dict[str, Number], dict[tuple[str, int], Number]]:
    """Give the adjoints and contributions of a view, from those of its basis.

    A gate inside an opened form sends on what it receives by its own rule; the edges at which the form's arguments
    enter carry the whole form's contribution.
    """
    plan = plan_of(tape.graph)
    grouping = grouping_of(tape.graph)
    sums: dict[str, Any] = {
        name: below[grouping.nodes[name]] for name in plan.nodes if grouping.nodes.get(name) in below
    }
    contributions: dict[tuple[str, int], Number] = {}
    with np.errstate(all="ignore"):
        for step in plan.backward:
            consumer = plan.nodes[step.place]
            missing = [slot for slot in step.slots if (consumer, slot) not in grouping.edges]
            for slot in step.slots:
                if slot not in missing:
                    terms = [below.contributions[edge] for edge in grouping.edges[consumer, slot]]
                    contributions[consumer, slot] = number(sum(terms[1:], terms[0]))
            if not missing:
                continue
            arguments = [tape.values[place] for place in step.arguments]
            received = step.vjp(sums[consumer], tape.values[step.place], arguments, step.parameters, missing)
            for slot, contribution in zip(missing, received, strict=True):
                # Each argument of a form is used once, so what is missing leads to a gate inside.
                name = plan.nodes[step.arguments[slot]]
                amount = contributions[consumer, slot] = number(contribution)
                sums[name] = sums[name] + amount if name in sums else amount
    constants = set(tape.graph.constants)
    adjoints = {
        name: sums.get(name, np.zeros_like(value)[()])
        for name, value in zip(plan.nodes, tape.values, strict=True)
        if name not in constants
    }
    return adjoints, contributions


def tangents_of(tape: Tape, below: Tangents) -> Mapping[str, Number]:
    """Give the tangents of a view, from those of its basis."""
    plan = plan_of(tape.graph)
    standing = grouping_of(tape.graph).nodes
    tangents: dict[str, Any] = {name: below[standing[name]] for name in plan.nodes if name in standing}
    with np.errstate(all="ignore"):
        for step in plan.instructions:
            name = plan.nodes[step.place]
            if name not in tangents:
                arguments = [tape.values[place] for place in step.arguments]
                incoming = [tangents.get(plan.nodes[place]) for place in step.arguments]
                tangents[name] = number(step.op.jvp(incoming, tape.values[step.place], arguments, step.parameters))
    return {
        name: tangents.get(name, np.zeros_like(value)[()]) for name, value in zip(plan.nodes, tape.values, strict=True)
    }
