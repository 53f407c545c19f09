"""Whether something is made of real numbers; what is not is refused rather than changed."""

from __future__ import annotations

import numbers
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import InputError

if TYPE_CHECKING:
    import numpy.typing as npt

_ADVICE = {
    "c": "complex ones, whose imaginary parts would be lost. Give .real and .imag as inputs of their own",
    "S": "texts. Convert them first, as in array.astype(float)",
    "U": "texts. Convert them first, as in array.astype(float)",
    "M": "dates. Give a difference in a unit of your own, as in (dates - dates[0]) / np.timedelta64(1, 'D')",
    "m": "durations. Divide them by a unit first, as in durations / np.timedelta64(1, 's')",
    "V": "records. Give each field as an input of its own",
}

_MISSING = "nothing"


def real_array(value: Any, what: str = "This") -> npt.NDArray[np.float64]:
    """Give a number or an array as a float64 array; it may share the caller's memory.

    Parameters
    ----------
    value : number or array
        Real numbers of any kind: Python's, NumPy's, fractions, decimals, truth values; in lists too.
    what : str
        What it is, as a message begins.

    Raises
    ------
    InputError
        For numbers that are complex or beyond float64, texts, dates, records, masked entries, missing values, and lists
        of uneven rows.

    Examples
    --------
    >>> real_array([1, True, 10**30])
    array([1.e+00, 1.e+00, 1.e+30])
    """
    # Nothing is masked before that part of NumPy is loaded, which takes a while.
    if "numpy.ma" in sys.modules and np.ma.is_masked(value):
        raise InputError(
            f"{what} has masked entries, whose numbers are not meant. Fill them, as in array.filled(0), or leave them "
            "out, as in array.compressed().",
            actual=value,
        )
    try:
        array = np.asarray(value)
        kind = _kind(array)
        numbers_only = None if kind in _ADVICE or kind == _MISSING else np.asarray(array, dtype=np.float64)
    except OverflowError:
        raise InputError(f"{what} is too large: numbers reach to about 1.8e308 (float64).", actual=value) from None
    except (TypeError, ValueError):
        kind, numbers_only = _MISSING, None
    if numbers_only is not None:
        return numbers_only
    if kind in _ADVICE:
        raise InputError(f"{what} must be numbers, not {_ADVICE[kind]}.", actual=value)
    raise InputError(
        f"{what} cannot be read as numbers: {type(value).__name__} given. Give a real number, or an array whose rows "
        "have equal lengths; write np.nan for what is missing.",
        actual=value,
    )


def _kind(array: npt.NDArray[Any]) -> str:
    """Give NumPy's letter for what the array holds; of objects, that of an entry which NumPy would change silently."""
    if array.dtype.kind != "O":
        return str(array.dtype.kind)
    found = {_kind_of_object(entry) for entry in array.ravel()}
    return min(found - {"O"}, default="O")


def _kind_of_object(entry: Any) -> str:
    if isinstance(entry, (str, bytes)):
        return "U"
    if isinstance(entry, numbers.Complex) and not isinstance(entry, numbers.Real):
        return "c"
    return _MISSING if entry is None else "O"  # NumPy makes NaN of None
