"""Pooling: one number for each window, its largest entry or its mean."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from backpropviz.ops.blocks.convolutions import Sizes, padded, per_axis
from backpropviz.ops.dispatch import Function
from backpropviz.ops.registry import REGISTRY
from backpropviz.ops.sliding import places_of

_windows, _first_max = (Function(REGISTRY[name]) for name in ("windows", "first_max"))


def _more_behind(
    sizes: tuple[int, ...],
    size: tuple[int, ...],
    steps: tuple[int, ...],
    around: tuple[int, ...],
    apart: tuple[int, ...],
) -> tuple[int, ...]:
    """How many entries are missing for a last window that begins inside the image but ends outside."""
    more = []
    for length, window, step, pad, gap in zip(sizes, size, steps, around, apart, strict=True):
        span = (window - 1) * gap + 1
        count = -(-(length + 2 * pad - span) // step) + 1
        if (count - 1) * step >= length + pad:
            count -= 1
        more.append(max(0, (count - 1) * step + span - length - 2 * pad))
    return tuple(more)


def _window(x: Any, size: Sizes) -> tuple[int, ...]:
    """Give a window's size along each axis; one number stands for all but batch and channels."""
    return per_axis(size, np.ndim(x) - 2) if isinstance(size, int) else tuple(size)


def _entries_first(slid: Any, rank: int) -> Any:
    """Bring the entries of all windows to the front, in one axis: neighbours in the image stay so in memory."""
    ahead = np.ndim(slid) - rank
    turned = np.transpose(slid, (*range(ahead, ahead + rank), *range(ahead)))
    return np.reshape(turned, (math.prod(np.shape(slid)[ahead:]), *np.shape(slid)[:ahead]))


def max_pool(
    x: Any,
    size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,  # noqa: FBT001, FBT002  as frameworks have it
) -> Any:
    """Give the largest entry of each window; the first of several that tie takes the gradient.

    Parameters
    ----------
    x : array, shape (..., *sizes)
        Images.
    size : int or tuple of int
        Of the window, one number for each of the last axes.
    stride, padding, dilation : int or tuple of int
        Steps between windows (default `size`), entries of −∞ around the image, distance of a window's entries.
    ceil_mode : bool
        Whether a last window may end outside of the image.

    Examples
    --------
    >>> max_pool(np.array([[1.0, 3.0, 2.0, 0.0]]), (2,))
    array([[3., 2.]])
    """
    size = _window(x, size)
    rank = len(size)
    steps = size if stride is None else per_axis(stride, rank)
    around, apart = per_axis(padding, rank), per_axis(dilation, rank)
    sizes = np.shape(x)[np.ndim(x) - rank :]
    behind = _more_behind(sizes, size, steps, around, apart) if ceil_mode else (0,) * rank
    if any(around) or any(behind):
        after = tuple(pad + more for pad, more in zip(around, behind, strict=True))
        border = np.full([length + low + high for length, low, high in zip(sizes, around, after, strict=True)], -np.inf)
        border[tuple(slice(low, low + length) for low, length in zip(around, sizes, strict=True))] = 0.0
        x = padded(x, around, after) + border
    return _first_max(_entries_first(_windows(x, size=size, stride=steps, dilation=apart), rank), axis=0)


def average_pool(
    x: Any,
    size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,  # noqa: FBT001, FBT002  as frameworks have it
    count_include_pad: bool = True,  # noqa: FBT001, FBT002  as above
    divisor_override: int | None = None,
) -> Any:
    """Give the mean of each window.

    Parameters
    ----------
    x, size, stride, ceil_mode
        As in :func:`max_pool`.
    padding : int or tuple of int
        Zeros around the image.
    count_include_pad : bool
        Whether these zeros are counted.
    divisor_override : int, optional
        What the sum of a window is divided by instead.

    Examples
    --------
    >>> average_pool(np.array([[1.0, 3.0, 2.0, 0.0]]), (2,))
    array([[2., 1.]])
    """
    size = _window(x, size)
    rank = len(size)
    steps = size if stride is None else per_axis(stride, rank)
    around, ones = per_axis(padding, rank), (1,) * rank
    sizes = np.shape(x)[np.ndim(x) - rank :]
    behind = _more_behind(sizes, size, steps, around, ones) if ceil_mode else (0,) * rank
    after = tuple(pad + more for pad, more in zip(around, behind, strict=True))
    flat = _entries_first(_windows(padded(x, around, after), size=size, stride=steps), rank)
    if divisor_override is not None:
        return np.sum(flat, axis=0) / float(divisor_override)
    counted = np.zeros([length + low + high for length, low, high in zip(sizes, around, after, strict=True)])
    inner = [
        slice(0, length + 2 * pad) if count_include_pad else slice(pad, pad + length)
        for length, pad in zip(sizes, around, strict=True)
    ]
    counted[tuple(inner)] = 1.0
    entries = _windows(counted, size=size, stride=steps)
    counts = np.sum(entries, axis=tuple(range(-rank, 0)))
    if (counts == math.prod(size)).all():
        return np.mean(flat, axis=0)
    return np.sum(flat, axis=0) / counts


def _adaptive(x: Any, places: tuple[int, ...], take: Any) -> Any:
    """Give one number for each of a fixed number of windows, whose sizes may differ by one."""
    rank = len(places)
    sizes = np.shape(x)[np.ndim(x) - rank :]
    if all(length % count == 0 for length, count in zip(sizes, places, strict=True)):
        size = tuple(length // count for length, count in zip(sizes, places, strict=True))
        slid = _windows(x, size=size, stride=size)
        assert places_of(sizes, size, size, (1,) * rank) == places  # noqa: S101  whole windows
        return take(_entries_first(slid, rank))
    entries = []
    for place in np.ndindex(*places):
        window = tuple(
            slice(k * length // count, -(-(k + 1) * length // count))
            for k, length, count in zip(place, sizes, places, strict=True)
        )
        part = x[(..., *window)]
        entries.append(take(_entries_first(part, rank)))
    stacked = np.stack(entries, axis=-1)
    return np.reshape(stacked, (*np.shape(stacked)[:-1], *places))


def adaptive_average_pool(x: Any, places: tuple[int, ...]) -> Any:
    """Give the means of a fixed number of windows along each of the last axes.

    Examples
    --------
    >>> adaptive_average_pool(np.array([[1.0, 2.0, 6.0]]), (2,))
    array([[1.5, 4. ]])
    """
    return _adaptive(x, tuple(places), lambda flat: np.mean(flat, axis=0))


def adaptive_max_pool(x: Any, places: tuple[int, ...]) -> Any:
    """Give the largest entries of a fixed number of windows along each of the last axes.

    Examples
    --------
    >>> adaptive_max_pool(np.array([[1.0, 2.0, 6.0]]), (2,))
    array([[2., 6.]])
    """
    return _adaptive(x, tuple(places), lambda flat: _first_max(flat, axis=0))
