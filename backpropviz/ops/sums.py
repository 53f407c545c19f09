"""Sums that rules take over and over: those over one short axis of a matrix."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.ops.axes import restored
from backpropviz.ops.stand_ins import is_symbolic

if TYPE_CHECKING:
    import numpy.typing as npt

    from backpropviz.ops.axes import Axis

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
