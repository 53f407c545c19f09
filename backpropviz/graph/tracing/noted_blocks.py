"""Which gates a block of :mod:`backpropviz.ops.blocks` made on tracers, and the gate that they are closed into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backpropviz.graph.closing.regrouping import Closing
from backpropviz.graph.node import CONSTANT
from backpropviz.graph.tracing.local_names import numbered
from backpropviz.graph.tracing.tracer import Tracer
from backpropviz.ops.blocks.telling import TELLINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from backpropviz.graph.builder import GraphBuilder, Reference
    from backpropviz.graph.graph import Graph
    from backpropviz.ops.blocks import Watcher


@dataclass(frozen=True, slots=True)
class NotedBlock:
    """A block that was made: its kind, and roles, gates and what leaves it by reference."""

    kind: str
    roles: Mapping[Reference, str]
    inside: range
    leaving: Mapping[Reference, str]


def noting(builder: GraphBuilder, keep: Callable[[NotedBlock], None]) -> Watcher:
    """Give a watcher for :func:`backpropviz.ops.blocks.watched`, which hands over each block once it is made."""

    def watch(kind: str, arguments: Mapping[str, Any]) -> Callable[[Any], None]:
        first = len(builder)
        # What stands for several arguments, as in self-attention, is called as the first of them.
        roles = {
            each.reference: role
            for role, each in reversed(list(arguments.items()))
            if isinstance(each, Tracer) and each.builder is builder
        }

        def finish(made: Any) -> None:
            # What leaves together is called as the block's function calls it.
            given = zip(made, TELLINGS[kind].leaving, strict=False) if isinstance(made, tuple) else ()
            leaving = {each.reference: name for each, name in given if isinstance(each, Tracer)}
            inside = range(first, len(builder))
            # A cell that runs again with the same weights is a block like the first: they share no gate.
            builder.close_off(inside)
            keep(NotedBlock(kind, roles, inside, leaving))

        return finish

    return watch


def closings(
    graph: Graph, blocks: Sequence[NotedBlock], called: Mapping[Reference, str], given: Collection[str]
) -> list[Closing]:
    """Give what closes each block into a gate, innermost first.

    Parameters
    ----------
    graph : Graph
        With every gate open.
    blocks : sequence of NotedBlock
        In the order in which they were finished.
    called : mapping of int to str
        What each reference is called in the graph; those that it has no node of are missing.
    given : collection of str
        Names that someone gave. A block that one such value leaves is called as it is; others as their kind.
    """
    found: dict[int, tuple[str, ...]] = {}
    names: dict[int, str] = {}
    for place, block in enumerate(blocks):
        inside = dict.fromkeys(called[each] for each in block.inside if each in called)
        found[place] = members = tuple(name for name in inside if graph.op(name) != CONSTANT)
        leaving = [
            name for name in members if name == graph.output or any(u not in inside for u, _ in graph.consumers(name))
        ]
        if len(leaving) == 1 and (leaving[0] in given or leaving[0] == graph.output):
            names[place] = leaving[0]
    unnamed = {place: blocks[place].kind for place, members in found.items() if members and place not in names}
    names |= numbered(unnamed, set(graph.nodes))
    made = []
    for place, name in sorted(names.items()):
        block = blocks[place]
        roles = {called[each]: role for each, role in (*block.roles.items(), *block.leaving.items()) if each in called}
        made.append(Closing(found[place], name, block.kind, tuple(roles.items())))
    return made
