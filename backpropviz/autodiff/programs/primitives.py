"""The primitives that programs are made of, and what each computes.

A page knows these and nothing else: no derivative is among them. The names are NumPy's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.ops.indices import is_basic, read_index
from backpropviz.ops.singular_values import singular_parts
from backpropviz.ops.special import erf, erfc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_UFUNCS = (
    "add subtract multiply divide power negative absolute sign sqrt cbrt exp expm1 log log1p log2 log10 sin cos tan "
    "arcsin arccos arctan arctan2 sinh cosh tanh arcsinh arccosh arctanh hypot maximum minimum fmax fmin logaddexp "
    "floor ceil rint trunc remainder copysign heaviside less less_equal greater greater_equal equal not_equal "
    "logical_and logical_or logical_not isfinite isnan"
)


def _as_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let truth values be 1.0 and 0.0: a page has float64 and nothing else."""
    return lambda *arguments, **options: np.asarray(function(*arguments, **options), dtype=np.float64)[()]


def _scatter(x: Any, index: str, shape: Sequence[int]) -> Any:
    out = np.zeros(shape)
    if is_basic(index):
        out[read_index(index)] = x
    else:
        np.add.at(out, read_index(index), x)
    return out


def _take_along(x: Any, order: Any, axis: int) -> Any:
    return np.take_along_axis(x, np.asarray(order).astype(np.intp), axis)


def _put_along(x: Any, order: Any, axis: int, size: int) -> Any:
    shape = list(np.shape(x))
    shape[axis] = size
    out = np.zeros(shape)
    places = list(np.indices(np.shape(x)))
    places[axis] = np.asarray(order).astype(np.intp)
    np.add.at(out, tuple(places), x)
    return out


def _over(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, axes, keepdims: function(x, axis=tuple(axes), keepdims=keepdims)


ELEMENTWISE: Mapping[str, Callable[..., Any]] = {
    **{name: _as_numbers(getattr(np, name)) for name in _UFUNCS.split()},
    "where": lambda condition, x, y: np.where(np.not_equal(condition, 0.0), x, y),
    "erf": _as_numbers(erf),
    "erfc": _as_numbers(erfc),
}
"""Of each entry alone; arguments are broadcast together. Truth values are 1.0 and 0.0."""

STRUCTURAL: Mapping[str, Callable[..., Any]] = {
    "matmul": np.matmul,
    "sum": _over(np.sum),
    "prod": _over(np.prod),
    "max": lambda x, axes, keepdims: np.max(x, axis=tuple(axes), keepdims=keepdims, initial=-np.inf),
    "min": lambda x, axes, keepdims: np.min(x, axis=tuple(axes), keepdims=keepdims, initial=np.inf),
    "cumsum": np.cumsum,
    "cumprod": np.cumprod,
    "reshape": lambda x, shape: np.reshape(x, tuple(shape)),
    "transpose": lambda x, axes: np.transpose(x, tuple(axes)),
    "broadcast_to": lambda x, shape: np.broadcast_to(x, tuple(shape)),
    "getitem": lambda x, index: x[read_index(index)],
    "scatter": _scatter,
    "concatenate": lambda *parts, axis: np.concatenate(parts, axis),
    "argsort": lambda x, axis: np.argsort(x, axis, kind="stable").astype(np.float64),
    "take_along_axis": _take_along,
    "put_along_axis": _put_along,
    "solve": np.linalg.solve,
    "inverse": np.linalg.inv,
    "logdet": lambda x: np.linalg.slogdet(x)[1],
    "cholesky": np.linalg.cholesky,
    "singular_parts": singular_parts,
}
"""Of whole arrays. ``scatter`` and ``put_along_axis`` put entries into zeros and add those that meet."""

PRIMITIVES: Mapping[str, Callable[..., Any]] = {**ELEMENTWISE, **STRUCTURAL}
"""All of them, by name."""
