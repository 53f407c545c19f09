"""How terms are written as Python source: on Python's floats, and on NumPy's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.fast.terms import SOURCE_FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LN2 = math.log(2.0)

_OPERATORS: dict[str, Callable[..., str]] = {
    "add": lambda x, y: f"({x}+{y})",
    "subtract": lambda x, y: f"({x}-{y})",
    "multiply": lambda x, y: f"({x}*{y})",
    "divide": lambda x, y: f"({x}/{y})",
    "negative": lambda x: f"(-{x})",
    "less": lambda x, y: f"({x}<{y})",
    "less_equal": lambda x, y: f"({x}<={y})",
    "greater": lambda x, y: f"({x}>{y})",
    "greater_equal": lambda x, y: f"({x}>={y})",
    "equal": lambda x, y: f"({x}=={y})",
    "not_equal": lambda x, y: f"({x}!={y})",
}


def constant_source(value: float | bool) -> str:  # noqa: FBT001  a constant of either kind
    """Write a constant: the shortest digits that give the same float again, in brackets where it has a sign."""
    text = repr(value)
    return f"({text})" if text.startswith("-") else text


@dataclass(frozen=True, slots=True)
class Dialect:
    """A way to write terms as Python source.

    Parameters
    ----------
    templates : mapping
        By function: from the texts of the arguments to the text of the term.
    repeating : frozenset of str
        Functions whose template repeats an argument, which must be a plain name then.
    namespace : mapping
        What the source may refer to.
    number : callable
        From the value of a constant to its text.
    """

    templates: Mapping[str, Callable[..., str]]
    repeating: frozenset[str]
    namespace: Mapping[str, Any]
    number: Callable[[float | bool], str] = constant_source


def _logaddexp(x: float, y: float) -> float:
    """Logarithm of a sum of exponentials, in the steps that NumPy takes."""
    if x == y:
        return x + _LN2
    gap = x - y
    if gap > 0:
        return x + math.log1p(math.exp(-gap))
    return y + math.log1p(math.exp(gap)) if gap <= 0 else gap


_MATH = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "expm1": math.expm1,
    "log": math.log,
    "log1p": math.log1p,
    "log2": math.log2,
    "log10": math.log10,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "arcsin": math.asin,
    "arccos": math.acos,
    "arctan": math.atan,
    "arctan2": math.atan2,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "arcsinh": math.asinh,
    "arccosh": math.acosh,
    "arctanh": math.atanh,
    "hypot": math.hypot,
    "power": math.pow,  # ** would give a complex number for a negative base
    "absolute": math.fabs,
    "erf": math.erf,
    "erfc": math.erfc,
    "logaddexp": _logaddexp,
}


def _call(name: str) -> Callable[..., str]:
    return lambda *arguments: f"{name}({','.join(arguments)})"


def _power(base: str, exponent: str) -> str:
    # NumPy takes the square root for 0.5, which differs from pow at -inf and -0.0.
    if exponent == "0.5":
        return f"sqrt({base})"
    if not exponent.startswith("t"):
        return f"power({base},{exponent})"
    return f"(sqrt({base}) if {exponent}==0.5 else power({base},{exponent}))"


FLOATS = Dialect(
    templates={
        **_OPERATORS,
        **{name: _call(name) for name in _MATH},
        "where": lambda condition, x, y: f"({x} if {condition} else {y})",
        "power": _power,
        # As NumPy has it: NaN wins, and of two equal arguments (0.0 and -0.0) the second is given.
        "maximum": lambda x, y: f"({x} if {x}>{y} or {x}!={x} else {y})",
        "minimum": lambda x, y: f"({x} if {x}<{y} or {x}!={x} else {y})",
        "sign": lambda x: f"(1.0 if {x}>0.0 else -1.0 if {x}<0.0 else 0.0 if {x}==0.0 else {x})",
    },
    repeating=frozenset({"maximum", "minimum", "power", "sign"}),
    namespace=_MATH,
)
"""One point: Python's floats and the C library, without the cost of a NumPy call for each operation."""

FLOAT64 = Dialect(
    templates={
        **{name: _call(name) for name in SOURCE_FUNCTIONS},
        **_OPERATORS,
        "where": lambda condition, x, y: f"({x} if {condition} else {y})",
    },
    repeating=frozenset(),
    namespace={**SOURCE_FUNCTIONS, "float64": np.float64},
    number=lambda value: repr(value) if type(value) is bool else f"float64({value!r})",
)
"""One gate on the tape: NumPy's numbers and functions, so that every bit is the one that the rule itself gives."""
