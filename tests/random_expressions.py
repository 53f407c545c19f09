"""Many random expressions at once, and derivatives of them that use none of our rules.

Expressions are put side by side in one graph, a forest, whose output is their sum: each has inputs of its own, so the
gradient of the sum holds the gradient of every expression, and one sweep serves all of them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from strategies import SCALAR_OPS

from backpropviz.autodiff.plan import plan_of
from backpropviz.graph import GraphBuilder
from backpropviz.ops import REGISTRY

if TYPE_CHECKING:
    from backpropviz import Graph
    from backpropviz.autodiff import Tape

INPUTS = 3
NUMBERS = (0.0, 1.0, 2.0, 3.0, -1.0, 0.5, float(np.pi))
STEP = 1e-200
_EXTENDED = {"max", "min", "abs", "relu", "leaky_relu", "softplus", "gelu", "hypot", "atan2"}
"""Not analytic, but extended to complex numbers below."""

OPS = tuple(op for op in SCALAR_OPS if REGISTRY[op].analytic or op in _EXTENDED)
"""All that complex numbers follow: none that jumps, behind which what is not finite would not show in the value."""
SATURATING = frozenset({"tanh", "sigmoid", "softplus", "gelu"})


@dataclass(frozen=True)
class Forest:
    """Expressions side by side.

    Parameters
    ----------
    graph : Graph
        Its output is the sum of all expressions.
    roots : tuple of str
        The nodes of the expressions' values.
    point : dict
        Values of the inputs; expression i has x0_i, x1_i, x2_i.
    """

    graph: Graph
    roots: tuple[str, ...]
    point: dict[str, float]

    def directions(self) -> list[dict[str, float]]:
        """Give one direction for each input, the same for all expressions."""
        return [{f"x{k}_{i}": 1.0 for i in range(len(self.roots))} for k in range(INPUTS)]


def forest(seed: int, count: int, keep: set[int] | None = None) -> Forest:
    """Make random expressions; `keep` picks some of them, which stay the same."""
    builder = GraphBuilder()
    roots, point = [], {}
    kept = 0
    for index in range(count):
        generator = random.Random(1_000_003 * seed + index)  # noqa: S311  no secret
        used = keep is None or index in keep
        draft = builder if used else GraphBuilder()
        nodes = [draft.input(f"x{k}_{kept}") for k in range(INPUTS)]
        values = [round(generator.uniform(-2.0, 2.0), 3) for _ in range(INPUTS)]
        nodes += [draft.constant(generator.choice(NUMBERS))]
        for _ in range(generator.randint(1, 10)):
            op = generator.choice(OPS)
            arity = REGISTRY[op].arity or generator.randint(2, 4)
            nodes.append(draft.apply(op, *(generator.choice(nodes) for _ in range(arity))))
        if used:
            point |= {f"x{k}_{kept}": value for k, value in enumerate(values)}
            root = builder.apply("add", nodes[-1], builder.constant(-0.0), name=f"root{kept}")
            roots.append(root)
            kept += 1
    output = builder.apply("add", *roots, builder.constant(-0.0), name="sum")
    names = tuple(str(builder.node_name(root)) for root in roots)
    return Forest(builder.build(output), names, point)


def complex_step(tape: Tape, directions: list[dict[str, float]]) -> list[Any]:
    """Tangents of all nodes, by complex steps through the values alone; entry k goes with direction k.

    Every gate is stepped from the tape's own primals, so that rounding on the way to them is no difference.
    """
    plan = plan_of(tape.graph)
    tangents: list[Any] = [np.zeros(len(directions))] * len(plan.nodes)
    for k, direction in enumerate(directions):
        for name in direction:
            row = np.zeros(len(directions))
            row[k] = 1.0
            tangents[plan.place[name]] = row
    with np.errstate(all="ignore"):
        for step in plan.instructions:
            arguments = [_stepped(tape.values[place], tangents[place]) for place in step.arguments]
            value = _complex(step.op.name, step.op.value, arguments, step.parameters)
            still = np.all([np.imag(argument) == 0.0 for argument in arguments], axis=0)
            tangents[step.place] = np.where(still, 0.0, np.imag(value) / STEP)  # what does not move has no rate
    return tangents


def path_scales(tape: Tape) -> dict[str, float]:
    """For each input the sum over all paths of the products of absolute slopes: the scale of rounding.

    A slope such as 1 - tanh² is the difference of numbers near 1, so it is never better than to an ulp of 1; the same
    share of the tolerance is granted to it.
    """
    plan = plan_of(tape.graph)
    scales = np.zeros(len(plan.nodes))
    scales[plan.place[tape.graph.output]] = 1.0
    with np.errstate(all="ignore"):
        for step in plan.backward:
            arguments = [tape.values[place] for place in step.arguments]
            slopes = step.op.partials(tape.values[step.place], *arguments, **step.parameters)
            floor = 1e-3 if step.op.name in SATURATING else 0.0
            for slot in step.slots:
                scales[step.arguments[slot]] += scales[step.place] * (abs(float(slopes[slot])) + floor)
    return {name: float(scales[plan.place[name]]) for name in tape.graph.inputs}


def _stepped(real: Any, tangent: Any) -> Any:
    number = np.empty(len(tangent), dtype=complex)
    number.real, number.imag = real, STEP * tangent  # 1j * infinity would have NaN as its real part
    return number


def _complex(op: str, value: Any, arguments: list[Any], parameters: dict[str, Any]) -> Any:
    """Extend the values of operations to complex numbers, by their definitions."""
    x = arguments[0]
    if op in ("max", "min"):
        best = (np.max if op == "max" else np.min)([np.real(each[:1]) for each in arguments])
        won = [each for each in arguments if np.real(each[0]) == best]
        return np.mean(won, axis=0) if won else np.full(len(x), np.nan + 0j)  # a tie is shared
    if op == "abs":
        return x * np.sign(np.real(x))
    if op == "relu":
        return np.where(np.real(x) > 0.0, x, 0.0)
    if op == "leaky_relu":
        return np.where(np.real(x) > 0.0, x, parameters.get("slope", 0.01) * x)
    if op == "softplus":
        return np.where(np.real(x) > 0.0, x + np.log(1.0 + np.exp(-x)), np.log(1.0 + np.exp(x)))
    if op == "gelu":
        # The first two terms of Taylor's series are exact for a step this small.
        root = np.sqrt(2.0)
        slope = 2.0 / np.sqrt(np.pi) * np.exp(-((np.real(x) / root) ** 2))
        return 0.5 * x * (1.0 + _erf(np.real(x) / root) + 1j * slope * np.imag(x) / root)
    if op == "hypot":
        length = np.sqrt(x * x + arguments[1] * arguments[1])
        return np.where(length == 0.0, 0.0, length)
    if op == "atan2":
        return np.arctan2(np.real(x), np.real(arguments[1])) + 1j * _angle_rate(x, arguments[1])
    if op == "power":
        return _power(x, arguments[1])
    return value(*arguments, **parameters)


def _erf(x: Any) -> Any:
    return np.asarray(REGISTRY["erf"].value(np.asarray(x)), dtype=np.float64)


def _angle_rate(x: Any, y: Any) -> Any:
    """Take the angle of (y + ix) turned back by its real angle: a quotient near 1, whose logarithm is the rate."""
    length = np.hypot(np.real(x), np.real(y))
    cosine, sine = np.real(y) / length, np.real(x) / length
    return (cosine * np.imag(x) - sine * np.imag(y)) / length


def _power(x: Any, y: Any) -> Any:
    """Power of a base of either sign; the logarithm of a negative base would leave a rounding error of π to divide."""
    if np.real(x[0]) >= 0.0:
        return np.power(x, y)
    exponent = np.real(y[0])
    if exponent != np.rint(exponent):
        return np.full(len(x), np.nan + 0j)
    sign = 1.0 if exponent % 2.0 == 0.0 else -1.0
    return np.where(np.imag(y) == 0.0, sign * np.power(-x, np.real(y)), np.nan)
