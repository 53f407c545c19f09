"""The three sweeps over a list of gates: values forwards, tangents forwards, cotangents backwards.

Each is one loop that knows nothing of what it carries: float64, arrays, duals, tracers, counters and nodes under
construction all go through it. What differs is the rule that is asked at each gate. Where thousands of gates are of few
kinds, a function for each kind can be given beside it, which is called with nothing around it.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any

from backpropviz.ops.counting import counted
from backpropviz.ops.plan import Instruction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from backpropviz.ops.plan import GateKind, Gates, Plan

    _ByKind = Callable[[GateKind], Callable[..., Any] | None]


def run_forward(
    plan: Plan,
    carried: list[Any],
    rule: Callable[[Instruction, Sequence[Any]], Any] = Instruction.value,
    written: _ByKind | None = None,
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
    steps = plan.instructions if written is None else None
    for step, out, kind, places, short in _rows(plan.gates, steps, written):
        if carried[out] is not None:
            continue
        if short is None:
            carried[out] = rule(step or Instruction(out, kind, places), [carried[place] for place in places])
        elif len(places) == 2:  # most are, or of one: a list and its unpacking take longer than a sum
            first, second = places
            carried[out] = short(carried[first], carried[second])
        elif len(places) == 1:
            carried[out] = short(carried[places[0]])
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
    written: _ByKind | None = None,
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
    steps = plan.backward if written is None else None
    for step, out, kind, places, short in _rows(plan.gates_back, steps, written):
        if short is None:
            arguments = [carried[place] for place in places]
            received = rule(step or Instruction(out, kind, places), sums[out], carried[out], arguments)
            if len(received) != len(kind.slots):
                told = f"{counted(len(received), 'contribution')} for {counted(len(kind.slots), 'slot')}"
                raise ValueError(f"{kind.op.name} gave {told}")
        elif len(places) == 2:
            first, second = places
            received = short(sums[out], carried[out], carried[first], carried[second])
        elif len(places) == 1:
            received = short(sums[out], carried[out], carried[places[0]])
        else:
            received = short(sums[out], carried[out], *[carried[place] for place in places])
        if kept is not None:
            kept.append(received)
        # Adding goes by the same three ways as asking, for the same reason.
        if len(received) == 2 == len(places):
            first, second = places
            one, other = received
            total = sums[first]
            sums[first] = one if total is None else total + one
            total = sums[second]
            sums[second] = other if total is None else total + other
            continue
        if len(received) == 1 == len(places):
            total = sums[places[0]]
            sums[places[0]] = received[0] if total is None else total + received[0]
            continue
        reached = places if len(received) == len(places) else [places[slot] for slot in kind.slots]
        for place, amount in zip(reached, received):  # noqa: B905  asking by keyword takes longer than the loop
            total = sums[place]
            sums[place] = amount if total is None else total + amount
    return sums


def _rows(gates: Gates, steps: Sequence[Instruction] | None, written: _ByKind | None) -> Iterator[tuple[Any, ...]]:
    """Give of each gate the object, where there is one, the columns, and the function of its kind."""
    short = repeat(None) if written is None else map(written, gates.kinds)
    return zip(repeat(None) if steps is None else steps, *gates, short)  # noqa: B905  some have no end
