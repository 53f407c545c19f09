"""Numbers to begin with: different ones, at which everything exists."""

from __future__ import annotations

import numpy as np
import pytest

from backpropviz.autodiff.first_point import first_numbers
from backpropviz.graph import parse

HARD = [
    "ln(x)",
    "ln(ln(x))",
    "ln(ln(ln(x)))",
    "x*ln(z)*sqrt(w)",
    "asin(x) + acos(y)",
    "asin(x)*ln(z - 3)",
    "1/(x - 2) + 1/(y - 3)",
    "sqrt(x - y)",
    "sqrt(x - y) + ln(z - x)",
    "(x - y)**0.5 + y**-1.5",
    "exp(exp(x))*z",
    "ln(-x)",
    "ln(x - 50)",
    "ln(1 - x*x - y*y)",
]


@pytest.mark.parametrize("text", HARD)
def test_every_value_and_gradient_exists(text):
    graph = parse(text)
    point = first_numbers(graph)
    assert len(set(point.values())) == len(graph.inputs)
    tape = graph.evaluate(point)
    assert np.isfinite([*tape.primals.values(), *tape.reverse().values()]).all()
    assert first_numbers(parse(text)) == point


def test_the_usual_numbers_come_first_and_known_ones_are_not_taken_again():
    assert first_numbers(parse("a*b + c*d + f")) == {"a": 2.0, "b": 3.0, "c": -1.0, "d": 4.0, "f": -2.0}
    assert first_numbers(parse("a*b + c"), {"a": 3.0}) == {"b": 2.0, "c": -1.0}
    assert first_numbers(parse("x + x")) == {"x": 2.0}
    assert first_numbers(parse("3")) == {}


def test_where_nothing_fits_the_least_bad_numbers_are_given():
    assert first_numbers(parse("ln(-1)*x + sqrt(-2)")) == {"x": 2.0}
