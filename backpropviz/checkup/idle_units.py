"""Units that no longer take part: ReLU's zeros, and activations at an end of their range."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from backpropviz.graph.node import Array

LOWEST = {"sigmoid": 0.0, "tanh": -1.0}
"""The lower end of each bounded activation's range; the upper one is 1."""
_SATURATED = 0.02


def silent_units(values: Array) -> npt.NDArray[np.bool_]:
    """Tell of each ReLU unit, from values of shape (examples, units), whether it is 0 for every example."""
    silent: npt.NDArray[np.bool_] = ~np.any(values > 0, axis=0)
    return silent


def share_saturated(activation: str, values: Array) -> Array:
    """Give for each unit the share of its activations within 2 % of an end; values of shape (examples, units)."""
    shares: Array = np.mean(at_ends(activation, values), axis=0)
    return shares


def at_ends(activation: str, values: Array) -> npt.NDArray[np.bool_]:
    """Tell of each activation whether it is within 2 % of an end of its range."""
    low = LOWEST[activation]
    margin = _SATURATED * (1.0 - low)
    ends: npt.NDArray[np.bool_] = (values < low + margin) | (values > 1.0 - margin)
    return ends


def by_unit(values: Array) -> Array:
    """Give an activation of any shape as (examples, units).

    Units are the last axis; of images, (examples, channels, height, width), the channels.

    Examples
    --------
    >>> by_unit(np.zeros((2, 3, 4, 5))).shape, by_unit(np.zeros((2, 3, 4))).shape, by_unit(np.zeros(4)).shape
    ((40, 3), (6, 4), (1, 4))
    """
    if values.ndim == 4:
        values = np.moveaxis(values, 1, -1)
    return values.reshape(-1, values.shape[-1] if values.ndim else 1)
