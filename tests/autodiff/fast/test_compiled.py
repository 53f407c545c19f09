"""Compiled scalar graphs: the tape's numbers, for every kind of input, by generated source."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import SCALAR_OPS, graphs, points, smooth_graphs

import backpropviz as bpv
from backpropviz.autodiff.fast import Compiled
from backpropviz.errors import InputError
from backpropviz.ops import REGISTRY

LECTURE = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"
EDGES = (0.0, -0.0, 1.0, -1.0, 0.5, -2.0, 800.0, -800.0, 1e300, -1e300, math.inf, -math.inf, math.nan)


def tape_of(graph, point):
    tape = graph.evaluate(point)
    adjoints = tape.reverse()
    return float(tape.value), {name: float(adjoints[name]) for name in graph.inputs}


def near(actual, expected):
    """Equal to some ulps: the C library and NumPy round their last digit each in its own way."""
    return np.allclose(actual, expected, rtol=2e-15, atol=0.0, equal_nan=True)


def test_the_lecture_example_gives_the_tape_s_numbers():
    graph = bpv.parse(LECTURE)
    fast = graph.compile()
    assert fast.strategy == "source"
    value, gradient = fast(x=2.0, z=3.0)
    assert value == pytest.approx(412.19145728412116, rel=1e-15)
    assert gradient == pytest.approx({"x": 1208.3812151266095, "z": 809.707479218564}, rel=1e-15)
    assert fast.value(x=2.0, z=3.0) == fast(x=2.0, z=3.0)[0]
    assert fast.at([2.0, 3.0]) == (fast(x=2.0, z=3.0)[0], tuple(fast(x=2.0, z=3.0)[1].values()))


@pytest.mark.parametrize("op", [op for op in SCALAR_OPS if REGISTRY[op].arity is not None])
def test_every_operation_at_every_edge(op):
    arity = REGISTRY[op].arity
    builder = bpv.graph.GraphBuilder()
    names = ("x", "z", "w")[:arity]
    graph = builder.build(builder.apply(op, *(builder.input(name) for name in names)))
    fast = graph.compile()
    for x in EDGES:
        for z in EDGES if arity > 1 else (1.0,):
            point = dict(zip(names, (x, z, 1.0), strict=False))
            value, gradient = tape_of(graph, point)
            fast_value, fast_gradient = fast(point)
            assert near(fast_value, value), point
            assert near([fast_gradient[name] for name in names], [gradient[name] for name in names]), point
            assert near(fast.value(point), value)


@pytest.mark.parametrize("exponent", ["0.5", "-0.5", "2", "3", "-1", "1.7", "(1/3)"])
def test_fixed_exponents_at_every_edge(exponent):
    graph = bpv.parse(f"x**{exponent}")
    fast = graph.compile()
    for x in EDGES:
        value, gradient = tape_of(graph, {"x": x})
        fast_value, fast_gradient = fast(x=x)
        assert near(fast_value, value), x
        assert near(fast_gradient["x"], gradient["x"]), x


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_random_graphs_at_random_points(data):
    graph = data.draw(graphs())
    point = data.draw(points(graph))
    value, gradient = tape_of(graph, point)
    fast_value, fast_gradient = graph.compile()(point)
    # Where numbers are extreme, an ulp may decide between finite and not; elsewhere both ways agree.
    if np.isfinite([value, fast_value]).all() and abs(value) < 1e8:
        assert fast_value == pytest.approx(value, rel=1e-6, abs=1e-6)
    assert list(fast_gradient) == list(gradient)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_smooth_graphs_agree_closely(data):
    graph = data.draw(smooth_graphs())
    point = data.draw(points(graph))
    value, gradient = tape_of(graph, point)
    fast_value, fast_gradient = graph.compile()(point)
    if all(abs(primal) < 1e3 for primal in graph.evaluate(point).primals.values()):
        assert fast_value == pytest.approx(value, rel=1e-9, abs=1e-9)
        assert fast_gradient == pytest.approx(gradient, rel=1e-6, abs=1e-6)


def test_integers_float64_and_zero_rank_arrays_are_numbers():
    fast = bpv.parse("x**2*z").compile()
    expected = fast(x=3.0, z=2.0)
    for three in (3, np.float64(3), np.array(3), np.int64(3), np.float32(3)):
        assert fast(x=three, z=2) == expected
        assert fast.at([three, 2]) == (expected[0], (12.0, 9.0))
    assert all(type(number) is float for number in (expected[0], *expected[1].values()))


def test_a_point_and_keywords_are_joined_and_the_point_is_not_changed():
    fast = bpv.parse("x*z").compile()
    point = {"x": 1.0, "z": 2.0}
    assert fast(point, z=5.0)[0] == 5.0
    assert fast.value(point, z=5.0) == 5.0
    assert point == {"x": 1.0, "z": 2.0}


@pytest.mark.parametrize(
    "inputs",
    [{"x": 1.0}, {"x": 1.0, "z": 2.0, "w": 3.0}, {"x": 1.0, "w": 2.0}, {"x": "1", "z": 2.0}, {"x": None, "z": 2.0}],
)
def test_inputs_that_do_not_fit_are_refused_as_by_the_tape(inputs):
    graph = bpv.parse("x*z")
    with pytest.raises(InputError) as by_tape:
        graph.evaluate(inputs)
    with pytest.raises(InputError) as by_code:
        graph.compile()(inputs)
    with pytest.raises(InputError):
        graph.compile().value(inputs)
    assert str(by_code.value) == str(by_tape.value)
    with pytest.raises(InputError, match="3 values are given for 2 inputs"):
        graph.compile().at([1.0, 2.0, 3.0])


@pytest.mark.parametrize("gates", [1, 400])
def test_values_by_position_are_read_as_those_by_name(gates):
    graph = bpv.trace(lambda x, z: sum(bpv.ops.sin(x * k) * z for k in range(1, gates + 1)))
    fast = graph.compile()
    assert fast.strategy == ("source" if gates == 1 else "levels")
    for values in ([1, 2.0], [np.float64(1.0), 2], [np.linspace(0.0, 1.0, 5), 2.0]):
        value, gradient = fast.at(values)
        by_name, slopes = fast(x=values[0], z=values[1])
        np.testing.assert_array_equal(value, by_name)
        np.testing.assert_array_equal(gradient, tuple(slopes.values()))
    with pytest.raises(InputError, match="1 value is given for 2 inputs"):
        fast.at([1.0])


def test_values_by_position_may_leave_the_domain():
    # math.log and 1/x raise where NumPy gives NaN and infinities, as the tape does.
    for text, values in (("ln(x)*z", [-1.0, 2.0]), ("1/x + z", [0.0, 2.0]), ("exp(x) + z", [1000.0, 2.0])):
        graph = bpv.parse(text)
        fast = graph.compile()
        value, gradient = fast.at(values)
        expected, slopes = tape_of(graph, dict(zip(graph.inputs, values, strict=True)))
        assert not math.isfinite(value)
        np.testing.assert_array_equal([value, *gradient], [expected, *slopes.values()])


def test_an_input_that_is_not_used_has_gradient_zero():
    graph = bpv.trace(lambda x, z: x * 2.0, "x", "z")
    assert graph.compile()(x=1.0, z=5.0) == (2.0, {"x": 2.0, "z": 0.0})


def test_an_edit_uses_the_same_code():
    graph = bpv.parse(LECTURE)
    assert graph.compile() is graph.compile()
    graph.compile()(x=2.0, z=3.0)
    assert graph.compile()(x=2.5, z=3.0)[0] == pytest.approx(float(graph.evaluate(x=2.5, z=3.0).value))


def test_no_text_of_a_user_reaches_the_compiler():
    builder = bpv.graph.GraphBuilder()
    names = ['x"]);import os#', "λ", "__import__", "t0"]
    references = [builder.input(name) for name in names]
    graph = builder.build(builder.apply("tanh", builder.apply("add", *references), name="exec('1')"))
    fast = Compiled(graph)
    words = set(re.findall(r"[^\W\d]\w*", fast.source))
    expected = {"def", "run", "inputs", "if", "len", "return", "convert", "try", "type", "is", "not", "float", "or"}
    expected |= {"tanh", "cosh", "except", "KeyError", "ArithmeticError", "ValueError", "rescue"}
    assert {word for word in words if not re.fullmatch(r"[tk]\d+", word)} <= expected
    value, gradient = fast(dict.fromkeys(names, 0.1))
    assert value == pytest.approx(math.tanh(0.4))
    assert list(gradient) == names


def test_constants_that_are_not_finite_are_written_by_name():
    builder = bpv.graph.GraphBuilder()
    x = builder.input("x")
    for number in (math.inf, -math.inf, math.nan):
        graph = builder.build(builder.apply("multiply", x, builder.constant(number)))
        value, gradient = graph.compile()(x=2.0)
        assert near([value, gradient["x"]], [number, number])


def test_partials_that_equal_are_computed_once():
    source = bpv.parse("sin(ln(x)) + cos(ln(x))").compile().source
    assert source.count("log(") == source.count("sin(") == source.count("cos(") == 1


def test_closed_gates_are_compiled_as_what_they_hold():
    graph = bpv.parse("sigmoid(x*z + 1)*x")
    opened = graph.expand(next(name for name in graph.nodes if graph.op(name) == "sigmoid"))
    assert near(opened.compile()(x=0.3, z=0.7)[0], graph.compile()(x=0.3, z=0.7)[0])


@pytest.mark.parametrize("width", [1, 200])
@pytest.mark.parametrize("kind", [int, np.float64, np.float32, np.int64, bool])
def test_a_number_of_another_type_is_taken_as_it_is(kind, width, monkeypatch):
    names = [f"x{k}" for k in range(width)]
    compiled = Compiled(bpv.trace(lambda *x: sum(np.sin(each) * each for each in x), *names))
    assert compiled.strategy == ("source" if width == 1 else "levels")
    floats = dict.fromkeys(names, 1.0)
    mixed = {**floats, names[-1]: kind(1)}
    monkeypatch.setattr("backpropviz.autodiff.fast.compiled.read_point", None)  # reading takes 100 times as long
    assert compiled(mixed) == compiled(floats)
    assert compiled.value(mixed) == compiled.value(floats)
    assert compiled.at(list(mixed.values())) == compiled.at(list(floats.values()))


def test_an_integer_beyond_all_floats_is_refused_by_name():
    with pytest.raises(InputError, match="'x'"):
        bpv.parse("x*z").compile()(x=10**400, z=1.0)
