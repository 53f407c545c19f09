"""Values and local partials of every operation in the page, against mpmath with 50 digits."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from gates import gate

from backpropviz.ops import REGISTRY

INF, NAN = math.inf, math.nan
TOLERANCE = 1e-12

EVERYWHERE = (-30.0, -7.25, -3.0, -1.0, -0.7, -0.1, -1e-9, 1e-9, 0.1, 0.3, 1.0, 2.5, 7.0, 30.0)
POSITIVE = (1e-300, 1e-9, 0.1, 0.5, 0.999, 1.001, 2.0, 8.0, 1000.0, 1e300)
INSIDE = (-0.999, -0.6, -0.5, -0.3, 1e-9, 0.1, 0.49, 0.7, 0.99)
SMALL = (-1.5, -1.2, -0.3, 1e-9, 0.2, 0.8, 1.4, 40.0)
STEEP = (-1000.0, -700.0, -40.0, *EVERYWHERE, 40.0, 700.0, 1000.0)
FAR = ((1e200, 1e200), (3e-200, 4e-200))
PAIRS = ((0.3, 2.0), (1.5, -2.0), (-0.7, 3.0), (-4.0, -0.1), (1e-8, 5.0), (12.0, 1e-6), *FAR)
POWERS = ((2.0, 3.0), (2.0, -1.5), (0.3, 0.5), (9.0, 0.5), (1e-5, 2.5), (1.0, 7.0), (40.0, 20.0))


def sigmoid(x):
    return 1 / (1 + mpmath.exp(-x))


def relu(x):
    return x if x > 0 else mpmath.mpf(0)


def leaky(x):
    return x if x > 0 else x * mpmath.mpf(0.01)


# name: (function with 50 digits, its derivatives, sample points)
UNARY = {
    "negate": (lambda x: -x, lambda x: -1, EVERYWHERE),
    "exp": (mpmath.exp, mpmath.exp, (*EVERYWHERE, -700.0, 700.0)),
    "ln": (mpmath.log, lambda x: 1 / x, POSITIVE),
    "log2": (lambda x: mpmath.log(x, 2), lambda x: 1 / (x * mpmath.log(2)), POSITIVE),
    "log10": (mpmath.log10, lambda x: 1 / (x * mpmath.log(10)), POSITIVE),
    "sqrt": (mpmath.sqrt, lambda x: 1 / (2 * mpmath.sqrt(x)), POSITIVE),
    "sin": (mpmath.sin, mpmath.cos, (*EVERYWHERE, 1e6)),
    "cos": (mpmath.cos, lambda x: -mpmath.sin(x), (*EVERYWHERE, 1e6)),
    "tan": (mpmath.tan, lambda x: 1 + mpmath.tan(x) ** 2, SMALL),
    "asin": (mpmath.asin, lambda x: 1 / mpmath.sqrt(1 - x * x), INSIDE),
    "acos": (mpmath.acos, lambda x: -1 / mpmath.sqrt(1 - x * x), INSIDE),
    "atan": (mpmath.atan, lambda x: 1 / (1 + x * x), (*EVERYWHERE, 1e9)),
    "sinh": (mpmath.sinh, mpmath.cosh, EVERYWHERE),
    "cosh": (mpmath.cosh, mpmath.sinh, EVERYWHERE),
    "tanh": (mpmath.tanh, lambda x: mpmath.sech(x) ** 2, EVERYWHERE),
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * sigmoid(-x), tuple(x for x in STEEP if abs(x) <= 700)),
    "relu": (relu, lambda x: int(x > 0), STEEP),
    "leaky_relu": (leaky, lambda x: 1 if x > 0 else mpmath.mpf(0.01), STEEP),
    "softplus": (lambda x: mpmath.log1p(mpmath.exp(x)), sigmoid, tuple(x for x in STEEP if x >= -700)),
    "gelu": (
        lambda x: x * mpmath.ncdf(x),
        lambda x: mpmath.ncdf(x) + x * mpmath.npdf(x),
        (-30.0, -12.5, -6.0, -3.0, -1.0, -0.7, -0.5, -1e-9, 1e-9, 0.1, 0.5, 0.71, 1.0, 2.5, 7.0, 30.0),
    ),
    "abs": (abs, mpmath.sign, EVERYWHERE),
    "square": (lambda x: x * x, lambda x: 2 * x, EVERYWHERE),
    "reciprocal": (lambda x: 1 / x, lambda x: -1 / (x * x), EVERYWHERE),
}
SEVERAL = {
    "add": (lambda *a: mpmath.fsum(a), lambda *a: [1] * len(a), (*PAIRS, (1.0, 2.0, 4.0), (0.5, -3.0, 7.0, 1.0))),
    "subtract": (lambda a, b: a - b, lambda a, b: [1, -1], PAIRS),
    "multiply": (lambda a, b: a * b, lambda a, b: [b, a], PAIRS[:-2]),
    "divide": (lambda a, b: a / b, lambda a, b: [1 / b, -a / (b * b)], PAIRS),
    "power": (lambda a, b: a**b, lambda a, b: [b * a ** (b - 1), a**b * mpmath.log(a)], POWERS),
    "atan2": (mpmath.atan2, lambda a, b: [b / (a * a + b * b), -a / (a * a + b * b)], PAIRS),
    "hypot": (mpmath.hypot, lambda a, b: [a / mpmath.hypot(a, b), b / mpmath.hypot(a, b)], PAIRS),
    "max": (max, lambda *a: [int(x == max(a)) for x in a], (*PAIRS[:-2], (3.0, 1.0, 2.0))),
    "min": (min, lambda *a: [int(x == min(a)) for x in a], (*PAIRS[:-2], (3.0, 1.0, 2.0))),
}
TABLE = {name: (f, lambda x, d=d: [d(x)], [(x,) for x in points]) for name, (f, d, points) in UNARY.items()} | SEVERAL

BODY = """return cases.map(({ graph, args }) => {
  const inputs = Object.fromEntries(args.map((value, slot) => [`x${slot}`, value]));
  const { primals, partials } = engine.compileGraph(graph).run(inputs);
  return { out: primals.at(-1), partials };
});"""


def run(javascript, cases):
    given = [
        {
            "graph": gate(case["op"], case["args"], case.get("parameters"), case.get("constant", ())),
            "args": case["args"],
        }
        for case in cases
    ]
    return javascript(BODY, modules=["story/engine"], cases=given)


def is_close(found, expected):
    return abs(mpmath.mpf(found) - expected) <= TOLERANCE * abs(expected) + mpmath.mpf("1e-307")


@pytest.mark.parametrize("name", TABLE)
def test_value_and_partials_against_mpmath(javascript, name):
    value, partials, points = TABLE[name]
    found = run(javascript, [{"op": name, "args": list(point)} for point in points])
    with mpmath.workdps(50):
        for point, got in zip(points, found, strict=True):
            exact = [mpmath.mpf(x) for x in point]
            assert is_close(got["out"], value(*exact)), (point, got)
            expected = partials(*exact)
            assert len(got["partials"]) == len(point)
            assert all(map(is_close, got["partials"], expected)), (point, got, expected)


@pytest.mark.parametrize(("name", "bound"), [("erf", 2e-15), ("erfc", 2e-15)])
def test_special_functions_reach_the_last_digits(javascript, name, bound):
    points = [sign * k * 0.0617 for k in range(1, 400, 3) for sign in (-1, 1)]
    exact = {"erf": mpmath.erf, "erfc": mpmath.erfc}[name]
    found = javascript(
        f"return points.map(learning_primitives.{name});", modules=["story/learning_primitives"], points=points
    )
    with mpmath.workdps(50):
        worst = max(abs(got / exact(mpmath.mpf(x)) - 1) for x, got in zip(points, found, strict=True) if got)
    assert worst < bound


# (op, arguments, value, partials): the conventions, and the arithmetic of NumPy where JavaScript has another
EDGES = [
    ("relu", (0.0,), 0.0, [0.0]),
    ("relu", (NAN,), NAN, None),
    ("relu", (-INF,), 0.0, [0.0]),
    ("leaky_relu", (0.0,), 0.0, [0.01]),
    ("abs", (0.0,), 0.0, [0.0]),
    ("abs", (NAN,), NAN, [NAN]),
    ("sqrt", (0.0,), 0.0, [INF]),
    ("sqrt", (-1.0,), NAN, [NAN]),
    ("ln", (0.0,), -INF, [INF]),
    ("ln", (-1.0,), NAN, [NAN]),
    ("log2", (-1.0,), NAN, [NAN]),
    ("log10", (-1.0,), NAN, [NAN]),
    ("log2", (8.0,), 3.0, None),
    ("log10", (1000.0,), 3.0, None),
    ("asin", (1.0,), math.pi / 2, [INF]),
    ("acos", (-1.0,), math.pi, [-INF]),
    ("asin", (1.5,), NAN, [NAN]),
    ("acos", (1.5,), NAN, [NAN]),
    ("divide", (1.0, 0.0), INF, [INF, -INF]),
    ("divide", (-1.0, 0.0), -INF, [INF, INF]),
    ("divide", (0.0, 0.0), NAN, [INF, NAN]),
    ("reciprocal", (0.0,), INF, [-INF]),
    ("power", (0.0, 0.0), 1.0, [0.0, -INF]),
    ("power", (0.0, 2.0), 0.0, [0.0, 0.0]),
    ("power", (0.0, 1.0), 0.0, [1.0, 0.0]),
    ("power", (0.0, 0.5), 0.0, [INF, 0.0]),
    ("power", (0.0, -1.0), INF, [-INF, -INF]),
    ("power", (1.0, NAN), 1.0, None),
    ("power", (NAN, 0.0), 1.0, [0.0, NAN]),
    ("power", (-1.0, 0.5), NAN, [NAN, NAN]),
    ("power", (-1.0, INF), 1.0, None),
    ("power", (1.0, -INF), 1.0, None),
    ("power", (-2.0, 3.0), -8.0, [12.0, NAN]),
    ("max", (2.0, 2.0), 2.0, [0.5, 0.5]),
    ("max", (2.0, 1.0, 2.0), 2.0, [0.5, 0.0, 0.5]),
    ("max", (1.0, 1.0, 1.0), 1.0, [1 / 3] * 3),
    ("min", (2.0, 2.0), 2.0, [0.5, 0.5]),
    ("min", (INF, INF), INF, [0.5, 0.5]),
    ("max", (1.0, NAN), NAN, [NAN, NAN]),
    ("min", (NAN, 1.0), NAN, [NAN, NAN]),
    ("hypot", (0.0, 0.0), 0.0, [0.0, 0.0]),
    ("hypot", (INF, NAN), INF, None),
    ("atan2", (0.0, 0.0), 0.0, [NAN, NAN]),
    ("atan2", (0.0, -1.0), math.pi, [-1.0, 0.0]),
    ("sigmoid", (1000.0,), 1.0, [0.0]),
    ("sigmoid", (-1000.0,), 0.0, [0.0]),
    ("sigmoid", (NAN,), NAN, [NAN]),
    ("softplus", (1000.0,), 1000.0, [1.0]),
    ("softplus", (-1000.0,), 0.0, [0.0]),
    ("tanh", (1000.0,), 1.0, [0.0]),
    ("tanh", (-1000.0,), -1.0, [0.0]),
    ("gelu", (1000.0,), 1000.0, [1.0]),
    ("gelu", (-1000.0,), 0.0, [0.0]),
    ("exp", (1000.0,), INF, [INF]),
    ("exp", (-1000.0,), 0.0, [0.0]),
]


def same(found, expected):
    return math.isnan(found) if math.isnan(expected) else found == expected


@pytest.mark.parametrize(("name", "args", "value", "partials"), EDGES)
def test_conventions_at_edges(javascript, name, args, value, partials):
    [got] = run(javascript, [{"op": name, "args": list(args)}])
    assert same(got["out"], value), got
    if partials is not None:
        assert all(map(same, got["partials"], partials)), got


@pytest.mark.parametrize("base", [-2.0, -0.5, 0.0, 3.0])
@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.0, 3.0])
def test_constant_exponent_gives_no_nan(javascript, base, exponent):
    case = {"op": "power", "args": [base, exponent], "constant": [False, True]}
    [got] = run(javascript, [case])
    assert got["partials"] == [exponent * base ** (exponent - 1) if exponent else 0.0, 0.0]


def test_leaky_relu_takes_its_slope(javascript):
    [got] = run(javascript, [{"op": "leaky_relu", "args": [-2.0], "parameters": {"slope": 0.25}}])
    assert got == {"out": -0.5, "partials": [0.25]}


@pytest.mark.parametrize("name", TABLE)
def test_page_and_kernel_agree(javascript, name):
    op = REGISTRY[name]
    # where the square of an argument leaves float64 the page's partials are right and the kernel's are not
    points = [point for point in TABLE[name][2] if all(1e-150 < abs(x) < 1e150 for x in point)]
    found = run(javascript, [{"op": name, "args": list(point)} for point in points])
    for point, got in zip(points, found, strict=True):
        arguments = [np.float64(x) for x in point]
        with np.errstate(all="ignore"):
            out = op.value(*arguments)
            partials = [float(partial) for partial in op.partials(out, *arguments)]
        # the kernel's 1 - tanh² and 1 + erf lose relative digits far out: hence a floor the size of rounding
        assert got["out"] == pytest.approx(float(out), rel=TOLERANCE, abs=1e-15)
        assert got["partials"] == pytest.approx(partials, rel=TOLERANCE, abs=1e-15)


@pytest.mark.parametrize(("name", "args"), [(name, args) for name, args, _, _ in EDGES])
def test_page_and_kernel_agree_at_edges(javascript, name, args):
    op = REGISTRY[name]
    arguments = [np.float64(x) for x in args]
    with np.errstate(all="ignore"):
        out = op.value(*arguments)
        partials = [float(partial) for partial in op.partials(out, *arguments)]
    [got] = run(javascript, [{"op": name, "args": list(args)}])
    assert got["out"] == pytest.approx(float(out), rel=TOLERANCE, nan_ok=True)
    assert got["partials"] == pytest.approx(partials, rel=TOLERANCE, nan_ok=True)
