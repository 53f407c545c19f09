"""Exponentials, logarithms, circular and hyperbolic functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from backpropviz.ops.op import Elementwise, Interval, Kink, Rule
from backpropviz.ops.roles import SCALER
from backpropviz.ops.traps import EXP_OVERFLOWS, EXP_UNDERFLOWS, SMALL_LOGARITHM, TANH_SATURATES, literal

_POSITIVE = Interval(0.3, 4.0)
_INSIDE = Interval(-0.9, 0.9)

_LOG_KINKS = (
    Kink(lambda _out, x: ["zero", x], "The logarithm falls to −∞ at 0, where its slope is infinite."),
    Kink(lambda _out, x: ["negative", x], "The logarithm of a negative number is not a real number.", "not real"),
    SMALL_LOGARITHM,
)
_LOG1P_KINKS = (
    Kink(lambda _out, x: ["equal", x, literal(-1.0)], "The logarithm falls to −∞ at 1 + x = 0; its slope is infinite."),
    Kink(lambda _out, x: ["less", x, literal(-1.0)], "The logarithm of a negative number is not real.", "not real"),
)
_ARC_KINKS = (
    Kink(
        lambda _out, x: ["any", ["equal", x, literal(1.0)], ["equal", x, literal(-1.0)]],
        "The curve is vertical at −1 and 1: its slope there is infinite.",
    ),
)


def _real_slope(x: Any, slope: Any) -> Any:
    # 1/x is finite for x < 0 although ln x is not: a slope without a value would mislead.
    return np.where(np.less(x, 0.0), np.nan, slope)


def _tanh_slope(x: Any) -> Any:
    # 1 - out² would be 0 from x = 19 on, where out is rounded to 1.
    width = np.cosh(x)
    return 1.0 / (width * width)


def _angle_partials(x: Any, y: Any) -> tuple[Any, Any]:
    # Twice by the radius, whose square may underflow where the quotient does not.
    radius = np.hypot(x, y)
    return y / radius / radius, -x / radius / radius


def _unary(
    name: str,
    value: Rule,
    partial: Rule,
    formula: str,
    latex: str,
    domain: Interval | None = None,
    kinks: tuple[Kink, ...] = (),
    symbol: str | None = None,
    **more: Any,
) -> Elementwise:
    return Elementwise(
        name=name,
        arity=1,
        value=value,
        partials=lambda out, x: (partial(out, x),),
        formulas=(formula,),
        symbol=symbol or name,
        role=SCALER,
        latex=latex,
        domain=(domain or Interval(),),
        kinks=kinks,
        **more,
    )


OPS = (
    _unary(
        "exp",
        np.exp,
        lambda out, _x: out,
        "out",
        "e^{{{0}}}",
        kinks=(EXP_OVERFLOWS, EXP_UNDERFLOWS),
    ),
    _unary("ln", np.log, lambda _out, x: _real_slope(x, 1.0 / x), "1/x", r"\ln {0}", _POSITIVE, _LOG_KINKS),
    _unary(
        "log2",
        np.log2,
        lambda _out, x: _real_slope(x, 1.0 / (x * np.log(2.0))),
        "1/(x*ln(2))",
        r"\log_2 {0}",
        _POSITIVE,
        _LOG_KINKS,
        "log₂",
    ),
    _unary(
        "log10",
        np.log10,
        lambda _out, x: _real_slope(x, 1.0 / (x * np.log(10.0))),
        "1/(x*ln(10))",
        r"\log_{{10}} {0}",
        _POSITIVE,
        _LOG_KINKS,
        "log₁₀",
    ),
    _unary("sin", np.sin, lambda _out, x: np.cos(x), "cos(x)", r"\sin {0}"),
    _unary("cos", np.cos, lambda _out, x: -np.sin(x), "-sin(x)", r"\cos {0}"),
    _unary("tan", np.tan, lambda out, _x: 1.0 + out * out, "1 + out**2", r"\tan {0}", Interval(-1.2, 1.2)),
    _unary(
        "asin",
        np.arcsin,
        lambda _out, x: 1.0 / np.sqrt((1.0 - x) * (1.0 + x)),
        "1/sqrt(1 - x**2)",
        r"\arcsin {0}",
        _INSIDE,
        _ARC_KINKS,
    ),
    _unary(
        "acos",
        np.arccos,
        lambda _out, x: -1.0 / np.sqrt((1.0 - x) * (1.0 + x)),
        "-1/sqrt(1 - x**2)",
        r"\arccos {0}",
        _INSIDE,
        _ARC_KINKS,
    ),
    _unary("atan", np.arctan, lambda _out, x: 1.0 / (1.0 + x * x), "1/(1 + x**2)", r"\arctan {0}"),
    _unary("sinh", np.sinh, lambda _out, x: np.cosh(x), "cosh(x)", r"\sinh {0}"),
    _unary("cosh", np.cosh, lambda _out, x: np.sinh(x), "sinh(x)", r"\cosh {0}"),
    _unary(
        "tanh",
        np.tanh,
        lambda _out, x: _tanh_slope(x),
        "1 - out**2",
        r"\tanh {0}",
        kinks=(TANH_SATURATES,),
        activation=True,
    ),
    _unary(
        "log1p",
        np.log1p,
        lambda _out, x: _real_slope(1.0 + x, 1.0 / (1.0 + x)),
        "1/(1 + x)",
        r"\ln\left(1 + {0}\right)",
        Interval(0.05, 3.0),
        _LOG1P_KINKS,
        "ln(1+x)",
    ),
    _unary("expm1", np.expm1, lambda _out, x: np.exp(x), "exp(x)", "e^{{{0}}} - 1", symbol="eˣ−1"),
    _unary(
        "cbrt",
        np.cbrt,
        lambda out, _x: 1.0 / (3.0 * (out * out)),
        "1/(3*out**2)",
        r"\sqrt[3]{{{0}}}",
        Interval(0.2, 4.0),
        (Kink(lambda _out, x: ["zero", x], "The curve is vertical at 0: its slope there is infinite.", "vertical"),),
        "∛",
        analytic=False,
    ),
    _unary(
        "asinh",
        np.arcsinh,
        lambda _out, x: 1.0 / np.hypot(1.0, x),
        "1/sqrt(1 + x**2)",
        r"\operatorname{{arsinh}} {0}",
    ),
    _unary(
        "acosh",
        np.arccosh,
        # Two roots: one of the product would overflow for large x, and be real for x below -1.
        lambda _out, x: 1.0 / (np.sqrt(x - 1.0) * np.sqrt(x + 1.0)),
        "1/sqrt(x**2 - 1)",
        r"\operatorname{{arcosh}} {0}",
        Interval(1.2, 4.0),
        (Kink(lambda _out, x: ["equal", x, literal(1.0)], "The curve is vertical at 1: its slope there is infinite."),),
    ),
    _unary(
        "atanh",
        np.arctanh,
        lambda _out, x: _real_slope(1.0 - np.abs(x), 1.0 / ((1.0 - x) * (1.0 + x))),
        "1/(1 - x**2)",
        r"\operatorname{{artanh}} {0}",
        _INSIDE,
        _ARC_KINKS,
    ),
    Elementwise(
        name="logaddexp",
        arity=2,
        value=np.logaddexp,
        # Not exp(x - out), which is exp(∞ - ∞) where an argument is infinite.
        partials=lambda _out, x, y: (1.0 / (1.0 + np.exp(y - x)), 1.0 / (1.0 + np.exp(x - y))),
        formulas=("exp(x - out)", "exp(y - out)"),
        symbol="lse",
        role=SCALER,
        latex=r"\ln\left(e^{{{0}}} + e^{{{1}}}\right)",
        analytic=False,
        source="Blanchard, Higham and Higham (2021), Accurately computing the log-sum-exp and softmax functions",
    ),
    Elementwise(
        name="atan2",
        arity=2,
        value=np.arctan2,
        partials=lambda _out, x, y: _angle_partials(x, y),
        formulas=("y/(x**2 + y**2)", "-x/(x**2 + y**2)"),
        symbol="atan2",
        role=SCALER,
        latex=r"\operatorname{{atan2}}({0}, {1})",
        domain=(Interval(0.3, 3.0), Interval(0.3, 3.0)),
        kinks=(Kink(lambda _out, x, y: ["all", ["zero", x], ["zero", y]], "An angle at the origin has no gradient."),),
        analytic=False,
    ),
    Elementwise(
        name="hypot",
        arity=2,
        value=np.hypot,
        partials=lambda out, x, y: (
            np.where(np.equal(out, 0.0), 0.0, x / out),
            np.where(np.equal(out, 0.0), 0.0, y / out),
        ),
        formulas=("x/out", "y/out"),
        symbol="hypot",
        role=SCALER,
        latex=r"\sqrt{{{0}^2 + {1}^2}}",
        domain=(Interval(0.3, 3.0), Interval(0.3, 3.0)),
        kinks=(
            Kink(
                lambda _out, x, y: ["all", ["zero", x], ["zero", y]],
                "A length has a kink at the origin: the gradient 0 is used there.",
            ),
        ),
        analytic=False,
    ),
)
