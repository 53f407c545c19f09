"""Sums, means, extremes, spreads and lengths over axes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz import ops
from backpropviz.adopt.aten.places import running_sum
from backpropviz.errors import AdoptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_Axes = int | list[int] | None


def _over(dim: _Axes, x: Any) -> int | tuple[int, ...] | None:
    """Give axes as NumPy names them; an empty list means all."""
    if dim is None or (not isinstance(dim, int) and len(dim) == 0):
        return None
    axes = (dim,) if isinstance(dim, int) else tuple(dim)
    return None if not np.ndim(x) else tuple(each % np.ndim(x) for each in axes)


def _reduction(function: Callable[..., Any]) -> Callable[..., Any]:
    def reduce(self: Any, dim: _Axes = None, keepdim: bool = False) -> Any:
        return function(self, axis=_over(dim, self), keepdims=keepdim)

    return reduce


def _best(self: Any, dim: int, keepdim: bool = False, *, sign: float) -> tuple[Any, Unfollowed]:
    x = self if sign > 0 else -self
    if not np.ndim(x):
        return self, Unfollowed()
    found = ops.first_max(x, axis=dim)
    found = np.expand_dims(found, dim % np.ndim(self)) if keepdim else found
    return (found if sign > 0 else -found), Unfollowed()


@dataclass(frozen=True, slots=True)
class Unfollowed:
    """A second result, such as the place of a maximum, which no graph here holds.

    Parameters
    ----------
    refused : str
        Why it may not be used, and what to write instead; empty where no gradient would pass in PyTorch either.
    """

    refused: str = ""


def _variance(
    self: Any,
    dim: _Axes = None,
    unbiased: bool = True,
    correction: float | None = None,
    keepdim: bool = False,
) -> Any:
    degrees = float(unbiased) if correction is None else float(correction)
    axis = _over(dim, self)
    if degrees.is_integer():
        return np.var(self, axis=axis, keepdims=keepdim, ddof=int(degrees))
    count = np.prod([np.shape(self)[each] for each in (range(np.ndim(self)) if axis is None else np.atleast_1d(axis))])
    return np.var(self, axis=axis, keepdims=keepdim) * (float(count) / (float(count) - degrees))


def _std(
    self: Any,
    dim: _Axes = None,
    unbiased: bool = True,
    correction: float | None = None,
    keepdim: bool = False,
) -> Any:
    degrees = float(unbiased) if correction is None else float(correction)
    if degrees.is_integer():
        return np.std(self, axis=_over(dim, self), keepdims=keepdim, ddof=int(degrees))
    return np.sqrt(_variance(self, dim, unbiased, correction, keepdim))


def vector_norm(
    self: Any,
    ord: float = 2,
    dim: _Axes = None,
    keepdim: bool = False,
) -> Any:
    """Give the length of vectors."""
    axis = _over(dim, self)
    if ord == 2:
        length = np.linalg.norm(self, axis=None) if axis is None else ops.norm(self, axis=axis, keepdims=keepdim)
        return np.reshape(length, (1,) * np.ndim(self)) if axis is None and keepdim else length
    if ord == math.inf:
        return np.max(abs(self), axis=axis, keepdims=keepdim)
    if ord == -math.inf:
        return np.min(abs(self), axis=axis, keepdims=keepdim)
    if ord == 1:
        return np.sum(abs(self), axis=axis, keepdims=keepdim)
    if ord == 0:
        return np.sum(np.not_equal(self, 0.0), axis=axis, keepdims=keepdim)
    # No gradient where an entry or the whole length is 0, which powers have no slope at.
    is_zero = np.equal(self, 0.0)
    powers = np.where(is_zero, 0.0, np.where(is_zero, 1.0, abs(self)) ** ord)
    total = np.sum(powers, axis=axis, keepdims=keepdim)
    zeros = np.sum(is_zero if ord < 0 else np.not_equal(self, 0.0), axis=axis, keepdims=keepdim)
    is_nothing = np.greater(zeros, 0.0) if ord < 0 else np.equal(zeros, 0.0)
    return np.where(is_nothing, 0.0, np.where(is_nothing, 1.0, total) ** (1.0 / ord))


def _old_norm(self: Any, p: Any = 2, dim: _Axes = None, keepdim: bool = False) -> Any:
    if isinstance(p, str):
        raise AdoptionError(f"The norm {p!r} of a matrix has no counterpart here. Write torch.linalg.vector_norm.")
    return vector_norm(self, 2 if p is None else p, dim, keepdim)


def _logsumexp(self: Any, dim: _Axes, keepdim: bool = False) -> Any:
    return ops.logsumexp(self, axis=_over(dim, self), keepdims=keepdim) if np.ndim(self) else self


def _softmax(function: Callable[..., Any]) -> Callable[..., Any]:
    def share(self: Any, dim: int, half_to_float: bool = False) -> Any:
        if np.ndim(self):
            return function(self, axis=dim)
        return np.reshape(function(np.reshape(self, (1,))), ())

    return share


def _safe_softmax(self: Any, dim: int, dtype: Any = None) -> Any:
    """Give probabilities, and 0 for all entries of a row in which none may be chosen."""
    is_shut = np.equal(np.max(self, axis=dim, keepdims=True), -np.inf)
    return np.where(is_shut, 0.0, _softmax(ops.softmax)(np.where(is_shut, 0.0, self), dim))


def _cumsum(self: Any, dim: int) -> Any:
    return running_sum(self, dim) if np.ndim(self) else self


def logcumsumexp(self: Any, dim: int) -> Any:
    """Give the logarithm of the sum of exponentials so far."""
    if not np.ndim(self):
        return self
    last = np.moveaxis(self, dim, -1)
    before = np.tri(np.shape(last)[-1], dtype=bool)
    return np.moveaxis(ops.logsumexp(np.where(before, np.expand_dims(last, -2), -np.inf), axis=-1), -1, dim)


HANDLERS: Mapping[str, Callable[..., Any]] = {
    "sum": _reduction(np.sum),
    "mean": _reduction(np.mean),
    "prod": _reduction(np.prod),
    "amax": _reduction(np.max),
    "amin": _reduction(np.min),
    "max.default": lambda self: np.max(self),
    "min.default": lambda self: np.min(self),
    "max.dim": lambda self, dim, keepdim=False: _best(self, dim, keepdim, sign=1.0),
    "min.dim": lambda self, dim, keepdim=False: _best(self, dim, keepdim, sign=-1.0),
    "var": _variance,
    "std": _std,
    "var_mean": lambda self, dim=None, correction=None, keepdim=False: (
        _variance(self, dim, correction=correction, keepdim=keepdim),
        np.mean(self, axis=_over(dim, self), keepdims=keepdim),
    ),
    "std_mean": lambda self, dim=None, correction=None, keepdim=False: (
        _std(self, dim, correction=correction, keepdim=keepdim),
        np.mean(self, axis=_over(dim, self), keepdims=keepdim),
    ),
    "logsumexp": _logsumexp,
    "norm": _old_norm,
    "linalg_vector_norm": vector_norm,
    "softmax": _softmax(ops.softmax),
    "_softmax": _softmax(ops.softmax),
    "special_softmax": _softmax(ops.softmax),
    "_safe_softmax": _safe_softmax,
    "log_softmax": _softmax(ops.log_softmax),
    "_log_softmax": _softmax(ops.log_softmax),
    "cumsum": _cumsum,
    "logcumsumexp": logcumsumexp,
    "median.default": lambda self, drawn=None: np.sum(self * drawn),
    "cumprod": lambda self, dim: np.cumprod(self, axis=dim) if np.ndim(self) else self,
    "trace": lambda self: np.sum(self * np.eye(*np.shape(self))),
}
