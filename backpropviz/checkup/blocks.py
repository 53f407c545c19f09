"""The parts of a model that are looked at one by one: its modules, closed gates, or single gates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from backpropviz.graph.closing.grouping import basis_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backpropviz.graph import Graph

_CARRIERS = frozenset({"transpose", "reshape", "swapaxes", "expand_dims"})
"""Operations that keep every entry, and only put it elsewhere."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a model.

    Parameters
    ----------
    name : str
        Path of the module; name of the closed gate, or of the gate.
    gates : tuple of str
        What it computes, in the order of the forward sweep; the last one is its value.
    parameters : tuple of str
        Inputs of the graph that first meet a gate here.
    source : str
        File and line, where they are known.
    """

    name: str
    gates: tuple[str, ...]
    parameters: tuple[str, ...]
    source: str = ""

    @property
    def value(self) -> str:
        """The gate whose value is the block's."""
        return self.gates[-1]

    @property
    def place(self) -> str:
        """Name and source line, for a sentence."""
        return f"{self.name} ({self.source})" if self.source else self.name


def blocks_of(
    view: Graph, modules: Mapping[str, str], sources: Mapping[str, str], parameters: Iterable[str]
) -> tuple[Block, ...]:
    """Divide a graph into blocks.

    Parameters
    ----------
    view : Graph
        A graph, or one in which gates were closed.
    modules, sources : mapping of str to str
        Path of the module, and file and line, by gate of the graph with everything open; empty where nothing is known.
    parameters : iterable of str
        Inputs that are learned.

    Examples
    --------
    >>> from backpropviz import parse
    >>> [each.name for each in blocks_of(parse("a = x*z; y = exp(a)"), {}, {}, ())]
    ['a', 'y']
    """
    graph = basis_of(view)
    named = _by_module(graph, modules) if modules else _by_closed_gate(view, graph)
    groups: dict[str, list[str]] = {}
    for name in graph.nodes:
        if name in named:
            groups.setdefault(named[name], []).append(name)
    met = _first_met(graph, parameters, named)
    place = {name: index for index, name in enumerate(graph.nodes)}
    return tuple(
        Block(name, tuple(gates), tuple(met.get(name, ())), short_source(sources.get(gates[-1], "")))
        for name, gates in sorted(groups.items(), key=lambda group: place[group[1][-1]])
    )


def short_source(source: str) -> str:
    """Give file and line without the folders.

    Examples
    --------
    >>> short_source("/home/me/model.py:12"), short_source("")
    ('model.py:12', '')
    """
    return PurePath(source).name if source else ""


def uses_of(graph: Graph, parameter: str) -> tuple[list[tuple[str, int]], set[str]]:
    """Give the edges (consumer, slot) at which a parameter is used, and the nodes that only carry it there.

    Moved about, as by a transposition, it is still the same numbers.
    """
    carriers, waiting, uses = {parameter}, [parameter], []
    while waiting:
        for consumer, slot in graph.consumers(waiting.pop()):
            if graph.op(consumer) in _CARRIERS:
                if consumer not in carriers:
                    carriers.add(consumer)
                    waiting.append(consumer)
            else:
                uses.append((consumer, slot))
    place = {name: index for index, name in enumerate(graph.nodes)}
    return sorted(set(uses), key=lambda edge: (place[edge[0]], edge[1])), carriers


def learned_inputs(graph: Graph) -> tuple[str, ...]:
    """Give the inputs that are learned; where no input says so, all but data: left factors of matrix products.

    Examples
    --------
    >>> from backpropviz import trace
    >>> learned_inputs(trace(lambda x, W: x @ W, "x", "W"))
    ('W',)
    """
    known = tuple(name for name in graph.inputs if graph.node(name).learned)
    if known:
        return known
    data = set()
    for name in graph.inputs:
        slots = {slot for consumer, slot in uses_of(graph, name)[0] if graph.op(consumer) == "matmul"}
        if slots == {0}:
            data.add(name)
    return tuple(name for name in graph.inputs if name not in data)


def _by_module(graph: Graph, modules: Mapping[str, str]) -> dict[str, str]:
    """Name each gate's block: its module, or its own call where it belongs to none."""
    return {name: modules.get(name) or name.partition(".")[0] for name in graph.nodes if graph.arguments(name)}


def _by_closed_gate(view: Graph, graph: Graph) -> dict[str, str]:
    named = {name: name for name in graph.nodes if graph.arguments(name)}
    if view.grouping is not None:
        for gate, members in view.grouping.closed.items():
            named |= {name: view.grouping.block_of(gate) for name, block in named.items() if block in members}
    return named


def _first_met(graph: Graph, parameters: Iterable[str], named: Mapping[str, str]) -> dict[str, list[str]]:
    place = {name: index for index, name in enumerate(graph.nodes)}
    found: dict[str, list[str]] = {}
    for parameter in parameters:
        users = [consumer for consumer, _ in graph.consumers(parameter)]
        if users:
            found.setdefault(named[min(users, key=place.__getitem__)], []).append(parameter)
    return found
