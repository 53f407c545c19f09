"""Functions that NumPy lacks."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ERF, _ERFC = np.frompyfunc(math.erf, 1, 1), np.frompyfunc(math.erfc, 1, 1)


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
    return _each(math.erf, _ERF, x)


def erfc(x: Any) -> Any:
    """Complement 1 − erf(x), which keeps all its digits far to the right, where erf(x) is rounded to 1.

    Parameters
    ----------
    x : float or array
        Dimensionless.

    Examples
    --------
    >>> float(erfc(10.0))
    2.088487583762545e-45
    """
    return _each(math.erfc, _ERFC, x)


BY_ENTRY: Mapping[np.ufunc, Callable[[Any], Any]] = MappingProxyType({_ERF: erf, _ERFC: erfc})
"""What a tracer is asked by: the universal function, and the one that also keeps arrays float64."""


def _each(function: Callable[[float], float], universal: np.ufunc, x: Any) -> Any:
    if isinstance(x, np.ndarray):
        # The loop runs in C over Python floats; fromiter keeps the result float64, also for zero entries.
        return np.fromiter(map(function, x.ravel()), dtype=np.float64, count=x.size).reshape(x.shape)
    if isinstance(x, (float, int)):
        return np.float64(function(x))
    return universal(x)  # so that a tracer may answer for itself
