"""Attention: means of values, weighed by how well keys answer queries."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from backpropviz.ops.blocks.dense import linear
from backpropviz.ops.dispatch import Function
from backpropviz.ops.registry import REGISTRY

_softmax = Function(REGISTRY["softmax"])


def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    mask: Any = None,
    causal: bool = False,  # noqa: FBT001, FBT002  as frameworks have it
    scale: float | None = None,
    kept: Any = None,
) -> Any:
    """Weigh values by the softmax of query times key.

    Parameters
    ----------
    query : array, shape (..., targets, features)
        What is asked for.
    key : array, shape (..., sources, features)
        What answers.
    value : array, shape (..., sources, width)
        What is weighed.
    mask : array, broadcasting to (..., targets, sources), optional
        Added to the scores: 0 where a source may be seen, −∞ where not. Truth values say where it may.
    causal : bool
        Whether a target sees only itself and what comes before.
    scale : float, optional
        Factor of the scores; default 1/√features.
    kept : array, optional
        Factors of the weights, for dropout: 0, or 1 over the share that stays.

    Returns
    -------
    array, shape (..., targets, width)

    References
    ----------
    Vaswani et al. (2017), Attention is all you need, section 3.2.1.

    Examples
    --------
    >>> scaled_dot_product_attention(np.zeros((1, 2)), np.ones((2, 2)), np.array([[1.0], [3.0]]))
    array([[2.]])
    """
    features = np.shape(query)[-1]
    scores = (query @ np.swapaxes(key, -1, -2)) * (1.0 / math.sqrt(features) if scale is None else scale)
    if causal:
        targets, sources = np.shape(scores)[-2:]
        scores = scores + np.triu(np.full((targets, sources), -np.inf), 1)
    if mask is not None:
        scores = scores + (np.where(mask, 0.0, -np.inf) if getattr(mask, "dtype", None) == np.bool_ else mask)
    weights = _softmax(scores)
    return (weights if kept is None else weights * kept) @ value


def multi_head_attention(
    query: Any,
    key: Any,
    value: Any,
    heads: int,
    project: Any,
    project_bias: Any,
    out: Any,
    out_bias: Any,
    **settings: Any,
) -> Any:
    """Attend in several subspaces at once, and join what they found.

    Parameters
    ----------
    query, key, value : array, shape (batch, length, features)
        As in :func:`scaled_dot_product_attention`, which takes `settings`.
    heads : int
        How many subspaces.
    project : array, shape (3·features, features)
        Weights of queries, keys and values, below each other.
    project_bias : array, shape (3·features,)
        Their biases.
    out : array, shape (features, features)
        Weights that join the subspaces.
    out_bias : array, shape (features,)
        Their biases.

    Examples
    --------
    >>> x, eye = np.ones((1, 3, 2)), np.eye(2)
    >>> multi_head_attention(x, x, x, 2, np.vstack([eye, eye, eye]), np.zeros(6), eye, np.zeros(2))[0, 0]
    array([1., 1.])
    """
    width = np.shape(query)[-1]
    parts: list[Any] = []
    for place, given in enumerate((query, key, value)):
        rows = slice(place * width, (place + 1) * width)
        made = linear(given, project[rows], project_bias[rows])
        split = np.reshape(made, (*np.shape(made)[:-1], heads, width // heads))
        parts.append(np.swapaxes(split, -2, -3))
    queries, keys, values = parts
    found = np.swapaxes(scaled_dot_product_attention(queries, keys, values, **settings), -2, -3)
    return linear(np.reshape(found, (*np.shape(query)[:-1], width)), out, out_bias)
