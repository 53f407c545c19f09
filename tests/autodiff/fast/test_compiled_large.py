"""Large graphs: no recursion, no minutes of compiling."""

import time

import numpy as np
import pytest

from backpropviz.autodiff.fast import Compiled
from backpropviz.autodiff.fast.levels import Levels
from backpropviz.graph import GraphBuilder

too_large_to_trace = pytest.mark.no_cover  # coverage would count each gate, and the limits are of time
OPS = ("add", "multiply", "tanh", "sin", "subtract", "sigmoid")


def layered(width, depth, seed=0, ops=OPS):
    """Levels of random gates, each on values of the level before; the output sums the last level."""
    generator = np.random.default_rng(seed)
    builder = GraphBuilder()
    level = [builder.input(f"x{index}") for index in range(width)]
    for _ in range(depth):
        following = []
        for op in generator.choice(ops, width):
            arity = 1 if op in ("tanh", "sin", "sigmoid", "relu", "ln") else 2
            following.append(builder.apply(str(op), *(level[place] for place in generator.integers(0, width, arity))))
        level = following
    return builder.build(builder.apply("add", *level))


def point_of(graph):
    names = graph.inputs
    return {name: 0.3 + 0.4 * index / len(names) for index, name in enumerate(names)}


def assert_tape(graph, point, result, rtol):
    tape = graph.evaluate(point)
    adjoints = tape.reverse()
    assert result[0] == pytest.approx(float(tape.value), rel=1e-12)
    expected = np.array([adjoints[name] for name in graph.inputs])
    scale = np.abs(expected).max()
    np.testing.assert_allclose(list(result[1].values()), expected, rtol=0.0, atol=rtol * scale)


@too_large_to_trace
def test_a_chain_of_50_000_gates_runs_on_the_tape():
    builder = GraphBuilder()
    node = builder.input("x")
    for index in range(50_000):
        node = builder.apply(("sin", "cos")[index % 2], node)
    graph = builder.build(node)
    adjoints = graph.evaluate(x=0.5).reverse()
    assert np.isfinite(adjoints["x"])
    assert graph.evaluate(x=0.5).forward(x=1.0).value == pytest.approx(float(adjoints["x"]), rel=1e-9)


@too_large_to_trace
def test_40_000_wide_gates_in_one_call():
    graph = layered(4_000, 10)
    fast = graph.compile()
    start = time.thread_time()
    result = fast(point_of(graph))
    assert fast.strategy == "levels"
    assert time.thread_time() - start < 8.0
    assert_tape(graph, point_of(graph), result, 1e-12)
    start = time.thread_time()
    fast(point_of(graph))
    assert time.thread_time() - start < 0.2


@too_large_to_trace
def test_20_000_gates_in_a_chain_are_compiled():
    builder = GraphBuilder()
    node = builder.input("x")
    for index in range(20_000):
        node = builder.apply(("sin", "tanh", "cos")[index % 3], node)
    graph = builder.build(node)
    start = time.thread_time()
    fast = Compiled(graph)
    assert fast.strategy == "source"
    assert time.thread_time() - start < 0.1e-3 * 20_000 * 3  # three times the aim, for a busy machine
    assert fast(x=0.5)[0] == pytest.approx(float(graph.evaluate(x=0.5).value))


def test_levels_take_points_constants_and_inputs_that_are_not_used():
    builder = GraphBuilder()
    inputs = [builder.input(f"x{index}") for index in range(400)]
    three = builder.constant(3.0)
    terms = [builder.apply("power", x, three) for x in inputs[1:]]
    terms += [builder.apply("max", x, three, inputs[1]) for x in inputs[2:]]
    graph = builder.build(builder.apply("add", *terms))
    fast = graph.compile()
    assert fast.strategy == "levels"
    point = point_of(graph)
    assert_tape(graph, point, fast(point), 1e-14)
    assert fast(point)[1]["x0"] == 0.0
    assert fast.value(point) == fast(point)[0]
    assert fast.at(list(point.values())) == (fast(point)[0], tuple(fast(point)[1].values()))

    many = {**point, "x1": np.linspace(1.0, 4.0, 7), "x2": np.array([[1.0], [2.0]])}
    value, gradient = fast(many)
    assert value.shape == gradient["x5"].shape == (2, 7)
    single, slopes = fast({**point, "x1": float(many["x1"][3]), "x2": 2.0})
    assert value[1, 3] == pytest.approx(single)
    assert gradient["x1"][1, 3] == pytest.approx(slopes["x1"])
    np.testing.assert_array_equal(fast.value(many), value)


def test_levels_keep_an_infinite_slope_beside_the_path_out_of_it():
    builder = GraphBuilder()
    x = builder.input("x")
    builder.apply("sqrt", x)
    graph = builder.build(builder.apply("multiply", x, x))
    value, adjoints = Levels(graph).gradient(np.array([0.0]))
    assert (value, adjoints.tolist()) == (0.0, [0.0])
