"""Places where a rule is right and a gradient is still in trouble: saturation, dying products, near-zero divisors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropviz.ops.op import Kink

if TYPE_CHECKING:
    from backpropviz.ops.op import Condition

NEARLY_ZERO = 1e-3
SATURATED_SIGMOID = 5.0
"""Beyond it the slope of a sigmoid is below 0.7 %, a fortieth of its largest."""
SATURATED_TANH = 3.0
"""Beyond it the slope of tanh is below 1 %."""


def literal(number: float) -> list[Any]:
    """Refer to a number that never changes, in a condition or a sentence."""
    return ["q", "literal", float(number)]


def beyond(x: Any, bound: float) -> Condition:
    """Tell whether a number is farther from 0 than a bound."""
    return ["any", ["greater", x, literal(bound)], ["less", x, literal(-bound)]]


def nearly_zero(x: Any) -> Condition:
    """Tell whether a number is small and not 0."""
    return [
        "all",
        ["not", ["zero", x]],
        ["less", x, literal(NEARLY_ZERO)],
        ["greater", x, literal(-NEARLY_ZERO)],
    ]


def overflows(out: Any, x: Any) -> Condition:
    """Tell whether a finite argument gives a value that is not."""
    return ["all", ["finite", x], ["not", ["finite", out]]]


SIGMOID_SATURATES = Kink(
    lambda _out, x: beyond(x, SATURATED_SIGMOID),
    "Saturated: so far out the curve is almost flat, so hardly any gradient passes and what feeds it hardly learns.",
    "saturated",
)
TANH_SATURATES = Kink(
    lambda _out, x: beyond(x, SATURATED_TANH),
    "Saturated: so far out the curve is almost flat, so hardly any gradient passes and what feeds it hardly learns.",
    "saturated",
)
ZERO_FACTOR = Kink(
    lambda _out, x, y: ["any", ["zero", x], ["zero", y]],
    "A factor is 0: the other one receives the gradient 0, whatever comes from above, because its local gradient is "
    "that factor.",
    "zero factor",
)
SMALL_DIVISOR = Kink(
    lambda _out, _x, y: nearly_zero(y),
    "Division by nearly zero: the local gradients 1/y and −x/y² are huge, and with them the step that follows.",
    "nearly zero",
)
SMALL_RECIPROCAL = Kink(
    lambda _out, x: nearly_zero(x),
    "Division by nearly zero: the local gradient −1/x² is huge, and with it the step that follows.",
    "nearly zero",
)
SMALL_LOGARITHM = Kink(
    lambda _out, x: ["all", nearly_zero(x), ["positive", x]],
    "The logarithm is steep here: its local gradient 1/x is huge, and with it the step that follows.",
    "nearly zero",
)
EXP_OVERFLOWS = Kink(
    overflows,
    "Overflow: beyond 709.8 exp exceeds the largest float64, so value and gradient become infinite.",
    "overflow",
)
EXP_UNDERFLOWS = Kink(
    lambda out, x: ["all", ["zero", out], ["finite", x]],
    "Underflow: the value is 0 in float64, and the local gradient is that value: no gradient passes.",
    "underflow",
)
