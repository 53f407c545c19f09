"""Which nodes there are, whether they fit, how they are joined, and in which order: a graph without its words."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from backpropviz.errors import GraphError, NodeNotFoundError
from backpropviz.graph.node import CONSTANT, INPUT, Node
from backpropviz.ops import REGISTRY, did_you_mean
from backpropviz.ops.counting import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from backpropviz.graph.closing.regrouping import Grouping


def topological(arguments: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Order nodes by (depth, creation index), without recursion.

    Depth is the number of edges on the longest path from a leaf. Counting unmet arguments (Kahn's algorithm) rather
    than walking down keeps a chain of any length within Python's recursion limit.

    Parameters
    ----------
    arguments : mapping of str to sequence of str
        Of every node, in the order of creation; all of them are nodes of the mapping.

    Raises
    ------
    GraphError
        For a cycle, with the nodes on it.
    """
    waiting = {name: len(used) for name, used in arguments.items()}
    used_by: dict[str, list[str]] = {name: [] for name in arguments}
    for name, used in arguments.items():
        for argument in used:
            used_by[argument].append(name)
    depth = {name: 0 for name, count in waiting.items() if count == 0}
    ready = list(depth)
    for name in ready:  # grows while it is walked
        for consumer in used_by[name]:
            waiting[consumer] -= 1
            depth[consumer] = max(depth.get(consumer, 0), depth[name] + 1)
            if waiting[consumer] == 0:
                ready.append(consumer)
    if len(ready) < len(arguments):
        cycle = _cycle(arguments, {name for name, count in waiting.items() if count > 0})
        raise GraphError(
            f"The graph has a cycle: {' -> '.join(cycle)}. A computation graph runs one way.", node=cycle[0]
        )
    return tuple(sorted(arguments, key=depth.__getitem__))  # the mapping's order stays among nodes of one depth


def _cycle(arguments: Mapping[str, Sequence[str]], unmet: set[str]) -> list[str]:
    """Walk arguments backwards among the unmet nodes until one repeats."""
    name = next(name for name in arguments if name in unmet)
    path: list[str] = []
    place: dict[str, int] = {}
    while name not in place:
        place[name] = len(path)
        path.append(name)
        name = next(argument for argument in arguments[name] if argument in unmet)
    return [name, *reversed(path[place[name] :])]


def validate(node: Node, records: Mapping[str, Node]) -> None:
    """Check one node against all nodes of its graph.

    Raises
    ------
    GraphError
        For an unknown operation or argument, or a wrong number of arguments.
    """
    if node.op in (INPUT, CONSTANT):
        if node.arguments:
            raise GraphError(f"Node {node.name!r} is {node.op} and takes no arguments.", node=node.name, op=node.op)
        if node.op == CONSTANT and node.value is None:
            raise GraphError(f"Constant {node.name!r} has no value.", node=node.name, op=node.op)
        return
    op = REGISTRY.get(node.op)
    if op is None:
        hint = did_you_mean(node.op, REGISTRY)
        raise GraphError(f"Node {node.name!r}: unknown operation {node.op!r}.{hint}", node=node.name, op=node.op)
    if not op.accepts(len(node.arguments)):
        raise GraphError(
            f"Node {node.name!r}: {node.op} takes {op.arity_text}, not {len(node.arguments)}.",
            node=node.name,
            op=node.op,
            expected=op.arity_text,
            actual=len(node.arguments),
        )
    for slot, argument in enumerate(node.arguments):
        if argument not in records:
            hint = did_you_mean(argument, records)
            raise GraphError(
                f"Node {node.name!r}, slot {slot}: there is no node {argument!r}.{hint}", node=node.name, slot=slot
            )


class Structure:
    """Nodes and edges of a :class:`backpropviz.Graph`, which adds words, exchange, closing and numbers.

    What writes, closes or exchanges graphs reads them as this, so that it does not stand on the class that calls it.

    Parameters and errors are those of :class:`backpropviz.Graph`.
    """

    __slots__ = (
        "_consumers",
        "_created",
        "_inputs",
        "_nodes",
        "_output",
        "_structure_key",
        "grouping",
        "memory",
        "records",
    )

    def __init__(self, nodes: Iterable[Node], output: str) -> None:
        records: dict[str, Node] = {}
        for node in nodes:
            if not isinstance(node.name, str) or not node.name:
                raise GraphError(f"A node's name must be a non-empty string, not {node.name!r}.")
            if node.name in records:
                raise GraphError(
                    f"Two nodes are named {node.name!r}. Give every node a name of its own.", node=node.name
                )
            records[node.name] = node
        if output not in records:
            raise GraphError(f"The output {output!r} is not a node of the graph.", node=output)
        for node in records.values():
            validate(node, records)
        self._nodes = topological({name: node.arguments for name, node in records.items()})
        self.records: Mapping[str, Node] = MappingProxyType({name: records[name] for name in self._nodes})
        self._inputs = tuple(name for name, node in records.items() if node.op == INPUT)
        self._output = output
        self._created = tuple(records.values())
        consumers: dict[str, list[tuple[str, int]]] = {name: [] for name in records}
        for node in self._created:
            for slot, argument in enumerate(node.arguments):
                consumers[argument].append((node.name, slot))
        self._consumers = consumers
        self._structure_key: tuple[object, ...] | None = None
        # Where something was closed or opened: what this graph was made from.
        self.grouping: Grouping[Self] | None = None
        # Plans that upper layers derive once per graph (a flat program, generated code); never part of its value.
        self.memory: dict[str, Any] = {}

    @property
    def nodes(self) -> tuple[str, ...]:
        """All node names in topological order: by depth, then by creation."""
        return self._nodes

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs, in order of creation."""
        return self._inputs

    @property
    def constants(self) -> tuple[str, ...]:
        """Names of the constants."""
        return tuple(name for name in self._nodes if self.records[name].op == CONSTANT)

    @property
    def output(self) -> str:
        """Name of the output."""
        return self._output

    def node(self, name: str) -> Node:
        """Give the record of a node.

        Raises
        ------
        NodeNotFoundError
            With the nearest existing name.
        """
        try:
            return self.records[name]
        except (KeyError, TypeError):
            hint = did_you_mean(name, self._nodes, f"Nodes: {', '.join(self._nodes[:12])}.")
            raise NodeNotFoundError(f"The graph has no node {name!r}.{hint}", node=str(name)) from None

    def op(self, name: str) -> str:
        """Name of a node's operation; ``"input"`` and ``"constant"`` for leaves."""
        return self.node(name).op

    def arguments(self, name: str) -> tuple[str, ...]:
        """Names of a node's arguments, by slot."""
        return self.node(name).arguments

    def parameters(self, name: str) -> dict[str, Any]:
        """Give what a node's operation takes beside its arguments."""
        return dict(self.node(name).parameters)

    def consumers(self, name: str) -> tuple[tuple[str, int], ...]:
        """Where a node is used: pairs (consumer, slot). More than one is a branch."""
        self.node(name)
        return tuple(self._consumers[name])

    def creation_order(self) -> tuple[Node, ...]:
        """All records in the order in which they were made."""
        return self._created

    def key(self) -> tuple[object, ...]:
        """Everything that makes two graphs equal: records in creation order, and the output."""
        if self._structure_key is None:
            records = tuple(node.key() for node in self.creation_order())
            self._structure_key = (*records, self._output, self.grouping and self.grouping.history)
        return self._structure_key

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Structure):
            return NotImplemented
        return self.key() == other.key()

    def __hash__(self) -> int:
        return hash(self.key())

    def __len__(self) -> int:
        return len(self._nodes)

    def __contains__(self, name: object) -> bool:
        return name in self.records

    def __repr__(self) -> str:
        gates = len(self._nodes) - len(self.inputs) - len(self.constants)
        return (
            f"<{type(self).__name__} {self._output}({', '.join(self.inputs[:8])}) with {counted(gates, 'operation')}>"
        )
