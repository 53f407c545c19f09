"""Finite differences: derivatives from values alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from backpropviz.autodiff.checking.independent import takes_complex_numbers
from backpropviz.autodiff.input_values import read_directions, single_number
from backpropviz.autodiff.jacobian import unit_arrays
from backpropviz.autodiff.plan import plan_of
from backpropviz.autodiff.tape import evaluate, read_seed
from backpropviz.errors import BackpropvizError, InputError
from backpropviz.graph.source import claimed, placed
from backpropviz.ops import choose
from backpropviz.ops.sweeps import run_forward

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropviz.autodiff.tape import Tape
    from backpropviz.graph import Number
    from backpropviz.graph.source import Source
    from backpropviz.ops.plan import Instruction

Scheme = Literal["central", "forward", "complex"]
SCHEMES: tuple[Scheme, ...] = ("forward", "central", "complex")

_EPSILON = float(np.finfo(np.float64).eps)
DEFAULT_STEPS: dict[str, float] = {
    "forward": _EPSILON ** (1 / 2),
    "central": _EPSILON ** (1 / 3),
    "complex": 1e-100,
}
"""Steps that balance truncation and round-off, relative to the input's size; nothing is subtracted in the last."""


@overload
def finite_difference(
    source: Source,
    point: Mapping[str, object] | None = None,
    /,
    *,
    step: float | None = None,
    scheme: Scheme = "central",
    direction: None = None,
    **inputs: object,
) -> dict[str, Number]: ...


@overload
def finite_difference(
    source: Source,
    point: Mapping[str, object] | None = None,
    /,
    *,
    direction: Mapping[str, object],
    step: float | None = None,
    scheme: Scheme = "central",
    **inputs: object,
) -> Number: ...


def finite_difference(
    source: Source,
    point: Mapping[str, object] | None = None,
    /,
    *,
    step: float | None = None,
    scheme: Scheme = "central",
    direction: Mapping[str, object] | None = None,
    **inputs: object,
) -> dict[str, Number] | Number:
    """Approximate the gradient from differences of values.

    Parameters
    ----------
    source : Graph, str, callable, or an object with ``graph`` and ``point``
        With a scalar output (of any shape, along a direction).
    point, **inputs : number or array
        Where.
    step : float, optional
        How far to move, in the inputs' own unit. By default about 1.5e-8 (forward), 6e-6 (central) or 1e-100 (complex),
        times the size of the entry where that is above 1.
    scheme : {"central", "forward", "complex"}
        ``(f(x+h) − f(x−h))/2h``, two runs per input entry; ``(f(x+h) − f(x))/h``, one run per entry and one more; or
        ``Im f(x+ih)/h``, one run per entry and exact to rounding, for graphs of analytic operations only.
    direction : mapping of str to number or array, optional
        A direction by input. One directional derivative is then given instead of the gradient.

    Returns
    -------
    dict of str to float64 or array
        By input, of the input's own shape; with `direction`, one number (or array, of the output's shape).

    Raises
    ------
    InputError
        For a scheme that does not exist, a step that is no positive number, or inputs that do not fit.
    SeedError
        For an output that is not a scalar, or a direction that does not fit.
    BackpropvizError
        For the complex step through an operation that takes real numbers only; it names the node.

    References
    ----------
    Squire and Trapp (1998), Using complex variables to estimate derivatives of real functions.

    Examples
    --------
    >>> from backpropviz import parse
    >>> round(float(finite_difference(parse("x*x"), x=3)["x"]), 6)
    6.0
    """
    graph, values = placed(source, point, inputs)
    step, scheme, direction = claimed(
        graph, values, step=(step, None), scheme=(scheme, "central"), direction=(direction, None)
    )
    choose("scheme", scheme, SCHEMES)
    if step is not None and not 0 < single_number(step, "The step") < np.inf:
        raise InputError(f"The step must be a positive number, not {step!r}.", actual=step)
    tape = evaluate(graph, values, {})
    if scheme == "complex":
        check_analytic(tape)
    if direction is not None:
        moves = read_directions(direction, graph.inputs, tape.shapes.__getitem__, "direction")
        return directional(tape, moves, scheme, step)
    read_seed(tape, None)
    gradient: dict[str, Number] = {}
    for name in graph.inputs:
        value = tape.primals[name]
        entries = np.zeros(np.shape(value))
        for index, unit in unit_arrays(np.shape(value)):
            size = max(1.0, abs(float(np.asarray(value)[index])))
            size = size if np.isfinite(size) else 1.0
            entries[index] = directional(tape, {name: unit}, scheme, step or DEFAULT_STEPS[scheme] * size)
        gradient[name] = entries[()]
    return gradient


def directional(tape: Tape, direction: Mapping[str, Any], scheme: Scheme, step: float | None = None) -> Number:
    """Approximate one directional derivative at the tape's point.

    Parameters
    ----------
    tape : Tape
        Of the point.
    direction : mapping of str to float64 or array
        By input; inputs left out stay where they are.
    scheme, step
        As in :func:`finite_difference`.
    """
    width = step or DEFAULT_STEPS[scheme]
    if scheme == "complex":
        return np.asarray(np.imag(_complex_value(tape, direction, width)) / width)[()]
    ahead = _moved_value(tape, direction, width)
    with np.errstate(all="ignore"):
        if scheme == "forward":
            return np.asarray((ahead - tape.value) / width)[()]
        return np.asarray((ahead - _moved_value(tape, direction, -width)) / (2 * width))[()]


def evaluations(scheme: str, entries: int) -> int:
    """Count the runs that a gradient by so many input entries takes."""
    return {"central": 2 * entries, "forward": entries + 1, "complex": entries}[scheme]


def check_analytic(tape: Tape) -> None:
    """Refuse graphs that the complex step cannot run through.

    Raises
    ------
    BackpropvizError
        Naming the first such node.
    """
    plan = plan_of(tape.graph)
    for step in plan.backward[::-1]:
        if not takes_complex_numbers(step.op, step.parameters):
            name = plan.nodes[step.place]
            raise BackpropvizError(
                f"{step.op.name} (node {name}) takes real numbers only, so the complex step cannot run through it. "
                "Use scheme='central'.",
                node=name,
                op=step.op.name,
            )


def _moved_value(tape: Tape, direction: Mapping[str, Any], amount: float) -> Any:
    moved = {name: tape.primals[name] + amount * part for name, part in direction.items()}
    return evaluate(tape.graph, {**{name: tape.primals[name] for name in tape.graph.inputs}, **moved}, {}).value


def _complex_value(tape: Tape, direction: Mapping[str, Any], width: float) -> Any:
    plan = plan_of(tape.graph)
    shifted = {name: tape.primals[name] + 1j * width * direction.get(name, 0.0) for name in tape.graph.inputs}

    def rule(step: Instruction, arguments: Sequence[Any]) -> Any:
        # Complex logarithms and roots exist where real ones do not: what is NaN on the real line stays so.
        return np.where(np.isnan(tape.values[step.place]), np.nan * (1 + 1j), step.value(arguments))[()]

    with np.errstate(all="ignore"):
        return run_forward(plan, plan.leaves(shifted), rule)[plan.output]
