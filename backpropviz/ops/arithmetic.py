"""Sums, products and powers."""

from __future__ import annotations

import operator
from functools import reduce
from typing import Any

import numpy as np

from backpropviz.ops.op import Elementwise, Interval, Kink
from backpropviz.ops.roles import CROSS_AMPLIFIER, DISTRIBUTOR, SCALER, SIGNED_DISTRIBUTOR
from backpropviz.ops.traps import SMALL_DIVISOR, SMALL_RECIPROCAL, ZERO_FACTOR

_AWAY_FROM_ZERO = Interval(0.4, 3.0)


def _base_partial(x: Any, y: Any) -> Any:
    # x**0 is constant, also at 0, where 0 * 0**-1 would be 0 * inf.
    return np.where(np.equal(y, 0.0), 0.0, y * np.power(x, y - 1.0))


def _exponent_partial(out: Any, x: Any) -> Any:
    # 0**y is flat in y for y > 0, where 0 * ln 0 would be 0 * -inf.
    return np.where(np.equal(out, 0.0), 0.0, out * np.log(x))


def _power(x: Any, y: Any) -> Any:
    if not any(isinstance(each, (np.ndarray, np.generic)) and each.dtype.kind == "c" for each in (x, y)):
        return np.power(x, y)
    # Left of zero the real power lives on whole exponents alone, and next to the cut of the complex one, whose
    # rounding leaves an imaginary part: so the base is turned to the right, and a moving exponent has no value.
    left, rest = np.less(np.real(x), 0.0), np.abs(np.fmod(np.real(y), 2.0))
    sign = np.where(np.equal(rest, 0.0), 1.0, np.where(np.equal(rest, 1.0), -1.0, np.nan))
    sign = np.where(np.equal(np.imag(y), 0.0), sign, np.nan)
    turned = np.power(np.where(left, -x, x), y)
    return np.where(left, sign * turned, turned)[()]


OPS = (
    Elementwise(
        name="add",
        arity=None,
        value=lambda x, *terms: reduce(operator.add, terms, x),
        partials=lambda _out, *terms: (1.0,) * len(terms),
        formulas=("1",),
        symbol="+",
        role=DISTRIBUTOR,
        latex=" + ",
    ),
    Elementwise(
        name="subtract",
        arity=2,
        value=lambda x, y: x - y,
        partials=lambda _out, _x, _y: (1.0, -1.0),
        formulas=("1", "-1"),
        symbol="−",
        role=SIGNED_DISTRIBUTOR,
        latex="{0} - {1}",
    ),
    Elementwise(
        name="negate",
        arity=1,
        value=lambda x: -x,
        partials=lambda _out, _x: (-1.0,),
        formulas=("-1",),
        symbol="−",
        role=SIGNED_DISTRIBUTOR,
        latex="-{0}",
    ),
    Elementwise(
        name="multiply",
        arity=2,
        value=lambda x, y: x * y,
        partials=lambda _out, x, y: (y, x),
        formulas=("y", "x"),
        symbol="×",
        role=CROSS_AMPLIFIER,
        latex="{0} {1}",
        kinks=(ZERO_FACTOR,),
    ),
    Elementwise(
        name="divide",
        arity=2,
        value=lambda x, y: x / y,
        partials=lambda out, _x, y: (1.0 / y, -out / y),
        formulas=("1/y", "-x/y**2"),
        symbol="÷",
        role=SCALER,
        latex=r"\frac{{{0}}}{{{1}}}",
        domain=(Interval(), _AWAY_FROM_ZERO),
        kinks=(
            Kink(
                lambda _out, _x, y: ["zero", y],
                "Division by zero: the value and the gradients are not finite.",
                "division by zero",
            ),
            SMALL_DIVISOR,
        ),
    ),
    Elementwise(
        name="reciprocal",
        arity=1,
        value=lambda x: 1.0 / x,
        partials=lambda out, _x: (-(out * out),),  # x·x may underflow or overflow where its inverse does not
        formulas=("-1/x**2",),
        symbol="1/x",
        role=SCALER,
        latex=r"\frac{{1}}{{{0}}}",
        domain=(_AWAY_FROM_ZERO,),
        kinks=(
            Kink(
                lambda _out, x: ["zero", x],
                "Division by zero: the value and the gradient are not finite.",
                "division by zero",
            ),
            SMALL_RECIPROCAL,
        ),
    ),
    Elementwise(
        name="square",
        arity=1,
        value=lambda x: x * x,
        partials=lambda _out, x: (2.0 * x,),
        formulas=("2*x",),
        symbol="x²",
        role=SCALER,
        latex="{{{0}}}^{{2}}",
    ),
    Elementwise(
        name="power",
        arity=2,
        value=_power,
        partials=lambda out, x, y: (_base_partial(x, y), _exponent_partial(out, x)),
        formulas=("y*x**(y - 1)", "x**y*ln(x)"),
        symbol="xʸ",
        role=SCALER,
        latex="{{{0}}}^{{{1}}}",
        domain=(_AWAY_FROM_ZERO, Interval(-2.0, 2.0)),
        kinks=(
            Kink(
                lambda _out, x, y: ["all", ["zero", x], ["zero", y]],
                "0⁰ is taken as 1, and x⁰ as a constant: its gradient is 0, also at 0.",
            ),
        ),
    ),
    Elementwise(
        name="sqrt",
        arity=1,
        value=np.sqrt,
        partials=lambda out, _x: (0.5 / out,),
        formulas=("1/(2*out)",),
        symbol="√",
        role=SCALER,
        latex=r"\sqrt{{{0}}}",
        domain=(Interval(0.2, 4.0),),
        kinks=(
            Kink(
                lambda _out, x: ["zero", x],
                "The square root is vertical at 0: its slope there is infinite.",
                "vertical",
            ),
            Kink(
                lambda _out, x: ["negative", x],
                "The square root of a negative number is not a real number.",
                "not real",
            ),
        ),
    ),
)
