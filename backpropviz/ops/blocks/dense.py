"""Weighted sums of features, rows of a table, and features that are dropped."""

from __future__ import annotations

from typing import Any

import numpy as np

from backpropviz.errors import InputError
from backpropviz.ops.dispatch import Function
from backpropviz.ops.indices import index_text
from backpropviz.ops.registry import REGISTRY
from backpropviz.ops.stand_ins import is_symbolic

_pick = Function(REGISTRY["getitem"])


def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    """Give weighted sums of the features, as a fully connected layer does.

    Parameters
    ----------
    x : array, shape (..., n_in)
        Features.
    weight : array, shape (n_out, n_in)
        A row for each unit.
    bias : array, shape (n_out,), optional
        Added to each unit's sum.

    Returns
    -------
    array, shape (..., n_out)

    Examples
    --------
    >>> linear(np.array([1.0, 2.0]), np.array([[3.0, 4.0]]), np.array([0.5]))
    array([11.5])
    """
    total = x @ (np.transpose(weight) if np.ndim(weight) > 1 else weight)
    return total if bias is None else total + bias


def embedding(indices: Any, weight: Any) -> Any:
    """Look rows up in a table.

    Parameters
    ----------
    indices : array of int, any shape
        Which rows; whole numbers, so that no gradient reaches them.
    weight : array, shape (rows, features)
        The table.

    Returns
    -------
    array, shape (*indices.shape, features)

    Raises
    ------
    InputError
        Where the indices are traced: which rows are looked up is part of the graph.

    Examples
    --------
    >>> embedding([1, 0], np.array([[0.0, 1.0], [2.0, 3.0]]))
    array([[2., 3.],
           [0., 1.]])
    """
    if is_symbolic(indices):
        raise InputError("embedding looks up rows that are fixed. Give the indices as whole numbers, not as an input.")
    places = np.asarray(indices).astype(np.intp)
    return _pick(weight, index=index_text(places if places.ndim else int(places)))


def dropout(x: Any, mask: Any, rate: float = 0.5) -> Any:
    """Drop features where a mask is 0, and enlarge the others so that their mean stays.

    Parameters
    ----------
    x : array
        Features.
    mask : array of 0 and 1, of the shape of `x`
        Drawn beforehand: which features stay.
    rate : float
        Share that is dropped, from 0 to 1.

    Examples
    --------
    >>> dropout(np.array([1.0, 2.0]), np.array([0.0, 1.0]), 0.5)
    array([0., 4.])
    """
    kept = 1.0 - rate
    return x * (np.asarray(mask, dtype=np.float64) / kept if kept else np.zeros(np.shape(mask)))
