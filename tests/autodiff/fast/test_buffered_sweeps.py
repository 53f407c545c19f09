"""Sweeps on memory that stays give the tape's numbers, and go on doing so when the entries change."""

from __future__ import annotations

import math

import numpy as np
import pytest
from operation_cases import CASES

import backpropviz as bpv
from backpropviz.autodiff.fast import buffered_sweeps
from backpropviz.autodiff.fast.buffered_sweeps import BufferedSweeps
from backpropviz.autodiff.fast.memory import aligned
from backpropviz.errors import InputError
from backpropviz.graph import GraphBuilder
from backpropviz.ops import conv2d, max_pool, special

GRAPHS = {
    "perceptron": (bpv.MLP((3, 4, 2), output="softmax", l2=0.1).graph(5), {"X": (5, 3), "y": (5, 2)}),
    "ReLU": (bpv.MLP((3, 4, 2), "relu").graph(5), {"X": (5, 3), "y": (5, 2)}),
    "leaky ReLU": (bpv.MLP((3, 4, 2), "leaky_relu").graph(5), {"X": (5, 3), "y": (5, 2)}),
    "folded": (bpv.MLP((3, 4, 1), output="sigmoid", bias="folded", l2=0.1).graph(5), {"X": (5, 3), "y": (5, 1)}),
    "numbers": (bpv.parse("a = x*z; y = exp(a) + a/ln(x) + max(x, z)"), {"x": (), "z": ()}),
    "branches": (bpv.trace(lambda x: np.sum(x * x.T + x[0] * x) / np.mean(x), "x"), {"x": (3, 3)}),
    "extremes": (
        bpv.trace(lambda x, z: np.max(x @ z) + np.min(np.maximum(x, z)), "x", "z"),
        {"x": (3, 3), "z": (3, 3)},
    ),
    "one input twice": (bpv.trace(lambda x, z: np.sum(x + z), "x", "z"), {"x": (4,), "z": (4,)}),
    "left out": (bpv.trace(lambda x, z: np.sum(x) + 0.0 * np.sum(z), "x", "z"), {"x": (4,), "z": (2,)}),
}
WEIGHTS = {"W1": (3, 4), "b1": (4,), "W2": (4, 2), "b2": (2,)}
SHAPES = {"folded": {"W1": (4, 4), "W2": (5, 1)}}


def inputs_of(name, seed=0):
    graph, shapes = GRAPHS[name]
    known = {**WEIGHTS, **SHAPES.get(name, {}), **shapes}
    generator = np.random.default_rng(seed)
    return {each: np.asarray(generator.uniform(0.2, 2.0, known[each])) for each in graph.inputs}


@pytest.mark.parametrize("name", GRAPHS)
def test_same_bits_as_the_tape(name):
    graph, _ = GRAPHS[name]
    held = inputs_of(name)
    gradients = {each: np.full(value.shape, np.nan) for each, value in held.items()}
    sweeps = BufferedSweeps(graph, held, gradients)
    for seed in (1, 2, 1):
        for each, value in inputs_of(name, seed).items():
            held[each][...] = value
        sweeps.run()
        tape = graph.evaluate(inputs_of(name, seed))
        adjoints = tape.reverse()
        assert sweeps.value() == float(tape.value)
        for each, gradient in gradients.items():
            np.testing.assert_array_equal(gradient, adjoints[each])
            np.testing.assert_array_equal(held[each], inputs_of(name, seed)[each])  # inputs are only read


@pytest.mark.parametrize(
    ("function", "shapes"),
    [
        # A product in the order of a transpose, whose transpose is no view of what is laid out by rows.
        (lambda x, k: np.sum(np.sin(conv2d(x, k))), {"x": (2, 3, 4, 4), "k": (2, 3, 2, 2)}),
        # An array that a rule makes and changes in place.
        (lambda x: np.sum(np.sin(max_pool(x, 2))), {"x": (1, 2, 4, 4)}),
    ],
    ids=["convolution", "pooling"],
)
def test_compiled_gradients_hold_at_every_point(function, shapes):
    graph = bpv.trace(function, shapes=shapes)
    fast = graph.compile()
    generator = np.random.default_rng(0)
    for _ in range(4):
        point = {name: generator.normal(size=shape) for name, shape in shapes.items()}
        value, gradients = fast(point)
        assert value == pytest.approx(graph.evaluate(point).value, rel=1e-13)
        for name, gradient in bpv.gradient(graph, point).items():
            np.testing.assert_allclose(gradients[name], gradient, rtol=1e-12, atol=1e-13)


def test_what_is_recorded_of_an_operation_at_one_point_holds_at_another():
    for case in CASES:
        builder = GraphBuilder()
        places = [builder.input(f"a{slot}", np.shape(given)) for slot, given in enumerate(case.arguments)]
        found = builder.apply("sin", builder.apply(case.op, *places, **case.parameters))
        graph = builder.build(builder.apply("sum", found))
        held = {f"a{slot}": np.array(given, dtype=float) for slot, given in enumerate(case.arguments)}
        moving = [name for slot, name in enumerate(held) if slot not in case.fixed]
        gradients = {name: np.zeros_like(held[name]) for name in moving}
        sweeps = BufferedSweeps(graph, held, gradients)
        for name in moving:
            held[name][...] = 0.97 * np.flip(held[name])
        with np.errstate(all="ignore"):
            sweeps.run()
            adjoints = graph.evaluate(held).reverse()
        for name in moving:
            np.testing.assert_allclose(gradients[name], adjoints[name], rtol=1e-9, atol=1e-9, err_msg=str(case))


def test_a_rule_that_cannot_be_recorded_is_called_as_it_is():
    graph = bpv.MLP((3, 4, 2), output="softmax").graph(5)
    point = inputs_of("perceptron")
    labels = np.array([0.0, 1.0, 1.0, 0.0, 1.0])  # class numbers are looked at one by one
    gradients = {"W1": np.empty((3, 4))}
    sweeps = BufferedSweeps(graph, {**point, "y": labels}, gradients)
    labels[:] = labels[::-1]
    sweeps.run()
    np.testing.assert_array_equal(gradients["W1"], graph.evaluate({**point, "y": labels}).reverse()["W1"])


def test_only_what_is_wanted_is_computed():
    graph, _ = GRAPHS["perceptron"]
    point = inputs_of("perceptron")
    everything = BufferedSweeps(graph, point, {name: np.empty_like(value) for name, value in point.items()})
    nothing = BufferedSweeps(graph, point, {})
    weights = BufferedSweeps(graph, point, {"W2": np.empty((4, 2))})
    assert len(nothing.instructions) < len(weights.instructions) < len(everything.instructions)
    nothing.run()
    assert nothing.value() == float(graph.evaluate(point).value)


def test_results_go_into_memory_that_is_used_again():
    mlp = bpv.MLP((64, 72, 10), output="softmax")
    gradients = {name: np.empty_like(value) for name, value in mlp.parameters.items()}
    sweeps = BufferedSweeps(
        mlp.graph(32), {"X": np.ones((32, 64)), "y": np.eye(10)[[3] * 32], **mlp.parameters}, gradients
    )
    written = set()
    for each in sweeps.instructions:
        kind = getattr(each.function, "__self__", each.function)
        assert isinstance(kind, np.ufunc) or each.function is np.dot
        places = [item for item in each.arguments if isinstance(item, np.ndarray) and item.flags.writeable]
        written.add(id(places[-1]))
    assert len(written) < len(sweeps.instructions) - 8


def test_windows_of_a_convolution_are_copied_once_and_neighbours_stay_together():
    shapes = {"x": (2, 3, 9, 9), "w": (4, 3, 2, 2)}
    graph = bpv.trace(lambda x, w: np.sum(max_pool(conv2d(x, w), 2)), shapes=shapes).grouping.basis
    point = {name: np.ones(shape) for name, shape in shapes.items()}
    sweeps = BufferedSweeps(graph, point, {})
    copies = [each.arguments for each in sweeps.instructions if each.function is np.copyto]
    assert [out.size for out, _ in copies] == [2 * 3 * 4 * 8 * 8, 2 * 4 * 8 * 8]
    assert all(source.strides[-1] <= 2 * source.itemsize for _, source in copies)
    assert not any(each.function.__name__ == "run" for each in sweeps.instructions)
    assert sum(each.function in (np.dot, np.matmul) for each in sweeps.instructions) == 1


def test_what_does_not_fit_is_said():
    graph, _ = GRAPHS["numbers"]
    with pytest.raises(InputError, match="'z'"):
        BufferedSweeps(graph, {"x": np.ones(())}, {})
    with pytest.raises(InputError, match="shape"):
        BufferedSweeps(graph, {"x": np.ones(()), "z": np.ones(())}, {"x": np.ones(3)})


def test_memory_begins_on_a_cache_line():
    for shape in ((), (3,), (5, 7)):
        array = aligned(shape)
        assert array.shape == shape
        assert array.ctypes.data % 64 == 0
    assert aligned((4,), np.bool_).dtype == np.bool_


def test_the_error_function_under_a_gelu_is_computed_once_for_value_and_gradient(monkeypatch):
    graph = bpv.trace(lambda x: np.sum(bpv.ops.gelu(x)))
    x = np.linspace(-30.0, 30.0, 7)
    tape = graph.evaluate(x=x)
    gradient = np.empty_like(x)
    sweeps = BufferedSweeps(graph, {"x": x}, {"x": gradient})
    asked, each = [], special._each
    monkeypatch.setattr(special, "_each", lambda function, *rest: asked.append(function) or each(function, *rest))
    sweeps.run()
    assert asked == [math.erfc]
    assert (sweeps.value(), gradient.tobytes()) == (tape.value, tape.reverse()["x"].tobytes())


def test_arrays_of_the_same_shapes_are_recorded_once(monkeypatch):
    asked, record = [], buffered_sweeps.record_sweeps
    monkeypatch.setattr(buffered_sweeps, "record_sweeps", lambda *given: asked.append(given) or record(*given))
    graph = bpv.trace(lambda w, x: np.sum(np.tanh(x @ w)))

    def sweeps(rows, seed):
        point = {"w": np.random.default_rng(seed).normal(size=(3, 2)), "x": np.full((rows, 3), 0.5)}
        gradient = np.empty((3, 2))
        tape = BufferedSweeps(graph, point, {"w": gradient})
        tape.run()
        assert gradient.tobytes() == graph.evaluate(point).reverse()["w"].tobytes()
        return tape, gradient

    first, gradient = sweeps(4, 0)
    kept = gradient.copy()
    second, _ = sweeps(4, 1)
    first.run()
    assert gradient.tobytes() == kept.tobytes()
    assert first.value() != second.value()
    assert len(asked) == 1
    sweeps(5, 0)
    assert len(asked) == 2
    sweeps(40_000, 0)
    sweeps(40_000, 0)
    assert len(asked) == 4  # a record of many numbers is not kept
