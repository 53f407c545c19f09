"""Numbers that carry a tangent, to differentiate the derivative rules themselves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from backpropviz.errors import BackpropvizError
from backpropviz.graph.tracing.numpy_names import op_of
from backpropviz.ops import REGISTRY
from backpropviz.ops.stand_ins import register_symbolic

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_FLAT = frozenset({"sign", "floor", "ceil", "rint", "trunc"})
_EXTRA: dict[str, Callable[..., tuple[Any, ...]]] = {
    "exp2": lambda out, _x: (out * math.log(2.0),),
    "positive": lambda _out, _x: (1.0,),
    "conjugate": lambda _out, _x: (1.0,),
}
"""Local partials of universal functions that rules use although they are no operations of their own."""

_STRUCTURE = frozenset({"shape", "ndim", "size", "zeros_like", "ones_like", "isnan", "isfinite", "argmax", "argmin"})
_LINEAR_NAMES = """
    sum mean cumsum trace reshape ravel transpose swapaxes moveaxis expand_dims squeeze broadcast_to concatenate stack
    split repeat tile flip roll diagonal take take_along_axis triu tril real copy
"""
_LINEAR = frozenset(_LINEAR_NAMES.split())
_OPERATIONS = {
    "dot": "dot",
    "outer": "outer",
    "prod": "prod",
    "max": "reduce_max",
    "amax": "reduce_max",
    "min": "reduce_min",
    "amin": "reduce_min",
    "solve": "solve",
    "inv": "inverse",
}
"""Which operation a function of NumPy is, for those that are not linear."""


class Dual(NDArrayOperatorsMixin):
    """A value and its tangent; arithmetic keeps both.

    A rule that runs on duals gives its own derivative along the way. What a universal function does to a tangent is
    read from the operation it stands for, so that every derivative has one source.

    Parameters
    ----------
    primal : float64 or array
        The value.
    tangent : float64 or array
        How fast it moves; of the same shape.

    Examples
    --------
    >>> slope = Dual(np.float64(3.0), np.float64(1.0))
    >>> float((slope * slope).tangent)
    6.0
    """

    __slots__ = ("primal", "tangent")

    def __init__(self, primal: Any, tangent: Any) -> None:
        self.primal = primal
        self.tangent = tangent

    def __repr__(self) -> str:
        return f"Dual({self.primal!r}, {self.tangent!r})"

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options:
            raise BackpropvizError(f"np.{ufunc.__name__}.{method} has no second derivative here.", op=ufunc.__name__)
        primals = [primal_of(value) for value in inputs]
        out = ufunc(*primals)
        name = ufunc.__name__.split(" ")[0]  # frompyfunc adds " (vectorized)"
        if np.asarray(out).dtype == bool or name in _FLAT:
            return out
        out = np.asarray(out, dtype=np.float64)[()]
        op = op_of(ufunc)
        tangent = _by_slope(name, out, primals, inputs) if op is None else _pushed_through(op, out, primals, inputs, {})
        return Dual(out, _spread(tangent, np.shape(out)))

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        name = function.__name__
        plain = _each(primal_of, args)
        if name in _STRUCTURE:
            return function(*plain, **kwargs)
        if name == "where":
            condition, x, y = args
            return Dual(function(*plain), function(primal_of(condition), tangent_of(x), tangent_of(y)))
        if name in _LINEAR:
            return Dual(function(*plain, **kwargs), function(*_moved(args), **kwargs))
        if name in _OPERATIONS:
            return apply_to_duals(_OPERATIONS[name], *args, **kwargs)
        raise BackpropvizError(f"np.{name} has no second derivative here.", op=name)

    def __getitem__(self, index: Any) -> Dual:
        return Dual(self.primal[index], self.tangent[index])

    def __len__(self) -> int:
        return len(self.primal)

    def __getattr__(self, name: str) -> Any:
        if name in ("shape", "ndim", "size", "dtype"):
            return getattr(self.primal, name)
        if name == "T":
            return Dual(self.primal.T, self.tangent.T)
        if name == "real":
            return self
        if name in _LINEAR or name in _OPERATIONS or name in _STRUCTURE:
            function = getattr(np, name)
            return lambda *args, **kwargs: function(self, *args, **kwargs)
        raise AttributeError(f"A dual number has no attribute {name!r}.")


def primal_of(value: Any) -> Any:
    """Give the value without its tangent; plain numbers are themselves."""
    return value.primal if isinstance(value, Dual) else value


def tangent_of(value: Any) -> Any:
    """Give the tangent; that of a plain number is zero."""
    return value.tangent if isinstance(value, Dual) else np.zeros(np.shape(value))[()]


def apply_to_duals(op: str, *arguments: Any, **parameters: Any) -> Dual:
    """Apply an operation of the registry; its own forward rule gives the tangent."""
    primals = [primal_of(value) for value in arguments]
    out = REGISTRY[op].value(*primals, **parameters)
    return Dual(out, _spread(_pushed_through(op, out, primals, arguments, parameters), np.shape(out)))


register_symbolic(Dual, apply_to_duals)


def _pushed_through(
    op: str, out: Any, primals: Sequence[Any], inputs: Sequence[Any], parameters: Mapping[str, Any]
) -> Any:
    tangents = [value.tangent if isinstance(value, Dual) else None for value in inputs]
    return REGISTRY[op].jvp(tangents, out, primals, parameters)


def _by_slope(name: str, out: Any, primals: Sequence[Any], inputs: Sequence[Any]) -> Any:
    if name not in _EXTRA:
        raise BackpropvizError(f"np.{name} has no second derivative here.", op=name)
    pairs = zip(_EXTRA[name](out, *primals), inputs, strict=True)
    return sum(partial * value.tangent for partial, value in pairs if isinstance(value, Dual))


def _spread(tangent: Any, shape: tuple[int, ...]) -> Any:
    return tangent if np.shape(tangent) == shape else np.broadcast_to(tangent, shape)


def _each(part: Callable[[Any], Any], args: Sequence[Any]) -> list[Any]:
    """Take one part of every dual, also inside the lists that concatenate and stack are given."""
    return [[part(entry) for entry in value] if isinstance(value, (list, tuple)) else part(value) for value in args]


def _moved(args: Sequence[Any]) -> list[Any]:
    """Tangents in place of duals; the other arguments (axes, shapes) as they are."""

    def tangent(value: Any) -> Any:
        if isinstance(value, (list, tuple)) and any(isinstance(entry, Dual) for entry in value):
            return [tangent_of(entry) for entry in value]
        return value.tangent if isinstance(value, Dual) else value

    return [tangent(value) for value in args]
