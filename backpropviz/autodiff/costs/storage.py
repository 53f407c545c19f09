"""How many numbers have to be kept at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.ops.plan import Plan


def value_storage(plan: Plan, sizes: Sequence[int]) -> int:
    """Count for an evaluation alone: each value is dropped after its last use.

    Parameters
    ----------
    plan : Plan
        Of the graph.
    sizes : sequence of int
        How many numbers each node holds, by place.
    """
    return _most_alive(plan, list(sizes))


def forward_storage(plan: Plan, sizes: Sequence[int], start: int) -> int:
    """Count for one forward-mode sweep: a tangent stands beside each value that the input at `start` reaches."""
    reached = {start}
    for step in plan.instructions:
        if not reached.isdisjoint(step.arguments):
            reached.add(step.place)
    return _most_alive(plan, [size * (1 + (place in reached)) for place, size in enumerate(sizes)])


def reverse_storage(plan: Plan, sizes: Sequence[int]) -> int:
    """Count for the reverse sweep: every value of the tape, and the adjoints that are under way.

    An adjoint begins with its first contribution, and an intermediate's ends when it has been passed on.
    """
    tape = sum(size for place, size in enumerate(sizes) if place not in plan.fixed)
    if not plan.backward:
        return tape + 1
    alive = {plan.backward[0].place}
    most = now = sizes[plan.backward[0].place]
    for step in plan.backward:
        for slot in step.slots:
            place = step.arguments[slot]
            if place not in alive:
                alive.add(place)
                now += sizes[place]
        most = max(most, now)
        now -= sizes[step.place]
    return tape + most


def _most_alive(plan: Plan, sizes: list[int]) -> int:
    constants = plan.fixed
    uses = [0] * len(sizes)
    for step in plan.instructions:
        for place in set(step.arguments):
            uses[place] += 1
    leaves = set(range(len(sizes))) - constants - {step.place for step in plan.instructions}
    most = now = sum(sizes[place] for place in leaves)
    for step in plan.instructions:
        now += sizes[step.place]
        most = max(most, now)
        for place in set(step.arguments) - constants:
            uses[place] -= 1
            if uses[place] == 0:
                now -= sizes[place]
    return most
