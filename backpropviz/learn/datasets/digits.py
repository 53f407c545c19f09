"""Handwritten digits of 8 × 8 pixels, as scikit-learn ships them."""

from __future__ import annotations

from importlib import import_module

import numpy as np

from backpropviz.errors import DatasetError
from backpropviz.learn.examples import Examples


def digits() -> Examples:
    """Load 1,797 handwritten digits.

    Returns
    -------
    (X, y) : Examples
        X, shape (1797, 64), brightness of 8 × 8 pixels from 0 to 1; y, shape (1797,), 0 to 9.

    Raises
    ------
    DatasetError
        Where scikit-learn is not installed.

    References
    ----------
    Alpaydin and Kaynak (1998), Optical recognition of handwritten digits, UCI Machine Learning Repository.
    """
    try:
        load = import_module("sklearn.datasets").load_digits
    except ImportError:
        raise DatasetError(
            "The digits come with scikit-learn, which is not installed. Run: pip install backpropviz[digits]"
        ) from None
    bunch = load()
    return Examples(np.asarray(bunch.data, dtype=np.float64) / 16.0, np.asarray(bunch.target, dtype=np.float64))
