"""How the error of finite differences depends on the step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.checking.finite import SCHEMES, Scheme, check_analytic, directional
from backpropviz.autodiff.input_values import no_input
from backpropviz.autodiff.tape import evaluate, read_seed
from backpropviz.autodiff.text_table import text_table
from backpropviz.errors import BackpropvizError
from backpropviz.graph.source import placed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from backpropviz.autodiff.tape import Tape
    from backpropviz.graph.source import Source

_PER_DECADE = 8
_WINDOW = 7
_FEWEST = 4
_LARGEST_ERROR = 0.1
_EPSILON = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True)
class Branch:
    """One straight part of an error curve, on logarithmic axes.

    Parameters
    ----------
    name : {"truncation", "round-off"}
        Where the error comes from: the terms of Taylor's series that were left out, or the digits that a difference
        of two nearly equal numbers loses.
    slope : float
        By how many decades the error grows for one decade of the step.
    smallest, largest : float
        Steps between which it was fitted.
    """

    name: str
    slope: float
    smallest: float
    largest: float


@dataclass(frozen=True, slots=True, eq=False)
class SchemeCurve:
    """Error of one scheme against the step.

    Parameters
    ----------
    scheme : {"forward", "central", "complex"}
        Which.
    errors : array
        By step: relative to the derivative; absolute where that is 0.
    truncation, round_off : Branch or None
        None where the curve has no such part: a central difference of a quadratic function cuts nothing off, and the
        complex step subtracts nothing.
    best_step, best_error : float
        Where the curve is lowest, after smoothing over neighbouring steps.
    """

    scheme: str
    errors: npt.NDArray[np.float64]
    truncation: Branch | None
    round_off: Branch | None
    best_step: float
    best_error: float

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The parts there are, from small steps to large ones."""
        return tuple(branch for branch in (self.round_off, self.truncation) if branch is not None)


@dataclass(frozen=True, slots=True, eq=False)
class ErrorCurve:
    """Error of finite differences against the step.

    Parameters
    ----------
    input : str
        By which input the function is differentiated.
    derivative : float
        The reverse sweep's, which the others are compared with.
    steps : array
        From 1e-16 to 1.
    curves : mapping of str to SchemeCurve
        By scheme; ``"complex"`` is missing where an operation takes real numbers only.
    """

    input: str
    derivative: float
    steps: npt.NDArray[np.float64] = field(repr=False)
    curves: Mapping[str, SchemeCurve] = field(repr=False)

    def __str__(self) -> str:
        rows = [
            [
                scheme,
                _slope(curve.round_off),
                _slope(curve.truncation),
                f"{curve.best_step:.1e}",
                f"{curve.best_error:.1e}",
            ]
            for scheme, curve in self.curves.items()
        ]
        title = f"Derivative by {self.input}: {self.derivative:.10g}"
        head = ["scheme", "slope of round-off", "slope of truncation", "best step", "error there"]
        return f"{title}\n{text_table(head, rows)}"


def error_curve(source: Source, wrt: str, point: Mapping[str, object] | None = None, /, **inputs: object) -> ErrorCurve:
    """Measure the error of finite differences for steps from 1e-16 to 1.

    Parameters
    ----------
    source : Graph, str, callable, or an object with ``graph`` and ``point``
        With a scalar output.
    wrt : str
        An input. For an array, the derivative along its gradient is taken.
    point, **inputs : number or array
        Where.

    Returns
    -------
    ErrorCurve
        With the truncation and the round-off branch of each scheme, their slopes, and the best step.

    Raises
    ------
    InputError, SeedError
        For an unknown input, or an output that is not a scalar.

    Examples
    --------
    >>> from backpropviz import parse
    >>> curve = error_curve(parse("exp(x)"), "x", x=1).curves["central"]
    >>> round(curve.truncation.slope), round(curve.round_off.slope)
    (2, -1)
    """
    graph, values = placed(source, point, inputs)
    tape = evaluate(graph, values, {})
    read_seed(tape, None)
    if not isinstance(wrt, str) or wrt not in graph.inputs:
        raise no_input(wrt, graph.inputs)
    return curve_on(tape, wrt)


def curve_on(tape: Tape, wrt: str) -> ErrorCurve:
    """Measure at a tape's point; see :func:`error_curve`."""
    adjoint = tape.reverse()[wrt]
    length = float(np.linalg.norm(adjoint))
    along = np.asarray(adjoint) / length if np.ndim(adjoint) and length > 0 else np.ones(np.shape(adjoint))
    derivative = float(np.sum(along * adjoint))
    steps = np.logspace(-16, 0, 16 * _PER_DECADE + 1)
    curves: dict[str, SchemeCurve] = {}
    for scheme in SCHEMES:
        if scheme == "complex":
            try:
                check_analytic(tape)
            except BackpropvizError:
                continue
        curves[scheme] = _curve(tape, {wrt: along[()]}, scheme, steps, derivative)
    return ErrorCurve(wrt, derivative, steps, curves)


def _curve(
    tape: Tape, direction: Mapping[str, Any], scheme: Scheme, steps: npt.NDArray[np.float64], derivative: float
) -> SchemeCurve:
    found = np.array([float(directional(tape, direction, scheme, float(step))) for step in steps])
    with np.errstate(all="ignore"):
        errors = np.abs(found - derivative) / (abs(derivative) or 1.0)
    # Round-off scatters by a decade from one step to the next, so the best step is sought on a smoothed curve.
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(errors, _WINDOW // 2, mode="edge"), _WINDOW)
    smooth = np.median(np.where(np.isfinite(windows), windows, np.inf), axis=1)
    lowest = float(np.min(smooth))
    near = np.flatnonzero(smooth <= max(lowest, _EPSILON) * 2)
    best = int(near[-1]) if lowest <= 2 * _EPSILON else int(np.argmin(smooth))
    floor = 10 * max(lowest, _EPSILON)
    usable = np.isfinite(errors) & (errors > floor) & (errors < _LARGEST_ERROR)
    places = np.arange(len(steps))
    return SchemeCurve(
        scheme=scheme,
        errors=errors,
        truncation=_branch("truncation", steps, errors, usable & (places > best)),
        round_off=_branch("round-off", steps, errors, usable & (places < best)),
        best_step=float(steps[best]),
        best_error=float(smooth[best]),
    )


def _branch(
    name: str, steps: npt.NDArray[np.float64], errors: npt.NDArray[np.float64], chosen: npt.NDArray[np.bool_]
) -> Branch | None:
    """Fit a straight line by the median of all slopes between two points, which scatter cannot pull aside."""
    if np.count_nonzero(chosen) < _FEWEST:
        return None
    x, y = np.log10(steps[chosen]), np.log10(errors[chosen])
    first, second = np.triu_indices(len(x), k=2)
    slope = float(np.median((y[second] - y[first]) / (x[second] - x[first])))
    if (slope > 0) != (name == "truncation") or abs(slope) < 0.5:
        return None
    return Branch(name, slope, float(steps[chosen][0]), float(steps[chosen][-1]))


def _slope(branch: Branch | None) -> str:
    return "none" if branch is None else f"{branch.slope:+.2f}"
