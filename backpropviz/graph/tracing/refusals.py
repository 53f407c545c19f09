"""What a tracer says where a graph cannot follow: what it is, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import TraceError
from backpropviz.graph.tracing.numpy_names import ARRAY_FUNCTIONS, COMPOSED_UFUNCS, op_of
from backpropviz.ops import suggest

if TYPE_CHECKING:
    from collections.abc import Callable

_INSTEAD = {
    "argmax": "A place has no gradient. Write np.max(x) for the value there.",
    "argmin": "A place has no gradient. Write np.min(x) for the value there.",
    "argsort": "Places have no gradient. Write np.sort(x) for the values in order.",
    "argpartition": "Places have no gradient. Write np.sort(x) for the values in order.",
    "argwhere": "Places have no gradient, and their number depends on the values. Write np.where(condition, x, 0).",
    "nonzero": "The number of places depends on the values. Write np.where(condition, x, 0).",
    "flatnonzero": "The number of places depends on the values. Write np.where(condition, x, 0).",
    "extract": "How many entries remain depends on the values. Write np.where(condition, x, 0).",
    "compress": "Write np.where(condition, x, 0), or np.take(x, places) where the places are known.",
    "choose": "Write np.where(condition, a, b), or np.select(conditions, choices) for several.",
    "piecewise": "Write np.where(condition, a, b), or np.select(conditions, choices) for several.",
    "unique": "How many entries remain depends on the values, and no gradient passes.",
    "histogram": "Counts have no gradient.",
    "bincount": "Counts have no gradient.",
    "searchsorted": "Places have no gradient. Compare, as in np.sum(x >= edges).",
    "digitize": "Places have no gradient. Compare, as in np.sum(x >= edges).",
    "interp": "Write the straight pieces with np.where(condition, a, b).",
    "percentile": "Sort and pick, as in np.sort(x)[k].",
    "quantile": "Sort and pick, as in np.sort(x)[k].",
    "partition": "Write np.sort(x).",
    "copyto": "Write np.broadcast_to(x, shape) to fill an array with a traced value.",
    "put": "Write np.where(condition, new, x).",
    "place": "Write np.where(condition, new, x).",
    "putmask": "Write np.where(condition, new, x).",
    "put_along_axis": "Write np.where(condition, new, x).",
    "fill_diagonal": "Write np.where(np.eye(n) == 1, new, x).",
    "append": "Write np.concatenate([x, y]).",
    "insert": "Write np.concatenate([x[:k], new, x[k:]]).",
    "delete": "Write np.concatenate([x[:k], x[k + 1:]]).",
    "resize": "Write np.reshape(x, shape), or np.tile(x, times) to repeat.",
    "polyfit": "Write np.linalg.solve(A.T @ A, A.T @ y), where A = np.vander(x, n).",
    "polyval": "Write Horner's rule: (c[0]*x + c[1])*x + c[2].",
    "trapezoid": "Write np.sum((y[1:] + y[:-1])*np.diff(x))/2.",
    "trapz": "Write np.sum((y[1:] + y[:-1])*np.diff(x))/2.",
    "gradient": "Write differences, as in np.diff(x).",
    "cov": "Write d = x - x.mean(axis=1, keepdims=True); d @ d.T/(n - 1).",
    "corrcoef": "Write d = (x - x.mean())/x.std(); np.mean(d1*d2).",
    "lstsq": "Write np.linalg.solve(A.T @ A, A.T @ b).",
    "eig": "Eigenvectors have no rule here. np.linalg.solve, inv and np.trace may serve.",
    "eigh": "Eigenvectors have no rule here. np.linalg.solve, inv and np.trace may serve.",
    "eigvalsh": "Eigenvalues have no rule here. Their sum is np.trace(x); np.linalg.svdvals(x) gives their sizes.",
    "qr": "Orthogonal factors have no rule here. Write np.linalg.cholesky(x.T @ x).T for the upper factor.",
    "matrix_rank": "A rank has no gradient.",
    **dict.fromkeys(
        ("rfft", "ifft", "irfft", "fft2", "ifft2", "fftn", "rfft2"),
        "A transform gives complex numbers. Write the product with its cosines and sines, W @ x.",
    ),
    "linspace": "Write a + (b - a)*np.linspace(0.0, 1.0, n).",
    "block": "Write np.concatenate of rows that are np.concatenate of blocks.",
    "sinc": "Write np.sin(t)/t with t = math.pi*x, away from 0.",
    "vander": "Write np.stack([x**2, x, np.ones_like(x)], axis=-1).",
    "fft": "A transform gives complex numbers. Write the product with its cosines and sines, W @ x.",
    "isclose": "Write np.abs(x - y) < tolerance.",
    "allclose": "Write np.max(np.abs(x - y)) < tolerance.",
    "array_equal": "Write np.min(np.equal(x, y)).",
    "tolist": "A traced value has no numbers to list. Index it, as in x[0].",
    "item": "A traced value has no number yet. Use it as it is.",
    "angle": "Write np.arctan2(y, x).",
    "gcd": "Whole numbers have no gradient.",
    "lcm": "Whole numbers have no gradient.",
    "divmod": "Write x // y and x % y.",
    "modf": "Write x - np.trunc(x) and np.trunc(x).",
    "frexp": "Write np.log2(np.abs(x)) for the size of a number.",
    "ldexp": "Write x*2.0**n.",
    "nextafter": "The next number has no gradient. Write x.",
    "spacing": "The gap between numbers has no gradient.",
}


_IN_MEMORY = "A graph does not know how an array lies in memory. Use x as it is."
IN_PLACE = {
    "sort": "x.sort() changes x in place. Write x = np.sort(x).",
    "partition": "x.partition(k) changes x in place. Write x = np.sort(x).",
    "resize": "x.resize(shape) changes x in place. Write x = np.reshape(x, shape).",
    "fill": "x.fill(a) changes x in place. Write x = np.full_like(x, a).",
    "put": "x.put(places, new) changes x in place. Write x = np.where(condition, new, x).",
    "itemset": "x.itemset(place, new) changes x in place. Write x = np.where(condition, new, x).",
}
"""Methods that change an array, and have no value."""

_OF_ARRAYS = {
    "flat": "Write x.ravel() for the entries in one row.",
    "to_device": "Everything is computed on this machine. Leave to_device out.",
    **dict.fromkeys(("dump", "dumps", "tobytes", "tofile", "tostring"), "A traced value has no numbers to write yet."),
    **dict.fromkeys(("base", "byteswap", "ctypes", "data", "device", "flags", "getfield"), _IN_MEMORY),
    **dict.fromkeys(("newbyteorder", "setfield", "setflags", "strides", "view"), _IN_MEMORY),
}


def instead_of_attribute(name: str) -> str:
    """Say what to write for one method or attribute of NumPy's arrays."""
    return IN_PLACE.get(name) or _OF_ARRAYS.get(name) or instead(name)


def picked_by_value(shown: str) -> TraceError:
    """Refuse an index that is a traced value: a condition, or a place."""
    return TraceError(
        f"{shown}[…] is indexed by a traced value, and how many entries a condition picks depends on the values, while "
        "shapes in a graph do not. Write np.where(x > 0, x, 0.0) for x[x > 0] in its own shape, np.sum(x, where=x > 0) "
        "or np.mean(x, where=x > 0) for what x[x > 0].sum() and .mean() give, "
        "np.sum(np.where(np.arange(n) == k, x, 0.0)) for x[k] with a traced k.",
        op="getitem",
    )


def instead(name: str) -> str:
    """Say what to write for one function of NumPy."""
    if name in _INSTEAD:
        return _INSTEAD[name]
    near = suggest(name, _traced_names())
    hint = f"Did you mean np.{near}? If not, write" if near else "Write"
    return f"{hint} its formula with what can be traced: operators, np.sum, np.where, indices and the like."


def no_function(function: Callable[..., Any]) -> TraceError:
    """Refuse a function of NumPy that tracers do not know, under the name it is called by."""
    name = function.__name__
    rooms = [room for room in ("linalg", "fft") if getattr(getattr(np, room), name, None) is function]
    return TraceError(f"{'.'.join(['np', *rooms, name])} cannot be traced. {instead(name)}", op=name)


def no_ufunc(name: str) -> TraceError:
    """Refuse a universal function that the registry does not have."""
    return TraceError(f"np.{name} cannot be traced: it has no derivative rule here. {instead(name)}", op=name)


def no_number(shown: str, kind: str) -> TraceError:
    """Refuse to become a plain number."""
    return TraceError(
        f"{kind}({shown}): the value is not known while the function is traced. Functions of the math module ask for "
        "it too: write np.exp(x) for math.exp(x), np.sin for math.sin. So does writing into an array of numbers, "
        "a[0] = x: write a = np.stack([x, y]).",
        actual=kind,
    )


def no_digits(shown: str, specification: str) -> TraceError:
    """Refuse to be printed in a format for numbers."""
    return TraceError(
        f"{shown} has no digits to print as {specification!r}: the value is not known while the function is traced. "
        "Print it afterwards, from graph.evaluate(...).value, or leave the format out.",
        actual=specification,
    )


def written_into(what: str) -> TraceError:
    """Refuse to change something in place."""
    return TraceError(
        f"The function writes into {what}, and a graph has no places to write into. Make a new value: a = a + x for "
        "a += x, np.where(condition, new, x) for x[condition] = new, np.stack or np.concatenate for x[0] = new.",
        actual=what,
    )


def _traced_names() -> set[str]:
    ufuncs = (getattr(np, name) for name in vars(np) if isinstance(vars(np)[name], np.ufunc))
    names = {ufunc.__name__ for ufunc in ufuncs if op_of(ufunc) is not None or ufunc.__name__ in COMPOSED_UFUNCS}
    return names | {function.__name__ for function in ARRAY_FUNCTIONS}
