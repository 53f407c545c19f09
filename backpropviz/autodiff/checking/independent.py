"""Derivatives of an operation found from its value alone, without its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from backpropviz.ops import Op

    Array = npt.NDArray[np.float64]

_COMPLEX_STEPS = (1e-200, 1e-100)  # no subtraction takes place, so the step may vanish
_EXACT = 1e-10
_FIRST_WIDTH = 0.02
_LEVELS = 12
_KINK_WIDTH = _FIRST_WIDTH / 2 ** (_LEVELS - 3)
"""A kink nearer than this is crossed by all but two differences, so that none can be trusted."""


def derivative_along(
    op: Op, arguments: Sequence[Any], parameters: Mapping[str, Any], slot: int, direction: Any
) -> tuple[Array, Array]:
    """Differentiate the value along a direction of one argument.

    Analytic operations by the complex step, exact to rounding; the others, and points where the complex step leaves
    the real function, by Richardson's extrapolation of central differences.

    Parameters
    ----------
    op : Op
        Only its value is called.
    arguments : sequence of float64 or array
        Where.
    parameters : mapping
        Of the operation.
    slot : int
        Which argument moves.
    direction : float64 or array
        Of the shape of that argument.

    Returns
    -------
    derivative : array
        Of the value's shape; NaN where there is none: at a kink, a pole, or outside the domain.
    tolerance : array
        How far each entry may be trusted, relative to its size.

    References
    ----------
    Squire and Trapp (1998), Using complex variables to estimate derivatives of real functions.
    Ridders (1982), Accurate computation of F'(x) and F'(x) F''(x).
    """
    if op.analytic:
        first, second = (_complex_step(op, arguments, parameters, slot, direction, width) for width in _COMPLEX_STEPS)
        # Beyond a branch point the imaginary part does not shrink with the step.
        if np.all(np.abs(first - second) <= _EXACT * np.abs(first)):
            # Where the last digit of an argument moves many digits of the derivative, no rule can be more exact.
            nudged = [np.where(np.equal(np.rint(each), each), each, each * (1.0 + 4e-16))[()] for each in arguments]
            rounding = np.abs(_complex_step(op, nudged, parameters, slot, direction) - first)
            return first, _EXACT + 100.0 * rounding / np.maximum(1e-3, np.abs(first))

    def moved(amount: float) -> Any:
        return _moved(op, arguments, parameters, slot, amount * direction)

    return _richardson(moved, max(1.0, float(np.max(np.abs(arguments[slot]), initial=0.0))))


def _moved(op: Op, arguments: Sequence[Any], parameters: Mapping[str, Any], slot: int, by: Any) -> Any:
    shifted = [*arguments[:slot], arguments[slot] + by, *arguments[slot + 1 :]]
    return np.asarray(op.value(*shifted, **parameters))


def _complex_step(
    op: Op,
    arguments: Sequence[Any],
    parameters: Mapping[str, Any],
    slot: int,
    direction: Any,
    width: float = _COMPLEX_STEPS[0],
) -> Array:
    return np.asarray(np.imag(_moved(op, arguments, parameters, slot, 1j * width * direction)) / width)


def _richardson(moved: Callable[[float], Any], scale: float) -> tuple[Array, Array]:
    """Fill Neville's table of central differences: each column cancels one more even power of the step."""
    row: list[Array] = []
    best = np.full(moved(0.0).shape, np.nan)
    smallest = np.full(best.shape, np.inf)
    for level in range(_LEVELS):
        width = _FIRST_WIDTH * scale / 2**level
        current = [np.asarray((moved(width) - moved(-width)) / (2 * width))]
        for order, previous in enumerate(row):
            factor = 4.0 ** (order + 1)
            current.append((factor * current[order] - previous) / (factor - 1))
            spread = np.maximum(np.abs(current[-1] - current[order]), np.abs(current[-1] - previous))
            better = spread < smallest
            smallest, best = np.where(better, spread, smallest), np.where(better, current[-1], best)
        row = current
    tolerance = np.maximum(1e-8, 10.0 * smallest / np.maximum(1.0, np.abs(best)))
    return np.where(_kinked(moved, scale, best), np.nan, best), tolerance


def _kinked(moved: Callable[[float], Any], scale: float, slope: Array) -> Array:
    """Tell where the slopes to the left and to the right differ, or the value jumps."""
    width = _KINK_WIDTH * scale
    here = moved(0.0)
    right, left = (moved(width) - here) / width, (here - moved(-width)) / width
    difference = np.abs(right - left)
    return np.asarray(~(difference <= 1e-3 * np.maximum(1.0, np.abs(slope))))
