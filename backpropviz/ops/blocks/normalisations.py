"""Normalisation: features brought to mean 0 and variance 1, over a batch, a layer or groups of channels."""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def _scaled(x: Any, weight: Any, bias: Any, shape: tuple[int, ...] | None = None) -> Any:
    if weight is not None:
        x = x * (weight if shape is None else np.reshape(weight, shape))
    if bias is not None:
        x = x + (bias if shape is None else np.reshape(bias, shape))
    return x


def _normalised(x: Any, axes: tuple[int, ...], epsilon: float) -> Any:
    spread = np.sqrt(np.var(x, axis=axes, keepdims=True) + epsilon)
    return (x - np.mean(x, axis=axes, keepdims=True)) / spread


def layer_norm(x: Any, axes: int, weight: Any = None, bias: Any = None, epsilon: float = 1e-5) -> Any:
    """Normalise each example over its last axes.

    Parameters
    ----------
    x : array
        Features.
    axes : int
        Over how many of the last axes.
    weight, bias : array, of the shape of these axes, optional
        Scale and shift of each feature.
    epsilon : float
        Added to the variance.

    Examples
    --------
    >>> layer_norm(np.array([1.0, 3.0]), 1, epsilon=0.0)
    array([-1.,  1.])
    """
    return _scaled(_normalised(x, tuple(range(-axes, 0)), epsilon), weight, bias)


def rms_norm(x: Any, axes: int, weight: Any = None, epsilon: float = 1e-6) -> Any:
    """Divide each example by its root mean square over its last axes.

    Parameters
    ----------
    x, axes, weight, epsilon
        As in :func:`layer_norm`.

    Examples
    --------
    >>> rms_norm(np.array([3.0, 3.0]), 1, epsilon=0.0)
    array([1., 1.])
    """
    square = np.mean(x * x, axis=tuple(range(-axes, 0)), keepdims=True)
    return _scaled(x / np.sqrt(square + epsilon), weight, None)


def batch_norm(
    x: Any,
    weight: Any = None,
    bias: Any = None,
    mean: Any = None,
    variance: Any = None,
    epsilon: float = 1e-5,
) -> Any:
    """Normalise each channel, axis 1, over the batch and all places.

    Parameters
    ----------
    x : array, shape (batch, channels, ...)
        Features.
    weight, bias : array, shape (channels,), optional
        Scale and shift of each channel.
    mean, variance : array, shape (channels,), optional
        Of former batches, as networks use them once they are trained; default those of this batch.
    epsilon : float
        Added to the variance.

    Examples
    --------
    >>> batch_norm(np.array([[1.0], [3.0]]), epsilon=0.0).ravel()
    array([-1.,  1.])
    """
    shape = (1, -1, *(1,) * (np.ndim(x) - 2))
    if mean is None or variance is None:
        return _scaled(_normalised(x, (0, *range(2, np.ndim(x))), epsilon), weight, bias, shape)
    spread = np.sqrt(np.reshape(variance, shape) + epsilon)
    return _scaled((x - np.reshape(mean, shape)) / spread, weight, bias, shape)


def group_norm(x: Any, groups: int, weight: Any = None, bias: Any = None, epsilon: float = 1e-5) -> Any:
    """Normalise each group of channels of each example, over all places.

    Parameters
    ----------
    x : array, shape (batch, channels, ...)
        Features.
    groups : int
        Into how many groups the channels are split; as many as channels for instance normalisation.
    weight, bias, epsilon
        As in :func:`batch_norm`.

    Examples
    --------
    >>> group_norm(np.array([[[1.0, 3.0], [2.0, 6.0]]]), 2, epsilon=0.0)
    array([[[-1.,  1.],
            [-1.,  1.]]])
    """
    shape = np.shape(x)
    whole = np.reshape(x, (shape[0], groups, math.prod(shape[1:]) // groups))
    flat = np.reshape(_normalised(whole, (2,), epsilon), shape)
    return _scaled(flat, weight, bias, (1, -1, *(1,) * (len(shape) - 2)))
