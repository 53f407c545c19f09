"""What is run: the gates of a graph in topological order, each with its kind and the places that it reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain, compress
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


class Gates(NamedTuple):
    """Gates in the order of a sweep, a column for each thing told of them.

    A sweep over thousands of them reads the columns: an object for each gate takes as long to make as its value.

    Parameters
    ----------
    places : tuple of int
        Positions of the gates.
    kinds : tuple of GateKind
        What they do.
    arguments : tuple of tuple of int
        Positions of their arguments.
    """

    places: tuple[int, ...]
    kinds: tuple[GateKind, ...]
    arguments: tuple[tuple[int, ...], ...]

    def one_by_one(self) -> tuple[Instruction, ...]:
        """Give each gate as an object."""
        return tuple(map(Instruction, self.places, self.kinds, self.arguments))

    def backwards(self) -> Gates:
        """Give them last first."""
        return Gates(self.places[::-1], self.kinds[::-1], self.arguments[::-1])

    def chosen(self, which: Sequence[object]) -> Gates:
        """Give those for which there is something true."""
        return Gates(
            tuple(compress(self.places, which)),
            tuple(compress(self.kinds, which)),
            tuple(compress(self.arguments, which)),
        )


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
    gates : Gates
        Every gate, arguments first.
    """

    nodes: tuple[str, ...]
    place: dict[str, int]
    output: int
    constants: tuple[tuple[int, Any], ...]
    gates: Gates

    @cached_property
    def instructions(self) -> tuple[Instruction, ...]:
        """Every gate, arguments first."""
        return self.gates.one_by_one()

    @cached_property
    def gates_back(self) -> Gates:
        """The gates that the output depends on, consumers first.

        The others have no part in the reverse sweep, so that an infinite slope beside the path cannot spoil a zero.
        """
        back = self.gates.backwards()
        read = set(chain.from_iterable(back.arguments))
        if len(read) + (self.output not in read) == len(self.nodes):
            return back  # nobody but the output stays unread, so all lead to it
        needed = bytearray(len(self.nodes))
        needed[self.output] = True
        for place, arguments in zip(back.places, back.arguments, strict=True):
            if needed[place]:
                for argument in arguments:
                    needed[argument] = True
        return back.chosen([needed[place] for place in back.places])

    @cached_property
    def backward(self) -> tuple[Instruction, ...]:
        """The gates of the reverse sweep, consumers first."""
        return self.gates_back.one_by_one()

    @cached_property
    def fixed(self) -> frozenset[int]:
        """Positions of the constants."""
        return frozenset(place for place, _ in self.constants)

    @cached_property
    def elementwise(self) -> bool:
        """Whether every gate acts on each entry alone."""
        return all(kind.op.elementwise for kind in set(self.gates.kinds))

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
    known = list(map(records.get, nodes))
    branches = _branches(nodes, records) if any(node is not None and node.op == "where" for node in known) else ()
    constants: dict[int, Any] = {}
    fixed = constants.keys()
    usual: dict[str, GateKind] = {}
    kinds: dict[tuple[Any, ...], GateKind] = {}
    gate_places: list[int] = []
    gate_kinds: list[GateKind] = []
    gate_arguments: list[tuple[int, ...]] = []
    add_place, add_kind, add_arguments = gate_places.append, gate_kinds.append, gate_arguments.append
    for index, node in enumerate(known):
        if node is None or node.op == "input":
            continue
        name, reads = node.op, node.arguments
        if name == "constant":
            constants[index] = node.value
            continue
        if len(reads) == 2:  # most do: a loop over two takes longer than the rest of a round
            first, second = reads
            arguments: tuple[int, ...] = (place[first], place[second])
        else:
            arguments = tuple([place[each] for each in reads])
        kind = usual.get(name)
        guarded = node.name in branches if branches else False
        if (
            kind is None
            or kind.arity != len(reads)
            or guarded
            or node.parameters
            or (constants and not fixed.isdisjoint(arguments))
        ):
            slots = tuple(slot for slot, argument in enumerate(arguments) if argument not in constants)
            key = (name, len(reads), slots, guarded)
            kind = None if node.parameters else kinds.get(key)
            if kind is None:
                kind = GateKind(find(name), len(reads), dict(node.parameters), slots, guarded)
                if not node.parameters:
                    kinds[key] = kind
                    if len(slots) == len(reads) and not guarded:
                        usual.setdefault(name, kind)
        add_place(index)
        add_kind(kind)
        add_arguments(arguments)
    gates = Gates(tuple(gate_places), tuple(gate_kinds), tuple(gate_arguments))
    return Plan(tuple(nodes), place, place[output], tuple(constants.items()), gates)


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
