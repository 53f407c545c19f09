"""NumPy's array functions on tracers: choices, shapes and places, joins."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import TraceError
from backpropviz.graph.tracing.numpy_names import ARRAY_FUNCTIONS
from backpropviz.graph.tracing.shape_inference import shape_of
from backpropviz.graph.tracing.sums_and_extremes import axis_setting, reduction_settings, refuse_options
from backpropviz.graph.tracing.tracer import Tracer, apply_op
from backpropviz.ops.axes import positions
from backpropviz.ops.stand_ins import register_symbolic

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

register_symbolic(Tracer, apply_op)


def _where(condition: Any, *branches: Any) -> Any:
    if len(branches) != 2:
        raise TraceError("np.where is traced with a condition and two values: np.where(condition, x, y).", op="where")
    return apply_op("where", condition, *branches)


def _clip(a: Any, a_min: Any = None, a_max: Any = None, **options: Any) -> Any:
    low, high = options.pop("min", a_min), options.pop("max", a_max)
    refuse_options("clip", options)
    if low is None or high is None:
        above = a if low is None else np.maximum(a, low)
        return above if high is None else np.minimum(above, high)
    return apply_op("clip", a, low, high)


_OF_SINGULAR_VALUES: dict[Any, Callable[..., Any]] = {"nuc": np.sum, 2: np.max, -2: np.min}


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: Any = None) -> Any:  # noqa: A002  NumPy's name
    settings = reduction_settings(axis=axis, keepdims=keepdims)
    if ord in (None, "fro") or (ord == 2 and isinstance(axis, int)):
        return apply_op("norm", x, **settings)
    over = tuple(range(len(shape_of(x)))) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    kept: dict[str, Any] = {"keepdims": True} if keepdims else {}
    sizes = np.abs(x)
    if len(over) == 1:
        if ord == 2:
            return apply_op("norm", x, **settings)
        if ord in (np.inf, -np.inf):
            return (np.max if ord > 0 else np.min)(sizes, axis=over[0], **kept)
        if ord == 0:
            return np.sum(np.not_equal(x, 0.0), axis=over[0], **kept)
        if not isinstance(ord, str):
            return (
                np.sum(sizes, axis=over[0], **kept)
                if ord == 1
                else np.sum(sizes**ord, axis=over[0], **kept) ** (1 / ord)
            )
    if len(over) == 2 and ord in (1, -1, np.inf, -np.inf):
        along = np.sum(sizes, axis=over[0] if abs(ord) == 1 else over[1], keepdims=True)
        return (np.max if ord > 0 else np.min)(along, axis=over, **kept)
    if len(over) == 2 and ord in _OF_SINGULAR_VALUES:
        found = _OF_SINGULAR_VALUES[ord](_svdvals(np.moveaxis(x, over, (-2, -1))), axis=-1)
        return np.expand_dims(found, positions(over, len(shape_of(x)))) if keepdims else found
    raise TraceError(
        f"np.linalg.norm cannot be traced with ord={ord!r} over {len(over)} {'axis' if len(over) == 1 else 'axes'}. "
        "Leave ord out for the Euclidean length, or write the formula.",
        op="norm",
    )


def _svdvals(x: Any) -> Any:
    return apply_op("svdvals", x)


def _svd(a: Any, full_matrices: Any = True, compute_uv: Any = True, hermitian: Any = False) -> Any:  # noqa: ARG001, FBT002  as NumPy has it
    if compute_uv:
        raise TraceError(
            "np.linalg.svd is traced without its vectors, whose signs are free: np.linalg.svd(x, compute_uv=False). "
            "For u·vᵀ of each value write singular_parts(x), after “from backpropviz.ops import singular_parts”.",
            op="svdvals",
        )
    return _svdvals(a)


def _cond(x: Any, p: Any = None) -> Any:
    if p in (None, 2, -2):
        values = _svdvals(x)
        ratio = values[..., 0] / values[..., -1]
        return 1.0 / ratio if p == -2 else ratio
    return _norm(x, p, (-2, -1)) * _norm(np.linalg.inv(x), p, (-2, -1))


# -- shapes and places ---------------------------------------------------------------------------------------


def _shape_parameter(shape: Any) -> int | tuple[int, ...]:
    return tuple(operator.index(size) for size in shape) if isinstance(shape, (tuple, list)) else operator.index(shape)


def _whole(shape: Any) -> tuple[int, ...]:
    sizes = _shape_parameter(shape)
    return (sizes,) if isinstance(sizes, int) else sizes


def _reshape(a: Any, shape: Any, order: str = "C", **options: Any) -> Any:
    refuse_options("reshape", options)
    if order == "F":  # the last axis first: turn all axes round, before and after
        return _transpose(apply_op("reshape", _transpose(a), shape=_whole(shape)[::-1]))
    if order != "C":
        raise TraceError(f"order={order!r} asks how an array lies in memory, which a graph does not know. Write 'C'.")
    return apply_op("reshape", a, shape=_whole(shape))


def _ravel(a: Any, order: str = "C") -> Any:
    return _reshape(a, -1, order)


def _round(a: Any, decimals: Any = 0, **options: Any) -> Any:
    refuse_options("round", options)
    scale = 10.0 ** operator.index(decimals)
    return np.rint(a) if scale == 1.0 else np.rint(a * scale) / scale


def _transpose(a: Any, axes: Any = None) -> Any:
    return apply_op("transpose", a) if axes is None else apply_op("transpose", a, axes=_whole(axes))


def _swapaxes(a: Any, axis1: Any, axis2: Any) -> Any:
    return apply_op("swapaxes", a, first=operator.index(axis1), second=operator.index(axis2))


def _moveaxis(a: Any, source: Any, destination: Any) -> Any:
    rank = len(shape_of(a))
    sources, targets = positions(axis_setting(source), rank), positions(axis_setting(destination), rank)
    order = [place for place in range(rank) if place not in sources]
    for target, origin in sorted(zip(targets, sources, strict=True)):
        order.insert(target, origin)
    return _transpose(a, tuple(order))


def _squeeze(a: Any, axis: Any = None) -> Any:
    shape = shape_of(a)
    gone = (
        positions(axis_setting(axis), len(shape))
        if axis is not None
        else [p for p, size in enumerate(shape) if size == 1]
    )
    return _reshape(a, tuple(size for place, size in enumerate(shape) if place not in gone))


def _join(op: str) -> Callable[..., Any]:
    def join(arrays: Sequence[Any], axis: Any = 0, **options: Any) -> Any:
        refuse_options(op, options)
        if isinstance(arrays, Tracer):
            raise TraceError(f"np.{op} takes a list of arrays, not one: np.{op}([x, y]).", op=op)
        return apply_op(op, *arrays, **({} if axis == 0 else {"axis": operator.index(axis)}))

    return join


def _like(fill: float) -> Callable[..., Any]:
    def like(a: Any, dtype: Any = None, order: Any = None, subok: Any = None, shape: Any = None, **_: Any) -> Any:  # noqa: ARG001  as NumPy has it
        return np.full(shape_of(a) if shape is None else shape, fill)

    return like


def _full_like(a: Any, fill_value: Any, *_: Any, shape: Any = None, **_options: Any) -> Any:
    sizes = _whole(shape_of(a) if shape is None else shape)
    return np.broadcast_to(fill_value, sizes) if isinstance(fill_value, Tracer) else np.full(sizes, fill_value)


def _size(a: Any, axis: Any = None) -> int:
    shape = shape_of(a)
    return int(np.prod(shape)) if axis is None else shape[axis]


ARRAY_FUNCTIONS |= {
    np.where: _where,
    np.clip: _clip,
    np.dot: lambda a, b: apply_op("dot", a, b),
    np.vdot: lambda a, b: np.dot(np.reshape(a, -1), np.reshape(b, -1)),
    np.outer: lambda a, b: apply_op("outer", a, b),
    np.reshape: _reshape,
    np.ravel: _ravel,
    np.round: _round,
    np.around: _round,
    np.fix: lambda x: np.trunc(x),  # noqa: PLW0108  NumPy asks the tracer
    np.transpose: _transpose,
    np.swapaxes: _swapaxes,
    np.moveaxis: _moveaxis,
    np.squeeze: _squeeze,
    np.expand_dims: lambda a, axis: apply_op("expand_dims", a, axis=axis_setting(axis)),
    np.broadcast_to: lambda array, shape: apply_op("broadcast_to", array, shape=_whole(shape)),
    np.concatenate: _join("concatenate"),
    np.stack: _join("stack"),
    np.linalg.norm: _norm,
    np.linalg.solve: lambda a, b: apply_op("solve", a, b),
    np.linalg.inv: lambda a: apply_op("inverse", a),
    np.linalg.cholesky: lambda a: apply_op("cholesky", a),
    np.linalg.svd: _svd,
    np.linalg.cond: _cond,
    np.shape: shape_of,
    np.ndim: lambda a: len(shape_of(a)),
    np.size: _size,
    np.zeros_like: _like(0.0),
    np.ones_like: _like(1.0),
    np.empty_like: _like(0.0),
    np.full_like: _full_like,
    np.real: lambda a: a,
    np.imag: _like(0.0),
    np.copy: lambda a: a,
}
if hasattr(np, "matrix_transpose"):
    ARRAY_FUNCTIONS[np.linalg.svdvals] = _svdvals
    ARRAY_FUNCTIONS[np.matrix_transpose] = lambda a: apply_op("swapaxes", a)
