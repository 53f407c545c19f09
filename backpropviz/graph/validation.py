"""Whether a node fits into its graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.errors import GraphError
from backpropviz.graph.node import CONSTANT, INPUT
from backpropviz.ops import REGISTRY, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph.node import Node


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
