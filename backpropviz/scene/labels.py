"""What marks say: the label of each node, and how wide a text is drawn."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.graph import CONSTANT, INPUT
from backpropviz.ops import REGISTRY
from backpropviz.ops.composite import CLOSED_GATES as COMPOSITES
from backpropviz.steps.numerals import format_number

if TYPE_CHECKING:
    from backpropviz.graph import Graph

_NARROW = set("iljftI.,:;|'!()[]/ ")
_WIDE = set("mwMW@%—∞")


def text_width(text: str, size: float) -> float:
    """Estimate the width of a text in a sans-serif face.

    Returns
    -------
    float
        In px; a little more than most faces take.

    Examples
    --------
    >>> text_width("sin", 10.0) < text_width("softplus", 10.0)
    True
    """
    return size * sum(_width(character) for character in text)


def _width(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 0.9
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    return 0.62


LONGEST_DEFINITION = 16
"""Characters that a definition inside a rectangle may have."""

_FOLDED = {
    ("add", 0): "+{0}",
    ("add", 1): "+{0}",
    ("subtract", 0): "{0}−",
    ("subtract", 1): "−{0}",
    ("multiply", 0): "×{0}",
    ("multiply", 1): "×{0}",
    ("divide", 0): "{0}/",
    ("divide", 1): "÷{0}",
    ("power", 0): "{0}ˣ",
    ("power", 1): "x^{0}",
}
_POWERS = {2.0: "x²", 3.0: "x³", 4.0: "x⁴", 5.0: "x⁵", -1.0: "x⁻¹", -2.0: "x⁻²", 0.5: "√"}


def folded_constants(graph: Graph) -> set[str]:
    """Names of constants that stand inside their gates' labels and need no mark of their own.

    The lecture's fine-grained gates are of this kind: ×(−1), +1. A constant is folded where each of its consumers has
    two arguments and the other one is no constant.
    """
    folded = set()
    for name in graph.constants:
        consumers = [consumer for consumer, _ in graph.consumers(name)]
        if not getattr(graph.node(name).value, "ndim", 0) and consumers and name != graph.output:
            fits = all(
                graph.op(consumer) in {"add", "subtract", "multiply", "divide", "power"}
                and len(graph.arguments(consumer)) == 2
                and sum(graph.op(argument) == CONSTANT for argument in graph.arguments(consumer)) == 1
                for consumer in consumers
            )
            if fits:
                folded.add(name)
    return folded


def label_of(graph: Graph, name: str, folded: set[str]) -> str:
    """Text inside the mark of a node: an input's name, a constant's number, a gate's operation."""
    op = graph.op(name)
    if op == INPUT:
        return name
    if op == CONSTANT:
        return constant_label(graph, name)
    for slot, argument in enumerate(graph.arguments(name)):
        if argument in folded:
            return _folded_label(graph, op, slot, argument)
    return _symbol(graph, name)


def definition_label(graph: Graph, name: str) -> str:
    """Write what a node computes in its arguments' names, ``a/b``; only the operation where that is long."""
    text = graph.definition(name, style="unicode")
    return text if len(text) <= LONGEST_DEFINITION else _symbol(graph, name)


def _symbol(graph: Graph, name: str) -> str:
    """Give the sign of an operation; a closed gate has its name."""
    return name if graph.op(name) in COMPOSITES else REGISTRY[graph.op(name)].symbol


def constant_label(graph: Graph, name: str) -> str:
    """Write the number of a constant, or its own name where it has one, as π has."""
    value = graph.node(name).value
    if name in "πℯ" or np.ndim(value):  # type: ignore[arg-type]
        return name
    return format_number(float(value))  # type: ignore[arg-type]


def _folded_label(graph: Graph, op: str, slot: int, constant: str) -> str:
    number = float(graph.node(constant).value)  # type: ignore[arg-type]
    text = constant_label(graph, constant)
    if op == "power" and slot == 1 and number in _POWERS:
        return _POWERS[number]
    if op == "divide" and slot == 0:
        return f"{text}/x"
    bracketed = f"({text})" if number < 0 and op in {"add", "subtract", "multiply", "divide"} else text
    return _FOLDED[op, slot].format(bracketed)
