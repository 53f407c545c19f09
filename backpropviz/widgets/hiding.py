"""Numbers that are hidden, to be guessed first: which they are, and which is revealed next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropviz.errors import InputError
from backpropviz.graph import CONSTANT
from backpropviz.steps.veil import Veil

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from backpropviz.graph import Graph
    from backpropviz.steps import Timeline

_TOLD_BY = {"Evaluate": "value", "Seed": "gradient", "Settle": "gradient", "Push": "gradient"}
"""What the records of these kinds tell of their node."""


def hidden_besides(hidden: Mapping[str, Any], nodes: Collection[str], *, gradients: bool | None) -> dict[str, Any]:
    """Hide the numbers of some nodes too, or all gradients; see :meth:`backpropviz.Explorer.hide`."""
    every = hidden.get("gradients", False) or not nodes if gradients is None else gradients
    before = [each for each in hidden.get("nodes", []) if each not in nodes] if nodes else []
    shown = [each for each in hidden.get("shown", []) if each.partition(" ")[2] not in nodes] if nodes else []
    return {"gradients": bool(every), "nodes": [*before, *nodes], "shown": shown}


def first_hidden(hidden: Mapping[str, Any], timeline: Timeline) -> str:
    """Name the number that the run tells first among the hidden ones, as ``"gradient b"``; empty where none is."""
    veil = Veil.of(hidden)
    for step in timeline:
        for record in step.records:
            told = _TOLD_BY.get(type(record).__name__)
            if told and veil.hides(told, record.node):
                return f"{told} {record.node}"
    return ""


def valid_hidden(given: Mapping[str, Any], graph: Graph) -> dict[str, Any]:
    """Keep of what is to be hidden that which the graph has.

    Raises
    ------
    InputError
        For a way of hiding that is not known.
    """
    unknown = sorted(map(str, set(given) - {"gradients", "nodes", "shown"}))
    if unknown:
        raise InputError(f"Nothing is hidden by {unknown[0]!r}: write gradients, nodes or shown.")
    for listed in ("nodes", "shown"):
        if not isinstance(given.get(listed, []), list | tuple):
            raise InputError(f"{listed} lists names, as in {{'{listed}': ['x']}}; not {given[listed]!r}.", actual=given)
    nodes = [name for name in given.get("nodes", []) if name in graph and graph.op(name) != CONSTANT]
    shown = [str(each) for each in given.get("shown", [])]
    return {"gradients": bool(given.get("gradients", False)), "nodes": nodes, "shown": shown}
