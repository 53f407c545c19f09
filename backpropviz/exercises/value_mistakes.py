"""Typical errors at the value of a node: another operation, swapped inputs, a factor turned."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.exercises.mistakes import (
    DEGREES,
    MEAN_NOT_DIVIDED,
    PER_EXAMPLE,
    SWAPPED,
    TRANSPOSED,
    WRONG_LOGARITHM,
    WRONG_OPERATION,
    WRONG_SIGN,
    Mistake,
)
from backpropviz.ops import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropviz.autodiff import Tape


def value_mistakes(tape: Tape, node: str) -> list[Mistake]:
    """List typical errors at the value of a node, with numbers or arrays of its shape."""
    graph = tape.graph
    values = [tape.primals[argument] for argument in graph.arguments(node)]
    shape = np.shape(tape.primals[node])
    with np.errstate(all="ignore"):
        found = [Mistake(*each) for each in _wrong_values(graph.op(node), node, values)]
    return [each for each in found if np.shape(each.number) == shape]


def _wrong_values(op: str, node: str, values: list[Any]) -> Iterator[tuple[str, str, Any]]:
    first = values[0]
    yield from _wrong_operations(op, node, values)
    if op in ("subtract", "divide"):
        second = values[1]
        turned = second - first if op == "subtract" else second / first
        yield SWAPPED, f"You swapped the inputs of {node}.", turned
    if op == "subtract":
        yield WRONG_SIGN, f"Wrong sign: {node} is a difference.", reduce(np.add, values)
    if op == "negate":
        yield WRONG_SIGN, f"Wrong sign: {node} turns it.", first
    if op == "ln":
        yield WRONG_LOGARITHM, f"You took the logarithm to base 10: {node} is the natural one.", np.log10(first)
    if op in ("sin", "cos", "tan"):
        rule = REGISTRY[op].value
        yield DEGREES, f"Your calculator counts in degrees: {op} here takes radians.", rule(np.radians(first))
    if op in ("matmul", "dot"):
        yield from _wrong_products(node, values)


def _wrong_operations(op: str, node: str, values: list[Any]) -> Iterator[tuple[str, str, Any]]:
    first = values[0]
    if op == "add":
        yield WRONG_OPERATION, f"You multiplied: {node} is a sum.", reduce(np.multiply, values)
    if op == "multiply":
        yield WRONG_OPERATION, f"You added: {node} is a product.", reduce(np.add, values)
    if op in ("max", "min"):
        other = reduce(np.minimum if op == "max" else np.maximum, values)
        yield WRONG_OPERATION, f"You took the other one: {node} is the {op}.", other
    if op == "sum":
        yield WRONG_OPERATION, f"You took the mean: {node} is a sum.", np.mean(first)
        yield PER_EXAMPLE, f"You left out a part: {node} sums all {np.size(first)} entries.", np.ravel(first)[0]
    if op == "mean":
        yield MEAN_NOT_DIVIDED, f"You took the sum: {node} is a mean, so divide by {np.size(first)}.", np.sum(first)


def _wrong_products(node: str, values: list[Any]) -> Iterator[tuple[str, str, Any]]:
    left, right = values
    if np.ndim(left) != 2 or np.ndim(right) != 2:
        return
    if left.shape == right.shape:
        text = f"You multiplied entry by entry: {node} is a matrix product, rows of the first by columns of the second."
        yield WRONG_OPERATION, text, left * right
    if left.shape[1] == right.shape[1]:
        text = f"You multiplied by the transposed second factor: at {node} a row meets a column."
        yield TRANSPOSED, text, left @ right.T
    if left.shape[0] == right.shape[0]:
        yield TRANSPOSED, f"You multiplied the transposed first factor: at {node} a row meets a column.", left.T @ right
    if left.shape[0] == right.shape[1]:
        yield SWAPPED, f"You swapped the factors of {node}: matrix products do not commute.", right @ left
