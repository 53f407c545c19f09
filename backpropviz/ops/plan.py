"""What is run: the gates of a graph in topological order, each with its kind and the places that it reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
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

    @cached_property
    def elementwise(self) -> bool:
        """Whether every gate acts on each entry alone."""
        return all(op.elementwise for op in {step.kind.op.name: step.kind.op for step in self.instructions}.values())

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
    known = [node for node in map(records.get, nodes) if node is not None]
    branches = _branches(nodes, records) if "where" in {node.op for node in known} else frozenset()
    reached = tuple(map(place.__getitem__, chain.from_iterable(node.arguments for node in known)))
    constants: dict[int, Any] = {}
    fixed = constants.keys()
    kinds: dict[tuple[Any, ...], GateKind] = {}
    instructions: list[Instruction] = []
    add, new, start = instructions.append, tuple.__new__, 0
    for node in known:
        index, name, arity = place[node.name], node.op, len(node.arguments)
        if name == "input":
            continue
        if name == "constant":
            constants[index] = node.value
            continue
        arguments = reached[start : start + arity]
        start += arity
        key: tuple[Any, ...] = name, arity  # of a kind that most gates are of
        slots, guarded = None, node.name in branches if branches else False
        if guarded or not fixed.isdisjoint(arguments):
            slots = tuple(slot for slot, argument in enumerate(arguments) if argument not in constants)
            key = *key, slots, guarded
        kind = None if node.parameters else kinds.get(key)
        if kind is None:
            slots = tuple(range(arity)) if slots is None else slots
            kind = GateKind(find(name), arity, dict(node.parameters), slots, guarded)
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
