"""A graph that is too large to be drawn, cut into blocks that are closed, one in another.

A block is a fanout-free cone, as in the mapping of logic circuits (Cong and Ding, 1993): one gate, its root, and gates
of which every consumer is in the block. So each has one way out, and blocks never wait for each other in a circle. What
hands on several values has few such cones; it is cut into stretches.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

from backpropviz.graph.closing.grouping import regroup
from backpropviz.graph.closing.regrouping import Closing
from backpropviz.graph.closing.stretches import Stretch, in_stretches
from backpropviz.graph.node import CONSTANT, INPUT

if TYPE_CHECKING:
    from collections.abc import Collection

    from backpropviz.graph.graph import Graph

MOST_AT_ONCE = 30
"""Blocks, or gates of one, that are taken in at a glance."""
_LEAST_GAIN = 4
"""Parts of a cone on average, below which cones hide too little; and cones, below which they hide too much."""
_MOST_NAMED = 3
"""Values by which a block that they leave is called."""
_MOST_LEFT = 300
"""Blocks that are shown side by side where they cannot be closed into larger ones, such as the units of a network."""


@dataclass(frozen=True, slots=True)
class _Cone:
    """Gates, or smaller cones, with one way out, or a stretch of them with several.

    Parameters
    ----------
    root : str
        The gate that gives its value; of a stretch, what it is called.
    parts : tuple of _Cone
        What it is made of, arguments first; none for a gate.
    """

    root: str
    parts: tuple[_Cone, ...] = ()


def in_cones(graph: Graph) -> Graph:
    """Close a graph into at most :data:`MOST_AT_ONCE` blocks, each of about as many blocks or gates.

    A block is called by the gate that it ends in, or the values that leave it, after the block that it stands in:
    ``"h90.h60"``, ``"c90, h90"``. What hands on very many values, such as the wide layers of a network, cannot be cut:
    then more blocks are left, or all that is left becomes one.

    Parameters
    ----------
    graph : Graph
        In which nothing was opened or closed.

    Examples
    --------
    >>> from backpropviz import trace
    >>> def chain(x):
    ...     for _ in range(3000):
    ...         x = x * 2 + 1
    ...     return x
    >>> graph = trace(chain)
    >>> closed = in_cones(graph)
    >>> len(graph), len(closed), len(closed.expand(closed.output))
    (6003, 6, 20)
    """
    gates = {name: record for name, record in graph.records.items() if record.op not in (INPUT, CONSTANT)}
    uses = {name: [each for each in record.arguments if each in gates] for name, record in gates.items()}
    cones = {name: _Cone(name) for name in gates}
    apart = set(gates) - _between_ends(graph)
    levels = math.ceil(math.log(max(len(cones), 2), MOST_AT_ONCE))
    size = math.ceil(len(cones) ** (1 / levels))
    made = [record.name for record in graph.creation_order()]
    while len(cones) > MOST_AT_ONCE:
        roots = _roots(uses, size, apart, graph.output)
        count = len(set(roots.values()))
        if (count < _LEAST_GAIN or _LEAST_GAIN * count > len(cones)) and graph.output not in apart:
            parts = in_stretches(_without(uses, apart), graph.output, MOST_AT_ONCE, made)
            if isinstance(parts[0], Stretch):
                closed = [_stretched(each, cones) for each in parts]
                cones = {each.root: each for each in (*(cones[name] for name in cones if name in apart), *closed)}
                break
        if (len(cones) <= _MOST_LEFT or apart) and (count < _LEAST_GAIN or _LEAST_GAIN * count > len(cones)):
            break
        if _LEAST_GAIN * count > len(cones):
            roots = {name: name if name in apart else graph.output for name in cones}
        inside: dict[str, list[str]] = {root: [] for root in cones if roots[root] == root}  # arguments first, as before
        for name in cones:
            inside[roots[name]].append(name)
        uses = {
            root: list(dict.fromkeys(roots[each] for name in names for each in uses[name] if roots[each] != root))
            for root, names in inside.items()
        }
        cones = {root: _grown(root, [cones[name] for name in names]) for root, names in inside.items()}
    return regroup(graph, tuple(step for cone in cones.values() for step in _closings(cone, "")))


def _without(uses: dict[str, list[str]], apart: Collection[str]) -> dict[str, list[str]]:
    return {name: [each for each in used if each not in apart] for name, used in uses.items() if name not in apart}


def _stretched(part: str | Stretch, cones: dict[str, _Cone]) -> _Cone:
    """Give a stretch of cones as one that several values may leave."""
    if isinstance(part, str):
        return cones[part]
    shown = part.ports if len(part.ports) <= _MOST_NAMED else (part.ports[0], "…", part.ports[-1])
    return _Cone(", ".join(shown), tuple(_stretched(each, cones) for each in part.parts))


def _between_ends(graph: Graph) -> set[str]:
    """Give the nodes that some input is needed for, and that the output needs."""
    moved = set(graph.inputs)
    for name in graph.nodes:
        if not moved.isdisjoint(graph.arguments(name)):
            moved.add(name)
    needed = {graph.output}
    for name in reversed(graph.nodes):
        if name in needed:
            needed.update(graph.arguments(name))
    return moved & needed


def _roots(uses: dict[str, list[str]], size: int, apart: Collection[str], output: str) -> dict[str, str]:
    """Give the root of the cone that each name is in; what a name uses stands before it. Those apart stay alone."""
    consumers: dict[str, list[str]] = {name: [] for name in uses}
    for name, used in uses.items():
        for each in used:
            consumers[each].append(name)
    ends = _ends(uses, consumers, size, apart, output)
    roots: dict[str, str] = {}
    for name in reversed(uses):
        around = {roots[consumer] for consumer in consumers[name]}
        alone = name in ends or name in apart or len(around) != 1 or not around.isdisjoint(apart)
        roots[name] = name if alone else around.pop()
    return roots


def _ends(
    uses: dict[str, list[str]],
    consumers: dict[str, list[str]],
    size: int,
    apart: Collection[str],
    output: str,
) -> set[str]:
    """Choose where cones end, so that few of them are much smaller or larger than `size`.

    What a gate dominates, which leads to the output through it alone, is counted from the arguments up. A count that is
    large enough ends at a value that is used more than once, as those are that a program names and hands on; in the
    middle of a formula it grows on, up to twice the size. Where several counts meet, the largest of them end.
    """
    between = {name for name in uses if name not in apart or name == output}
    ways = nx.DiGraph({name: [each for each in uses[name] if each in between] for name in uses if name in between})
    dominators = nx.immediate_dominators(ways, output)  # of the output itself: itself, or none, by the version
    dominated: dict[str, list[str]] = {name: [] for name in uses}
    for name in reversed(uses):
        if name != output and name in dominators:
            dominated[dominators[name]].append(name)
    ends: set[str] = set()
    counts: dict[str, int] = {}
    for name in uses:
        if name != output and name not in dominators:
            continue
        parts = sorted((each for each in dominated[name] if each not in ends), key=counts.__getitem__)
        counts[name] = 1 + sum(counts[each] for each in parts)
        while counts[name] >= 2 * size and parts and 4 * counts[parts[-1]] > size:
            largest = parts.pop()
            counts[name] -= counts[largest]
            inner = [each for each in dominated[largest] if each not in ends]
            # A product or a sign between two sums belongs to the later one.
            ends.add(inner[0] if len(inner) == 1 and len(uses[inner[0]]) > len(uses[largest]) else largest)
        if counts[name] >= size and len(consumers[name]) > 1:
            ends.add(name)
    return ends


def _grown(root: str, parts: list[_Cone]) -> _Cone:
    return parts[0] if len(parts) == 1 else _Cone(root, tuple(parts))


def _closings(cone: _Cone, around: str) -> list[Closing]:
    """Give the closings that make a cone, the innermost first."""
    if not cone.parts:
        return []
    name = around + cone.root
    inner = [step for part in cone.parts for step in _closings(part, f"{name}.")]
    members = tuple(f"{name}.{part.root}" if part.parts else part.root for part in cone.parts)
    return [*inner, Closing(members, name)]
