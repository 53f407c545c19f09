"""Universal functions give NumPy's own values at the edges: NaN, infinities, signed zeros, steps, far out."""

# ruff: noqa: PLW0108  every row is a function of two numbers

from __future__ import annotations

import itertools

import numpy as np
import pytest

from backpropviz import check, gradient, trace
from backpropviz.graph.tracing.numpy_names import COMPOSED_UFUNCS

EDGES = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.5, -2.5, 0.1, 3.0, 1e-17, -50.0, 710.0, 1e300]

ONE = [
    "positive",
    "conjugate",
    "exp2",
    "trunc",
    "deg2rad",
    "radians",
    "rad2deg",
    "degrees",
    "isnan",
    "isfinite",
    "isinf",
    "signbit",
]
ONE += ["logical_not", "floor", "ceil", "rint", "log1p", "expm1", "cbrt", "arcsinh", "arccosh", "arctanh", "sign"]
TWO = ["logaddexp", "logaddexp2", "fmax", "fmin", "maximum", "minimum", "fmod", "mod", "floor_divide", "heaviside"]
TWO += ["logical_and", "logical_or", "logical_xor", "copysign", "hypot", "arctan2", "float_power"]
OF_CONDITIONS = {"bitwise_and", "bitwise_or", "bitwise_xor", "invert"}
OF_VECTORS = {"vecdot", "matvec", "vecmat"}
OF_SCIPY = {"erfc", "log_expit", "logit"}


def test_every_composed_function_is_tried():
    assert set(COMPOSED_UFUNCS) <= {*ONE, *TWO, *OF_CONDITIONS, *OF_VECTORS, *OF_SCIPY}


def _same(found, expected):
    expected = np.asarray(expected, dtype=float)
    np.testing.assert_allclose(found, expected, rtol=1e-14)
    zero = expected == 0.0
    assert (np.signbit(found)[zero] == np.signbit(expected)[zero]).all()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", ONE)
def test_of_one_number(name):
    function = getattr(np, name)
    _same(trace(lambda x: function(x)).evaluate(x=EDGES).value, function(np.array(EDGES)))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", TWO)
def test_of_two_numbers(name):
    function = getattr(np, name)
    x, y = np.array(list(itertools.product(EDGES, EDGES))).T
    found = trace(lambda x, y: function(x, y)).evaluate(x=x, y=y).value
    expected = function(x, y)
    if name in ("fmax", "fmin", "maximum", "minimum"):  # which of two equal zeros is given is nobody's promise
        np.testing.assert_array_equal(found, expected)
    elif name in ("logical_and", "logical_or", "logical_xor", "heaviside", "hypot", "arctan2", "copysign"):
        _same(found, expected)
    else:
        np.testing.assert_allclose(found, expected, rtol=2e-14, atol=1e-300)
    for number in (2.5, -1.0):
        np.testing.assert_allclose(
            trace(lambda x, number=number: function(x, number)).evaluate(x=x).value, function(x, number), rtol=2e-14
        )


SMOOTH = {
    "fmax": lambda x, y: np.fmax(x, y) * np.fmin(x, 0.1),
    "fmod": lambda x, y: np.fmod(x, y),
    "%": lambda x, y: x % y + 2.0 % y,
    "//": lambda x, y: x * (x // y) + 7 // y,
    "rounding": lambda x, y: x * np.floor(y) + np.ceil(x) * y + np.round(x, 1) * y + round(y) * x,
    "trunc": lambda x, y: np.trunc(x) * y + np.fix(y) * x,
    "heaviside": lambda x, y: np.heaviside(x, 0.5) * y,
    "inverse hyperbolic": lambda x, y: np.arcsinh(x) + np.arccosh(1.5 + y) * np.arctanh(x / 4),
    "cbrt": lambda x, y: np.cbrt(x) * np.cbrt(-y),
    "copysign": lambda x, y: np.copysign(x, y) + np.copysign(2.0, x) * y,
    "logaddexp": lambda x, y: np.logaddexp(x, y) + np.logaddexp2(x, y) + np.logaddexp(x, 0) + np.logaddexp(0, y),
    "log1p": lambda x, y: np.log1p(y) * np.expm1(x) + np.exp2(x),
    "conditions": lambda x, y: np.where((x > 0) & (x < 1) | ~(y > 3), x * y, x),
    "logic": lambda x, y: np.where(np.logical_and(x, y > 0), x**2, y) * np.logical_not(x < 0) + ((x > 1) ^ (y > 1)),
    "angles": lambda x, y: np.deg2rad(x) + np.degrees(y),
    "finite": lambda x, y: np.where(np.isfinite(x), x, y) + np.where(np.isnan(y) | np.isinf(y), 0, y),
    "vdot": lambda x, y: np.vdot(x, y),
}


@pytest.mark.parametrize("what", SMOOTH)
@pytest.mark.parametrize("point", [(0.37, 0.83), (1.7, 1.3), (-0.6, 2.2)])
def test_values_are_numpys_and_rules_are_right(what, point):
    function = SMOOTH[what]
    x, y = map(np.float64, point)
    graph = trace(lambda x, y: function(x, y))
    assert float(graph.evaluate(x=x, y=y).value) == pytest.approx(float(function(x, y)), rel=1e-14)
    check(graph, x=x, y=y)


def test_where_a_number_is_missing_the_other_gets_the_gradient():
    for function in (np.fmax, np.fmin):
        found = gradient(trace(lambda x, y, function=function: function(x, y)), x=np.nan, y=2.0)
        assert (float(found["x"]), float(found["y"])) == (0.0, 1.0)


def test_vdot_flattens():
    x, y = np.arange(6.0).reshape(2, 3), np.arange(6.0)
    graph = trace(lambda x, y: np.vdot(x, y))
    assert float(graph.evaluate(x=x, y=y).value) == np.vdot(x, y)
    np.testing.assert_array_equal(gradient(graph, x=x, y=y)["x"], y.reshape(2, 3))


def test_likes_keep_the_shape_they_are_asked_for():
    for like in (np.zeros_like, np.ones_like, lambda x, **more: np.full_like(x, 7.0, **more)):
        whole = trace(lambda x, like=like: x * like(x), shapes={"x": (2, 3)})
        other = trace(lambda x, like=like: np.sum(x) * like(x, shape=(4,)), shapes={"x": (2, 3)})
        x = np.arange(6.0).reshape(2, 3)
        np.testing.assert_array_equal(whole.evaluate(x=x).value, x * like(x))
        np.testing.assert_array_equal(other.evaluate(x=x).value, np.sum(x) * like(x, shape=(4,)))


def test_orders_of_reading():
    x = np.arange(6.0).reshape(2, 3)
    for function in (
        lambda x: np.ravel(x, order="F"),
        lambda x: x.ravel("F"),
        lambda x: x.flatten(order="F"),
        lambda x: np.reshape(x, (3, 2), order="F"),
        lambda x: x.reshape(3, 2, order="F"),
    ):
        np.testing.assert_array_equal(trace(function, "x").evaluate(x=x).value, function(x))


def test_functions_of_scipy_ask_tracers_too():
    special = pytest.importorskip("scipy.special")
    for function in (special.expit, special.erf, special.erfc, special.log_expit, special.logit):
        graph = trace(lambda x, function=function: function(x))
        assert float(graph.evaluate(x=0.3).value) == pytest.approx(float(function(0.3)), rel=1e-14)
        check(graph, x=0.3)
