"""The three sweeps over a list of gates: values forwards, tangents forwards, cotangents backwards.

Each is one loop that knows nothing of what it carries: float64, arrays, duals, tracers, counters and nodes under
construction all go through it. What differs is the rule that is asked at each gate.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropviz.ops.op import Op

_NONE: dict[str, Any] = {}
_FIRST = tuple(tuple(range(count)) for count in range(9))
"""All slots of a gate with so many arguments: one tuple for all such gates."""


class Instruction(NamedTuple):
    """One gate: where it stands in the order, what it does, and on which places.

    Parameters
    ----------
    place : int
        Position of the node in the plan.
    op : Op
        What it does.
    arguments : tuple of int
        Positions of its arguments.
    parameters : mapping
        What the operation is given beside them.
    slots : tuple of int
        Slots that receive a contribution: those whose argument is not a constant.
    guarded : bool
        Whether it stands in a branch of ``where``: entries that were not chosen receive the gradient 0, and 0 times
        an infinite slope must stay 0 there.
    """

    place: int
    op: Op
    arguments: tuple[int, ...]
    parameters: Mapping[str, Any]
    slots: tuple[int, ...]
    guarded: bool = False

    @property
    def vjp(self) -> Callable[..., list[Any]]:
        """The reverse rule to use here."""
        return self.op.guarded_vjp if self.guarded else self.op.vjp

    def value(self, arguments: Sequence[Any]) -> Any:
        """Value for these arguments."""
        return self.op.value(*arguments, **self.parameters)

    def contributions(self, cotangent: Any, out: Any, arguments: Sequence[Any]) -> list[Any]:
        """Give what flows back to the arguments in `slots`."""
        return self.vjp(cotangent, out, arguments, self.parameters, self.slots)

    def tangent(self, incoming: Sequence[Any], out: Any, arguments: Sequence[Any]) -> Any:
        """Tangent of the value; None stands for a zero tangent."""
        return self.op.jvp(incoming, out, arguments, self.parameters)


@dataclass(frozen=True)
class Plan:
    """Gates in topological order, ready to run.

    Parameters
    ----------
    nodes : tuple of str
        Names by position.
    place : dict of str to int
        Positions by name.
    output : int
        Position of the output.
    constants : tuple of (int, number)
        Positions and values of the constants.
    instructions : tuple of Instruction
        Every gate, arguments first.
    backward : tuple of Instruction
        The gates that the output depends on, consumers first: the others have no part in the reverse sweep, so that
        an infinite slope beside the path cannot spoil a zero.
    """

    nodes: tuple[str, ...]
    place: dict[str, int]
    output: int
    constants: tuple[tuple[int, Any], ...]
    instructions: tuple[Instruction, ...]
    backward: tuple[Instruction, ...]

    @cached_property
    def fixed(self) -> frozenset[int]:
        """Positions of the constants."""
        return frozenset(place for place, _ in self.constants)

    def leaves(self, given: Mapping[str, Any]) -> list[Any]:
        """Give what is carried before the first gate: inputs by name, the constants, None for the rest."""
        carried: list[Any] = [None] * len(self.nodes)
        for place, constant in self.constants:
            carried[place] = constant
        for name, value in given.items():
            carried[self.place[name]] = value
        return carried


def make_plan(nodes: Sequence[str], records: Mapping[str, Any], output: str, find: Callable[[str], Op]) -> Plan:
    """Flatten gates into a plan.

    Parameters
    ----------
    nodes : sequence of str
        Names, arguments first.
    records : mapping of str to Node
        What each is; inputs may be missing.
    output : str
        One of them.
    find : callable
        Gives the operation of a name.
    """
    place = {name: index for index, name in enumerate(nodes)}
    position = place.__getitem__
    constants: dict[int, Any] = {}
    instructions: list[Instruction] = []
    guarded = _branches(nodes, records)
    for index, name in enumerate(nodes):
        node = records.get(name)
        if node is None or node.op == "input":
            continue
        if node.op == "constant":
            constants[index] = node.value
            continue
        arguments = tuple(map(position, node.arguments))
        if constants.keys().isdisjoint(arguments) and len(arguments) < len(_FIRST):
            slots = _FIRST[len(arguments)]
        else:
            slots = tuple(slot for slot, argument in enumerate(arguments) if argument not in constants)
        parameters = dict(node.parameters) if node.parameters else _NONE
        instructions.append(Instruction(index, find(node.op), arguments, parameters, slots, name in guarded))
    needed = {place[output]}
    backward = []
    for step in reversed(instructions):
        if step.place in needed:
            needed.update(step.arguments)
            backward.append(step)
    return Plan(tuple(nodes), place, place[output], tuple(constants.items()), tuple(instructions), tuple(backward))


def _branches(nodes: Sequence[str], records: Mapping[str, Any]) -> set[str]:
    """Find the nodes that a ``where`` chooses between, and all below them."""
    below: set[str] = set()
    for name in reversed(nodes):
        node = records.get(name)
        if node is not None and node.op == "where":
            below.update(node.arguments[1:])
        if node is not None and name in below:
            below.update(node.arguments)
    return below


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
        if carried[step.place] is None:
            carried[step.place] = rule(step, [carried[place] for place in step.arguments])
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
        out, _, places, _, slots, _ = step
        received = rule(step, sums[out], carried[out], [carried[place] for place in places])
        for slot, amount in zip(slots, received, strict=True):
            place = places[slot]
            total = sums[place]
            sums[place] = amount if total is None else total + amount
    return sums
