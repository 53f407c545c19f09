"""Closed gates over arrays: value, both modes and shape are those of what is inside."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.ops import REGISTRY

POINT = {
    "w": np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]]),
    "x": np.array([0.5, -0.25, 2.0]),
    "b": np.array([0.1, -0.3]),
    "s": 0.7,
}


def layer(w, x, b, s):
    return bpv.ops.sum(bpv.ops.tanh(w @ x + b) * s + np.array([1.0, 2.0]))


GRAPH = bpv.trace(layer)
GATES = [name for name in GRAPH.nodes if GRAPH.arguments(name)]
WHOLE = GRAPH.collapse(GATES, "layer")
ACTIVATION = GRAPH.collapse([name for name in GATES if GRAPH.op(name) in ("add", "tanh")][:2], "h")


@pytest.mark.parametrize(("closed", "op"), [(WHOLE, "array_composite"), (ACTIVATION, "composite")])
def test_both_modes_go_through(closed, op):
    assert op in {closed.op(name) for name in closed.nodes}
    tape, plain = closed.evaluate(POINT), GRAPH.evaluate(POINT)
    assert float(tape.value) == float(plain.value)
    gradient, expected = bpv.gradient(closed, POINT), bpv.gradient(GRAPH, POINT)
    direction = {name: np.full(np.shape(value), 0.3) for name, value in POINT.items()}
    for name in POINT:
        assert np.array_equal(gradient[name], expected[name]), name
    pushed = float(tape.forward(direction).value)
    assert pushed == pytest.approx(float(plain.forward(direction).value), rel=1e-15)
    assert pushed == pytest.approx(sum(float(np.sum(0.3 * gradient[name])) for name in POINT), rel=1e-13)


@pytest.mark.parametrize("graph", [WHOLE, ACTIVATION])
def test_the_gate_by_itself_agrees_with_its_parts(graph):
    name = next(name for name in graph.nodes if graph.op(name) in ("composite", "array_composite"))
    gate, parameters = REGISTRY[graph.op(name)], graph.parameters(name)
    primals = graph.evaluate(POINT).primals
    arguments = [primals[argument] for argument in graph.arguments(name)]
    out = gate.value(*arguments, **parameters)
    assert np.array_equal(out, primals[name])
    assert gate.shape(*map(np.shape, arguments), **parameters) == np.shape(out)
    assert gate.accepts(len(arguments))
    assert not gate.accepts(0)
    generator = np.random.default_rng(1)
    cotangent = generator.standard_normal(np.shape(out))
    slots = range(len(arguments))
    contributions = gate.vjp(cotangent, out, arguments, parameters, list(slots))
    for slot in slots:
        tangents = [np.zeros(np.shape(each)) for each in arguments]
        tangents[slot] = generator.standard_normal(np.shape(arguments[slot]))
        pushed = np.sum(cotangent * gate.jvp(tangents, out, arguments, parameters))
        assert pushed == pytest.approx(np.sum(contributions[slot] * tangents[slot]), rel=1e-12, abs=1e-12)


def test_an_argument_that_has_no_part_in_the_result_receives_zeros():
    graph = bpv.trace(lambda x, y: bpv.ops.sum(bpv.ops.sign(x) * 2 + y))
    gates = [name for name in graph.nodes if graph.arguments(name)]
    closed = graph.collapse(gates, "f")
    gradient = bpv.gradient(closed, x=[1.0, -2.0], y=[3.0, 4.0])
    assert gradient["x"].tolist() == [0.0, 0.0]
    assert gradient["y"].tolist() == [1.0, 1.0]


@pytest.mark.parametrize("op", ["composite", "array_composite"])
def test_a_gate_without_a_body_lets_its_first_argument_through(op):
    gate = REGISTRY[op]
    x, y = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    assert gate.value(x, y) is x
    assert gate.shape((2,), (2,)) == (2,)
    received = gate.vjp(np.ones(2), x, [x, y], {}, [0, 1])
    assert [each.tolist() for each in received] == [[1.0, 1.0], [0.0, 0.0]]
    assert gate.jvp([y, x], x, [x, y], {}).tolist() == [3.0, 4.0]
