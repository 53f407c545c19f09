"""The three sweeps over a list of gates: values forwards, tangents forwards, cotangents backwards.

Each is one loop that knows nothing of what it carries: float64, arrays, duals, tracers, counters and nodes under
construction all go through it. What differs is the rule that is asked at each gate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropviz.ops.plan import Instruction

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropviz.ops.plan import Plan


def run_forward(
    plan: Plan, carried: list[Any], rule: Callable[[Instruction, Sequence[Any]], Any] = Instruction.value
) -> list[Any]:
    """Compute every value that is not known yet.

    Parameters
    ----------
    plan : Plan
        What to run.
    carried : list
        By position: inputs, constants, and whatever else is known; None elsewhere. It is filled.
    rule : callable, optional
        ``rule(step, arguments)`` gives the value of one gate.
    """
    for step in plan.instructions:
        out, _, places = step
        if carried[out] is None:
            carried[out] = rule(step, [carried[place] for place in places])
    return carried


def push_forward(
    steps: Sequence[Instruction],
    carried: Sequence[Any],
    tangents: list[Any],
    rule: Callable[[Instruction, Sequence[Any], Any, Sequence[Any]], Any] = Instruction.tangent,
) -> list[Any]:
    """Push tangents forwards to every node they reach.

    Parameters
    ----------
    steps : sequence of Instruction
        Gates, arguments first.
    carried : sequence
        Values by position.
    tangents : list
        By position; None for what does not move, which is cheaper than zeros, and keeps an infinite slope from
        turning a zero tangent into NaN. It is filled.
    rule : callable, optional
        ``rule(step, incoming, out, arguments)`` gives the tangent of one gate.
    """
    for step in steps:
        incoming = [tangents[place] for place in step.arguments]
        if tangents[step.place] is None and any(tangent is not None for tangent in incoming):
            arguments = [carried[place] for place in step.arguments]
            tangents[step.place] = rule(step, incoming, carried[step.place], arguments)
    return tangents


def pull_back(
    plan: Plan,
    carried: Sequence[Any],
    seed: Any,
    rule: Callable[[Instruction, Any, Any, Sequence[Any]], Sequence[Any]] = Instruction.contributions,
) -> list[Any]:
    """Pull a cotangent of the output back to everything it depends on.

    Consumers come before their arguments, so each sum is complete before it is passed on.

    Parameters
    ----------
    plan : Plan
        What was run.
    carried : sequence
        Values by position.
    seed : object
        Cotangent of the output.
    rule : callable, optional
        ``rule(step, cotangent, out, arguments)`` gives the contributions of one gate to the arguments in its slots.

    Returns
    -------
    list
        By position: the sum of what arrived; None where nothing did.
    """
    sums: list[Any] = [None] * len(carried)
    sums[plan.output] = seed
    for step in plan.backward:
        out, kind, places = step
        received = rule(step, sums[out], carried[out], [carried[place] for place in places])
        slots = kind.slots
        reached = places if len(slots) == len(places) else [places[slot] for slot in slots]
        if len(received) != len(slots):
            raise ValueError(f"{step.op.name} gave {len(received)} contributions for {len(slots)} slots")
        for place, amount in zip(reached, received):  # noqa: B905  asking by keyword takes longer than the loop
            total = sums[place]
            sums[place] = amount if total is None else total + amount
    return sums
