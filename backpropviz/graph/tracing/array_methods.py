"""Methods, attributes and indices of traced arrays: NumPy's, wherever the function of that name is traced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import InputError, TraceError
from backpropviz.graph.tracing import (  # noqa: F401  teach tracers the functions that methods stand for
    array_tracing,
    einstein_sums,
    moved_entries,
    products_of_arrays,
    refusals,
    sums_and_extremes,
)
from backpropviz.graph.tracing.composed_ufuncs import truth
from backpropviz.graph.tracing.numpy_names import ARRAY_FUNCTIONS
from backpropviz.graph.tracing.shape_inference import shape_of
from backpropviz.graph.tracing.tracer import ATTRIBUTES, Tracer, apply_op
from backpropviz.ops.indices import index_text

if TYPE_CHECKING:
    from collections.abc import Callable

_FLOAT64 = np.dtype(np.float64)


def _method(function: Callable[..., Any]) -> Callable[[Tracer], Any]:
    return lambda tracer: lambda *args, **kwargs: function(tracer, *args, **kwargs)


def _reshape(a: Any, *sizes: Any, order: Any = "C") -> Any:
    return np.reshape(a, sizes[0] if len(sizes) == 1 else sizes, order)


def _transpose(a: Any, *axes: Any) -> Any:
    return np.transpose(a, axes[0] if len(axes) == 1 else axes or None)


def _astype(a: Any, dtype: Any, **_options: Any) -> Any:
    wanted = np.dtype(dtype)
    if wanted == _FLOAT64:
        return a
    if wanted.kind == "b":
        return truth(a)
    instead = "Write np.trunc(x) for whole numbers" if wanted.kind in "iu" else "Leave astype out"
    raise TraceError(
        f"Traced values are float64, and astype({wanted}) would make others of them. {instead}.", op="astype"
    )


def _length(a: Any) -> int:
    shape = shape_of(a)
    if not shape:
        raise TraceError(f"{a!r} is one number and has no length.")
    return shape[0]


def _indexer(tracer: Tracer) -> Callable[[Any], Any]:
    def pick(index: Any) -> Any:
        if any(isinstance(item, Tracer) for item in (index if isinstance(index, tuple) else (index,))):
            raise refusals.picked_by_value(repr(tracer))
        try:
            text = index_text(index)
        except InputError as fault:
            raise TraceError(fault.message, op="getitem") from None
        return apply_op("getitem", tracer, index=text)

    return pick


ATTRIBUTES |= {
    name: _method(ARRAY_FUNCTIONS[getattr(np, name)])
    for name in dir(np.ndarray)
    # NumPy 1 has a table under one of these names, which no dict can be asked for.
    if name not in refusals.IN_PLACE and callable(getattr(np, name, None)) and getattr(np, name) in ARRAY_FUNCTIONS
}
ATTRIBUTES |= {
    "reshape": _method(_reshape),
    "flatten": _method(np.ravel),
    "transpose": _method(_transpose),
    "astype": _method(_astype),
    "conj": _method(np.conjugate),
    "conjugate": _method(np.conjugate),
    "T": np.transpose,
    "mT": lambda a: apply_op("swapaxes", a),
    "shape": shape_of,
    "ndim": lambda a: len(shape_of(a)),
    "size": np.size,
    "nbytes": lambda a: np.size(a) * _FLOAT64.itemsize,
    "itemsize": lambda _a: _FLOAT64.itemsize,
    "dtype": lambda _a: _FLOAT64,
    "len": _length,
    "real": lambda a: a,
    "imag": np.zeros_like,
    "[]": _indexer,
}
