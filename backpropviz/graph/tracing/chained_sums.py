"""From the gates that tracers made to the graph: what the output needs, long sums as one node, blocks as one gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.graph.builder import GraphBuilder
from backpropviz.graph.closing.grouping import close_each
from backpropviz.graph.node import CONSTANT, INPUT
from backpropviz.graph.tracing.local_names import numbered
from backpropviz.graph.tracing.noted_blocks import closings
from backpropviz.graph.tracing.shape_inference import sizes_read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropviz.graph.builder import Reference
    from backpropviz.graph.graph import Graph
    from backpropviz.graph.tracing.noted_blocks import NotedBlock


def chained(
    traced: GraphBuilder,
    output: Reference,
    names: Mapping[Reference, str],
    sources: Mapping[Reference, str],
    blocks: Sequence[NotedBlock],
) -> Graph:
    """Build what the output needs, with sums that go on growing as one node, and each block closed into one gate.

    Python adds two at a time, from left to right, and so does a sum with many slots: not a bit changes. A sum that has
    a name of its own is a node of its own, and so is one that leaves a block.

    Parameters
    ----------
    traced : GraphBuilder
        What was traced.
    output : int
        Its output there.
    names, sources : mapping of int to str
        What gates are called, and where they were written.
    blocks : sequence of NotedBlock
        In the order in which they were finished.
    """
    block_of = {each: place for place, block in reversed([*enumerate(blocks)]) for each in block.inside}
    needed, growing = _needed(traced, output, names, block_of)
    ending: dict[Reference, list[range]] = {}
    for block in blocks:
        ending.setdefault(block.inside.stop, []).append(block.inside)
    built = GraphBuilder()
    sizes = sizes_read(traced)
    place: dict[Reference, Reference] = {}
    terms: dict[Reference, list[Reference]] = {}
    for reference in range(len(traced)):
        for inside in ending.get(reference, ()):
            built.close_off(place[each] for each in inside if each in place)
        op, arguments = traced.op(reference), traced.arguments(reference)
        if op == INPUT:
            name = str(traced.node_name(reference))
            place[reference] = built.input(name, sizes.get(name))
        elif reference not in needed:
            continue
        elif op == CONSTANT:
            place[reference] = built.constant(traced.value(reference))
        elif reference in growing:
            head, *rest = arguments
            terms[reference] = terms.pop(head) if head in terms else [place[head]]
            terms[reference] += [place[argument] for argument in rest]
        else:
            first = terms.pop(arguments[0]) if arguments[0] in terms else [place[arguments[0]]]
            slots = [*first, *(place[argument] for argument in arguments[1:])]
            place[reference] = built.apply(op, *slots, **traced.parameters(reference))
    _tell(built, place, names, sources)
    graph = built.build(place[output])
    if not blocks:
        return graph
    told = built.names(place[output])
    called = {reference: told[there] for reference, there in place.items()}
    return close_each(graph, closings(graph, blocks, called, set(filter(None, map(built.node_name, place.values())))))


def _needed(
    traced: GraphBuilder, output: Reference, names: Mapping[Reference, str], block_of: Mapping[Reference, int]
) -> tuple[set[Reference], set[Reference]]:
    """Find what the output needs, and which sums are used once, as first term of a sum of no other name or block."""
    needed = {output}
    uses = [0] * len(traced)
    grows: set[Reference] = set()
    for reference in range(len(traced) - 1, -1, -1):
        if reference not in needed:
            continue
        for slot, argument in enumerate(traced.arguments(reference)):
            needed.add(argument)
            uses[argument] += 1
            if slot == 0 and traced.op(reference) == traced.op(argument) == "add":
                called = names.get(reference)
                if names.get(argument, called) == called and block_of.get(reference) == block_of.get(argument):
                    grows.add(argument)
    return needed, {reference for reference in grows if uses[reference] == 1}


def _tell(
    built: GraphBuilder,
    place: Mapping[Reference, Reference],
    names: Mapping[Reference, str],
    sources: Mapping[Reference, str],
) -> None:
    """Name the gates, and say where they were written; inputs and constants have names of their own."""
    taken = {name for reference in range(len(built)) if (name := built.node_name(reference))}
    called = {
        place[reference]: name
        for reference, name in names.items()
        if reference in place and built.op(place[reference]) not in {INPUT, CONSTANT}
    }
    for reference, name in numbered(called, taken).items():
        built.name(reference, name)
    for reference, source in sources.items():
        if reference in place and source:
            built.trace_back(place[reference], source)
