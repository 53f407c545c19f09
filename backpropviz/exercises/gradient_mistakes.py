"""Typical errors at the gradient of a node, and the numbers or arrays that they give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.plan import plan_of
from backpropviz.exercises.array_mistakes import array_faults, lost_factors
from backpropviz.exercises.mistakes import (
    INPUT_FOR_OUTPUT,
    KEPT_EXPONENT,
    LEFT_OUT,
    NO_UPSTREAM,
    OUTPUT_FOR_INPUT,
    OVERWROTE,
    ROUTED_TO_ALL,
    SWAPPED,
    TRANSPOSED,
    VALUE_FOR_GRADIENT,
    WRONG_SIGN,
    Mistake,
)
from backpropviz.graph import CONSTANT
from backpropviz.ops import REGISTRY, Elementwise
from backpropviz.ops.broadcasting import unbroadcast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropviz.autodiff import Adjoints, Tape

_MIRRORED = {"subtract": (1,), "negate": (0,), "reciprocal": (0,), "divide": (1,), "cos": (0,), "acos": (0,)}
_NO_SLOPE_OF_THEIR_OWN = {"add", "subtract", "multiply", "negate", "max", "min", "divide", "power"}


def gradient_mistakes(tape: Tape, adjoints: Adjoints, node: str) -> list[Mistake]:
    """List typical errors at the gradient of a node.

    Returns
    -------
    list of Mistake
        With numbers or arrays of the node's shape. Some may give the same, and some the right one.
    """
    terms = [
        (consumer, slot) for consumer, slot in tape.graph.consumers(node) if (consumer, slot) in adjoints.contributions
    ]
    amounts = [adjoints.contributions[term] for term in terms]
    total, value = adjoints[node], tape.primals[node]
    found = [Mistake(VALUE_FOR_GRADIENT, f"You took the value for the gradient: this is {node} itself.", value)]
    found += _unfinished_sums(node, terms, amounts)
    if len(terms) > 1:
        slopes = [_local(tape, *term) for term in terms]
        text = "You forgot the upstream gradients: these are local gradients alone."
        found.append(Mistake(NO_UPSTREAM, text, sum(slopes)))
    for term, amount in zip(terms, amounts, strict=True):
        for kind, text, wrong in _wrong_contributions(tape, adjoints, node, *term):
            if np.shape(wrong) == np.shape(amount):
                found.append(Mistake(kind, text, total - amount + wrong))
    if np.ndim(total) == 2 and total.shape[0] == total.shape[1]:
        found.append(
            Mistake(TRANSPOSED, f"This is the transpose: the gradient of {node} stands as {node} does.", total.T)
        )
    found += [Mistake(kind, text, total * factor) for kind, text, factor in lost_factors(tape, node)]
    return [each for each in found if np.shape(each.number) == np.shape(total)]


def _unfinished_sums(node: str, terms: list[tuple[str, int]], amounts: list[Any]) -> Iterator[Mistake]:
    if len(terms) < 2:
        return
    for amount in amounts:
        yield Mistake(
            OVERWROTE,
            f"You overwrote instead of accumulated: {node} receives {len(terms)} contributions, and this is only one "
            "of them. Add them up.",
            amount,
        )
    if len(terms) > 2:
        for index, (consumer, _) in enumerate(terms):
            yield Mistake(
                LEFT_OUT,
                f"You left out a contribution: {node} also receives one from {consumer}.",
                sum(amount for place, amount in enumerate(amounts) if place != index),
            )


def _wrong_contributions(tape: Tape, adjoints: Adjoints, node: str, consumer: str, slot: int) -> Iterator[Mistake]:
    """Errors in one contribution: name, sentence, and what it would be."""
    graph, upstream = tape.graph, adjoints[consumer]
    op = graph.op(consumer)
    out = tape.primals[consumer]
    values = [tape.primals[argument] for argument in graph.arguments(consumer)]
    shape = np.shape(values[slot])
    yield Mistake(
        NO_UPSTREAM,
        f"You forgot the upstream gradient: this is the local gradient of {consumer} by {node} alone.",
        _local(tape, consumer, slot),
    )
    if op == "multiply":
        other = graph.arguments(consumer)[1 - slot]
        yield Mistake(
            SWAPPED,
            f"You swapped the inputs of the product {consumer}: its local gradient by {node} is {other}.",
            unbroadcast(upstream * values[slot], shape),
        )
    if slot in _MIRRORED.get(op, ()):
        contribution = adjoints.contributions[consumer, slot]
        yield Mistake(WRONG_SIGN, f"Wrong sign: {op} at {consumer} turns the gradient's sign.", -contribution)
    if op in ("max", "min"):
        yield Mistake(
            ROUTED_TO_ALL,
            f"You routed {op} to every input: at {consumer} only the one that won receives the gradient.",
            unbroadcast(upstream * np.ones(np.shape(out)), shape),
        )
    if op == "power" and slot == 0 and graph.op(graph.arguments(consumer)[1]) == CONSTANT:
        kept = unbroadcast(upstream * values[1] * out, shape)
        yield Mistake(KEPT_EXPONENT, f"You kept the exponent at {consumer}: it goes down by one.", kept)
    if len(values) == 1 and op not in _NO_SLOPE_OF_THEIR_OWN and type(REGISTRY[op]) is Elementwise:
        yield from _mistaken_places(tape, upstream, consumer, out, values[0])
    for fault in array_faults(tape, adjoints, node, consumer, slot):
        yield Mistake(*fault)


def _mistaken_places(tape: Tape, upstream: Any, consumer: str, out: Any, value: Any) -> Iterator[Mistake]:
    op = REGISTRY[tape.graph.op(consumer)]
    parameters = tape.graph.parameters(consumer)
    argument = tape.graph.arguments(consumer)[0]
    with np.errstate(all="ignore"):
        (by_output,) = op.partials(out, out, **parameters)  # type: ignore[union-attr]
        (by_input,) = op.partials(value, value, **parameters)  # type: ignore[union-attr]
    yield Mistake(
        OUTPUT_FOR_INPUT,
        f"You used the output {consumer} where the input {argument} belongs in the local gradient.",
        upstream * by_output,
    )
    yield Mistake(
        INPUT_FOR_OUTPUT,
        f"You used the input {argument} where the output {consumer} belongs in the local gradient.",
        upstream * by_input,
    )


def _local(tape: Tape, consumer: str, slot: int) -> Any:
    """Give what comes back where every upstream gradient is 1."""
    plan = plan_of(tape.graph)
    place = plan.place[consumer]
    step = next(step for step in plan.instructions if step.place == place)
    out = tape.values[place]
    arguments = [tape.values[each] for each in step.arguments]
    ones = np.ones(np.shape(out))[()]
    with np.errstate(all="ignore"):
        (amount,) = step.kind.vjp(ones, out, arguments, step.parameters, (slot,))
    return amount
