"""What NumPy's functions cost, in operations on single numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Price:
    """Operations on single numbers.

    Parameters
    ----------
    additions : int
        Additions, subtractions and changes of sign.
    multiplications : int
        Multiplications and divisions.
    transcendental : int
        Calls of functions such as exp, sin and the square root, and powers whose exponent is no whole number.
    comparisons : int
        Comparisons and choices: maximum, absolute value, sign.
    """

    additions: int = 0
    multiplications: int = 0
    transcendental: int = 0
    comparisons: int = 0

    @property
    def operations(self) -> int:
        """All of them, each counted as one."""
        return self.additions + self.multiplications + self.transcendental + self.comparisons

    def __add__(self, other: Price) -> Price:
        return Price(
            self.additions + other.additions,
            self.multiplications + other.multiplications,
            self.transcendental + other.transcendental,
            self.comparisons + other.comparisons,
        )

    def __mul__(self, times: int) -> Price:
        return Price(
            self.additions * times, self.multiplications * times, self.transcendental * times, self.comparisons * times
        )


FREE = Price()
ADDITION = Price(additions=1)
MULTIPLICATION = Price(multiplications=1)
CALL = Price(transcendental=1)
COMPARISON = Price(comparisons=1)


def _each(names: str, price: Price) -> dict[str, Price]:
    return dict.fromkeys(names.split(), price)


_BY_ENTRY: dict[str, Price] = {
    **_each("add subtract negative", ADDITION),
    **_each("multiply divide true_divide square reciprocal", MULTIPLICATION),
    **_each("exp exp2 expm1 log log2 log10 log1p sqrt cbrt logaddexp power float_power hypot erf erfc", CALL),
    **_each("sin cos tan arcsin arccos arctan arctan2 sinh cosh tanh arcsinh arccosh arctanh", CALL),
    **_each("equal not_equal less less_equal greater greater_equal isnan isinf isfinite", COMPARISON),
    **_each("maximum minimum fmax fmin absolute fabs sign floor ceil rint remainder copysign", COMPARISON),
    **_each("positive conjugate logical_and logical_or logical_not bitwise_and bitwise_or", FREE),
    # What only moves entries.
    **_each("reshape ravel transpose swapaxes moveaxis expand_dims squeeze broadcast_to concatenate stack", FREE),
    **_each("repeat tile flip roll diagonal diag take take_along_axis copy split array_split where", FREE),
    **_each("any all triu tril real getitem", FREE),
}
_REDUCTIONS: dict[str, Price] = {
    **_each("sum add cumsum trace", ADDITION),
    **_each("prod multiply cumprod", MULTIPLICATION),
    **_each("max amax maximum min amin minimum argmax argmin", COMPARISON),
}
_PRODUCTS = frozenset({"matmul", "dot", "outer"})


def price_of(name: str, values: Sequence[Any], out: Any, exponent: float | None = None) -> Price | None:
    """Give the price of one call of a NumPy function; None for a function without a known price.

    Parameters
    ----------
    name : str
        The function's name in NumPy.
    values : sequence
        What it was called with.
    out : number, array or tuple
        What it gave.
    exponent : float, optional
        A fixed exponent of ``power``: a whole one is paid for by squaring and multiplying.
    """
    size = int(np.size(out)) if not isinstance(out, (tuple, list)) else 0
    if name == "power" and exponent is not None and float(exponent).is_integer() and abs(exponent) <= 64:
        return _whole_power(int(exponent)) * size
    if name in _BY_ENTRY:
        return _BY_ENTRY[name] * size
    if name in _PRODUCTS:
        return _product(name, values, size)
    return _SPECIAL[name](values, size) if name in _SPECIAL else None


def reduction_price(name: str, array: Any, out: Any) -> Price | None:
    """Give the price of folding an array together along axes; None where it is not known."""
    folded = max(0, int(np.size(array)) - int(np.size(out)))
    return _REDUCTIONS[name] * folded if name in _REDUCTIONS else None


def is_reduction(name: str) -> bool:
    """Tell whether a function folds an array along axes."""
    return name in _REDUCTIONS


def _whole_power(exponent: int) -> Price:
    size = abs(exponent)
    products = max(0, size.bit_length() - 1 + size.bit_count() - 1) if size else 0
    return Price(multiplications=products + (exponent < 0))


def _product(name: str, values: Sequence[Any], size: int) -> Price:
    """Each entry of a matrix product is a sum of products along the shared axis."""
    left = np.shape(values[0])
    shared = left[-1] if left and name != "outer" and np.ndim(values[1]) else 1
    return Price(additions=size * max(0, shared - 1), multiplications=size * shared)


def _elimination(values: Sequence[Any], right_sides: int) -> Price:
    """LU factors of each matrix of order n, and two triangular solutions for each right-hand side."""
    shape = np.shape(values[0])
    order, matrices = shape[-1], math.prod(shape[:-2])
    factor = order * (order - 1) * (2 * order - 1) // 6
    products = factor + order * (order - 1) // 2 + right_sides * order * order
    additions = factor + right_sides * order * (order - 1)
    return Price(additions=additions * matrices, multiplications=products * matrices)


_SPECIAL: dict[str, Callable[[Sequence[Any], int], Price]] = {
    "mean": lambda values, size: Price(int(np.size(values[0])) - size, size),
    "solve": lambda values, size: _elimination(values, size // max(1, math.prod(np.shape(values[0])[:-1]))),
    "inv": lambda values, _size: _elimination(values, np.shape(values[0])[-1]),
    "det": lambda values, _size: _elimination(values, 0) + MULTIPLICATION * np.shape(values[0])[-1],
    "slogdet": lambda values, _size: _elimination(values, 0) + CALL * np.shape(values[0])[-1],
    "cholesky": lambda values, _size: _elimination(values, 0),
    "cumsum": lambda _values, size: ADDITION * size,
    "sort": lambda _values, size: COMPARISON * (size * size.bit_length()),
    "clip": lambda _values, size: COMPARISON * (2 * size),
    # Products from the left, products from the right, and one product of the two, for each entry.
    "product_of_others": lambda _values, size: MULTIPLICATION * (3 * size),
}
