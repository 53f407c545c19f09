"""Graphs to and from networkx."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from backpropviz.errors import GraphError
from backpropviz.graph.node import CONSTANT, INPUT, LEAF_PARAMETERS, Node, Number
from backpropviz.ops import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropviz.graph.structure import Structure


def to_networkx(graph: Structure) -> nx.MultiDiGraph:
    """Give a copy for networkx.

    Returns
    -------
    networkx.MultiDiGraph
        Edges run from argument to consumer, their keys are argument slots. Nodes have ``op``, ``parameters`` (a
        dict) and, for constants, ``value``; the graph has ``output``.
    """
    digraph = nx.MultiDiGraph(output=graph.output)
    records = graph.creation_order()
    for record in records:
        digraph.add_node(record.name, op=record.op, parameters=dict(record.parameters))
        if record.op == CONSTANT:
            digraph.nodes[record.name]["value"] = (
                np.array(record.value) if isinstance(record.value, np.ndarray) else record.value
            )
    for record in records:
        for slot, argument in enumerate(record.arguments):
            digraph.add_edge(argument, record.name, key=slot)
    return digraph


def read_networkx(digraph: nx.MultiDiGraph | nx.DiGraph) -> tuple[list[Node], str]:
    """Read nodes and the name of the output from networkx.

    Parameters
    ----------
    digraph : networkx.MultiDiGraph or networkx.DiGraph
        As :func:`to_networkx` gives it. Slots may also be an edge attribute ``slot``, which a DiGraph needs where a
        node has several arguments. Nodes without arguments may go without ``op``: they are constants where they have
        a ``value``, else inputs. ``output`` may be missing where exactly one node is used by none.

    Raises
    ------
    GraphError
        For a cycle, a wrong number of arguments, a slot given twice or missing, an unknown operation, a name that
        is no string, or an output that is not clear.
    """
    if not isinstance(digraph, nx.DiGraph):
        raise GraphError(f"Expected a networkx.MultiDiGraph or DiGraph, not {type(digraph).__name__}.")
    for name in digraph:
        if not isinstance(name, str) or not name:
            raise GraphError(f"Node names are non-empty strings, not {name!r}. Relabel with nx.relabel_nodes.")
    arguments = {name: _arguments(digraph, name) for name in digraph}
    nodes = [_record(name, attributes, arguments[name]) for name, attributes in digraph.nodes(data=True)]
    return nodes, _output(digraph, nodes)


def _arguments(digraph: nx.DiGraph, name: str) -> tuple[str, ...]:
    by_slot: dict[Any, str] = {}
    edges = list(_slots(digraph, name))
    for argument, slot in edges:
        if slot is None and len(edges) > 1:
            raise GraphError(
                f"Node {name!r}: the edge from {argument!r} has no slot. Give it an edge attribute slot=0, 1, ….",
                node=name,
            )
        place = 0 if slot is None else slot
        if not isinstance(place, (int, np.integer)) or isinstance(place, bool) or place < 0:
            raise GraphError(
                f"Node {name!r}: the edge from {argument!r} has slot {place!r}. Slots are 0, 1, 2, ….", node=name
            )
        if place in by_slot:
            raise GraphError(
                f"Node {name!r}: slot {place} is given twice, by {by_slot[place]!r} and by {argument!r}.",
                node=name,
                slot=int(place),
            )
        by_slot[int(place)] = argument
    missing = next((slot for slot in range(len(by_slot)) if slot not in by_slot), None)
    if missing is not None:
        raise GraphError(
            f"Node {name!r}: slot {missing} is missing; there are slots {sorted(by_slot)}.",
            node=name,
            slot=missing,
            expected=list(range(len(by_slot))),
            actual=sorted(by_slot),
        )
    return tuple(by_slot[slot] for slot in range(len(by_slot)))


def _slots(digraph: nx.DiGraph, name: str) -> Iterator[tuple[str, Any]]:
    if digraph.is_multigraph():
        for argument, _, key, attributes in digraph.in_edges(name, keys=True, data=True):
            yield argument, attributes.get("slot", key)
    else:
        for argument, _, attributes in digraph.in_edges(name, data=True):
            yield argument, attributes.get("slot")


def _record(name: str, attributes: Mapping[str, Any], arguments: tuple[str, ...]) -> Node:
    op = attributes.get("op")
    if op is None:
        if arguments:
            raise GraphError(f"Node {name!r} has arguments, but no attribute op.", node=name)
        op = CONSTANT if "value" in attributes else INPUT
    if not isinstance(op, str):
        raise GraphError(f"Node {name!r}: op is the name of an operation, not {op!r}.", node=name)
    parameters = attributes.get("parameters") or {}
    try:
        settings = tuple(sorted((str(key), _frozen(value)) for key, value in dict(parameters).items()))
        hash(settings)
    except (TypeError, ValueError):
        raise GraphError(
            f"Node {name!r}: parameters are a dict of plain values, not {parameters!r}.", node=name
        ) from None
    known = REGISTRY[op].parameters if op in REGISTRY else LEAF_PARAMETERS.get(op, ())
    for key, _ in settings:
        if op in REGISTRY and key not in known:
            raise GraphError(f"Node {name!r}: {op} has no parameter {key!r}.", node=name, op=op, expected=list(known))
    return Node(name, op, arguments, settings, _number(name, attributes.get("value")) if op == CONSTANT else None)


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, (list, tuple)) else value


def _number(name: str, value: Any) -> Number | None:
    if value is None:
        return None
    try:
        array = np.array(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise GraphError(f"Constant {name!r}: {value!r} is not a number or an array of numbers.", node=name) from None
    return np.float64(array) if array.ndim == 0 else array


def _output(digraph: nx.DiGraph, nodes: list[Node]) -> str:
    output = digraph.graph.get("output")
    if output is not None:
        return str(output)
    if not nodes:
        raise GraphError("The graph has no nodes.")
    sinks = [name for name in digraph if digraph.out_degree(name) == 0]
    if len(sinks) == 1:
        return str(sinks[0])
    if not sinks:
        return nodes[-1].name  # every node is used: there is a cycle, which Graph names
    listed = ", ".join(map(repr, sinks[:8]))
    raise GraphError(f"Several nodes are used by none: {listed}. Say which is the output: digraph.graph['output'] = ….")
