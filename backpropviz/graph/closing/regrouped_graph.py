"""A graph under closing and opening: which nodes it has, and what they stand for in the basis."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.errors import GraphError
from backpropviz.graph.closing.boundary import boundary_of
from backpropviz.graph.closing.regrouping import Closing
from backpropviz.graph.closing.shorthands import FORMS, SECOND
from backpropviz.graph.node import CONSTANT, INPUT, Node
from backpropviz.ops import REGISTRY
from backpropviz.ops.composite import ARRAY_GATE, SCALAR_GATE, Body

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from backpropviz.graph.closing.regrouping import Edge, Regrouping
    from backpropviz.graph.structure import Structure


class RegroupedGraph:
    """A graph under closing and opening.

    Parameters
    ----------
    basis : Structure
        Where it starts; see :mod:`backpropviz.graph.closing.grouping`.
    """

    def __init__(self, basis: Structure) -> None:
        self.output = basis.output
        self.records = {record.name: record for record in basis.creation_order()}
        # Where a node stands in the order of creation: what is opened stands beside the gate it comes from.
        self.births: dict[str, tuple[int, ...]] = {name: (place,) for place, name in enumerate(self.records)}
        self.nodes = {name: name for name in self.records}
        self.edges: dict[Edge, tuple[Edge, ...]] = {
            (name, slot): ((name, slot),)
            for name, record in self.records.items()
            for slot in range(len(record.arguments))
        }
        self.closed: dict[str, tuple[str, ...]] = {}
        self.opened: dict[str, tuple[str, ...]] = {}
        self.ports: dict[str, tuple[str, ...]] = {}
        self._block_of: dict[str, str] = {}
        self._place = {name: place for place, name in enumerate(basis.nodes)}
        self._hidden: set[str] = set()
        self._consumers: dict[str, set[str]] = {name: set() for name in self.records}
        for name, record in self.records.items():
            for argument in record.arguments:
                self._consumers[argument].add(name)

    def ordered(self) -> list[Node]:
        """Give the nodes in the order of creation."""
        return sorted(self.records.values(), key=lambda record: self.births[record.name])

    def do(self, step: Regrouping) -> None:
        """Close or open."""
        if isinstance(step, Closing):
            self._close(step)
        else:
            self._open(step.gate)

    # -- closing ---------------------------------------------------------------------------------------------

    def _close(self, step: Closing) -> None:
        named = [port for name in step.members for port in self.ports.get(name, (name,))]
        self._require_whole(named)
        for name in named:
            if name not in self.records:
                raise GraphError(f"There is no node {name!r} to close into {step.name!r}.", node=name)
        members, inlined, ways_out, _ = boundary_of(self.records, self.output, named, self._consumers, self._standing)
        # One value is called as the gate is. Several keep their names, and the gate has one of its own.
        ports = [step.name] if len(ways_out) == 1 else [self.nodes[each] for each in ways_out]
        if ports != [self.nodes[ways_out[0]]]:  # the gate of that name is inside, and so is its name
            self._require_free(step.name, members)
        gates = [self._gate(step, way_out, members, {*ways_out} - {way_out}) for way_out in ways_out]
        for name in members:
            self._forget(name)
        for port, (record, birth, standing, carried) in zip(ports, gates, strict=True):
            self._insert(replace(record, name=port), birth)
            self.nodes[port] = standing
            self.edges |= {(port, slot): edges for slot, edges in carried.items()}
            self.closed[port] = step.members
        for port, way_out in zip(ports, ways_out, strict=True):
            self._rename_uses(way_out, port)
        if len(ports) > 1:
            self.ports[step.name] = tuple(ports)
            self._block_of |= dict.fromkeys(ports, step.name)
        self._drop_unused(inlined)

    def _standing(self, name: str) -> float:
        """Give the place of a node in the basis; what stands inside an opened gate has none."""
        return self._place[self.nodes[name]] if name in self.nodes else math.inf

    def _gate(
        self, step: Closing, way_out: str, members: Sequence[str], others: Collection[str]
    ) -> tuple[Node, tuple[int, ...], str, dict[int, tuple[Edge, ...]]]:
        """Give the gate of one way out: what leads to it, from the arguments of the block and its other ways out."""
        needed = {way_out}
        for name in reversed(members):
            if name in needed and name not in others:
                needed.update(self.records[name].arguments)
        own = [name for name in members if name in needed and name not in others]
        inside = set(own)
        used = dict.fromkeys(
            argument for name in own for argument in self.records[name].arguments if argument not in inside
        )
        inlined = [name for name in used if self.records[name].op == CONSTANT]
        arguments = tuple(name for name in used if name not in inlined)
        parts = tuple(self.records[name] for name in (*inlined, *own))
        whole_arrays = any(part.op != CONSTANT and not REGISTRY[part.op].elementwise for part in parts)
        roles = dict(step.roles)
        taken = tuple(roles.get(self.nodes.get(each, each), "") for each in arguments)
        made = roles.get(self.nodes.get(way_out, way_out), "") if others else ""
        body = Body(arguments, parts, step.kind, taken, made)
        record = Node(way_out, ARRAY_GATE if whole_arrays else SCALAR_GATE, arguments, (("body", body),))
        carried = {slot: self._carried(own, argument) for slot, argument in enumerate(arguments)}
        return record, self.births[way_out], self.nodes[way_out], carried

    def _carried(self, members: Sequence[str], argument: str) -> tuple[Edge, ...]:
        """Edges of the basis along which an argument receives from the members, in the order in which they are told."""
        found = {
            edge
            for name in members
            for slot, used in enumerate(self.records[name].arguments)
            if used == argument
            for edge in self.edges.get((name, slot), ())
        }
        return tuple(sorted(found, key=lambda edge: (-self._place[edge[0]], edge[1])))

    def _require_whole(self, members: Sequence[str]) -> None:
        chosen = set(members)
        met = {block: self.ports[block] for name in chosen if (block := self._block_of.get(name))}
        for said, groups in (("gates that {} opened into", self.opened), ("values that leave {}", met)):
            for gate, parts in groups.items():
                inside = chosen.intersection(parts)
                if inside and inside != set(parts):
                    raise GraphError(
                        f"{', '.join(sorted(inside))} are some of the {said.format(gate)}. Take all of "
                        f"{', '.join(parts)}, or none.",
                        node=gate,
                    )

    def _require_free(self, name: str, members: Sequence[str]) -> None:
        if not name:
            raise GraphError("A closed gate needs a name.")
        if name not in members and (name in self.records or name in self._hidden or name in self.ports):
            raise GraphError(f"The name {name!r} is already given to another node.", node=name)

    def _drop_unused(self, constants: Sequence[str]) -> None:
        for name in constants:
            if not self._consumers[name] and name != self.output:
                self._forget(name)

    # -- opening ---------------------------------------------------------------------------------------------

    def _open(self, gate: str) -> None:
        if gate not in self.records:
            raise GraphError(f"There is no node {gate!r} to open.", node=gate)
        record = self.records[gate]
        form = FORMS.get(record.op)
        if form is None or any(gate in parts for parts in self.opened.values()):
            kinds = ", ".join(FORMS)
            raise GraphError(
                f"{gate} is {_article(record.op)} and cannot be opened. What can be: {kinds}, and closed gates.",
                node=gate,
                op=record.op,
            )
        names = [*self._inside_names(gate, len(form) - 1), gate]
        birth = self.births[gate]
        former = {slot: self.edges.pop((gate, slot)) for slot in range(len(record.arguments))}
        for place, step in enumerate(form):
            arguments = tuple(self._argument(each, names, record) for each in step.arguments)
            here = birth if names[place] == gate else (*birth, place)
            self._insert(Node(names[place], step.op, arguments), here)
        for slot, edges in former.items():
            entries = [
                (names[place], index)
                for place, step in enumerate(form)
                for index, each in enumerate(step.arguments)
                if isinstance(each, int) and each == -1 - slot
            ]
            # The whole contribution enters where the argument does.
            self.edges[entries[0]] = edges
        self.opened[gate] = tuple(names)

    def _argument(self, each: float, names: Sequence[str], record: Node) -> str:
        if isinstance(each, int):
            return record.arguments[-1 - each] if SECOND <= each < 0 else names[each]
        value = np.float64(each)
        for known in self.records.values():
            if known.op == CONSTANT and np.ndim(known.value) == 0 and known.value == value:  # type: ignore[arg-type]
                return known.name
        name = self._free_name(str(int(each)))
        self._insert(Node(name, CONSTANT, value=value), (len(self._place), int(each)))
        self.nodes.pop(name, None)
        return name

    def _inside_names(self, gate: str, count: int) -> list[str]:
        stem = gate if len(gate) == 1 else f"{gate}_"
        plain = [f"{stem}{number}" for number in range(1, count + 1)]
        return [self._free_name(name) for name in plain]

    def _free_name(self, name: str) -> str:
        while name in self.records or name in self._hidden or name in self._place:
            name += "'"
        return name

    # -- records ---------------------------------------------------------------------------------------------

    def _insert(self, record: Node, birth: tuple[int, ...]) -> None:
        self._record(record)
        self.births[record.name] = birth
        self._hidden.discard(record.name)

    def _record(self, record: Node) -> None:
        former = self.records.get(record.name)
        for argument in () if former is None else former.arguments:
            self._consumers[argument].discard(record.name)
        self.records[record.name] = record
        self._consumers.setdefault(record.name, set())
        for argument in record.arguments:
            self._consumers.setdefault(argument, set()).add(record.name)

    def _forget(self, name: str) -> None:
        record = self.records.pop(name)
        for argument in record.arguments:
            self._consumers[argument].discard(name)
        self.nodes.pop(name, None)
        for slot in range(len(record.arguments)):
            self.edges.pop((name, slot), None)
        self.closed.pop(name, None)
        self.opened.pop(name, None)
        self.ports.pop(self._block_of.pop(name, ""), None)
        self._hidden.add(name)

    def _rename_uses(self, former: str, name: str) -> None:
        if self.output == former:
            self.output = name
        if name == former:
            return
        for consumer in tuple(self._consumers[former]):
            record = self.records[consumer]
            arguments = tuple(name if each == former else each for each in record.arguments)
            self._record(replace(record, arguments=arguments))


def _article(op: str) -> str:
    return "an input" if op == INPUT else "a constant" if op == CONSTANT else f"one {op}"
