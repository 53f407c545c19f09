"""Products of vectors and matrices, and what only moves axes."""

from __future__ import annotations

from typing import Any

import numpy as np

from backpropviz.errors import ShapeError
from backpropviz.ops.axes import Shape, along_axes, count, positions, reduced_shape, restored, transposed
from backpropviz.ops.broadcasting import broadcast_shape, unbroadcast
from backpropviz.ops.op import Kink, Structured
from backpropviz.ops.roles import CROSS_AMPLIFIER, MIXER, MOVER, SCALER


def _matmul_shape(left: Shape, right: Shape) -> Shape:
    for slot, shape in enumerate((left, right)):
        if not shape:
            raise ShapeError(
                f"slot {slot} is a scalar, and a matrix product needs vectors or matrices, expected "
                f"{'(n, k)' if slot == 0 else '(k, n)'}. Write * to scale.",
                slot=slot,
                expected="(n, k)" if slot == 0 else "(k, n)",
                actual=(),
            )
    inner = left[-1]
    if inner != right[max(len(right) - 2, 0)]:
        fits = f"({inner},)" if len(right) == 1 else f"({', '.join(['...'] * (len(right) > 2) + [str(inner), 'k'])})"
        other = "" if len(right) > 1 else f" or ({inner}, k)"
        raise ShapeError(
            f"slot 1 has shape {right}, expected {fits}{other}, since slot 0 has shape {left}.",
            slot=1,
            expected=fits,
            actual=right,
        )
    batch = broadcast_shape(left[:-2], right[:-2])
    return (*batch, *left[-2:-1], *(right[-1:] if len(right) > 1 else ()))


def _matmul_left(g: Any, _out: Any, x: Any, y: Any) -> Any:
    rank_x, rank_y = np.ndim(x), np.ndim(y)
    if rank_x == rank_y == 2:
        return g @ y.T
    if rank_y == 1:
        return g * y if rank_x == 1 else g[..., None] * y
    if rank_x == 1:
        return unbroadcast((y @ g[..., None])[..., 0], np.shape(x))
    return unbroadcast(g @ transposed(y), np.shape(x))


def _matmul_right(g: Any, _out: Any, x: Any, y: Any) -> Any:
    rank_x, rank_y = np.ndim(x), np.ndim(y)
    if rank_x == rank_y == 2:
        return x.T @ g
    if rank_x == 1:
        return g * x if rank_y == 1 else x[:, None] * g[..., None, :]
    if rank_y == 1:
        return unbroadcast((transposed(x) @ g[..., None])[..., 0], np.shape(y))
    return unbroadcast(transposed(x) @ g, np.shape(y))


def _dot_shape(left: Shape, right: Shape) -> Shape:
    if not left or not right:
        return left or right
    if left[-1] != right[max(len(right) - 2, 0)]:
        _matmul_shape(left[-2:], right[-2:])  # says what would fit
    return (*left[:-1], *right[:-2], *(right[-1:] if len(right) > 1 else ()))


def _dot_left(g: Any, _out: Any, x: Any, y: Any) -> Any:
    if not np.ndim(x):
        return np.sum(g * y)
    if np.ndim(y) <= 1:
        return g * y if np.ndim(x) == 1 or not np.ndim(y) else g[..., None] * y
    shape = np.shape(x)
    # Flattened to matrices: rows of x against columns of y.
    rows = np.reshape(g, (count(shape[:-1]), count(np.shape(y)) // np.shape(y)[-2] if np.shape(y)[-2] else 0))
    columns = np.reshape(np.moveaxis(y, -2, 0), (shape[-1], np.shape(rows)[1]))
    return np.reshape(rows @ columns.T, shape)


def _dot_right(g: Any, _out: Any, x: Any, y: Any) -> Any:
    if not np.ndim(y):
        return np.sum(g * x)
    if not np.ndim(x):
        return g * x
    shape, inner = np.shape(y), np.shape(x)[-1]
    flat = np.reshape(x, (count(np.shape(x)[:-1]), inner))
    if len(shape) == 1:
        return flat.T @ np.reshape(g, (np.shape(flat)[0],))
    behind = (*shape[:-2], shape[-1])
    columns = flat.T @ np.reshape(g, (np.shape(flat)[0], count(behind)))
    return np.moveaxis(np.reshape(columns, (inner, *behind)), 0, -2)


def _norm_slope(g: Any, out: Any, axis: Any, keepdims: Any) -> Any:
    # A length has a kink at 0, where the gradient 0 is used.
    return restored(np.where(np.equal(out, 0.0), 0.0, g / out), axis, keepdims)


def _norm_rate(tangent: Any, out: Any, x: Any, axis: Any, keepdims: Any) -> Any:
    along = np.sum(x * tangent, axis=axis, keepdims=keepdims)
    return np.where(np.equal(out, 0.0), 0.0, along / out)


def _transpose_shape(shape: Shape, axes: tuple[int, ...] | None = None) -> Shape:
    if axes is None:
        return shape[::-1]
    order = positions(tuple(axes), len(shape), shape=shape)
    if len(order) != len(shape):
        raise ShapeError(
            f"axes {axes} do not order all {len(shape)} axes of shape {shape}.", slot=0, expected=len(shape)
        )
    return tuple(shape[place] for place in order)


def _inverse_order(axes: tuple[int, ...] | None) -> tuple[int, ...] | None:
    return None if axes is None else tuple(int(place) for place in np.argsort([each % len(axes) for each in axes]))


def _swapped_shape(shape: Shape, first: int = -2, second: int = -1) -> Shape:
    one, other = positions(first, len(shape), shape=shape) + positions(second, len(shape), shape=shape)
    sizes = list(shape)
    sizes[one], sizes[other] = sizes[other], sizes[one]
    return tuple(sizes)


OPS = (
    Structured(
        name="matmul",
        arity=2,
        value=np.matmul,
        shape_rule=_matmul_shape,
        vjp_rules=(_matmul_left, _matmul_right),
        jvp_rules=(lambda t, _out, _x, y: t @ y, lambda t, _out, x, _y: x @ t),
        formulas=("g·yᵀ", "xᵀ·g"),
        symbol="@",
        role=MIXER,
        latex="{0} {1}",
    ),
    Structured(
        name="dot",
        arity=2,
        value=np.dot,
        shape_rule=_dot_shape,
        vjp_rules=(_dot_left, _dot_right),
        jvp_rules=(lambda t, _out, _x, y: np.dot(t, y), lambda t, _out, x, _y: np.dot(x, t)),
        formulas=("g·y", "g·x"),
        symbol="xᵀy",
        role=CROSS_AMPLIFIER,
        latex=r"{{{0}}} \cdot {{{1}}}",
    ),
    Structured(
        name="outer",
        arity=2,
        value=np.outer,
        shape_rule=lambda left, right: (count(left), count(right)),
        vjp_rules=(
            lambda g, _out, x, y: np.reshape(g @ np.reshape(y, (-1,)), np.shape(x)),
            lambda g, _out, x, y: np.reshape(np.reshape(x, (-1,)) @ g, np.shape(y)),
        ),
        jvp_rules=(lambda t, _out, _x, y: np.outer(t, y), lambda t, _out, x, _y: np.outer(x, t)),
        formulas=("g·y", "gᵀ·x"),
        symbol="xyᵀ",
        role=CROSS_AMPLIFIER,
        latex=r"{{{0}}} {{{1}}}^{{\top}}",
    ),
    Structured(
        name="norm",
        arity=1,
        value=along_axes(
            lambda x, axis=None, keepdims=False: np.sqrt(np.add.reduce(x * x, axis=axis, keepdims=keepdims))
        ),
        shape_rule=reduced_shape,
        vjp_rules=(lambda g, out, x, axis=None, keepdims=False: _norm_slope(g, out, axis, keepdims) * x,),
        jvp_rules=(lambda t, out, x, axis=None, keepdims=False: _norm_rate(t, out, x, axis, keepdims),),
        formulas=("g·x/out",),
        symbol="‖x‖",
        role=SCALER,
        latex=r"\left\lVert {0} \right\rVert",
        parameters={"axis": None, "keepdims": False},
        kinks=(Kink(lambda out, _x: ["zero", out], "A length has a kink at 0: the gradient 0 is used there."),),
        source="Petersen and Pedersen (2012), The Matrix Cookbook, section 2.6",
    ),
    Structured(
        name="transpose",
        arity=1,
        value=lambda x, axes=None: np.transpose(x, axes),
        shape_rule=_transpose_shape,
        vjp_rules=(lambda g, _out, _x, axes=None: np.transpose(g, _inverse_order(axes)),),
        jvp_rules=(lambda t, _out, _x, axes=None: np.transpose(t, axes),),
        formulas=("gᵀ",),
        symbol="xᵀ",
        role=MOVER,
        latex=r"{{{0}}}^{{\top}}",
        parameters={"axes": None},
    ),
    Structured(
        name="swapaxes",
        arity=1,
        value=lambda x, first=-2, second=-1: np.swapaxes(x, first, second),
        shape_rule=_swapped_shape,
        vjp_rules=(lambda g, _out, _x, first=-2, second=-1: np.swapaxes(g, first, second),),
        jvp_rules=(lambda t, _out, _x, first=-2, second=-1: np.swapaxes(t, first, second),),
        formulas=("gᵀ",),
        symbol="xᵀ",
        role=MOVER,
        latex=r"{{{0}}}^{{\top}}",
        parameters={"first": -2, "second": -1},
    ),
)
