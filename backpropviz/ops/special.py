"""Functions that NumPy lacks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

_ERF = np.frompyfunc(math.erf, 1, 1)


def erf(x: Any) -> Any:
    """Error function, to the accuracy of the C library.

    Parameters
    ----------
    x : float or array
        Dimensionless.

    Examples
    --------
    >>> round(float(erf(1.0)), 12)
    0.84270079295
    """
    if isinstance(x, np.ndarray):
        # The loop runs in C over Python floats; fromiter keeps the result float64, also for zero entries.
        return np.fromiter((math.erf(entry) for entry in x.ravel()), dtype=np.float64, count=x.size).reshape(x.shape)
    if isinstance(x, (float, int)):
        return np.float64(math.erf(x))
    return _ERF(x)  # a universal function, so that a tracer may answer for itself
