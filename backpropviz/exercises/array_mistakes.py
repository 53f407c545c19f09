"""Typical errors that only arrays allow: a batch that is not summed, a mean that is not divided, factors turned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.exercises.mistakes import (
    AVERAGED,
    ENTRYWISE,
    FACTOR_ORDER,
    FORGOT_FACTOR,
    MEAN_NOT_DIVIDED,
    NO_LOCAL,
    NOT_TRANSPOSED,
    PASSED_ALL,
    PER_EXAMPLE,
)
from backpropviz.graph import CONSTANT
from backpropviz.ops import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropviz.autodiff import Adjoints, Tape

_MOST_EXAMPLES = 8
"""Examples of a batch whose gradient alone is recognised."""


def array_faults(tape: Tape, adjoints: Adjoints, node: str, consumer: str, slot: int) -> Iterator[tuple[str, str, Any]]:
    """List errors in what an array gate sends back, each with what it would be: name, sentence, number or array."""
    graph, upstream = tape.graph, adjoints[consumer]
    op = graph.op(consumer)
    values = [tape.primals[argument] for argument in graph.arguments(consumer)]
    amount = adjoints.contributions[consumer, slot]
    if not np.ndim(amount) and not np.ndim(upstream):
        return
    if op == "relu":
        text = f"You let the whole gradient through {consumer}: where its input is negative, nothing comes back."
        yield PASSED_ALL, text, upstream
    elif np.shape(upstream) == np.shape(amount) and op not in ("add", "subtract", "max", "min"):
        text = f"This is the gradient of {consumer}, which arrives: multiply it by the local gradient of {consumer}."
        yield NO_LOCAL, text, upstream
    if op == "mean":
        count = np.size(values[0]) // max(1, np.size(upstream))
        yield MEAN_NOT_DIVIDED, _undivided(consumer, count), amount * count
    if op == "sum":
        count = np.size(values[0]) // max(1, np.size(upstream))
        yield AVERAGED, f"You divided by {count}: {consumer} is a sum, not a mean.", amount / count
    if REGISTRY[op].elementwise and np.shape(amount) != np.shape(upstream):
        yield from _unsummed_uses(tape, adjoints, node, consumer, slot)
    if op in ("matmul", "dot"):
        yield from _turned_products(tape, adjoints, node, consumer, slot)


def _unsummed_uses(
    tape: Tape, adjoints: Adjoints, node: str, consumer: str, slot: int
) -> Iterator[tuple[str, str, Any]]:
    """Broadcasting used an entry several times: what comes of one use alone, or of their mean."""
    graph, upstream = tape.graph, adjoints[consumer]
    amount = adjoints.contributions[consumer, slot]
    uses = np.size(upstream) // max(1, np.size(amount))
    if uses < 2:
        return
    text = f"You took the mean: {node} was used {uses} times at {consumer}, so its gradient is the sum over these uses."
    yield AVERAGED, text, amount / uses
    if np.ndim(upstream) != 2 or np.shape(amount) not in {upstream.shape[1:], (1, *upstream.shape[1:])}:
        return
    arguments = [tape.primals[argument] for argument in graph.arguments(consumer)]
    op = REGISTRY[graph.op(consumer)]
    partials = op.partials(tape.primals[consumer], *arguments, **graph.parameters(consumer))  # type: ignore[union-attr]
    every = np.broadcast_to(upstream * partials[slot], upstream.shape)
    for row in range(min(len(every), _MOST_EXAMPLES)):
        alone = f"this comes of row {row} of {consumer} alone, and {node} was used in {len(every)} rows."
        yield PER_EXAMPLE, f"You did not sum over the batch: {alone}", np.reshape(every[row], np.shape(amount))


def _turned_products(
    tape: Tape, adjoints: Adjoints, node: str, consumer: str, slot: int
) -> Iterator[tuple[str, str, Any]]:
    """Matrices whose shapes happen to fit in another order, or turned; and one example of a batch alone."""
    names = tape.graph.arguments(consumer)
    other, upstream = np.asarray(tape.primals[names[1 - slot]]), np.asarray(adjoints[consumer])
    if np.ndim(other) != 2 or np.ndim(upstream) != 2 or np.ndim(tape.primals[node]) != 2:
        return
    given = names[1 - slot]
    pairs = [(given, other, consumer, upstream), (consumer, upstream, given, other)]
    right = (given, consumer) if slot else (consumer, given)
    for first_name, first, second_name, second in pairs:
        for first_turned in (False, True):
            for second_turned in (False, True):
                one, two = first.T if first_turned else first, second.T if second_turned else second
                if one.shape[1] != two.shape[0]:
                    continue
                ordered = (first_name, second_name) == right
                kind = NOT_TRANSPOSED if ordered else FACTOR_ORDER
                written = _written(consumer, (first_name, first_turned), (second_name, second_turned))
                asked = _written(consumer, *((name, name == given) for name in right))
                yield kind, f"This is {written}; the gradient of {node} is {asked}.", one @ two
    if other.shape == upstream.shape:
        text = f"You multiplied {given} and the gradient of {consumer} entry by entry: {consumer} is a matrix product."
        yield ENTRYWISE, text, other * upstream
    if slot == 1 and len(other) > 1:
        text = f"You took the mean over the {len(other)} rows of {given}: what they send back is summed."
        yield AVERAGED, text, other.T @ upstream / len(other)
        for row in range(min(len(other), _MOST_EXAMPLES)):
            alone = f"this comes of row {row} of {given} alone, and {node} was used for {len(other)} rows."
            yield PER_EXAMPLE, f"You did not sum over the batch: {alone}", np.outer(other[row], upstream[row])


def _written(upstream: str, *factors: tuple[str, bool]) -> str:
    return "·".join(f"{'∇' if name == upstream else ''}{name}{'ᵀ' if turned else ''}" for name, turned in factors)


def _undivided(gate: str, count: int) -> str:
    return f"You did not divide by {count}: {gate} is a mean, and its 1/{count} stays in every gradient behind it."


def lost_factors(tape: Tape, node: str) -> Iterator[tuple[str, str, float]]:
    """List numbers that the whole gradient lacks, or has too much, where a gate behind the node was taken wrongly.

    A mean that was not divided, or a square whose 2 was forgotten, makes every gradient behind it wrong by one factor,
    where all ways to the output lead through it.
    """
    graph = tape.graph
    for gate in graph.nodes:
        if gate == node or not graph.arguments(gate) or not _is_passed(tape, node, gate):
            continue
        op, arguments = graph.op(gate), graph.arguments(gate)
        if op == "mean":
            count = np.size(tape.primals[arguments[0]]) // max(1, np.size(tape.primals[gate]))
            if count > 1:
                yield MEAN_NOT_DIVIDED, _undivided(gate, count), float(count)
        exponent = 2.0 if op == "square" else None
        if op == "power" and graph.op(arguments[1]) == CONSTANT and np.ndim(tape.primals[arguments[1]]) == 0:
            exponent = float(tape.primals[arguments[1]])
        if exponent not in (None, 0.0, 1.0):
            text = f"You forgot the factor {exponent:g}: it comes down from the exponent at {gate}."
            yield FORGOT_FACTOR, text, 1 / exponent


def _is_passed(tape: Tape, node: str, gate: str) -> bool:
    """Tell whether every way from a node to the output leads through a gate, and some way does."""
    graph = tape.graph
    seen, waiting, meets = {node}, [node], False
    while waiting:
        here = waiting.pop()
        if here == graph.output:
            return False
        for consumer, _ in graph.consumers(here):
            meets = meets or consumer == gate
            if consumer != gate and consumer not in seen:
                seen.add(consumer)
                waiting.append(consumer)
    return meets
