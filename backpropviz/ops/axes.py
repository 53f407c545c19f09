"""Axes: which are meant, what remains, how a result gets its axes back, and sums over short ones."""

from __future__ import annotations

import math
from functools import lru_cache
from inspect import signature
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import ShapeError
from backpropviz.ops.stand_ins import is_symbolic

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

Axis = int | tuple[int, ...] | None
"""One axis, several, or None for all."""
Shape = tuple[int, ...]


def positions(axis: Axis, rank: int, *, shape: object = None) -> tuple[int, ...]:
    """Count axes from the front, each once.

    Raises
    ------
    ShapeError
        For an axis that an array of this rank does not have, or that is named twice.

    Examples
    --------
    >>> positions(-1, 3), positions(None, 2)
    ((2,), (0, 1))
    """
    if axis is None:
        return tuple(range(rank))
    found = []
    for each in (axis,) if isinstance(axis, int) else axis:
        if not -rank <= each < rank:
            fits = f"from {-rank} to {rank - 1}" if rank else "none: a scalar has no axes"
            shown = "" if shape is None else f" of shape {shape}"
            raise ShapeError(
                f"axis {each} is out of range for an array of rank {rank}{shown}. Axes that fit: {fits}.",
                slot=0,
                expected=range(-rank, rank),
                actual=each,
            )
        found.append(each % rank)
    if len(set(found)) < len(found):
        raise ShapeError(f"axes {axis} name one axis twice.", slot=0, actual=axis)
    return tuple(found)


def along_axes(value: Callable[..., Any]) -> Callable[..., Any]:
    """Let a rule refuse an axis of a scalar, which NumPy takes for an array of one entry: its gradient would be one."""
    usual = signature(value).parameters["axis"].default

    def checked(x: Any, **parameters: Any) -> Any:
        if type(x) is np.float64 and (axis := parameters.get("axis", usual)) is not None:
            positions(axis, 0, shape=())
        return value(x, **parameters)

    return checked


def reduced_shape(shape: tuple[int, ...], axis: Axis = None, keepdims: bool = False) -> tuple[int, ...]:  # noqa: FBT001, FBT002  as NumPy has it
    """Shape after reducing over axes.

    Examples
    --------
    >>> reduced_shape((2, 3, 4), axis=(0, -1)), reduced_shape((2, 3), axis=1, keepdims=True)
    ((3,), (2, 1))
    """
    gone = positions(axis, len(shape), shape=shape)
    if keepdims:
        return tuple(1 if place in gone else size for place, size in enumerate(shape))
    return tuple(size for place, size in enumerate(shape) if place not in gone)


def count(shape: tuple[int, ...], axis: Axis = None) -> int:
    """Count the entries that meet in one entry of a reduction."""
    if axis is None:
        return math.prod(shape)
    if isinstance(axis, int):
        return shape[axis]
    return math.prod(shape[each] for each in axis)


def restored(reduced: Any, axis: Axis, keepdims: bool) -> Any:  # noqa: FBT001  a parameter of the operation, handed on
    """Give a reduced array its axes back, with size 1, so that it broadcasts against what was reduced."""
    if keepdims or axis is None:
        return reduced
    if axis == -1:
        return reduced[..., None]
    if axis == 0:
        return reduced[None]
    return np.expand_dims(reduced, axis)


def spread(amount: Any, shape: tuple[int, ...]) -> Any:
    """Repeat an array to a shape.

    Numbers are written out rather than shown through a view of stride 0, on which later matrix products are slow.
    """
    if isinstance(amount, (np.ndarray, np.floating)):
        out = np.empty(shape, dtype=amount.dtype)
        out[...] = amount
        return out
    return np.broadcast_to(amount, shape)


def transposed(matrices: Any) -> Any:
    """Swap the last two axes."""
    return np.swapaxes(matrices, -1, -2)


_LONGEST = 128
"""Entries that are added up as a product with ones; more of them NumPy adds in pieces, which rounds less."""


def summed(x: Any, axis: Axis, *, keepdims: bool = False) -> Any:
    """Sum over axes.

    One short axis of a matrix is a product with a vector of ones, which takes a third of the time of NumPy's sum: the
    gradient of a bias and the denominator of a softmax are such sums.

    Parameters
    ----------
    x : array
        What is summed.
    axis : int, tuple of int or None
        Over which axes; all of them for None.
    keepdims : bool
        Whether summed axes stay, with size 1.

    Examples
    --------
    >>> summed(np.array([[1.0, 2.0], [3.0, 4.0]]), 0), summed(np.array([[1.0, 2.0], [3.0, 4.0]]), (1,), keepdims=True)
    (array([4., 6.]), array([[3.],
           [7.]]))
    """
    shape = np.shape(x)
    single = axis[0] if isinstance(axis, tuple) and len(axis) == 1 else axis
    if is_symbolic(x) or len(shape) != 2 or not isinstance(single, int) or not 0 < shape[single] <= _LONGEST:
        return x.sum(axis, keepdims=keepdims) if isinstance(x, np.ndarray) else np.sum(x, axis=axis, keepdims=keepdims)
    ones = _ones(shape[single])
    total = ones @ x if single % 2 == 0 else x @ ones
    return restored(total, single, keepdims=False) if keepdims else total


@lru_cache(maxsize=_LONGEST)
def _ones(length: int) -> npt.NDArray[np.float64]:
    ones = np.ones(length)
    ones.flags.writeable = False
    return ones
