"""Values and slopes far out, small and at the ends: as exact there as float64 allows."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

import backpropviz as bpv
from backpropviz import gradient, parse, trace

mpmath.mp.dps = 50


def _slope(text, x):
    return float(gradient(parse(text), x=x)["x"])


@pytest.mark.parametrize("x", [-700.0, -37.0, -5.0, 0.0, 5.0, 20.0, 37.0, 300.0])
def test_slopes_of_saturated_units_keep_their_digits(x):
    decay = mpmath.exp(-abs(mpmath.mpf(x)))
    assert _slope("sigmoid(x)", x) == pytest.approx(float(decay / (1 + decay) ** 2), rel=1e-14)
    assert _slope("tanh(x)", x) == pytest.approx(float(1 / mpmath.cosh(mpmath.mpf(x)) ** 2), rel=1e-14)


@pytest.mark.parametrize("x", [-37.0, -20.0, -8.0, -1.0, 0.5, 8.0])
def test_gelu_keeps_its_digits_far_to_the_left(x):
    exact = mpmath.mpf(x)
    graph = parse("gelu(x)")
    assert float(graph.evaluate(x=x).value) == pytest.approx(float(exact * mpmath.ncdf(exact)), rel=1e-12)
    expected = mpmath.ncdf(exact) + exact * mpmath.npdf(exact)
    assert _slope("gelu(x)", x) == pytest.approx(float(expected), rel=1e-12)
    assert graph.compile()(x=x)[1]["x"] == pytest.approx(float(expected), rel=1e-12)


def test_an_angle_near_the_origin():
    found = gradient(parse("atan2(x, y)"), x=0.0, y=1e-200)
    assert float(found["x"]) == pytest.approx(1e200, rel=1e-15)
    assert float(found["y"]) == 0.0
    assert _slope("reciprocal(x)", 1e160) == pytest.approx(-1e-320, rel=1e-3)


@pytest.mark.parametrize("x", [1e-10, -1e-10, 1e-17, 0.5, -0.5])
def test_log1p_and_expm1_are_exact_near_zero(x):
    for function, exact in ((np.log1p, mpmath.log1p), (np.expm1, mpmath.expm1)):
        tape = trace(function, "x").evaluate(x=x)
        assert float(tape.value) == pytest.approx(float(exact(mpmath.mpf(x))), rel=1e-15)
        assert float(tape.value) == float(trace(function, "x").compile()(x=x)[0])
    assert float(gradient(trace(np.expm1, "x"), x=-50.0)["x"]) == pytest.approx(math.exp(-50.0), rel=1e-15)


@pytest.mark.parametrize(
    ("x", "y", "value", "slopes"),
    [
        (-math.inf, 1.0, 1.0, (0.0, 1.0)),
        (1.0, -math.inf, 1.0, (1.0, 0.0)),
        (math.inf, 1.0, math.inf, (1.0, 0.0)),
        (-50.0, 0.0, float(mpmath.log1p(mpmath.exp(-50))), (math.exp(-50.0), 1.0)),
        (1000.0, 1000.0, 1000.0 + math.log(2.0), (0.5, 0.5)),
    ],
)
def test_logaddexp_is_numpys(x, y, value, slopes):
    for graph in (trace(np.logaddexp, "x", "y"), parse("logaddexp(x, y)")):
        assert float(graph.evaluate(x=x, y=y).value) == pytest.approx(value, rel=1e-14)
        found = gradient(graph, x=x, y=y)
        assert (float(found["x"]), float(found["y"])) == pytest.approx(slopes, rel=1e-14)


@pytest.mark.parametrize("base", [-2.0, -0.5, 2.0])
@pytest.mark.parametrize("exponent", [3.0, 2.0, -1.0, 0.0])
def test_the_complex_step_through_a_power_of_a_negative_number(base, exponent):
    graph = trace(lambda x, y: x**y)
    found = bpv.finite_difference(graph, scheme="complex", x=base, y=exponent)
    assert float(found["x"]) == pytest.approx(exponent * base ** (exponent - 1.0), rel=1e-12, abs=1e-300)
    if base < 0:
        assert math.isnan(float(found["y"]))  # as the rule has it: there is no power between the whole ones
    else:
        assert float(found["y"]) == pytest.approx(base**exponent * math.log(base), rel=1e-12)
    fixed = trace(lambda x: x**exponent)
    slope = bpv.finite_difference(fixed, scheme="complex", x=base)["x"]
    assert float(slope) == pytest.approx(exponent * base ** (exponent - 1.0), rel=1e-12, abs=1e-300)
