"""Indices along one axis, sizes that are spread, and borders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.ops.blocks.convolutions import padded

if TYPE_CHECKING:
    from collections.abc import Sequence


def along(axis: int, index: Any) -> tuple[Any, ...]:
    """Index one axis, and take the others whole.

    Examples
    --------
    >>> along(1, 0)
    (slice(None, None, None), 0)
    """
    return (*(slice(None),) * axis, index)


def grid_of(places: Any, axis: int) -> tuple[Any, ...]:
    """Index one axis by places, and the others by where these stand, as gathering does.

    Examples
    --------
    >>> grid_of(np.array([[1, 0]]), 1)
    (array([[0, 0]]), array([[1, 0]]))
    """
    grid: list[Any] = list(np.indices(places.shape))
    grid[axis] = places
    return tuple(grid)


def spread_sizes(shape: Sequence[int], size: Sequence[int]) -> tuple[int, ...]:
    """Give the sizes that are meant where −1 keeps what an axis has.

    Examples
    --------
    >>> spread_sizes((3, 1), (2, -1, 4))
    (2, 3, 4)
    """
    missing = len(size) - len(shape)
    return tuple(shape[place - missing] if each == -1 else each for place, each in enumerate(size))


def running_sum(x: Any, axis: int) -> Any:
    """Add up along an axis, each entry with all before it.

    Examples
    --------
    >>> running_sum(np.array([1.0, 2.0, 4.0]), 0)
    array([1., 3., 7.])
    """
    last = np.moveaxis(x, axis, -1)
    length = np.shape(last)[-1]
    return np.moveaxis(last @ np.triu(np.ones((length, length))), -1, axis)


def filled(x: Any, before: tuple[int, ...], after: tuple[int, ...], value: float) -> Any:
    """Surround the last axes by a number; negative widths cut entries off."""
    rank = len(before)
    sizes = np.shape(x)[np.ndim(x) - rank :]
    cut = tuple(slice(max(0, -low), size - max(0, -high)) for low, high, size in zip(before, after, sizes, strict=True))
    if any(low < 0 for low in (*before, *after)):
        x = x[(..., *cut)]
    low, high = (tuple(max(0, each) for each in side) for side in (before, after))
    around = padded(x, low, high)
    if not value or around is x:
        return around
    border = np.full(np.shape(around)[np.ndim(x) - rank :], value)
    inner = zip(low, np.shape(x)[np.ndim(x) - rank :], strict=True)
    border[tuple(slice(start, start + size) for start, size in inner)] = 0.0
    return around + border


def padded_sequences(
    sequences: Sequence[Any], batch_first: bool = False, padding_value: float = 0.0, padding_side: str = "right"
) -> Any:
    """Stack sequences, the shorter ones filled up to the longest."""
    longest = max(np.shape(each)[0] for each in sequences)
    rows = []
    for each in sequences:
        widths = (longest - np.shape(each)[0], *(0,) * (np.ndim(each) - 1))
        none = (0,) * np.ndim(each)
        before, after = (none, widths) if padding_side == "right" else (widths, none)
        rows.append(filled(each, before, after, padding_value))
    return np.stack(rows, axis=0 if batch_first else 1)
