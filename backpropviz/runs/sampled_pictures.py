"""What to look at while a network learns: decision grids, fitted curves, weights as pictures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from backpropviz.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.graph.node import Array
    from backpropviz.learn.mlp import MLP
    from backpropviz.learn.network import Network

_MARGIN = 0.1


class Grid(NamedTuple):
    """Predictions over a rectangle of the plane.

    Attributes
    ----------
    first, second : array, shape (n,)
        The two features along the axes.
    predictions : array, shape (n, n), or (n, n, outputs) for several outputs
        Row i has ``second[i]``, column j ``first[j]``.
    """

    first: Array
    second: Array
    predictions: Array


class SampledFit(NamedTuple):
    """Predictions along the one feature: arrays of shape (n,) and (n,), or (n, outputs) for several outputs."""

    feature: Array
    predictions: Array


def bounds_of(features: Array) -> tuple[tuple[float, float], ...]:
    """Give the range of each feature with a margin of a tenth, for axes that stay while a network learns."""
    low, high = features.min(axis=0), features.max(axis=0)
    margin = np.where(high > low, _MARGIN * (high - low), 1.0)
    return tuple(zip((low - margin).tolist(), (high + margin).tolist(), strict=True))


def grid(network: Network, bounds: Sequence[tuple[float, float]], n: int = 50) -> Grid:
    """Predict on n × n points of the plane.

    Parameters
    ----------
    network : Network
        Of two features.
    bounds : two pairs of float
        Range of each feature; :func:`bounds_of` gives them.
    n : int
        Points along each axis.

    Raises
    ------
    InputError
        For another number of features.
    """
    if network.input_count != 2:
        raise InputError(f"A decision grid needs 2 features, not {network.input_count}.", actual=network.input_count)
    first, second = (np.linspace(low, high, n) for low, high in bounds)
    points = np.column_stack([np.tile(first, n), np.repeat(second, n)])
    predictions = network.predict(points)
    return Grid(first, second, predictions.reshape(n, n, *predictions.shape[1:]))


def curve(network: Network, bounds: Sequence[tuple[float, float]], n: int = 200) -> SampledFit:
    """Predict at n points of the one feature; bounds as for :func:`grid`.

    Raises
    ------
    InputError
        For another number of features.
    """
    if network.input_count != 1:
        raise InputError(f"A fitted curve needs 1 feature, not {network.input_count}.", actual=network.input_count)
    feature = np.linspace(*bounds[0], n)
    return SampledFit(feature, network.predict(feature[:, None]))


def weight_pictures(mlp: MLP, layer: int = 1, shape: tuple[int, int] | None = None) -> Array:
    """Give the weights into each unit of a layer as a picture.

    Parameters
    ----------
    mlp : MLP
    layer : int
        Counted from 1.
    shape : tuple of int, optional
        Rows and columns of a picture; square where the number of weights is a square, otherwise one row.

    Returns
    -------
    array, shape (units, rows, columns)

    Raises
    ------
    InputError
        Where the weights do not fill that shape, or there is no such layer.
    """
    if not 1 <= layer <= mlp.layers:
        raise InputError(f"There is no layer {layer}; layers are 1 to {mlp.layers}.", actual=layer)
    weights, _ = mlp.weights(layer)
    if shape is None:
        side = math.isqrt(len(weights))
        shape = (side, side) if side * side == len(weights) else (1, len(weights))
    if math.prod(shape) != len(weights):
        raise InputError(f"{len(weights)} weights do not fill a picture of {shape}.", expected=len(weights))
    return weights.T.reshape(-1, *shape)
