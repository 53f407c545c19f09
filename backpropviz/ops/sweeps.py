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


@dataclass(frozen=True, slots=True, eq=False)
class GateKind:
    """What a gate does, without where it stands: one object for all gates of a plan that do the same.

    Parameters
    ----------
    op : Op
        The operation.
    arity : int
        How many arguments it has here.
    parameters : mapping
        What the operation is given beside them; a gate that has any is of a kind of its own.
    slots : tuple of int
        Slots that receive a contribution: those whose argument is not a constant.
    guarded : bool
        Whether it stands in a branch of ``where``: entries that were not chosen receive the gradient 0, and 0 times
        an infinite slope must stay 0 there.
    """

    op: Op
    arity: int
    parameters: Mapping[str, Any]
    slots: tuple[int, ...]
    guarded: bool = False

    @property
    def vjp(self) -> Callable[..., list[Any]]:
        """The reverse rule to use here."""
        return self.op.guarded_vjp if self.guarded else self.op.vjp

    def contributions(self, cotangent: Any, out: Any, arguments: Sequence[Any]) -> list[Any]:
        """Give what flows back to the arguments in `slots`."""
        return self.vjp(cotangent, out, arguments, self.parameters, self.slots)


class Instruction(NamedTuple):
    """One gate: where it stands in the order, what it does, and on which places.

    Parameters
    ----------
    place : int
        Position of the node in the plan.
    kind : GateKind
        What it does.
    arguments : tuple of int
        Positions of its arguments.
    """

    place: int
    kind: GateKind
    arguments: tuple[int, ...]

    @property
    def op(self) -> Op:
        """The operation."""
        return self.kind.op

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What the operation is given beside its arguments."""
        return self.kind.parameters

    @property
    def slots(self) -> tuple[int, ...]:
        """Slots that receive a contribution."""
        return self.kind.slots

    @property
    def guarded(self) -> bool:
        """Whether it stands in a branch of ``where``."""
        return self.kind.guarded

    def value(self, arguments: Sequence[Any]) -> Any:
        """Value for these arguments."""
        kind = self.kind
        return kind.op.value(*arguments, **kind.parameters)

    def contributions(self, cotangent: Any, out: Any, arguments: Sequence[Any]) -> list[Any]:
        """Give what flows back to the arguments in `slots`."""
        return self.kind.contributions(cotangent, out, arguments)

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
    place = dict(zip(nodes, range(len(nodes)), strict=True))
    constants: dict[int, Any] = {}
    fixed = constants.keys()
    branches = _branches(nodes, records) if "where" in {node.op for node in records.values()} else frozenset()
    kinds: dict[tuple[Any, ...], GateKind] = {}
    instructions: list[Instruction] = []
    add, new = instructions.append, tuple.__new__
    for index, node in enumerate(map(records.get, nodes)):
        if node is None or (name := node.op) == "input":
            continue
        if name == "constant":
            constants[index] = node.value
            continue
        arguments = tuple(map(place.__getitem__, node.arguments))
        key: tuple[Any, ...] = name, len(arguments)  # of a kind that most gates are of
        slots, guarded = None, node.name in branches if branches else False
        if guarded or not fixed.isdisjoint(arguments):
            slots = tuple(slot for slot, argument in enumerate(arguments) if argument not in constants)
            key = *key, slots, guarded
        kind = None if node.parameters else kinds.get(key)
        if kind is None:
            slots = tuple(range(len(arguments))) if slots is None else slots
            kind = GateKind(find(name), len(arguments), dict(node.parameters), slots, guarded)
            if not node.parameters:
                kinds[key] = kind
        # As Instruction(...) does in Python, at the cost of the rest of a round.
        add(new(Instruction, (index, kind, arguments)))
    needed = bytearray(len(nodes))
    needed[place[output]] = True
    backward = []
    for step in reversed(instructions):
        if needed[step[0]]:
            for argument in step[2]:
                needed[argument] = True
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
