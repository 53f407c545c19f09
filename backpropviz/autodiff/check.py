"""An independent check of every derivative rule at a point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.plan import plan_of
from backpropviz.autodiff.tape import evaluate
from backpropviz.errors import GradientCheckError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.autodiff.plan import Instruction
    from backpropviz.graph import Graph

_COMPLEX_STEP = 1e-200  # no subtraction takes place, so the step may vanish
_RICHARDSON_LEVELS = 7


def check(graph: Graph, point: Mapping[str, object] | None = None, /, **inputs: object) -> None:
    """Compare the rule of every gate with a derivative found without it.

    Each gate is checked alone, so a wrong rule is found at the gate that has it. Analytic operations are checked with
    the complex step, exact to rounding; the others by Richardson's extrapolation of central differences.

    Parameters
    ----------
    graph : Graph
        What to check.
    point, **inputs : number or array
        Where to check; away from kinks, which have no derivative to compare with.

    Raises
    ------
    GradientCheckError
        Naming the node, its operation and the slot whose rule is wrong.

    References
    ----------
    Squire and Trapp (1998), Using complex variables to estimate derivatives of real functions.

    Examples
    --------
    >>> from backpropviz import parse
    >>> check(parse("sin(x)*x"), x=0.3)
    """
    tape = evaluate(graph, point, inputs)
    generator = np.random.default_rng(0)
    with np.errstate(all="ignore"):
        for step in plan_of(graph).instructions:
            arguments = [tape.values[place] for place in step.arguments]
            _check_gate(graph, step, arguments, tape.values[step.place], generator)


def _check_gate(
    graph: Graph, step: Instruction, arguments: list[Any], out: Any, generator: np.random.Generator
) -> None:
    name = graph.nodes[step.place]
    cotangent = generator.uniform(0.5, 1.5, np.shape(out))[()] * generator.choice([-1.0, 1.0], np.shape(out))[()]
    contributions = step.op.vjp(cotangent, out, arguments, step.parameters, range(len(arguments)))
    for slot in step.slots:
        direction = generator.uniform(0.5, 1.5, np.shape(arguments[slot]))[()]
        tangents = [direction if index == slot else None for index in range(len(arguments))]
        pushed = step.op.jvp(tangents, out, arguments, step.parameters)
        expected, tolerance = _directional(step, arguments, slot, direction)
        _compare(name, step, slot, "forward", np.sum(pushed * cotangent), np.sum(expected * cotangent), tolerance)
        received = np.sum(contributions[slot] * direction)
        _compare(name, step, slot, "reverse", received, np.sum(expected * cotangent), tolerance)


def _directional(step: Instruction, arguments: list[Any], slot: int, direction: Any) -> tuple[Any, float]:
    """Differentiate the value along `direction` of one argument; also say how far to trust the result."""

    def moved(amount: complex) -> Any:
        shifted = [*arguments[:slot], arguments[slot] + amount * direction, *arguments[slot + 1 :]]
        return step.op.value(*shifted, **step.parameters)

    if step.op.analytic:
        return np.imag(moved(1j * _COMPLEX_STEP)) / _COMPLEX_STEP, 1e-10
    # Neville's table of central differences: each column cancels one more even power of the step.
    size = 0.02 * max(1.0, float(np.max(np.abs(arguments[slot]), initial=0.0)))
    row: list[Any] = []
    best: Any = None
    smallest = np.inf
    for level in range(_RICHARDSON_LEVELS):
        width = size / 2**level
        current = [(moved(width) - moved(-width)) / (2 * width)]
        for order, previous in enumerate(row):
            factor = 4.0 ** (order + 1)
            current.append((factor * current[order] - previous) / (factor - 1))
            spread = float(np.max(np.abs(current[-1] - current[-2]), initial=0.0))
            if spread <= smallest:
                smallest, best = spread, current[-1]
        row = current
    return best, max(1e-8, 10.0 * smallest)


def _compare(name: str, step: Instruction, slot: int, sweep: str, actual: Any, expected: Any, tolerance: float) -> None:
    if not np.isfinite(expected):
        return  # nothing independent to compare with: the point lies at a pole or outside the domain
    scale = max(1.0, abs(float(expected)))
    if not abs(actual - expected) <= tolerance * scale:
        raise GradientCheckError(
            f"{step.op.name} (node {name}), slot {slot}: the {sweep} rule gives {float(actual):.12g}, "
            f"an independent derivative {float(expected):.12g}. Correct the rule, or move away from a kink.",
            node=name,
            op=step.op.name,
            slot=slot,
            expected=expected,
            actual=actual,
        )
