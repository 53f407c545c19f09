"""NumPy's products of arrays and functions of matrices, as gates that are there: matmul, solve, sums."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import TraceError
from backpropviz.graph.tracing.numpy_names import ARRAY_FUNCTIONS
from backpropviz.ops.axes import positions

if TYPE_CHECKING:
    from collections.abc import Sequence


def _tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    if np.ndim(axes) == 0:
        left, right = list(range(np.ndim(a) - int(axes), np.ndim(a))), list(range(int(axes)))
    else:
        left, right = ([each] if np.ndim(each) == 0 else list(each) for each in axes)
    left, right = list(positions(tuple(left), np.ndim(a))), list(positions(tuple(right), np.ndim(b)))
    kept_left = [axis for axis in range(np.ndim(a)) if axis not in left]
    kept_right = [axis for axis in range(np.ndim(b)) if axis not in right]
    shape_a, shape_b = np.shape(a), np.shape(b)
    inner = int(np.prod([shape_a[axis] for axis in left]))
    rows, columns = [shape_a[axis] for axis in kept_left], [shape_b[axis] for axis in kept_right]
    one = np.reshape(np.transpose(a, (*kept_left, *left)), (int(np.prod(rows)), inner))
    other = np.reshape(np.transpose(b, (*right, *kept_right)), (inner, int(np.prod(columns))))
    return np.reshape(one @ other, (*rows, *columns))


def _inner(a: Any, b: Any) -> Any:
    return a * b if np.ndim(a) == 0 or np.ndim(b) == 0 else _tensordot(a, b, (-1, -1))


def _kron(a: Any, b: Any) -> Any:
    rank = max(np.ndim(a), np.ndim(b))
    shape_a = (1,) * (rank - np.ndim(a)) + np.shape(a)
    shape_b = (1,) * (rank - np.ndim(b)) + np.shape(b)
    between = [size for each in shape_a for size in (each, 1)], [size for each in shape_b for size in (1, each)]
    product = np.reshape(a, between[0]) * np.reshape(b, between[1])
    return np.reshape(product, [one * other for one, other in zip(shape_a, shape_b, strict=True)])


def _cross(a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    if axis is not None:
        axisa = axisb = axisc = axis
    x, y = np.moveaxis(a, axisa, -1), np.moveaxis(b, axisb, -1)
    if np.shape(x)[-1] != 3 or np.shape(y)[-1] != 3:
        raise TraceError("np.cross is traced for vectors of three entries. Write x[0]*y[1] - x[1]*y[0] for two.")
    (x0, x1, x2), (y0, y1, y2) = ([each[..., place] for place in range(3)] for each in (x, y))
    return np.moveaxis(np.stack([x1 * y2 - x2 * y1, x2 * y0 - x0 * y2, x0 * y1 - x1 * y0], axis=-1), -1, axisc)


def _convolve(a: Any, v: Any, mode: str = "full") -> Any:
    if np.shape(v)[0] > np.shape(a)[0]:
        a, v = v, a
    count, width = np.shape(a)[0], np.shape(v)[0]
    padded = np.pad(a, width - 1) if width > 1 else a
    places = np.arange(count + width - 1)[:, None] + np.arange(width)
    full = padded[places] @ np.flip(v, 0)
    start = {"full": 0, "same": (width - 1) // 2, "valid": width - 1}[mode]
    length = {"full": count + width - 1, "same": count, "valid": count - width + 1}[mode]
    return full if mode == "full" else full[start : start + length]


def _correlate(a: Any, v: Any, mode: str = "valid") -> Any:
    swapped = np.shape(v)[0] > np.shape(a)[0] and mode != "full"
    if swapped:
        return np.flip(_correlate(v, a, mode), 0)
    return _convolve(a, np.flip(v, 0), mode)


# -- Einstein's sums -----------------------------------------------------------------------------------------


def _einsum(*operands: Any, **options: Any) -> Any:
    if options.get("out") is not None:
        raise TraceError("np.einsum cannot be traced with out=…. Leave it out.", op="einsum")
    if not isinstance(operands[0], str) or "." in operands[0]:
        raise TraceError("np.einsum is traced with letters alone: np.einsum('ij,jk->ik', x, y).", op="einsum")
    text, arrays = operands[0].replace(" ", ""), operands[1:]
    left, _, wanted = text.partition("->")
    terms = left.split(",")
    if len(terms) != len(arrays) or any(len(t) != np.ndim(x) for t, x in zip(terms, arrays, strict=False)):
        raise TraceError(f"{text!r} does not fit arrays of {[np.ndim(x) for x in arrays]} axes.", op="einsum")
    if "->" not in text:
        wanted = "".join(sorted(letter for letter in set(left) - {","} if left.count(letter) == 1))
    x, letters = _on_its_own(arrays[0], terms[0], wanted + "".join(terms[1:]))
    for place, (other, term) in enumerate(zip(arrays[1:], terms[1:], strict=True), 1):
        later = wanted + "".join(terms[place + 1 :])
        y, its = _on_its_own(other, term, letters + later)
        x, letters = _on_its_own(*_met(x, letters, y, its, later), later)
    return x if letters == wanted else np.transpose(x, [letters.index(letter) for letter in wanted])


def _on_its_own(x: Any, letters: str, needed: str) -> tuple[Any, str]:
    """Take diagonals of letters that stand twice, and sum over those that nobody else needs."""
    for letter in sorted(set(letters)):
        while letters.count(letter) > 1:
            first, second = [place for place, each in enumerate(letters) if each == letter][:2]
            x = np.diagonal(x, 0, first, second)
            letters = letters[:first] + letters[first + 1 : second] + letters[second + 1 :] + letter
    gone = tuple(place for place, letter in enumerate(letters) if letter not in needed)
    return (np.sum(x, axis=gone), "".join(each for each in letters if each in needed)) if gone else (x, letters)


def _met(x: Any, one: str, y: Any, other: str, later: str) -> tuple[Any, str]:
    """Multiply two operands: letters of both that are needed later stay side by side, the rest is a matrix product."""
    shared = [letter for letter in one if letter in other]
    beside = [letter for letter in shared if letter in later]
    summed = [letter for letter in shared if letter not in later]
    rows = [letter for letter in one if letter not in shared]
    columns = [letter for letter in other if letter not in shared]
    sizes = dict(zip(one, np.shape(x), strict=True)) | dict(zip(other, np.shape(y), strict=True))
    left = _ordered(x, one, [*beside, *rows, *summed], (beside, rows, summed), sizes)
    right = _ordered(y, other, [*beside, *summed, *columns], (beside, summed, columns), sizes)
    result = [*beside, *rows, *columns]
    return np.reshape(left @ right, [sizes[letter] for letter in result]), "".join(result)


def _ordered(x: Any, letters: str, order: list[str], groups: Sequence[list[str]], sizes: dict[str, int]) -> Any:
    moved = np.transpose(x, [letters.index(letter) for letter in order]) if list(letters) != order else x
    beside, *matrix = groups
    shape = [*(sizes[each] for each in beside), *(int(np.prod([sizes[each] for each in group])) for group in matrix)]
    return np.reshape(moved, shape) if tuple(shape) != np.shape(moved) else moved


# -- matrices ------------------------------------------------------------------------------------------------


def _matrix_power(a: Any, n: int) -> Any:
    if n < 0:
        return _matrix_power(np.linalg.inv(a), -n)
    if n == 0:
        return np.broadcast_to(np.eye(np.shape(a)[-1]), np.shape(a)) + 0.0 * a
    half = _matrix_power(a, n // 2) if n > 1 else None
    return a if half is None else half @ half @ a if n % 2 else half @ half


def _pinv(a: Any, *_tolerance: Any, **_options: Any) -> Any:
    rows, columns = np.shape(a)[-2:]
    turned = np.swapaxes(a, -1, -2)
    # Of full rank; where it is not, the system is singular, and says so.
    return np.linalg.solve(turned @ a, turned) if rows >= columns else turned @ np.linalg.inv(a @ turned)


def _det(a: Any) -> Any:
    size = np.shape(a)[-1]
    if size > 3:
        raise TraceError(
            "np.linalg.det is traced up to 3 by 3, by its cofactors. Write logdet(x), after “from backpropviz.ops "
            "import logdet”, for ln|det x|; its exponential is the size of the determinant.",
            op="logdet",
        )
    entry = [[a[..., row, column] for column in range(size)] for row in range(size)]
    if size == 1:
        return entry[0][0]
    if size == 2:
        return entry[0][0] * entry[1][1] - entry[0][1] * entry[1][0]
    minors = [
        entry[1][(k + 1) % 3] * entry[2][(k + 2) % 3] - entry[1][(k + 2) % 3] * entry[2][(k + 1) % 3] for k in range(3)
    ]
    return entry[0][0] * minors[0] + entry[0][1] * minors[1] + entry[0][2] * minors[2]


def _slogdet(a: Any) -> tuple[Any, Any]:
    determinant = _det(a)
    return np.sign(determinant), np.log(np.abs(determinant))


ARRAY_FUNCTIONS |= {
    np.tensordot: _tensordot,
    np.inner: _inner,
    np.kron: _kron,
    np.cross: _cross,
    np.convolve: _convolve,
    np.correlate: _correlate,
    np.einsum: _einsum,
    np.linalg.matrix_power: _matrix_power,
    np.linalg.multi_dot: lambda arrays, **_options: reduce(lambda x, y: x @ y, arrays),
    np.linalg.pinv: _pinv,
    np.linalg.det: _det,
    np.linalg.slogdet: _slogdet,
}
