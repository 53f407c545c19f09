"""A graph under construction that remembers which call of the model made each gate, and closes them into blocks."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import AdoptionError, BackpropvizError, GraphError
from backpropviz.graph import Graph, GraphBuilder
from backpropviz.graph.closing.grouping import close_each
from backpropviz.graph.closing.regrouping import Closing
from backpropviz.graph.node import CONSTANT, INPUT
from backpropviz.graph.tracing.noted_blocks import noting
from backpropviz.graph.tracing.shape_inference import declare_shape
from backpropviz.graph.tracing.tracer import Tracer
from backpropviz.ops.blocks import watched

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from backpropviz.graph.node import Number
    from backpropviz.graph.tracing.noted_blocks import NotedBlock


MOST_GATES = 1_000_000
"""Gates that are made of a model; a graph of more cannot be looked at in any sense."""


def refuse_more_than(count: int) -> None:
    """Refuse a model before so many gates of it are made."""
    if count > MOST_GATES:
        raise AdoptionError(
            f"The model has more than {MOST_GATES:,} gates, with its loops written out. Adopt a smaller instance: a "
            "shorter loop, fewer tokens, or one layer.",
            expected=MOST_GATES,
            actual=count,
        )


class Draft:
    """Gates, each with the call, the module and the line that it comes from."""

    def __init__(self) -> None:
        self.builder = GraphBuilder()
        self.point: dict[str, Number] = {}
        self._calls: dict[int, str] = {}
        self._paths: dict[int, str] = {}
        self._lines: dict[int, str] = {}
        self._noted: dict[str, list[NotedBlock]] = {}  # by call
        # By module that is one block: which, and the roles of its parameters.
        self.blocks: dict[str, tuple[str, dict[str, str]]] = {}

    def input(self, name: str, value: Any, *, learned: bool = False) -> Tracer:
        """Add an input with its value."""
        array = np.asarray(value, dtype=np.float64)
        tracer = Tracer(self.builder, self.builder.input(name, learned=learned))
        declare_shape(self.builder, tracer.reference, array.shape)
        self.point[name] = np.float64(array) if array.ndim == 0 else array.copy()
        return tracer

    def held(self, tracer: Tracer) -> Number:
        """Give the value of a gate at the point, for what no gradient passes through."""
        before = self.builder.build(tracer.reference)
        found: Number = before.evaluate({name: self.point[name] for name in before.inputs}).value
        return found

    @contextmanager
    def call(self, name: str, path: str = "", line: str = "") -> Iterator[Made]:
        """Note that the gates made inside belong to one call of the model.

        Parameters
        ----------
        name : str
            Of the call; its result, given to the yielded object, is named so.
        path : str
            Of the module.
        line : str
            Source file and line.
        """
        first = len(self.builder)
        refuse_more_than(first)
        made = Made()
        try:
            with watched(noting(self.builder, self._noted.setdefault(name, []).append)):
                yield made
        except BackpropvizError as fault:
            where = f" ({line})" if line else ""
            raise AdoptionError(f"{name}{where}: {fault.message}", node=name, op=fault.op) from fault
        result = made.result
        if isinstance(result, Tracer) and result.reference >= first:
            self._name(result.reference, name)
        for block, noted in self._named_blocks(name):
            for reference, label in noted.leaving.items():
                self._name(reference, f"{block}.{label}")
        for reference in range(first, len(self.builder)):
            self._calls[reference], self._paths[reference], self._lines[reference] = name, path, line
            op = self.builder.op(reference)
            if self.builder.node_name(reference) is None and self.builder.arguments(reference):
                self._name(reference, f"{name}.{op}")

    def _name(self, reference: int, name: str) -> None:
        tried, number = name, 1
        while True:
            try:
                self.builder.name(reference, tried)
            except GraphError:
                number += 1
                tried = f"{name}.{number}"
            else:
                return

    def finish(self, output: Tracer) -> tuple[Graph, dict[str, str], dict[str, str]]:
        """Give the graph, closed into blocks, and module and source line of each gate.

        Gates that the output does not need are left out, inputs excepted.
        """
        whole = self.builder.build(output.reference)
        records = whole.creation_order()
        needed = {whole.output}
        for record in reversed(records):
            if record.name in needed:
                needed.update(record.arguments)
        graph = Graph((each for each in records if each.name in needed or each.op == INPUT), whole.output)
        reference = {self.builder.node_name(place): place for place in range(len(self.builder))}
        gates = [name for name in graph.nodes if graph.arguments(name)]
        modules = {name: self._paths[reference[name]] for name in gates if reference.get(name) in self._paths}
        lines = {name: self._lines[reference[name]] for name in modules if self._lines[reference[name]]}
        calls = {name: self._calls[reference[name]] for name in modules}
        return closed(graph, modules, calls, self._blocks_of(graph, modules, calls, reference)), modules, lines

    def _blocks_of(
        self, graph: Graph, modules: Mapping[str, str], calls: Mapping[str, str], places: Mapping[str | None, int]
    ) -> list[_Block]:
        """Give what was noted of blocks in the names of a graph; a call that makes one block is this block."""
        names = {places[name]: name for name in graph.nodes if name in places}
        by_call: dict[str, list[str]] = {}
        for name, call in calls.items():
            by_call.setdefault(call, []).append(name)
        found = []
        for call, several in self._noted.items():
            whole = by_call.get(call, [])
            for name, noted in self._named_blocks(call):
                members = whole if len(several) == 1 else [name for name in whole if places[name] in noted.inside]
                roles = {
                    entered(graph, names[each], members): role for each, role in noted.roles.items() if each in names
                }
                roles |= {names[each]: role for each, role in noted.leaving.items() if each in names}
                found.append(_Block(name, noted.kind, tuple(members), tuple(roles.items())))
        for path, (kind, parameters) in self.blocks.items():
            members = [name for name, each in modules.items() if f"{each}.".startswith(f"{path}.")]
            outside = [each for name in members for each in graph.arguments(name) if each not in members]
            first = [each for each in outside if each not in parameters and graph.op(each) != CONSTANT][:1]
            roles = {**dict.fromkeys(first, "query"), **parameters}
            found.append(_Block(path, kind, tuple(members), tuple(roles.items())))
        return found

    def _named_blocks(self, call: str) -> Iterator[tuple[str, NotedBlock]]:
        """Give what was noted of the blocks of a call, each with its name."""
        several = self._noted.get(call, [])
        for count, noted in enumerate(several, 1):
            yield call if len(several) == 1 else f"{call}.{count}", noted


class Made:
    """What a call gives back, filled in by whoever makes the call."""

    result: Any = None


@dataclass(frozen=True, slots=True)
class _Block:
    """A block in the names of a graph; roles are pairs of node and role."""

    name: str
    kind: str
    members: tuple[str, ...]
    roles: tuple[tuple[str, str], ...]


def entered(graph: Graph, name: str, members: Collection[str]) -> str:
    """Walk back from a gate of a set, such as a reshaped argument, to the node outside that it comes from."""
    while name in members:
        name = next((each for each in graph.arguments(name) if graph.op(each) != CONSTANT), graph.arguments(name)[0])
    return name


def closed(graph: Graph, modules: Mapping[str, str], calls: Mapping[str, str], blocks: Sequence[_Block] = ()) -> Graph:
    """Close the gates of each call and of each module, innermost first."""
    known = {each.members: each for each in blocks}
    parts = [(each.name, list(each.members)) for each in blocks if each.members]
    groups = _groups(modules, calls, known)
    named = {tuple(inside) for _, inside in groups}
    made = []
    for name, inside in [*(each for each in parts if tuple(each[1]) not in named), *groups]:
        block = known.get(tuple(inside))
        made.append(Closing(tuple(inside), name, *((block.kind, block.roles) if block else ())))
    return close_each(graph, made)


def _groups(
    modules: Mapping[str, str], calls: Mapping[str, str], known: Collection[tuple[str, ...]]
) -> list[tuple[str, list[str]]]:
    """Give what belongs together, innermost first; what is a module and one call at once is called as the module.

    One gate alone is closed only where it is known as a block, such as a table in which rows are looked up.
    """
    by_call: dict[str, list[str]] = {}
    by_module: dict[str, list[str]] = {}
    for name, path in modules.items():
        by_call.setdefault(calls[name], []).append(name)
        parts = path.split(".") if path else []
        for depth in range(1, len(parts) + 1):
            by_module.setdefault(".".join(parts[:depth]), []).append(name)
    found: dict[tuple[str, ...], str] = {}
    for path in sorted(by_module, key=lambda each: -each.count(".")):
        found.setdefault(tuple(by_module[path]), path)
    whole = {members: name for name, group in by_call.items() if (members := tuple(group)) not in found}
    return [
        (name, list(members)) for members, name in {**whole, **found}.items() if len(members) > 1 or members in known
    ]
