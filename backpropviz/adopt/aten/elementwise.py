"""Operations that act on each entry alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz import ops
from backpropviz.errors import AdoptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ROOT_TWO_OVER_PI = math.sqrt(2.0 / math.pi)
_SELU_SCALE, _SELU_ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717


def _binary(function: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    return lambda self, other: function(self, other)


def _unary(function: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda self: function(self)


def _add(self: Any, other: Any, alpha: float = 1) -> Any:
    return self + (other if alpha == 1 else alpha * other)


def _sub(self: Any, other: Any, alpha: float = 1) -> Any:
    return self - (other if alpha == 1 else alpha * other)


def _div(self: Any, other: Any, rounding_mode: str | None = None) -> Any:
    if rounding_mode is not None:
        raise AdoptionError(f"Division with rounding_mode={rounding_mode!r} has no gradient. Leave it out.", op="div")
    return self / other


def _gelu(self: Any, approximate: str = "none") -> Any:
    if approximate == "none":
        return ops.gelu(self)
    return 0.5 * self * (1.0 + np.tanh(_ROOT_TWO_OVER_PI * (self + 0.044715 * self * self * self)))


def _softplus(self: Any, beta: float = 1, threshold: float = 20) -> Any:
    scaled = self if beta == 1 else beta * self
    curve = ops.softplus(scaled) if beta == 1 else ops.softplus(scaled) / beta
    return np.where(np.greater(scaled, threshold), self, curve)


def _clamp(self: Any, min: Any = None, max: Any = None) -> Any:
    # The gradient passes at a bound, and bounds that are arrays receive what the entry does not.
    if min is not None and max is not None:
        return ops.clip(self, min, max)
    if min is not None:
        return np.where(np.less(self, min), min, self)
    return self if max is None else np.where(np.greater(self, max), max, self)


def _hardtanh(self: Any, min_val: float = -1, max_val: float = 1) -> Any:
    inside = np.greater(self, min_val) * np.less(self, max_val)
    return np.where(inside, self, np.where(np.less_equal(self, min_val), min_val, max_val))


def _elu(self: Any, alpha: float = 1, scale: float = 1, input_scale: float = 1) -> Any:
    # For scores above 0 the curve is not taken, and its exponential must not overflow.
    negative = np.where(np.greater(self, 0.0), 0.0, self)
    curve = (alpha * scale) * np.expm1(negative if input_scale == 1 else input_scale * negative)
    return np.where(np.greater(self, 0.0), self if scale == 1 else scale * self, curve)


def _hardswish(self: Any) -> Any:
    middle = self * (self + 3.0) / 6.0
    return np.where(np.less_equal(self, -3.0), 0.0, np.where(np.greater_equal(self, 3.0), self, middle))


def _hardsigmoid(self: Any) -> Any:
    inside = np.greater(self, -3.0) * np.less(self, 3.0)
    return np.where(inside, self / 6.0 + 0.5, np.where(np.less_equal(self, -3.0), 0.0, 1.0))


def _shrunk(self: Any, lambd: float = 0.5) -> Any:
    return np.where(np.greater(self, lambd), self - lambd, np.where(np.less(self, -lambd), self + lambd, 0.0))


def _hardshrink(self: Any, lambd: float = 0.5) -> Any:
    return np.where(np.less_equal(self, lambd) * np.greater_equal(self, -lambd), 0.0, self)


def _glu(self: Any, dim: int = -1) -> Any:
    half = np.shape(self)[dim] // 2
    axis = dim % np.ndim(self)
    first, second = ((slice(None),) * axis + (slice(start, start + half),) for start in (0, half))
    return self[first] * ops.sigmoid(self[second])


def _prelu(self: Any, weight: Any) -> Any:
    spread = np.reshape(weight, (-1, *(1,) * (np.ndim(self) - 2))) if np.size(weight) > 1 else np.reshape(weight, ())
    return np.where(np.greater(self, 0.0), self, spread * self)


def _logit(self: Any, eps: float | None = None) -> Any:
    kept = self if eps is None else _clamp(self, eps, 1.0 - eps)
    return np.log(kept / (1.0 - kept))


def _xlogy(self: Any, other: Any) -> Any:
    return np.where(np.equal(self, 0.0), 0.0, self * np.log(np.where(np.equal(self, 0.0), 1.0, other)))


def _where(condition: Any, self: Any, other: Any) -> Any:
    return np.where(condition, self, other)


def _silu(self: Any) -> Any:
    return self * ops.sigmoid(self)


OF_ONE: Mapping[str, Callable[[Any], Any]] = {
    "neg": lambda x: -x,
    "square": lambda x: x * x,
    "sqrt": np.sqrt,
    "rsqrt": lambda x: 1.0 / np.sqrt(x),
    "exp": np.exp,
    "exp2": np.exp2,
    "expm1": np.expm1,
    "log": np.log,
    "log1p": np.log1p,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "erf": ops.erf,
    "erfc": ops.erfc,
    "floor": np.floor,
    "trunc": np.trunc,
    "frac": lambda self: self - np.trunc(self),
    "ceil": np.ceil,
    "abs": abs,
    "sign": np.sign,
}
OF_TWO: Mapping[str, Callable[[Any, Any], Any]] = {
    "mul": lambda x, y: x * y,
    "atan2": np.arctan2,
    "gt": np.greater,
    "ge": np.greater_equal,
    "lt": np.less,
    "le": np.less_equal,
    "eq": np.equal,
    "ne": np.not_equal,
}
"""Functions that PyTorch and JAX call by the same name, of one entry and of two."""


def _rrelu(self: Any, lower: float = 0.125, upper: float = 1 / 3, training: bool = False, generator: Any = None) -> Any:
    if training:
        raise AdoptionError(
            "rrelu draws a slope for each entry while it trains. Put the model into evaluation mode first.", op="rrelu"
        )
    return ops.leaky_relu(self, slope=(lower + upper) / 2.0)


HANDLERS: Mapping[str, Callable[..., Any]] = {
    **{name: _unary(function) for name, function in OF_ONE.items()},
    **{name: _binary(function) for name, function in OF_TWO.items()},
    "add": _add,
    "sub": _sub,
    "rsub": lambda self, other, alpha=1: other - (self if alpha == 1 else alpha * self),
    "multiply": _binary(OF_TWO["mul"]),
    "div": _div,
    "true_divide": _div,
    "pow": lambda self, exponent: _power(self, exponent),
    "float_power": lambda self, exponent: _power(self, exponent),
    "positive": _unary(lambda x: x),
    "reciprocal": _unary(ops.reciprocal),
    "log2": _unary(np.log2),
    "log10": _unary(np.log10),
    "hypot": _binary(np.hypot),
    "sigmoid": _unary(ops.sigmoid),
    "log_sigmoid": _unary(lambda x: -ops.softplus(-x)),
    "relu": _unary(ops.relu),
    "relu6": lambda self: _hardtanh(self, 0.0, 6.0),
    "hardtanh": _hardtanh,
    "rrelu": _rrelu,
    "fmod": lambda self, other: self - np.trunc(self / other) * other,
    "leaky_relu": lambda self, negative_slope=0.01: ops.leaky_relu(self, slope=negative_slope),
    "gelu": _gelu,
    "silu": _silu,
    "mish": _unary(lambda x: x * np.tanh(_softplus(x))),
    "elu": _elu,
    "celu": lambda self, alpha=1: _elu(self, alpha, 1, 1 / alpha),
    "selu": lambda self: _elu(self, _SELU_ALPHA, _SELU_SCALE),
    "softplus": _softplus,
    "hardswish": _hardswish,
    "hardsigmoid": _hardsigmoid,
    "hardshrink": _hardshrink,
    "softshrink": _shrunk,
    "threshold": lambda self, threshold, value: np.where(np.greater(self, threshold), self, value),
    "prelu": _prelu,
    "glu": _glu,
    "special_erfc": _unary(ops.erfc),
    "round": lambda self, decimals=0: (
        ops.round(self) if decimals == 0 else ops.round(self * 10.0**decimals) / 10.0**decimals
    ),
    "copysign": _binary(np.copysign),
    "remainder": _binary(np.mod),
    "logit": _logit,
    "sgn": _unary(np.sign),
    "max.other": _binary(np.maximum),
    "min.other": _binary(np.minimum),
    "fmax": _binary(np.fmax),
    "fmin": _binary(np.fmin),
    "maximum": _binary(np.maximum),
    "minimum": _binary(np.minimum),
    "clamp": _clamp,
    "clip": _clamp,
    "clamp_min": lambda self, min: _clamp(self, min),
    "clamp_max": lambda self, max: _clamp(self, None, max),
    "lerp": lambda self, end, weight: self + weight * (end - self),
    "addcmul": lambda self, tensor1, tensor2, value=1: self + value * tensor1 * tensor2,
    "addcdiv": lambda self, tensor1, tensor2, value=1: self + value * tensor1 / tensor2,
    "logaddexp": _binary(np.logaddexp),
    "xlogy": _xlogy,
    **dict.fromkeys(("where.self", "where.Scalar", "where.ScalarSelf", "where.ScalarOther"), _where),
    "masked_fill": lambda self, mask, value: np.where(mask, value, self),
    "logical_not": _unary(lambda x: np.equal(x, 0.0)),
    "logical_and": _binary(lambda x, y: np.not_equal(x, 0.0) * np.not_equal(y, 0.0)),
    "deg2rad": _unary(lambda x: x * (math.pi / 180.0)),
    "rad2deg": _unary(lambda x: x * (180.0 / math.pi)),
    **{name: _unary(lambda x: x) for name in ("clone", "contiguous", "to", "_to_copy", "alias", "lift_fresh")},
}


def _power(self: Any, exponent: Any) -> Any:
    return self * self if isinstance(exponent, (int, float)) and exponent == 2 else self**exponent
