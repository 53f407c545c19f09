"""Methods of NumPy's universal functions, as in ``np.add.reduce(x)``, by the functions that do the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import TraceError
from backpropviz.graph.tracing import refusals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_REDUCE: Mapping[np.ufunc, Callable[..., Any]] = {
    np.add: np.sum,
    np.multiply: np.prod,
    np.maximum: np.max,
    np.minimum: np.min,
    np.logical_and: np.all,
    np.logical_or: np.any,
}
_ACCUMULATE: Mapping[np.ufunc, Callable[..., Any]] = {np.add: np.cumsum, np.multiply: np.cumprod}
_INSTEAD = {
    "at": "Make a new value: x + np.where(np.arange(n) == k, amount, 0.0).",
    "reduceat": "Reduce slices, as in np.sum(x[:2]).",
    "accumulate": "Write it entry by entry, and np.stack the results.",
}


def of_ufunc(ufunc: np.ufunc, method: str, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """Give what a method of a universal function gives, or the function itself with options.

    Raises
    ------
    TraceError
        Where no function that can be traced does the same.
    """
    name = ufunc.__name__
    if method == "outer" and not options:
        first, second = inputs
        return ufunc(np.reshape(first, np.shape(first) + (1,) * np.ndim(second)), second)
    stands = {"reduce": _REDUCE, "accumulate": _ACCUMULATE}.get(method, {}).get(ufunc)
    if stands is not None:
        return stands(*inputs, **{"axis": 0} | options)  # all axes only where it says so
    if method == "__call__":
        raise TraceError(
            f"np.{name} cannot be traced with {next(iter(options))}=…. Call it with its arguments alone, and choose "
            "entries by np.where(condition, a, b).",
            op=name,
        )
    raise TraceError(f"np.{name}.{method} cannot be traced. {_INSTEAD.get(method, refusals.instead(name))}", op=name)
