"""The numbers that typical errors give, so that feedback can name the error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.autodiff.plan import plan_of
from backpropviz.graph import CONSTANT
from backpropviz.ops import REGISTRY, Elementwise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropviz.autodiff import Adjoints, Tape

OVERWROTE = "overwrote instead of accumulated"
LEFT_OUT = "left out a contribution"
NO_UPSTREAM = "forgot the upstream gradient"
SWAPPED = "swapped the inputs"
OUTPUT_FOR_INPUT = "used the output where the input belongs"
INPUT_FOR_OUTPUT = "used the input where the output belongs"
ROUTED_TO_ALL = "routed the gradient to every input"
WRONG_SIGN = "wrong sign"
VALUE_FOR_GRADIENT = "took the value for the gradient"
KEPT_EXPONENT = "kept the exponent"
WRONG_OPERATION = "used another operation"
WRONG_LOGARITHM = "used another logarithm"
DEGREES = "took radians for degrees"

_MIRRORED = {"subtract": (1,), "negate": (0,), "reciprocal": (0,), "divide": (1,), "cos": (0,), "acos": (0,)}
_NO_SLOPE_OF_THEIR_OWN = {"add", "subtract", "multiply", "negate", "max", "min", "divide", "power"}


@dataclass(frozen=True, slots=True)
class Mistake:
    """A typical error and the number it gives.

    Parameters
    ----------
    kind : str
        Its name.
    text : str
        What went wrong, in one or two sentences.
    number : float
        What an otherwise right calculation then gives.
    """

    kind: str
    text: str
    number: float


def gradient_mistakes(tape: Tape, adjoints: Adjoints, node: str) -> list[Mistake]:
    """List typical errors at the gradient of a node.

    Parameters
    ----------
    tape : Tape
        A run of a graph of scalars.
    adjoints : Adjoints
        Its adjoints.
    node : str
        Whose gradient is asked for.

    Returns
    -------
    list of Mistake
        Some may give the same number, and some the right one.
    """
    terms = [
        (consumer, slot) for consumer, slot in tape.graph.consumers(node) if (consumer, slot) in adjoints.contributions
    ]
    amounts = [float(adjoints.contributions[term]) for term in terms]
    total = float(adjoints[node])
    found = [
        Mistake(
            VALUE_FOR_GRADIENT,
            f"You took the value for the gradient: this is {node} itself.",
            float(tape.primals[node]),
        )
    ]
    found += _unfinished_sums(node, terms, amounts)
    slopes = [_partial(tape, *term) for term in terms]
    if len(terms) > 1:
        found.append(
            Mistake(NO_UPSTREAM, "You forgot the upstream gradients: these are local gradients alone.", sum(slopes))
        )
    for term, amount in zip(terms, amounts, strict=True):
        for kind, text, wrong in _wrong_contributions(tape, float(adjoints[term[0]]), node, *term):
            found.append(Mistake(kind, text, total - amount + wrong))
    return found


def _unfinished_sums(node: str, terms: list[tuple[str, int]], amounts: list[float]) -> Iterator[Mistake]:
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


def _wrong_contributions(
    tape: Tape, upstream: float, node: str, consumer: str, slot: int
) -> Iterator[tuple[str, str, float]]:
    """Errors in one contribution: name, sentence, and what it would be."""
    graph = tape.graph
    op = graph.op(consumer)
    partial = _partial(tape, consumer, slot)
    out = float(tape.primals[consumer])
    values = [float(tape.primals[argument]) for argument in graph.arguments(consumer)]
    yield (
        NO_UPSTREAM,
        f"You forgot the upstream gradient: this is the local gradient of {consumer} by {node} alone.",
        partial,
    )
    if op == "multiply":
        other = graph.arguments(consumer)[1 - slot]
        yield (
            SWAPPED,
            f"You swapped the inputs of the product {consumer}: its local gradient by {node} is {other}.",
            upstream * values[slot],
        )
    if slot in _MIRRORED.get(op, ()):
        yield WRONG_SIGN, f"Wrong sign: {op} at {consumer} turns the gradient's sign.", -upstream * partial
    if op in ("max", "min"):
        yield (
            ROUTED_TO_ALL,
            f"You routed {op} to every input: at {consumer} only the one that won receives the gradient.",
            upstream,
        )
    if op == "power" and slot == 0 and graph.op(graph.arguments(consumer)[1]) == CONSTANT:
        yield KEPT_EXPONENT, f"You kept the exponent at {consumer}: it goes down by one.", upstream * values[1] * out
    if len(values) == 1 and op not in _NO_SLOPE_OF_THEIR_OWN and type(REGISTRY[op]) is Elementwise:
        yield from _mistaken_places(tape, upstream, consumer, out, values[0])


def _mistaken_places(
    tape: Tape, upstream: float, consumer: str, out: float, value: float
) -> Iterator[tuple[str, str, float]]:
    op = REGISTRY[tape.graph.op(consumer)]
    parameters = tape.graph.parameters(consumer)
    argument = tape.graph.arguments(consumer)[0]
    with np.errstate(all="ignore"):
        (by_output,) = op.partials(np.float64(out), np.float64(out), **parameters)  # type: ignore[union-attr]
        (by_input,) = op.partials(np.float64(value), np.float64(value), **parameters)  # type: ignore[union-attr]
    yield (
        OUTPUT_FOR_INPUT,
        f"You used the output {consumer} where the input {argument} belongs in the local gradient.",
        upstream * float(by_output),
    )
    yield (
        INPUT_FOR_OUTPUT,
        f"You used the input {argument} where the output {consumer} belongs in the local gradient.",
        upstream * float(by_input),
    )


def value_mistakes(tape: Tape, node: str) -> list[Mistake]:
    """List typical errors at the value of a node."""
    graph = tape.graph
    op = graph.op(node)
    values = [float(tape.primals[argument]) for argument in graph.arguments(node)]
    with np.errstate(all="ignore"):
        return [Mistake(kind, text, float(number)) for kind, text, number in _wrong_values(op, node, values)]


def _wrong_values(op: str, node: str, values: list[float]) -> Iterator[tuple[str, str, float]]:
    first = np.float64(values[0])
    if op == "add":
        yield WRONG_OPERATION, f"You multiplied: {node} is a sum.", float(np.prod(values))
    if op == "multiply":
        yield WRONG_OPERATION, f"You added: {node} is a product.", sum(values)
    if op in ("subtract", "divide"):
        second = np.float64(values[1])
        turned = second - first if op == "subtract" else second / first
        yield SWAPPED, f"You swapped the inputs of {node}.", float(turned)
    if op == "subtract":
        yield WRONG_SIGN, f"Wrong sign: {node} is a difference.", sum(values)
    if op == "negate":
        yield WRONG_SIGN, f"Wrong sign: {node} turns it.", float(first)
    if op in ("max", "min"):
        other = min(values) if op == "max" else max(values)
        yield WRONG_OPERATION, f"You took the other one: {node} is the {op}.", other
    if op == "ln":
        yield WRONG_LOGARITHM, f"You took the logarithm to base 10: {node} is the natural one.", float(np.log10(first))
    if op in ("sin", "cos", "tan"):
        rule = REGISTRY[op].value
        yield DEGREES, f"Your calculator counts in degrees: {op} here takes radians.", float(rule(np.radians(first)))


def _partial(tape: Tape, consumer: str, slot: int) -> float:
    plan = plan_of(tape.graph)
    place = plan.place[consumer]
    step = next(step for step in plan.instructions if step.place == place)
    return float(tape.partials_at(step)[slot])
