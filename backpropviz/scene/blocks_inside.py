"""What a model drawn as blocks keeps inside them, and the connections that lead past them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.ops.composite import CLOSED_GATES as COMPOSITES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph import Graph


_MOST_INPUTS = 60
"""Inputs beyond which those of closed gates stand inside, whether a model is said to learn them or not."""


def standing_inside(graph: Graph) -> dict[str, str]:
    """Give the inputs that have no mark of their own, each with the closed gate that it stands in.

    Weights that meet closed gates alone are a matter of these; where such a gate is opened, they come out. So do other
    inputs, where there are very many.
    """
    found = {}
    are_many = len(graph.inputs) > _MOST_INPUTS
    for name in graph.inputs:
        if are_many or graph.node(name).learned:
            consumers = [consumer for consumer, _ in graph.consumers(name)]
            if consumers and all(graph.op(each) in COMPOSITES for each in consumers):
                found[name] = consumers[0]
    return found


def residual_edges(graph: Graph, shapes: Mapping[str, tuple[int, ...]]) -> set[tuple[str, int]]:
    """Give the edges, as (consumer, slot), that lead past what they are added to.

    Parameters
    ----------
    graph : Graph
        In which they are looked for.
    shapes : mapping of str to tuple of int
        Shape of each node: both terms of a residual connection are arrays of one shape.

    Examples
    --------
    >>> import numpy as np
    >>> from backpropviz import trace
    >>> graph = trace(lambda x: x + np.tanh(x))
    >>> residual_edges(graph, dict.fromkeys(graph.nodes, (3,)))
    {('y', 0)}
    """
    found = set()
    for name in graph.nodes:
        arguments = graph.arguments(name)
        if graph.op(name) != "add" or len(arguments) != 2 or not shapes.get(name):
            continue
        if shapes.get(arguments[0]) != shapes.get(arguments[1]):
            continue
        for slot in (0, 1):
            if arguments[slot] != arguments[1 - slot] and _leads_to(graph, arguments[slot], arguments[1 - slot]):
                found.add((name, slot))
    return found


def _leads_to(graph: Graph, source: str, target: str) -> bool:
    place = {name: index for index, name in enumerate(graph.nodes)}
    waiting, seen = [target], set()
    while waiting:
        for argument in graph.arguments(waiting.pop()):
            if argument == source:
                return True
            if argument not in seen and place[argument] > place[source]:
                seen.add(argument)
                waiting.append(argument)
    return False
