"""The reverse sweep: from the output's seed back to every input."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.collector import collector_waits
from backpropviz.autodiff.input_values import number
from backpropviz.autodiff.plan import ByNode, plan_of
from backpropviz.autodiff.rule_errors import located
from backpropviz.errors import BackpropvizError
from backpropviz.ops.sweeps import pull_back

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backpropviz.autodiff.fast.scalar_rules import ScalarRules
    from backpropviz.graph import Graph, Number
    from backpropviz.ops.plan import Instruction, Plan

_MANY_GATES = 1_000
"""From here on the rules of the kinds are written out: writing one takes as long as some hundred gates."""

_SCALARS = {np.float64, type(None)}


class Adjoints(ByNode):
    """Adjoint of every node: the derivative of the output by it. Constants have none, but for the seed of the output.

    Parameters
    ----------
    plan : Plan
        Of the graph.
    values : sequence of float64 or array
        Primals by place.
    sums : sequence of float64, array or None
        What arrived, by place.
    received : sequence of sequence
        Contributions of each gate of ``plan.backward``, by slot.
    """

    _missing = "No adjoint for {!r}: it is no node of the graph, or a constant."

    def __init__(self, plan: Plan, values: Sequence[Any], sums: Sequence[Any], received: Sequence[Any]) -> None:
        super().__init__(plan, values, sums)
        self._received = received
        self._without = plan.fixed - {plan.output}

    @cached_property
    def contributions(self) -> dict[tuple[str, int], Number]:
        """What flowed back on each edge, by (consumer, slot); contributions to a node sum to its adjoint."""
        return _by_edge(self._plan, self._received)

    def sent(self, plan: Plan, cotangent: Number) -> dict[tuple[str, int], Number]:
        """Give what a cotangent would send along the gates of another plan of these values, by (consumer, slot)."""
        kept: list[Sequence[Number]] = []
        with np.errstate(all="ignore"):
            pull_back(plan, self._values, cotangent, _numbers_sent, kept=kept)
        return _by_edge(plan, kept)

    def at(self, place: int) -> Number:
        """Give the adjoint at a place of the plan; a KeyError at a constant's."""
        if place in self._without:
            raise KeyError(place)
        return super().at(place)

    def __iter__(self) -> Iterator[str]:
        return (name for place, name in enumerate(self._plan.nodes) if place not in self._without)

    def __len__(self) -> int:
        return len(self._plan.nodes) - len(self._without)


def _numbers_sent(step: Instruction, cotangent: Any, out: Any, arguments: Sequence[Any]) -> tuple[Number, ...]:
    return tuple(map(number, step.contributions(cotangent, out, arguments)))


def _by_edge(plan: Plan, received: Sequence[Sequence[Any]]) -> dict[tuple[str, int], Number]:
    return {
        (plan.nodes[step.place], slot): amount
        for step, amounts in zip(plan.backward, received, strict=True)
        for slot, amount in zip(step.slots, amounts, strict=True)
    }


def reverse_sweep(graph: Graph, values: Sequence[Any], seed: Number) -> Adjoints:
    """Propagate a seed backwards; see :meth:`Tape.reverse`.

    A node that the output does not depend on has adjoint 0.
    """
    plan = plan_of(graph)
    kept: list[Sequence[Number]] = []

    def rule(step: Instruction, cotangent: Any, out: Any, arguments: Sequence[Any]) -> tuple[Number, ...]:
        try:
            received = step.kind.vjp(cotangent, out, arguments, step.parameters, step.slots)
        except BackpropvizError as fault:
            raise located(fault, graph, step, arguments) from None
        # Tuples of numbers are no work for the garbage collector.
        return tuple([each if type(each) is np.float64 else number(each) for each in received])

    rules = written_rules(graph, plan, values)
    with np.errstate(all="ignore"), collector_waits():
        if rules is None:
            sums = pull_back(plan, values, seed, rule, kept=kept)
        else:
            sums = pull_back(plan, values, seed, rule, rules.contributions, kept)
    return Adjoints(plan, values, sums, kept)


def written_rules(graph: Graph, plan: Plan, known: Sequence[Any]) -> ScalarRules | None:
    """Give the rules that are written out for scalars, kept with the graph; None where they do not pay or apply.

    Parameters
    ----------
    graph : Graph
        Whose gates are meant.
    plan : Plan
        Of it.
    known : sequence
        Values by place, as far as they are known; the rest is None.
    """
    if len(plan.gates.places) < _MANY_GATES or not plan.elementwise or not set(map(type, known)) <= _SCALARS:
        return None
    rules: ScalarRules | None = graph.memory.get("scalar rules")
    if rules is None:
        from backpropviz.autodiff.fast.scalar_rules import ScalarRules  # noqa: PLC0415  for large graphs alone

        rules = graph.memory["scalar rules"] = ScalarRules()
    return rules
