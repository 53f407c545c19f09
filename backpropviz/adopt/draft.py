"""A graph under construction that remembers which call of the model made each gate, and closes them into blocks."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import AdoptionError, BackpropvizError, GraphError
from backpropviz.graph import Graph, GraphBuilder
from backpropviz.graph.closing.grouping import regroup
from backpropviz.graph.closing.regrouped_graph import RegroupedGraph
from backpropviz.graph.closing.regrouping import Closing
from backpropviz.graph.node import INPUT
from backpropviz.graph.tracing.shape_inference import declare_shape
from backpropviz.graph.tracing.tracer import Tracer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropviz.graph.node import Number


class Draft:
    """Gates, each with the call, the module and the line that it comes from."""

    def __init__(self) -> None:
        self.builder = GraphBuilder()
        self.point: dict[str, Number] = {}
        self._calls: dict[int, str] = {}
        self._paths: dict[int, str] = {}
        self._lines: dict[int, str] = {}

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
        made = Made()
        try:
            yield made
        except BackpropvizError as fault:
            where = f" ({line})" if line else ""
            raise AdoptionError(f"{name}{where}: {fault.message}", node=name, op=fault.op) from fault
        result = made.result
        if isinstance(result, Tracer) and result.reference >= first:
            self._name(result.reference, name)
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
        return closed(graph, modules, calls), modules, lines


class Made:
    """What a call gives back, filled in by whoever makes the call."""

    result: Any = None


def closed(graph: Graph, modules: Mapping[str, str], calls: Mapping[str, str]) -> Graph:
    """Close the gates of each call and of each module, innermost first, where they have one way out.

    Parameters
    ----------
    graph : Graph
        Plain gates.
    modules, calls : mapping of str to str
        Path of the module and name of the call, by gate.
    """
    view = RegroupedGraph(graph)
    history: list[Closing] = []
    standing = {name: name for name in modules}  # the gate of the view that a gate is closed into
    for name, inside in _groups(modules, calls):
        members = tuple(dict.fromkeys(standing[each] for each in inside))
        free = name if name in members or name not in view.records else f"{name}()"
        step = Closing(members, free)
        try:
            view.do(step)
        except GraphError:
            continue  # several ways out: these gates stay open
        history.append(step)
        standing |= dict.fromkeys(inside, free)
    return regroup(graph, tuple(history))


def _groups(modules: Mapping[str, str], calls: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Give what belongs together, innermost first; what is a module and one call at once is called as the module."""
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
    return [(name, list(members)) for members, name in {**whole, **found}.items() if len(members) > 1]
