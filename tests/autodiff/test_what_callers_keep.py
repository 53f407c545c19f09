"""What is handed over stays the caller's own: a tape copies it, and what is no real number is refused."""

from __future__ import annotations

import datetime as dt
import decimal
import fractions

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz import ops
from backpropviz.errors import BackpropvizError, InputError, SeedError, TraceError


def test_the_tape_is_not_changed_by_what_the_caller_does_to_its_array():
    w = np.array([1.0, 2.0])
    tape = bpv.trace(lambda w: np.sum(w * w)).evaluate(w=w)
    w -= 0.5
    np.testing.assert_array_equal(tape.reverse()["w"], [2.0, 4.0])
    np.testing.assert_array_equal(tape.primals["w"], [1.0, 2.0])


def test_nobody_writes_into_a_tape():
    w = np.arange(6.0).reshape(2, 3)
    tape = bpv.trace(lambda w: w.T).evaluate(w=w)
    for array in (tape.value, tape.primals["w"], tape.values[0]):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 7.0
    assert w[0, 0] == 0.0
    w[0, 0] = 1.0  # the caller's own is as it was


def test_a_seed_and_a_tangent_are_copied_too():
    seed, direction = np.ones((3, 2)), np.ones((2, 3))
    tape = bpv.trace(lambda w: w.T).evaluate(w=np.zeros((2, 3)))
    adjoint, tangent = tape.reverse(seed)["w"], tape.forward(w=direction).value
    seed[0, 0] = direction[0, 0] = 9.0
    assert adjoint[0, 0] == tangent[0, 0] == 1.0


def test_a_constant_is_the_graphs_own():
    c = np.array([1.0, 2.0])
    graph = bpv.trace(lambda x: np.sum(x * c))
    c[0] = 5.0
    np.testing.assert_array_equal(bpv.gradient(graph, x=[1.0, 1.0])["x"], [1.0, 2.0])
    (name,) = graph.constants
    with pytest.raises(ValueError, match="read-only"):
        graph.node(name).value[0] = 3.0


@pytest.mark.parametrize("how", ["gradient", "compiled", "hessian"])
def test_results_are_the_callers_own(how):
    x = np.array([1.0, 2.0])
    graph = bpv.trace(lambda x: np.sum(x * x))
    for _ in range(3):  # the third call of what is compiled runs on buffers
        found = {
            "gradient": lambda: bpv.gradient(graph, x=x)["x"],
            "compiled": lambda: graph.compile()(x=x)[1]["x"],
            "hessian": lambda: bpv.hessian(graph, x=x).matrix,
        }[how]()
        kept = found.copy()
        x[0] += 1.0
        np.testing.assert_array_equal(found, kept)
        found[...] = 0.0
        assert x[1] == 2.0


def test_an_array_that_is_frozen_already_is_not_copied_again():
    tape = bpv.trace(np.sum, "x").evaluate(x=np.arange(3.0))
    again = tape.graph.evaluate(x=tape.primals["x"])
    assert again.primals["x"] is tape.primals["x"]


REFUSED = {
    "complex array": (np.array([1j, 2.0]), "imaginary"),
    "complex without imaginary parts": (np.array([1.0 + 0j]), "imaginary"),
    "complex number": (1j, "imaginary"),
    "text": ("2", "texts"),
    "texts": (np.array(["1", "2"]), "texts"),
    "list of texts": (["1", "2"], "texts"),
    "objects that are texts": (np.array(["1", 2.0], dtype=object), "texts"),
    "objects that are complex": (np.array([1j, None], dtype=object), "imaginary"),
    "bytes": (b"2", "texts"),
    "dates": (np.array(["2020-01-01"], dtype="datetime64[D]"), "dates"),
    "durations": (np.array([3], dtype="timedelta64[s]"), "durations"),
    "a date": (dt.date(2020, 1, 1), "cannot be read as numbers"),
    "beyond float64": (10**400, "is too large"),
    "masked": (np.ma.array([1.0, 2.0], mask=[True, False]), "masked"),
    "records": (np.zeros(2, dtype=[("a", float)]), "records"),
    "missing": ([1.0, None], "cannot be read as numbers"),
    "none": (None, "cannot be read as numbers"),
    "uneven rows": ([[1.0, 2.0], [3.0]], "rows have equal lengths"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_real_number_is_refused_everywhere(what):
    value, words = REFUSED[what]
    graph = bpv.trace(lambda x: x * 2.0)
    with pytest.raises(InputError, match=words) as caught:
        graph.evaluate(x=value)
    assert caught.value.node == "x"
    assert "Input 'x'" in str(caught.value)
    with pytest.raises(InputError, match=words):
        graph.compile()(x=value)
    tape = graph.evaluate(x=1.0)
    for ask in (tape.reverse, lambda given: tape.forward(x=given)):
        if value is not None:  # no seed is 1
            with pytest.raises(SeedError, match=words):
                ask(value)
    with pytest.raises(InputError, match=words):
        ops.relu(value)
    if what != "uneven rows":  # NumPy refuses them first
        with pytest.raises((TraceError, TypeError)):
            bpv.trace(lambda x: x * value)


def test_every_real_number_is_taken():
    graph = bpv.trace(lambda x: x * 2.0)
    for value in (2, True, np.float32(2), fractions.Fraction(4, 2), decimal.Decimal(2), np.int8(2), np.array(2)):
        assert float(graph.evaluate(x=value).value) == 2.0 * float(value)
    assert float(graph.evaluate(x=10**30).value) == 2e30
    masked = np.ma.array([1.0, 2.0])  # with nothing masked
    np.testing.assert_array_equal(graph.evaluate(x=masked).value, [2.0, 4.0])
    assert type(graph.evaluate(x=masked).primals["x"]) is np.ndarray


def test_large_whole_numbers_are_constants():
    assert float(bpv.trace(lambda x: x * 10**30).evaluate(x=2.0).value) == 2e30


def test_masked_constants_are_refused():
    masked = np.ma.array([1.0, 2.0], mask=[True, False])
    for function in (lambda x: x * masked, lambda x: np.where(x > 0, masked, 0.0)):
        with pytest.raises(BackpropvizError, match="masked"):
            bpv.trace(function)
