"""Which operation an object of a learner's engine is: by its sign, its backward function, or its number."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import AdoptionError
from backpropviz.ops import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_SIGNS = {
    "+": "add",
    "*": "multiply",
    "×": "multiply",
    "-": "subtract",
    "/": "divide",
    "@": "matmul",
    "**": "power",
    "log": "ln",
    "neg": "negate",
    "rsqrt": "",
    "σ": "sigmoid",
    "sum": "sum",
}
_METHODS = {
    "__add__": "add",
    "__mul__": "multiply",
    "__sub__": "subtract",
    "__truediv__": "divide",
    "__pow__": "power",
    "__neg__": "negate",
    "__matmul__": "matmul",
    "__radd__": "add",
    "__rmul__": "multiply",
}
_BY_NUMBER = (
    *("add", "multiply", "subtract", "divide", "power", "max", "min", "matmul"),
    *("exp", "ln", "tanh", "relu", "sigmoid", "negate", "reciprocal", "square", "sqrt", "sin", "cos", "abs", "gelu"),
    *("softplus", "leaky_relu", "tan", "log2", "log10", "sum"),
)
_PLAIN = (float, int)
_POWER = re.compile(r"\*\*\s*\(?(-?[\d.]+(?:e-?\d+)?)\)?")


@dataclass(frozen=True, slots=True)
class Guess:
    """An operation and what it takes.

    Parameters
    ----------
    op : str
        Name in the registry.
    arguments : tuple of object
        Children, by slot.
    numbers : tuple of float
        Plain numbers after them, such as an exponent.
    """

    op: str
    arguments: tuple[Any, ...]
    numbers: tuple[float, ...] = ()


def guessed(value: Any, name: str, children: Sequence[Any], number_of: Callable[[Any], Any]) -> Guess:
    """Find the operation whose value is the object's number.

    Raises
    ------
    AdoptionError
        Where no operation gives it.
    """
    told = _value_text(value)
    plain = _plain_arithmetic(value, told, children, number_of)
    if plain:
        return Guess(plain, tuple(children))
    with np.errstate(all="ignore"):
        fits = [guess for guess in _candidates(value, told, children, number_of) if _gives(guess, value, number_of)]
        locals_ = getattr(value, "_local_grads", None)
        if locals_ is not None and len(fits) > 1:
            fits = [guess for guess in fits if _slopes_fit(guess, value, locals_, number_of)] or fits
    if fits:
        return fits[0]
    shown = ", ".join(
        f"{np.asarray(number_of(each)):.6g}" if not np.ndim(number_of(each)) else "array" for each in children
    )
    called = f" called {told!r}" if told else ""
    raise AdoptionError(
        f"{name}: no operation{called} gives {number_of(value)!r} from {shown}. Its forward pass is wrong, or it is an "
        f"operation that is not known here; known are {', '.join(_BY_NUMBER)}.",
        node=name,
        actual=number_of(value),
    )


def _plain_arithmetic(value: Any, told: str, children: Sequence[Any], number_of: Callable[[Any], Any]) -> str:
    """Recognise sums and products at once: most of a large graph is made of them; empty for all else."""
    if len(children) != 2 or told not in ("", "+", "*", "__add__", "__mul__"):
        return ""
    x, y, out = number_of(children[0]), number_of(children[1]), number_of(value)
    if not (isinstance(x, _PLAIN) and isinstance(y, _PLAIN) and isinstance(out, _PLAIN)):
        return ""
    slopes = getattr(value, "_local_grads", None)
    adds = x + y == out and told not in ("*", "__mul__") and (slopes is None or tuple(slopes) == (1, 1))
    multiplies = x * y == out and told not in ("+", "__add__") and (slopes is None or tuple(slopes) == (y, x))
    return "" if adds == multiplies else "add" if adds else "multiply"


def _value_text(value: Any) -> str:
    """Give what the object says that it is: its sign, or the method that made its backward function."""
    for attribute in ("_op", "op", "operation"):
        sign = getattr(value, attribute, None)
        if isinstance(sign, str) and sign:
            return sign
    for attribute in ("_backward", "backward_fn", "_grad_fn", "grad_fn"):
        rule = getattr(value, attribute, None)
        path = [] if rule is None else getattr(rule, "__qualname__", "").split(".")
        if len(path) > 2 and path[-2] == "<locals>" and path[-3] != "__init__":
            return path[-3]
    return ""


def _candidates(value: Any, told: str, children: Sequence[Any], number_of: Callable[[Any], Any]) -> Iterator[Guess]:
    op = _METHODS.get(told) or _SIGNS.get(told) or (told.lower() if told.lower() in REGISTRY else "")
    power = _POWER.match(told)
    if power:
        yield Guess("power", (children[0],), (float(power[1]),))
        return
    if op == "power" and len(children) == 1:
        yield from _powers(value, children[0], number_of)
        return
    names = [op] if op else _BY_NUMBER
    if op == "subtract" and len(children) == 1:
        names = ["negate"]
    # A set of children holds a value that is used twice only once, and in no order.
    twice = [(children[0], children[0])] if len(children) == 1 else []
    for each in names:
        for given in (
            (*itertools.permutations(children, len(children)), *twice) if len(children) < 4 else [tuple(children)]
        ):
            if REGISTRY[each].accepts(len(given)):
                yield Guess(each, given)
    if not op and len(children) == 1:
        yield from _powers(value, children[0], number_of)


def _powers(value: Any, child: Any, number_of: Callable[[Any], Any]) -> Iterator[Guess]:
    """Find the exponent of a power, from its slope where that is told, else from the number."""
    x, out = float(number_of(child)), float(number_of(value))
    slopes = getattr(value, "_local_grads", None)
    found = float(slopes[0]) * x / out if slopes and out else np.log(abs(out)) / np.log(abs(x)) if x else np.nan
    if np.isfinite(found):
        near = round(2.0 * found) / 2.0
        for exponent in dict.fromkeys((near if abs(near - found) < 1e-6 else found, found)):
            yield Guess("power", (child,), (float(exponent),))


def _gives(guess: Guess, value: Any, number_of: Callable[[Any], Any]) -> bool:
    arguments = [np.asarray(number_of(each), dtype=np.float64)[()] for each in guess.arguments]
    wanted = number_of(value)
    try:
        got = REGISTRY[guess.op].value(*arguments, *map(np.float64, guess.numbers))
    except (ValueError, TypeError, IndexError):
        return False
    if isinstance(wanted, _PLAIN) and np.ndim(got) == 0:  # of large graphs, nearly all
        near = math.isfinite(wanted) and abs(got - wanted) <= 1e-9 * abs(wanted)
        return bool(got == wanted or near or (got != got and wanted != wanted))  # noqa: PLR0124  not a number
    got, wanted = np.asarray(got, dtype=np.float64), np.asarray(wanted, dtype=np.float64)
    if got.shape != wanted.shape:
        return False
    close = np.isfinite(wanted) & (np.abs(got - wanted) <= 1e-9 * np.abs(wanted))
    return bool(np.all((got == wanted) | close | (np.isnan(got) & np.isnan(wanted))))


def _slopes_fit(guess: Guess, value: Any, slopes: Sequence[Any], number_of: Callable[[Any], Any]) -> bool:
    op = REGISTRY[guess.op]
    arguments = [np.float64(number_of(each)) for each in guess.arguments] + [np.float64(each) for each in guess.numbers]
    ours = op.vjp(np.float64(1.0), np.float64(number_of(value)), arguments, {}, range(len(guess.arguments)))
    pairs = zip(map(float, ours), map(float, slopes), strict=False)
    return len(ours) == len(slopes) and all(a == b or abs(a - b) <= 1e-9 * max(1.0, abs(b)) for a, b in pairs)
