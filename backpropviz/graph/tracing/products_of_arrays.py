"""NumPy's products of arrays and functions of matrices, as gates that are there: matmul, solve, sums."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from backpropviz.errors import ShapeError, TraceError
from backpropviz.graph.tracing.numpy_names import ARRAY_FUNCTIONS
from backpropviz.ops.axes import positions


def _tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    if np.ndim(axes) == 0:
        left, right = list(range(np.ndim(a) - int(axes), np.ndim(a))), list(range(int(axes)))
    else:
        left, right = ([each] if np.ndim(each) == 0 else list(each) for each in axes)
    left, right = list(positions(tuple(left), np.ndim(a))), list(positions(tuple(right), np.ndim(b)))
    kept_left = [axis for axis in range(np.ndim(a)) if axis not in left]
    kept_right = [axis for axis in range(np.ndim(b)) if axis not in right]
    shape_a, shape_b = np.shape(a), np.shape(b)
    inner = int(np.prod([shape_a[axis] for axis in left]))
    rows, columns = [shape_a[axis] for axis in kept_left], [shape_b[axis] for axis in kept_right]
    one = np.reshape(np.transpose(a, (*kept_left, *left)), (int(np.prod(rows)), inner))
    other = np.reshape(np.transpose(b, (*right, *kept_right)), (inner, int(np.prod(columns))))
    return np.reshape(one @ other, (*rows, *columns))


def _inner(a: Any, b: Any) -> Any:
    return a * b if np.ndim(a) == 0 or np.ndim(b) == 0 else _tensordot(a, b, (-1, -1))


def _kron(a: Any, b: Any) -> Any:
    rank = max(np.ndim(a), np.ndim(b))
    shape_a = (1,) * (rank - np.ndim(a)) + np.shape(a)
    shape_b = (1,) * (rank - np.ndim(b)) + np.shape(b)
    between = [size for each in shape_a for size in (each, 1)], [size for each in shape_b for size in (1, each)]
    product = np.reshape(a, between[0]) * np.reshape(b, between[1])
    return np.reshape(product, [one * other for one, other in zip(shape_a, shape_b, strict=True)])


def _cross(a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    if axis is not None:
        axisa = axisb = axisc = axis
    x, y = np.moveaxis(a, axisa, -1), np.moveaxis(b, axisb, -1)
    if np.shape(x)[-1] != 3 or np.shape(y)[-1] != 3:
        raise TraceError("np.cross is traced for vectors of three entries. Write x[0]*y[1] - x[1]*y[0] for two.")
    (x0, x1, x2), (y0, y1, y2) = ([each[..., place] for place in range(3)] for each in (x, y))
    return np.moveaxis(np.stack([x1 * y2 - x2 * y1, x2 * y0 - x0 * y2, x0 * y1 - x1 * y0], axis=-1), -1, axisc)


def _convolve(a: Any, v: Any, mode: str = "full") -> Any:
    if np.shape(v)[0] > np.shape(a)[0]:
        a, v = v, a
    count, width = np.shape(a)[0], np.shape(v)[0]
    padded = np.pad(a, width - 1) if width > 1 else a
    places = np.arange(count + width - 1)[:, None] + np.arange(width)
    full = padded[places] @ np.flip(v, 0)
    start = {"full": 0, "same": (width - 1) // 2, "valid": width - 1}[mode]
    length = {"full": count + width - 1, "same": count, "valid": count - width + 1}[mode]
    return full if mode == "full" else full[start : start + length]


def _correlate(a: Any, v: Any, mode: str = "valid") -> Any:
    swapped = np.shape(v)[0] > np.shape(a)[0] and mode != "full"
    if swapped:
        return np.flip(_correlate(v, a, mode), 0)
    return _convolve(a, np.flip(v, 0), mode)


# -- matrices ------------------------------------------------------------------------------------------------


def _matrix_power(a: Any, n: int) -> Any:
    if n < 0:
        return _matrix_power(np.linalg.inv(a), -n)
    if n == 0:
        return np.broadcast_to(np.eye(np.shape(a)[-1]), np.shape(a)) + 0.0 * a
    half = _matrix_power(a, n // 2) if n > 1 else None
    return a if half is None else half @ half @ a if n % 2 else half @ half


def _pinv(a: Any, *_tolerance: Any, **_options: Any) -> Any:
    rows, columns = np.shape(a)[-2:]
    turned = np.swapaxes(a, -1, -2)
    # Of full rank; where it is not, the system is singular, and says so.
    return np.linalg.solve(turned @ a, turned) if rows >= columns else turned @ np.linalg.inv(a @ turned)


_LARGEST_EXPANDED = 8
"""Rows of a matrix whose determinant is written out: eight have 6,720 minors of three rows, nine have 60,480."""


def _det(a: Any) -> Any:
    shape = np.shape(a)
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise ShapeError(f"A determinant is one of square matrices; this has shape {shape}.", actual=shape)
    size = shape[-1]
    if size > _LARGEST_EXPANDED:
        raise TraceError(
            f"np.linalg.det is traced up to {_LARGEST_EXPANDED} by {_LARGEST_EXPANDED}, by its minors. Write logdet(x) "
            "for ln|det x|, after “from backpropviz.ops import logdet”; its exponential is the determinant's size.",
            op="logdet",
        )
    if size > 3:
        # Along the first row, all minors in one stack. A polynomial: right where the matrix is singular too.
        others = np.array([[column for column in range(size) if column != left_out] for left_out in range(size)])
        minors = np.swapaxes(a[..., 1:, :][..., others], -3, -2)
        signs = np.where(np.arange(size) % 2, -1.0, 1.0)
        return np.sum(signs * a[..., 0, :] * _det(minors), axis=-1)
    entry = [[a[..., row, column] for column in range(size)] for row in range(size)]
    if size < 2:  # one entry, or the product of none
        return np.prod(a, axis=(-2, -1)) if size == 0 else entry[0][0]
    if size == 2:
        return entry[0][0] * entry[1][1] - entry[0][1] * entry[1][0]
    minors = [
        entry[1][(k + 1) % 3] * entry[2][(k + 2) % 3] - entry[1][(k + 2) % 3] * entry[2][(k + 1) % 3] for k in range(3)
    ]
    return entry[0][0] * minors[0] + entry[0][1] * minors[1] + entry[0][2] * minors[2]


_SIGN_AND_SIZE = getattr(type(np.linalg.slogdet(np.eye(1))), "_make", tuple)  # with names since NumPy 1.25


def _slogdet(a: Any) -> Any:
    determinant = _det(a)
    return _SIGN_AND_SIZE((np.sign(determinant), np.log(np.abs(determinant))))


ARRAY_FUNCTIONS |= {
    np.tensordot: _tensordot,
    np.inner: _inner,
    np.kron: _kron,
    np.cross: _cross,
    np.convolve: _convolve,
    np.correlate: _correlate,
    np.linalg.matrix_power: _matrix_power,
    np.linalg.multi_dot: lambda arrays, **_options: reduce(lambda x, y: x @ y, arrays),
    np.linalg.pinv: _pinv,
    np.linalg.det: _det,
    np.linalg.slogdet: _slogdet,
}

_OF_LAST_AXES = {
    "matmul": np.matmul,
    "outer": lambda x1, x2: np.outer(x1, x2),  # noqa: PLW0108  NumPy asks the tracer
    "matrix_transpose": lambda x: np.swapaxes(x, -1, -2),
    "diagonal": lambda x, *, offset=0: np.diagonal(x, offset, -2, -1),
    "trace": lambda x, *, offset=0, **_options: np.trace(x, offset, -2, -1),
    "cross": lambda x1, x2, *, axis=-1: _cross(x1, x2, axis=axis),
    "tensordot": lambda x1, x2, *, axes=2: _tensordot(x1, x2, axes),
    "vecdot": lambda x1, x2, *, axis=-1: np.sum(x1 * x2, axis=axis),
    "matrix_norm": lambda x, *, keepdims=False, ord="fro": np.linalg.norm(x, ord, (-2, -1), keepdims),  # noqa: A006  NumPy's name
    "vector_norm": lambda x, *, axis=None, keepdims=False, ord=2: np.linalg.norm(  # noqa: A006  NumPy's name
        *((np.reshape(x, -1), ord, 0, False) if axis is None else (x, ord, axis, keepdims))
    ),
}
"""NumPy's second names, in ``np.linalg``: of the last axes, where the first are of the first ones."""

ARRAY_FUNCTIONS |= {
    getattr(np.linalg, name): stands for name, stands in _OF_LAST_AXES.items() if hasattr(np.linalg, name)
}
