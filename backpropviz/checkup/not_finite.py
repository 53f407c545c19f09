"""Where NaN and infinity begin, on the way forward and on the way back, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from backpropviz.graph import CONSTANT, INPUT
from backpropviz.steps.numerals import format_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropviz.autodiff import Adjoints, Tape

_SOFTMAXES = ("softmax", "log_softmax")


class Break(NamedTuple):
    """Where numbers stop being finite.

    Parameters
    ----------
    node : str
        The first one.
    text : str
        Why, as the end of a sentence that begins with the node.
    """

    node: str
    text: str


def first_value(tape: Tape) -> Break | None:
    """Find the first node whose value is NaN or infinite and does harm.

    An entry of −∞ that a softmax turns into 0 is a mask, and no fault; where a row has nothing else, the softmax is
    what is told.

    Examples
    --------
    >>> from backpropviz import parse
    >>> first_value(parse("a = x - 1; y = ln(a)").evaluate(x=1.0))
    Break(node='y', text='is −∞: a is not above 0, and so has no logarithm')
    """
    graph = tape.graph
    harmful: dict[str, bool] = {}
    for name in reversed(graph.nodes):
        value = np.asarray(tape.primals[name])
        bad = ~np.isfinite(value)
        if not bad.any():
            harmful[name] = False
            continue
        masked = bool(np.isneginf(value[bad]).all())
        consumers = [consumer for consumer, _ in graph.consumers(name)]
        harmful[name] = not (masked and consumers and not any(harmful[each] for each in consumers))
    found = [name for name in graph.nodes if harmful[name]]
    if not found:
        return None
    first = next((name for name in found if not _carries(tape, name)), found[0])
    return Break(first, _why(tape, first))


def _carries(tape: Tape, name: str) -> bool:
    """Tell whether a node has nothing but the −∞ of its arguments, or of a mask, beside finite numbers."""
    value = np.asarray(tape.primals[name])
    if not np.isneginf(value[~np.isfinite(value)]).all():
        return False
    arguments = tape.graph.arguments(name)
    return not arguments or any(np.isneginf(tape.primals[each]).any() for each in arguments)


def _why(tape: Tape, name: str) -> str:
    graph, op, value = tape.graph, tape.graph.op(name), np.asarray(tape.primals[name])
    is_ = f"is {_kind(value)}{_where(~np.isfinite(value))}"
    if op in (INPUT, CONSTANT):
        return f"{is_}: that is how it was given"
    arguments = {each: np.asarray(tape.primals[each]) for each in graph.arguments(name)}
    passed = next((each for each, array in arguments.items() if not np.isfinite(array).all()), None)
    if op in _SOFTMAXES:
        axis = int(dict(graph.node(name).parameters).get("axis", -1))
        ((argument, array),) = arguments.items()
        empty = np.isneginf(array).all(axis=axis)
        if empty.any():
            return (
                f"{is_}: a row of its argument {argument}{_where(empty)} holds only −∞, so that everything is masked "
                "and nothing is left to share out. Let every row keep at least one entry"
            )
    if op in _REASONS:
        slot, test, said = _REASONS[op]
        each = graph.arguments(name)[slot]
        found = test(arguments[each])
        if found.any():
            return f"{is_}: {each}{_where(found)} {said}"
    if passed is not None:
        return f"{is_}: {passed} is infinite there, and {op} makes no number of that"
    largest = max((float(np.max(np.abs(array), initial=0.0)) for array in arguments.values()), default=0.0)
    return f"{is_}: its arguments reach {format_number(largest)}, and {op} of that is larger than a float64 can hold"


_LOGARITHM = (0, lambda x: x <= 0.0, "is not above 0, and so has no logarithm")
_REASONS: dict[str, tuple[int, Callable[[Any], Any], str]] = {
    "ln": _LOGARITHM,
    "log2": _LOGARITHM,
    "log10": _LOGARITHM,
    "sqrt": (0, lambda x: x < 0.0, "is below 0, and so has no square root"),
    "divide": (1, lambda x: x == 0.0, "is 0, and nothing can be divided by it"),
    "reciprocal": (0, lambda x: x == 0.0, "is 0, and nothing can be divided by it"),
}
"""By operation: the slot that is to blame, what it is then, and how to say it."""


def first_gradient(tape: Tape, adjoints: Adjoints) -> Break | None:
    """Find the first node, in the order of the backward sweep, whose gradient is NaN or infinite.

    Examples
    --------
    >>> from backpropviz import parse
    >>> tape = parse("a = x**2; y = sqrt(a)").evaluate(x=0.0)
    >>> first_gradient(tape, tape.reverse()).node
    'a'
    """
    graph = tape.graph
    for name in reversed(graph.nodes):
        found = adjoints.get(name)
        if found is None or np.isfinite(found).all():
            continue
        bad = ~np.isfinite(np.asarray(found))
        for consumer, slot in graph.consumers(name):
            sent = adjoints.contributions.get((consumer, slot))
            if sent is None or np.isfinite(sent).all():
                continue
            value = np.asarray(tape.primals[name])
            broken = ~np.isfinite(np.asarray(sent))
            at = (
                f" where {name} is {format_number(float(value[broken].flat[0]))}" if value.shape == broken.shape else ""
            )
            return Break(
                name,
                f"has the first gradient that is {_kind(np.asarray(found))}{_where(bad)} on the way back: {consumer} "
                f"({graph.op(consumer)}) sends it{at}",
            )
        return Break(name, f"has the first gradient that is {_kind(np.asarray(found))} on the way back")
    return None


def _kind(value: Any) -> str:
    if np.isnan(value).any():
        return "NaN"
    return "−∞" if np.isneginf(value).any() and not np.isposinf(value).any() else "infinite"


def _where(mask: Any) -> str:
    """Say at which entry a mask is true first, and at how many more."""
    mask = np.asarray(mask)
    if mask.ndim == 0:
        return ""
    first = ", ".join(map(str, np.argwhere(mask)[0]))
    more = int(np.count_nonzero(mask)) - 1
    return f" at [{first}]{f' and {more:,} more' if more else ''}"
