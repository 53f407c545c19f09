"""Broadcasting and its undoing: the one place where summed-over axes are found."""

from __future__ import annotations

from typing import Any

import numpy as np

from backpropviz.errors import ShapeError
from backpropviz.ops.axes import summed


def broadcast_shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """Shape that all `shapes` broadcast to.

    Raises
    ------
    ShapeError
        Where they do not fit together.

    Examples
    --------
    >>> broadcast_shape((3, 1), (4,))
    (3, 4)
    """
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        listed = ", ".join(map(str, shapes))
        raise ShapeError(
            f"Shapes {listed} do not broadcast. Axes are compared from the right; each pair must be equal or have a 1. "
            f"{_what_would_fit(shapes)}",
            actual=shapes,
        ) from None


def _what_would_fit(shapes: tuple[tuple[int, ...], ...]) -> str:
    """Say which shapes would fit beside the one with the most axes."""
    whole = max(shapes, key=len)
    other = next(shape for shape in shapes if shape is not whole)
    fitting = [whole[-1:], (*whole[:-1], 1), whole] if len(whole) > 1 else [(1,), whole]
    told = ", ".join(map(str, fitting[:-1]))
    column = len(whole) == 2 and len(other) == 1 and other[0] == whole[0]
    hint = " To stand as a column, index the vector by [:, None]." if column else ""
    return f"Beside {whole} would fit {told} or {fitting[-1]}.{hint}"


def unbroadcast(cotangent: Any, shape: tuple[int, ...]) -> Any:
    """Sum a cotangent over the axes along which its argument was repeated.

    An entry that was used many times receives the sum of what came back: broadcasting is a branch.

    Parameters
    ----------
    cotangent : array
        Of the broadcast shape.
    shape : tuple of int
        The argument's own shape.

    Examples
    --------
    >>> unbroadcast(np.ones((2, 3)), (3,))
    array([2., 2., 2.])
    """
    current = np.shape(cotangent)
    if current == shape:
        return cotangent
    leading = len(current) - len(shape)
    if leading > 0:
        cotangent = summed(cotangent, tuple(range(leading)))
    repeated = tuple(axis for axis, size in enumerate(shape) if size == 1 and np.shape(cotangent)[axis] != 1)
    if repeated:
        cotangent = summed(cotangent, repeated, keepdims=True)
    if np.shape(cotangent) != shape:
        # A cotangent smaller than the value (a scalar partial on a scalar seed) is repeated instead.
        cotangent = np.broadcast_to(cotangent, shape)
    return cotangent
