"""Lists and arrays of traced numbers: NumPy's functions act on each entry; what has no rule is refused by name."""

from __future__ import annotations

import operator

import numpy as np
import pytest

from backpropviz import gradient, trace
from backpropviz.errors import TraceError


@pytest.mark.parametrize(
    ("function", "numbers"),
    [
        (lambda x, z: np.sum(np.exp(np.array([x, z]))), lambda x, z: np.exp(x) + np.exp(z)),
        (lambda x, z: np.add([x, z], [1.0, 2.0])[1] * x, lambda x, z: (z + 2.0) * x),
        (lambda x, z: np.multiply(x, [z, 3.0])[0] + x, lambda x, z: x * z + x),
        (lambda x, z: np.add(x, np.array([x, z]))[1], lambda x, z: x + z),
        (lambda x, z: np.array([x, z]) @ np.array([2.0, 3.0]), lambda x, z: 2.0 * x + 3.0 * z),
        (lambda x, z: +x * z, lambda x, z: x * z),
    ],
    ids=["ufunc", "lists", "scalar and list", "scalar and array", "dot", "plus"],
)
def test_entries_are_gates(function, numbers):
    graph = trace(function, "x", "z")
    value = graph.evaluate(x=0.7, z=-1.3).value
    assert float(value) == pytest.approx(float(numbers(0.7, -1.3)), rel=1e-15)
    step = 1e-200
    slope = np.imag(numbers(0.7 + 1j * step, -1.3)) / step
    assert float(gradient(graph, x=0.7, z=-1.3)["x"]) == pytest.approx(float(slope), rel=1e-15)


@pytest.mark.parametrize(
    ("function", "named"),
    [
        (np.maximum.accumulate, "np.maximum.accumulate"),
        (lambda x: np.add(x, 1.0, where=True), "np.add"),
        (np.fft.fft, "fft"),
        (lambda x: operator.add(x, "a"), "unsupported operand"),
        (list, "cannot be looped over"),
        (lambda x: x.no_such_attribute, "no_such_attribute"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_has_no_rule_is_refused_by_name(function, named):
    with pytest.raises((TraceError, TypeError, AttributeError)) as caught:
        trace(function, "x")
    assert named in str(caught.value)


def test_a_value_of_another_function_is_refused():
    kept = []

    def first(x):
        kept.append(x)
        return x * 2.0

    trace(first)
    with pytest.raises(TraceError, match="belongs to another traced function"):
        trace(lambda z: z + kept[0])


def test_names_of_inputs_must_fit_the_function():
    with pytest.raises(TraceError, match="do not fit the function"):
        trace(lambda x, z: x * z, "x")
    with pytest.raises(TraceError, match="does not tell its parameters"):
        trace(max)
