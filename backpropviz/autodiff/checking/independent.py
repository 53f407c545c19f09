"""Derivatives of an operation found from its value alone, without its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.ops import REGISTRY
from backpropviz.ops.composite import CLOSED_GATES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from backpropviz.graph.node import Array
    from backpropviz.ops import Op

_COMPLEX_STEPS = (1e-200, 1e-100)  # no subtraction takes place, so the step may vanish
_EXACT = 1e-10
_FIRST_WIDTH = 0.02
_LEVELS = 12
_KINK_WIDTH = _FIRST_WIDTH / 2 ** (_LEVELS - 3)
"""A kink nearer than this is crossed by all but two differences, so that none can be trusted."""
_NEAR = 2.0**-26
"""A step at which the slope of a smooth function is right to half the digits."""


def derivative_along(
    op: Op, arguments: Sequence[Any], parameters: Mapping[str, Any], slot: int, direction: Any
) -> tuple[Array, Array]:
    """Differentiate the value along a direction of one argument.

    Analytic operations by the complex step, exact to rounding; the others, and points where the complex step leaves
    the real function, by Richardson's extrapolation of central differences.

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
    through = takes_complex_numbers(op, parameters)
    steps = _complex_steps(op, arguments, parameters, slot, direction) if op.analytic else None
    if steps is not None:
        first, second = steps
        # Beyond a branch point the imaginary part does not shrink with the step.
        sure = np.abs(first - second) <= _EXACT * np.abs(first)
        # Where the last digit of an argument moves many digits of the derivative, no rule can be more exact.
        nudged = [np.where(np.equal(np.rint(each), each), each, each * (1.0 + 4e-16))[()] for each in arguments]
        rounding = np.abs(_complex_step(op, nudged, parameters, slot, direction) - first)
        doubt = _EXACT + 100.0 * rounding / np.maximum(1e-3, np.abs(first))
        if through and np.all(sure):
            return first, doubt

    def moved(amount: Any) -> Any:
        return _moved(op, arguments, parameters, slot, amount * direction)

    sizes = np.maximum(1.0, np.abs(arguments[slot]))
    alone = op.elementwise and len({np.shape(each) for each in arguments}) == 1
    found, tolerance = _richardson(moved, sizes if alone else np.max(sizes, initial=1.0))
    if steps is None:
        return found, tolerance
    if not through:  # exact where it is right at all, as through an extreme; no surer than differences bear it out
        apart = np.abs(first - found)
        sure &= apart <= 1e-6 * np.maximum(1.0, np.abs(found))
        doubt = doubt + 2.0 * apart / np.maximum(1e-3, np.abs(first))
    return np.where(sure, first, found), np.where(sure, doubt, tolerance)


def takes_complex_numbers(op: Op, parameters: Mapping[str, Any]) -> bool:
    """Tell whether the complex step can run through an operation; of a closed gate, through all that is inside."""
    body = parameters.get("body") if op.name in CLOSED_GATES else None
    inside = [part for part in body.parts if part.op in REGISTRY] if body is not None else []
    return op.analytic and all(takes_complex_numbers(REGISTRY[part.op], dict(part.parameters)) for part in inside)


def _moved(op: Op, arguments: Sequence[Any], parameters: Mapping[str, Any], slot: int, by: Any) -> Any:
    shifted = [*arguments[:slot], arguments[slot] + by, *arguments[slot + 1 :]]
    return np.asarray(op.value(*shifted, **parameters))


def _complex_steps(
    op: Op, arguments: Sequence[Any], parameters: Mapping[str, Any], slot: int, direction: Any
) -> list[Array] | None:
    """Take complex steps of two widths; none where NumPy has no complex numbers for what a closed gate holds."""
    try:
        return [_complex_step(op, arguments, parameters, slot, direction, width) for width in _COMPLEX_STEPS]
    except TypeError:
        if takes_complex_numbers(op, parameters):
            raise
        return None


def _complex_step(
    op: Op,
    arguments: Sequence[Any],
    parameters: Mapping[str, Any],
    slot: int,
    direction: Any,
    width: float = _COMPLEX_STEPS[0],
) -> Array:
    return np.asarray(np.imag(_moved(op, arguments, parameters, slot, 1j * width * direction)) / width)


def _richardson(moved: Callable[[Any], Any], scale: Any) -> tuple[Array, Array]:
    """Fill Neville's table of central differences: each column cancels one more even power of the step.

    Differences that reach beyond a kink can agree with each other to the last bit, as where two entries that tie come
    within reach of the largest: so what is found must also agree with the finest differences, as far as these go.
    """
    here = moved(0.0)
    widths = [_FIRST_WIDTH * scale / 2**level for level in range(_LEVELS)]
    central = [np.asarray((moved(width) - moved(-width)) / (2 * width)) for width in widths]
    finest = central[-1]
    reach = 4.0 * np.abs(finest - central[-2]) + 1e-8 * np.maximum(1.0, np.maximum(np.abs(here), np.abs(finest)))
    row: list[Array] = []
    best = np.full(here.shape, np.nan)
    smallest = np.full(best.shape, np.inf)
    for difference in central:
        current = [difference]
        for order, previous in enumerate(row):
            factor = 4.0 ** (order + 1)
            current.append((factor * current[order] - previous) / (factor - 1))
            spread = np.maximum(np.abs(current[-1] - current[order]), np.abs(current[-1] - previous))
            better = (spread < smallest) & (np.abs(current[-1] - finest) <= reach)
            smallest, best = np.where(better, spread, smallest), np.where(better, current[-1], best)
        row = current
    tolerance = np.maximum(1e-8, 10.0 * smallest / np.maximum(1.0, np.abs(best)))
    return np.where(_unsettled(central) | _kinked(moved, scale, best), np.nan, best), tolerance


def _unsettled(central: Sequence[Array]) -> npt.NDArray[np.bool_]:
    """Tell where differences do not settle as the step shrinks: at a vertical tangent, or a jump between two sides."""
    *_, third, second, finest = central
    last, former = np.abs(finest - second), np.abs(second - third)
    return np.asarray((last > 0.5 * former) & (last > 1e-3 * np.maximum(1.0, np.abs(finest))))


def _kinked(moved: Callable[[Any], Any], scale: Any, slope: Array) -> npt.NDArray[np.bool_]:
    """Tell where the slopes to the left and to the right differ, or the value jumps.

    Close by, both must also be the slope that was found: steps of a staircase or of a remainder may be so small that
    wider differences see the slope of the whole flight.
    """
    here = moved(0.0)
    found = np.zeros(here.shape, bool)
    for share in (_KINK_WIDTH, _NEAR):
        width = share * scale
        right, left = (moved(width) - here) / width, (here - moved(-width)) / width
        allowed = 1e-3 * np.maximum(1.0, np.abs(slope)) + 1e-15 * np.abs(here) / width
        found |= ~(np.abs(right - left) <= allowed)
    return np.asarray(found | ~(np.abs(right - slope) <= allowed))
