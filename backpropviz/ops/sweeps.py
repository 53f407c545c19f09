"""The three sweeps over a list of gates: values forwards, tangents forwards, cotangents backwards.

Each is one loop that knows nothing of what it carries: float64, arrays, duals, tracers, counters and nodes under
construction all go through it. What differs is the rule that is asked at each gate. Where thousands of gates are of few
kinds, a function for each kind can be given beside it, which is called with nothing around it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from backpropviz.ops.counting import counted
from backpropviz.ops.plan import Instruction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropviz.ops.plan import GateKind, Plan

    _ByKind = Callable[[GateKind], Callable[..., Any] | None]

_NO_FUNCTIONS: Mapping[GateKind, Callable[..., Any]] = MappingProxyType({})
_NONE_WRITTEN: _ByKind = _NO_FUNCTIONS.get


def run_forward(
    plan: Plan,
    carried: list[Any],
    rule: Callable[[Instruction, Sequence[Any]], Any] = Instruction.value,
    written: _ByKind = _NONE_WRITTEN,
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
    written : callable, optional
        ``written(kind)`` gives a function of the arguments that takes the place of `rule` at the gates of that kind,
        or None.
    """
    for step in plan.instructions:
        out, kind, places = step
        if carried[out] is not None:
            continue
        short = written(kind)
        if short is None:
            carried[out] = rule(step, [carried[place] for place in places])
        elif len(places) == 2:  # most are: a list and its unpacking take longer than a sum
            first, second = places
            carried[out] = short(carried[first], carried[second])
        else:
            carried[out] = short(*[carried[place] for place in places])
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
    written: _ByKind = _NONE_WRITTEN,
    kept: list[Sequence[Any]] | None = None,
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
    written : callable, optional
        ``written(kind)`` gives a function of cotangent, out and the arguments that takes the place of `rule` at the
        gates of that kind, or None.
    kept : list, optional
        Filled with the contributions of each gate of ``plan.backward``.

    Returns
    -------
    list
        By position: the sum of what arrived; None where nothing did.
    """
    sums: list[Any] = [None] * len(carried)
    sums[plan.output] = seed
    for step in plan.backward:
        out, kind, places = step
        short, slots = written(kind), kind.slots
        if short is None:
            received = rule(step, sums[out], carried[out], [carried[place] for place in places])
            if len(received) != len(slots):
                raise ValueError(
                    f"{step.op.name} gave {counted(len(received), 'contribution')} for {counted(len(slots), 'slot')}"
                )
        elif len(places) == 2:
            first, second = places
            received = short(sums[out], carried[out], carried[first], carried[second])
        else:
            received = short(sums[out], carried[out], *[carried[place] for place in places])
        if kept is not None:
            kept.append(received)
        reached = places if len(slots) == len(places) else [places[slot] for slot in slots]
        for place, amount in zip(reached, received):  # noqa: B905  asking by keyword takes longer than the loop
            total = sums[place]
            sums[place] = amount if total is None else total + amount
    return sums
