"""Universal functions of NumPy that are several gates, each with NumPy's own values at the edges."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import TraceError
from backpropviz.graph.tracing.numpy_names import COMPOSED_UFUNCS
from backpropviz.graph.tracing.tracer import Tracer, apply_op

if TYPE_CHECKING:
    from collections.abc import Callable

_TRUTH = frozenset({"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"})
_LN2 = math.log(2.0)


def _number(value: Any) -> float | None:
    """Give a plain scalar, None for what is traced or an array."""
    return None if isinstance(value, Tracer) or np.ndim(value) else float(value)


def _logaddexp(x: Any, y: Any) -> Any:
    if _number(x) == 0.0:
        return apply_op("softplus", y)
    return apply_op("softplus", x) if _number(y) == 0.0 else apply_op("logaddexp", x, y)


def _logaddexp2(x: Any, y: Any) -> Any:
    return np.logaddexp(x * _LN2, y * _LN2) / _LN2


def _or_else(x: Any, other: Any) -> Any:
    """Take the other where x is NaN."""
    if not isinstance(x, Tracer):
        return x if not np.isnan(x).any() else np.where(np.isnan(x), other, x)
    return np.where(np.not_equal(x, x), other, x)


def _beside_nan(choose: np.ufunc) -> Callable[[Any, Any], Any]:
    """Let a NaN lose, as fmax and fmin have it."""
    return lambda x, y: choose(_or_else(x, y), _or_else(y, x))


def _fmod(x: Any, y: Any) -> Any:
    return np.copysign(np.mod(np.abs(x), np.abs(y)), x)


def _floor_divide(x: Any, y: Any) -> Any:
    # The remainder is exact, so the quotient is a whole number up to one rounding, as in NumPy: 1 // 0.1 is 9.
    remainder = np.mod(x, y)
    quotient = np.rint((x - remainder) / y)
    if _number(y) and np.isfinite(y):
        return quotient
    # Beyond an infinite divisor of the other sign nothing but the divisor remains: −1 // ∞ is −1.
    return np.where(np.equal(y, 0.0), x / y, np.where(np.equal(remainder, y), -1.0, quotient))


def truth(value: Any) -> Any:
    """Give 1 for what counts as true, else 0; comparisons are that already."""
    if isinstance(value, Tracer):
        return value if value.builder.op(value.reference) in _TRUTH else np.not_equal(value, 0.0)
    return np.where(np.not_equal(value, 0), 1.0, 0.0)[()]


def _logical(combine: Callable[..., Any]) -> Callable[..., Any]:
    # A comparison with 0 keeps the result a truth value, so that & may follow |.
    return lambda *values: combine(*map(truth, values))


def _bitwise(name: str, combine: Callable[..., Any]) -> Callable[..., Any]:
    def meet(*values: Any) -> Any:
        for value in values:
            known = isinstance(value, Tracer) and value.builder.op(value.reference) in _TRUTH
            if not known and np.asarray(value, dtype=object).dtype.kind != "b" and not _is_boolean(value):
                example = "~(x > 0)" if name == "~" else f"(x > 0) {name} (x < 1)"
                raise TraceError(
                    f"“{name}” is for conditions, as in {example}, and {value!r} is none. Compare it first; mind the "
                    "parentheses.",
                    op=name,
                )
        return combine(*map(truth, values))

    return meet


def _is_boolean(value: Any) -> bool:
    return not isinstance(value, Tracer) and np.asarray(value).dtype.kind == "b"


def _and(x: Any, y: Any) -> Any:
    return np.greater(x * y, 0.0)


def _or(x: Any, y: Any) -> Any:
    return np.greater(x + y, 0.0)


def _not(x: Any) -> Any:
    return np.equal(x, 0.0)


COMPOSED_UFUNCS |= {
    "positive": lambda x: x,
    "conjugate": lambda x: x,
    "vecdot": lambda x, y: np.sum(x * y, axis=-1),
    "matvec": lambda x, y: (x @ y[..., None])[..., 0],
    "vecmat": lambda x, y: (x[..., None, :] @ y)[..., 0, :],
    "logaddexp": _logaddexp,
    "logaddexp2": _logaddexp2,
    "exp2": lambda x: 2.0**x,
    "fmax": _beside_nan(np.maximum),
    "fmin": _beside_nan(np.minimum),
    "fmod": _fmod,
    "floor_divide": _floor_divide,
    "trunc": lambda x: np.copysign(np.floor(np.abs(x)), x),
    # 1/2 (1 + sign x) is NaN for NaN, as NumPy has it.
    "heaviside": lambda x, at_zero: np.where(np.equal(x, 0.0), at_zero, 0.5 + 0.5 * np.sign(x)),
    "deg2rad": lambda x: x * (math.pi / 180.0),
    "radians": lambda x: x * (math.pi / 180.0),
    "rad2deg": lambda x: x * (180.0 / math.pi),
    "degrees": lambda x: x * (180.0 / math.pi),
    "isnan": lambda x: np.not_equal(x, x),
    "isfinite": lambda x: np.less(np.abs(x), math.inf),
    "isinf": lambda x: np.equal(np.abs(x), math.inf),
    "signbit": lambda x: np.less(np.copysign(1.0, x), 0.0),
    "logical_and": _logical(_and),
    "logical_or": _logical(_or),
    "logical_xor": _logical(np.not_equal),
    "logical_not": _logical(_not),
    "bitwise_and": _bitwise("&", _and),
    "bitwise_or": _bitwise("|", _or),
    "bitwise_xor": _bitwise("^", np.not_equal),
    "invert": _bitwise("~", _not),
    # Of SciPy, whose universal functions ask a tracer too.
    "erfc": lambda x: apply_op("erfc", x),
    "log_expit": lambda x: -apply_op("softplus", -x),
    "logit": lambda x: np.log(x) - np.log1p(-x),
}
