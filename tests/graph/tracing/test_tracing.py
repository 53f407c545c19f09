"""Python functions become graphs."""

from __future__ import annotations

import math
import operator

import numpy as np
import pytest
from hypothesis import given
from strategies import SCALAR_OPS, graphs, structure

from backpropviz.errors import TraceError
from backpropviz.graph import GraphBuilder, parse, trace
from backpropviz.graph.tracing.python_functions import apply_to
from backpropviz.ops import REGISTRY


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda x, z: np.exp(x * z) + x * z / np.log(x) + np.sin(np.log(x)) / (x * z), None),
        (lambda x: 1 / (1 + np.exp(-x)), "1/(1 + exp(-x))"),
        (lambda x: 2 - x, "2 - x"),
        (lambda x: 2**x + x**2, "2**x + x**2"),
        (lambda x: abs(-x), "abs(-x)"),
        (lambda x: +x * True, "x*1"),
        (lambda x, y: np.maximum(x, y) - np.minimum(x, 0), "max(x, y) - min(x, 0)"),
        (lambda x: np.float64(2) * x + np.int32(3) / x, "2*x + 3/x"),
        (lambda x: np.array(2.0) * x, "2*x"),
        (lambda x, y: sum([x, y, x * y]), "x + y + x*y"),
        (lambda x, y: np.sum([x, y, x * y]), "x + y + x*y"),
        (lambda x, y: x + (y + 1), "x + (y + 1)"),
        (lambda x: np.dot(np.array([x, 2 * x]), np.array([3.0, 4.0])), "x*3 + 2*x*4"),
        (lambda x, y: np.sum(np.exp(np.array([x, y]))), "exp(x) + exp(y)"),
        (lambda x: np.logaddexp(0, x), "softplus(x)"),
        (lambda x: np.arctan2(x, 1) * np.hypot(x, 2), "atan2(x, 1)*hypot(x, 2)"),
        (lambda x: np.square(x) + np.reciprocal(x), "square(x) + reciprocal(x)"),
        (lambda x: 3 * x if isinstance(x, object) else x, "3*x"),
        (lambda x: 7, "7"),
        (operator.mul, None),
    ],
)
def test_functions(function, text):
    names = ("x", "y") if function is operator.mul else ()
    text = text or ("x*y" if names else "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)")
    assert trace(function, *names).expression() == text


def test_the_lecture_function_is_the_lecture_text():
    traced = trace(lambda x, z: np.exp(x * z) + x * z / np.log(x) + np.sin(np.log(x)) / (x * z))
    assert traced == parse("exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)")


def test_loops_are_unrolled_and_growing_sums_are_one_gate():
    def neuron(*inputs):
        total = 0.5
        for weight, value in zip(inputs[:3], inputs[3:], strict=True):
            total = total + weight * value
        return np.tanh(total)

    graph = trace(neuron, "w1", "w2", "w3", "x1", "x2", "x3")
    assert graph.expression() == "tanh(0.5 + w1*x1 + w2*x2 + w3*x3)"
    assert graph.inputs == ("w1", "w2", "w3", "x1", "x2", "x3")


def test_a_sum_used_twice_stays_a_gate_of_its_own():
    def function(x, y):
        partial = x + y
        return (partial + 1) * partial

    assert trace(function).expression() == "((x + y) + 1)*(x + y)"


def test_a_long_loop():
    def function(x):
        for _ in range(5000):
            x = np.sin(x) + 1
        return x

    assert len(trace(function)) == 10_002


def test_what_is_not_needed_is_left_out_inputs_excepted():
    def function(x, y):
        np.exp(y)
        return 2 * x

    assert trace(function).nodes == ("x", "y", "2", trace(function).output)


def test_names():
    def function(x, y=3, *, k, scale=2):
        return x * y * k * scale

    assert trace(function).inputs == ("x", "k")
    assert trace(lambda x, y=3: x * y, "a", "b").inputs == ("a", "b")
    assert trace(np.exp, "t").expression() == "exp(t)"


@given(graphs(most_gates=10))
def test_calling_an_op_on_tracers_gives_the_op(graph):
    # Operators and universal functions cover every operation that NumPy has.
    builder = GraphBuilder()
    place = {}
    for name in graph.nodes:
        record = graph.node(name)
        rule = REGISTRY[record.op].value if record.op in REGISTRY else None
        if record.op == "input":
            place[name] = builder.input(name)
        elif record.op == "constant":
            place[name] = builder.constant(record.value)
        elif record.op in _AS_WRITTEN and len(record.arguments) <= 2:
            (place[name],) = apply_to(builder, rule, [place[argument] for argument in record.arguments])
        else:
            arguments = [place[argument] for argument in record.arguments]
            place[name] = builder.apply(record.op, *arguments, **dict(record.parameters))
    again = builder.build(place[graph.output])
    known: dict[object, int] = {}
    assert structure(again, known=known) == structure(graph, known=known)


_COMPARISONS = {"greater", "greater_equal", "less", "less_equal", "equal", "not_equal"}  # made 1 or 0 by a second step
_SEVERAL_STEPS = {"sigmoid", "softplus", "relu", "leaky_relu", "gelu", "square", "reciprocal", *_COMPARISONS}
_AS_WRITTEN = set(SCALAR_OPS) - _SEVERAL_STEPS


def test_partial_rules_can_be_traced():
    builder = GraphBuilder()
    x, y = builder.input("x"), builder.input("y")
    out = builder.apply("divide", x, y)
    first, second = apply_to(builder, REGISTRY["divide"].partials, [out, x, y])
    assert builder.build(first).expression(builder.build(first).output) == "1/y"
    assert builder.build(second).expression() == "-(x/y)/y"


def test_apply_to_hands_through_what_is_not_read():
    builder = GraphBuilder()
    (slope,) = apply_to(builder, lambda out, x, *, scale: out * scale, [builder.input("y"), None], scale=2.0)
    assert builder.build(slope).expression() == "y*2"


def _filled(array, value):
    array[0] = value
    return array


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x: max(x, 1), r"np\.maximum"),
        (lambda x: min(x, 1), r"np\.minimum"),
        (lambda x: x if x > 0 else -x, "choose the branch before"),
        (lambda x: not x, "branches"),
        (lambda x: 1 if x == 1 else x, "branches"),
        (math.exp, r"np\.exp"),
        (lambda x: 2 * float(x), "not known"),
        (lambda x: 2 * int(x), "not known"),
        (lambda x: 2 * complex(x), "not known"),
        (lambda x: sum(range(x)), "whole number"),
        (lambda x: [1, 2][x], "whole number"),
        (lambda x: sum(part for part in x), "looped over"),
        (math.floor, "not known"),
        (lambda x: np.float64(x) * 2, "not known"),
        (lambda x: _filled(np.zeros(3), x), r"np\.stack"),
        (lambda x: _filled(x, 1.0), r"np\.where\(condition, new, x\)"),
        (lambda x: operator.iadd(np.zeros(3), x), r"a = a \+ x"),
        (lambda x: x & 1, r"is for conditions, as in \(x > 0\) & \(x < 1\)"),
        (lambda x: ~x, r"as in ~\(x > 0\)"),
        (lambda x: f"{x:.2f}", "has no digits to print as '.2f'"),
        (lambda x: 1 in x, r"np\.max\(np\.equal\(x, 1\)\)"),
        (lambda x: x if x > 0 else 0 * x, r"np\.where\(condition, a, b\)"),
        (len, r"trace\(function, shapes="),
        (lambda x: np.ravel(x, order="K"), "memory"),
        (np.argmax, r"np\.max\(x\)"),
        (np.unique, "depends on the values"),
        (np.linalg.svd, "without its vectors"),
        (np.unwrap, "np.unwrap cannot be traced"),
        (lambda x: np.add.at(x, [0], 1), "Make a new value"),
        (lambda x: np.exp(x, where=True), r"where=.*np\.where\(condition, a, b\)"),
        (lambda x: np.multiply(x, "a"), "no real number"),
        (lambda x: x * np.array([1j]), "no real number"),
        (lambda x: None, "return"),
        (lambda x: (x, x), "2 values in a tuple"),
        (lambda x: np.array([x, x]), "2 values in a ndarray"),
        (lambda x: "x", "gave back a str"),
        (lambda *many: many[0], "Name them"),
    ],
)
def test_refusals(function, message):
    with pytest.raises(TraceError, match=message):
        trace(function)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("x*2",), "use parse"),
        ((lambda x: x, "x", "y"), "do not fit"),
        ((lambda x: x, "a b"), "identifiers"),
        ((lambda x, y: x, "x", "x"), "of its own"),
    ],
)
def test_names_that_do_not_fit(arguments, message):
    with pytest.raises(TraceError, match=message):
        trace(*arguments)


def test_a_tracer_of_another_function_is_refused():
    leaked = []
    trace(lambda x: leaked.append(x) or x)
    with pytest.raises(TraceError, match="another traced function"):
        trace(lambda x: x + leaked[0])


def test_an_error_of_the_function_itself_comes_through():
    with pytest.raises(ZeroDivisionError):
        trace(lambda x: x * (1 / 0))
    with pytest.raises(TypeError, match="unsupported operand"):
        trace(lambda x: x + "a")
