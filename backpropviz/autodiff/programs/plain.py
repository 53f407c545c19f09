"""Numbers and arrays as JSON holds them, and back: one form for specifications, traits and programs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np


def plain_number(value: Any) -> Any:
    """Give a number or an array as JSON can hold it; what is not finite by the name that JavaScript and Python read.

    Examples
    --------
    >>> plain_number(np.inf), plain_number([[1.0, np.nan]])
    ('Infinity', {'shape': [1, 2], 'data': [1.0, 'NaN']})
    """
    array = np.asarray(value, dtype=np.float64)
    if array.ndim:
        entries = array.ravel().tolist()
        finite = bool(np.isfinite(array).all())
        return {"shape": list(array.shape), "data": entries if finite else [plain_number(each) for each in entries]}
    number = float(array)
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def read_plain(plain: Any) -> Any:
    """Read what :func:`plain_number` wrote; anything that NumPy takes for float64 numbers is taken too.

    Raises
    ------
    TypeError, ValueError
        For anything else, and for a shape that the entries do not fill.

    Examples
    --------
    >>> float(read_plain("-Infinity")), read_plain({"shape": [2, 1], "data": [1.0, "NaN"]})
    (-inf, array([[ 1.],
           [nan]]))
    """
    if isinstance(plain, Mapping):
        entries = np.array([float(entry) for entry in plain["data"]], dtype=np.float64)
        return entries.reshape([int(size) for size in plain["shape"]])
    return np.asarray(plain, dtype=np.float64)[()]
