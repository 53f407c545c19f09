"""The table of ties and edges, exact."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backpropviz import gradient, hessian, parse, trace
from backpropviz.errors import SeedError
from backpropviz.ops import (
    cross_entropy_with_logits,
    first_max,
    log_softmax,
    logsumexp,
    relu,
    softmax,
)

# Expression, point and exact gradient.
SCALARS = [
    ("max(x, y)", {"x": 2, "y": 2}, {"x": 0.5, "y": 0.5}),
    ("min(x, y)", {"x": 2, "y": 2}, {"x": 0.5, "y": 0.5}),
    ("max(x, y, z)", {"x": 2, "y": 2, "z": 1}, {"x": 0.5, "y": 0.5, "z": 0}),
    ("max(x, x)", {"x": 3}, {"x": 1}),
    ("min(x, x)", {"x": 3}, {"x": 1}),
    ("relu(x)", {"x": 0}, {"x": 0}),
    ("leaky_relu(x)", {"x": 0}, {"x": 0.01}),
    ("leaky_relu(x, 0.2)", {"x": 0}, {"x": 0.2}),
    ("abs(x)", {"x": 0}, {"x": 0}),
    ("sqrt(x)", {"x": 0}, {"x": math.inf}),
    ("ln(x)", {"x": -1}, {"x": math.nan}),
    ("x**2", {"x": 0}, {"x": 0}),
    ("x**2", {"x": -3}, {"x": -6}),
    ("x**3", {"x": -2}, {"x": 12}),
    ("x**1", {"x": 0}, {"x": 1}),
    ("x**0", {"x": 0}, {"x": 0}),
    ("x**0", {"x": -2}, {"x": 0}),
    ("hypot(x, y)", {"x": 0, "y": 0}, {"x": 0, "y": 0}),
    ("0*x", {"x": 5}, {"x": 0}),
    ("x*x", {"x": 3}, {"x": 6}),
    ("sigmoid(x)", {"x": 1000}, {"x": 0}),
    ("sigmoid(x)", {"x": -1000}, {"x": 0}),
    ("softplus(x)", {"x": 1000}, {"x": 1}),
    ("softplus(x)", {"x": -1000}, {"x": 0}),
]


@pytest.mark.parametrize(("text", "point", "expected"), SCALARS)
def test_scalars(text, point, expected):
    found = gradient(parse(text), point)
    for name, value in expected.items():
        np.testing.assert_array_equal(found[name], np.float64(value))


ARRAYS = [
    ("largest of all, tied", np.max, [1.0, 3.0, 3.0], [0.0, 0.5, 0.5]),
    ("smallest of all, tied", np.min, [1.0, 3.0, 1.0], [0.5, 0.0, 0.5]),
    ("largest per row, tied", lambda x: np.sum(np.max(x, axis=1)), [[1, 1], [0, 2]], [[0.5, 0.5], [0, 1]]),
    ("product with one zero", np.prod, [0.0, 2.0, 3.0], [6.0, 0.0, 0.0]),
    ("product with two zeros", np.prod, [0.0, 2.0, 0.0], [0.0, 0.0, 0.0]),
    ("length of zero", np.linalg.norm, [0.0, 0.0], [0.0, 0.0]),
    ("spread of equals", np.std, [2.0, 2.0], [0.0, 0.0]),
    ("where masks 0 times infinity", lambda x: np.sum(np.where(x > 0, np.log(x), 0.0)), [0.0, 2.0], [0.0, 0.5]),
    ("where masks below other gates", lambda x: np.sum(np.where(x > 0, 3 * np.sqrt(x), x)), [0.0, 4.0], [1.0, 0.75]),
    ("where chooses by a condition that gets nothing", lambda x: np.sum(np.where(x > 1, x, 0.0)), [0.5, 2], [0, 1]),
    ("an entry used twice", lambda x: np.sum(x[[0, 2, 2]]), [1.0, 2.0, 3.0], [1.0, 0.0, 2.0]),
    ("clipped at, below and above its bounds", lambda x: np.sum(np.clip(x, 0, 1)), [0, 1, -1, 2, 0.5], [1, 1, 0, 0, 1]),
    ("log of a sum of large exponentials", logsumexp, [1000.0, -1000.0], [1.0, 0.0]),
    ("the same, all very small", logsumexp, [-1000.0, -1000.0], [0.5, 0.5]),
    ("softmax of large scores", lambda x: softmax(x)[0], [1000.0, -1000.0], [0.0, 0.0]),
    ("log softmax of large scores", lambda x: log_softmax(x)[1], [1000.0, -1000.0], [-1.0, 1.0]),
    ("cross-entropy, sure and right", lambda x: cross_entropy_with_logits(x, 0), [1000.0, -1000.0], [0.0, 0.0]),
    ("cross-entropy, sure and wrong", lambda x: cross_entropy_with_logits(x, 1), [1000.0, -1000.0], [1.0, -1.0]),
    ("the first of several largest", first_max, [2.0, 3.0, 3.0], [0.0, 1.0, 0.0]),
    ("the first of each row", lambda x: np.sum(first_max(x, axis=0)), [[1.0, 0.0], [1.0, 2.0]], [[1, 0], [0, 1]]),
    ("relu at its kink", lambda x: np.sum(relu(x)), [0.0, -1.0, 1.0], [0.0, 0.0, 1.0]),
]


@pytest.mark.parametrize(("_what", "function", "point", "expected"), ARRAYS, ids=[row[0] for row in ARRAYS])
def test_arrays(_what, function, point, expected):
    graph = trace(function, "x")
    tape = graph.evaluate(x=point)
    np.testing.assert_array_equal(tape.reverse()["x"], expected)
    columns = [tape.forward(x=unit.reshape(np.shape(point))).value for unit in np.eye(np.size(point))]
    np.testing.assert_array_equal(np.reshape(columns, np.shape(point)), expected)


def test_losses_of_large_scores_are_exact():
    graph = trace(lambda x: cross_entropy_with_logits(x, [1.0]), "x")
    assert float(graph.evaluate(x=[[1000.0, -1000.0]]).value) == 2000.0
    from backpropviz.ops import binary_cross_entropy_with_logits as loss  # noqa: PLC0415

    assert float(loss(1000.0, 0.0)) == 1000.0
    assert float(loss(-1000.0, 0.0)) == 0.0
    assert float(loss(-1000.0, 1.0)) == 1000.0


def test_flags():
    assert parse("y = sqrt(x) - 1").evaluate(x=-1).non_finite is not None
    tape = parse("ln(x)").evaluate(x=-1)
    assert np.isnan(tape.value)
    assert tape.non_finite == "y"


def test_disconnected_input_has_gradient_zero():
    graph = trace(lambda x, z: np.sum(x), "x", "z")
    np.testing.assert_array_equal(gradient(graph, x=[1.0, 2.0], z=[[3.0]])["z"], [[0.0]])


def test_array_output_needs_a_seed():
    tape = trace(lambda x: 2 * x, "x").evaluate(x=[1.0, 2.0])
    with pytest.raises(SeedError, match=r"shape \(2,\)"):
        tape.reverse()
    np.testing.assert_array_equal(tape.reverse([1.0, 10.0])["x"], [2.0, 20.0])


def test_backward_twice_gives_the_same_bits():
    tape = trace(lambda x, w: softmax(np.tanh(x @ w)).sum(axis=0)[0], "x", "w").evaluate(
        x=np.linspace(-1, 1, 12).reshape(3, 4), w=np.linspace(2, -1, 8).reshape(4, 2)
    )
    first, second = tape.reverse(), tape.reverse()
    for name, adjoint in first.items():
        assert np.asarray(adjoint).tobytes() == np.asarray(second[name]).tobytes()


def test_where_masks_in_every_way_to_differentiate():
    graph = trace(lambda x: np.sum(np.where(x > 0, np.log(x), 0.0)), "x")
    point = np.array([0.0, 2.0])
    value, slopes = graph.compile()(x=point)
    assert float(value) == np.log(2.0)
    np.testing.assert_array_equal(slopes["x"], [0.0, 0.5])
    written = graph.gradient_graph(shapes={"x": (2,)})
    np.testing.assert_array_equal(written.evaluate(x=point).value, [0.0, 0.5])
    np.testing.assert_array_equal(hessian(graph, x=point).matrix, [[0.0, 0.0], [0.0, -0.25]])


@pytest.mark.parametrize("count", [3, 32, 33, 40])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_the_first_of_the_largest_is_that_of_argmax_for_few_and_many_entries(axis, count):
    x = np.random.default_rng(count).integers(0, 3, (count,) * 2 + (2,)).astype(float)
    x = np.moveaxis(x, 0, axis)
    broken = x.copy()
    broken.flat[5] = np.nan
    for each in (x, broken):
        expected = np.zeros_like(each)
        np.put_along_axis(expected, np.expand_dims(np.argmax(each, axis), axis), 1.0, axis)
        slope = gradient(lambda x: np.sum(first_max(x, axis=axis)), x=each)["x"]
        np.testing.assert_array_equal(slope, expected)
