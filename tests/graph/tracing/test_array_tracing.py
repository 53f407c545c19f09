"""NumPy code traced into graphs: same values as NumPy's, right gradients, shapes of all that lies between."""

# ruff: noqa: N803, N806, PLW0108  formulas are written as in the notes, and every row is a function of x

from __future__ import annotations

import numpy as np
import pytest

from backpropviz import check, trace
from backpropviz.errors import TraceError
from backpropviz.ops import (
    cross_entropy_with_logits,
    logdet,
    relu,
    sigmoid,
    softmax,
    squared_error,
)

X = np.array([[0.3, -1.2, 0.8], [1.1, 0.4, -0.6]])
W = np.array([[0.5, -0.3], [1.2, 0.7], [-0.4, 0.9]])
S = np.array([[3.0, 1.0], [0.5, 2.0]])

FUNCTIONS = {
    "matmul": lambda x: x @ W,
    "matmul, constant first": lambda x: W @ x,
    "np.matmul": lambda x: np.matmul(x, W),
    "np.dot": lambda x: np.dot(x, W),
    "x.dot": lambda x: x.dot(W),
    "np.vdot": lambda x: np.vdot(x, X),
    "np.outer": lambda x: np.outer(x, x),
    "x.T": lambda x: x.T @ x,
    "np.transpose": lambda x: np.transpose(x, (1, 0)),
    "x.transpose()": lambda x: x.transpose(),
    "x.transpose(1, 0)": lambda x: x.transpose(1, 0),
    "swapaxes": lambda x: np.swapaxes(x, 0, 1) * x.swapaxes(0, -1),
    "sum": lambda x: np.sum(x) + x.sum(),
    "sum, axis 0": lambda x: x.sum(axis=0) + np.sum(x, 0),
    "sum, kept": lambda x: x / x.sum(axis=1, keepdims=True),
    "sum, two axes": lambda x: np.sum(x[:, None, :] * x, axis=(0, 2)),
    "mean": lambda x: np.mean(x, axis=1) * x.mean(),
    "prod": lambda x: x.prod(axis=0) * np.prod(x),
    "max and min": lambda x: np.max(x, axis=0) - x.min(axis=0) + np.amax(x) - np.amin(x),
    "var and std": lambda x: x.var(axis=0) + np.std(x, axis=0, ddof=1) + np.var(x),
    "norm": lambda x: np.linalg.norm(x) + np.linalg.norm(x, axis=1),
    "norm, ord 2": lambda x: np.linalg.norm(x, 2, axis=0),
    "where": lambda x: np.where(x > 0, x**2, -3 * x),
    "comparisons": lambda x: np.where(x <= 0.4, x, 0) * (x < 1) + (x >= 0) - (x != 1) * np.equal(x, 0.4),
    "clip": lambda x: np.clip(x, -0.5, 0.9) + x.clip(0, None),
    "maximum and minimum": lambda x: np.maximum(x, 0) + np.minimum(x, X.T[0, 0]),
    "reshape": lambda x: np.reshape(x, (3, -1)) @ x.reshape(2, 3) @ x.reshape((3, 2)),
    "ravel and flatten": lambda x: x.ravel() @ np.ravel(x) * x.flatten(),
    "broadcast_to": lambda x: np.broadcast_to(x, (4, 2, 3)),
    "expand_dims": lambda x: np.expand_dims(x, 1) * np.expand_dims(x, (0, -2)),
    "concatenate": lambda x: np.concatenate([x, 2 * x, X], axis=1),
    "stack": lambda x: np.stack([x, x * x, X]),
    "stack, last axis": lambda x: np.stack((x[0], x[1]), axis=-1),
    "index": lambda x: x[0] * x[-1] + x[1, 0],
    "slices": lambda x: x[:, ::-1] + x[..., 1:2] + x[:1],
    "new axes": lambda x: x[:, None, 0] - x[None, :, 1],
    "index arrays": lambda x: x[[0, 1, 1], [2, 0, 0]] + x[:, [0, 0, 2]][0],
    "mask": lambda x: x[X > 0],
    "solve": lambda x: np.linalg.solve(S, x) + np.linalg.solve(S + x[:, :2] ** 2, x),
    "inv": lambda x: np.linalg.inv(S + x[:, 1:] ** 2) @ x,
    "constants in front": lambda x: X - 2.0 * x + np.ones(3) / (2 + x**2),
    "scalar functions": lambda x: np.exp(-x) + np.tanh(x) * np.sin(x) + np.abs(x) + np.square(x) + np.hypot(x, 1),
    "+x and copies": lambda x: +x + x.copy() + np.copy(x) + np.real(x),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_numpy_code_gives_numpys_values_and_right_gradients(name):
    function = FUNCTIONS[name]
    graph = trace(lambda x: np.sum(function(x) * 1.0), "x")
    whole = trace(function, "x")
    np.testing.assert_allclose(whole.evaluate(x=X).value, function(X), rtol=1e-14, atol=1e-15)
    assert whole.evaluate(x=X).shapes[whole.output] == np.shape(function(X))
    check(graph, x=X)


def test_functions_that_numpy_lacks_run_on_numbers_and_on_tracers():
    def network(x, w, labels):
        return (
            cross_entropy_with_logits(relu(x @ w), labels) + softmax(x)[0, 0] * sigmoid(x[0, 1]) + squared_error(x, 1.0)
        )

    point = {"x": X, "w": W, "labels": [0, 1]}
    graph = trace(network)
    assert float(graph.evaluate(point).value) == pytest.approx(float(network(X, W, [0, 1])), rel=1e-15)
    check(graph, point)
    assert relu([-1.0, 2.0]).tolist() == [0.0, 2.0]
    assert trace(lambda x: logdet(x)).evaluate(x=S).value == pytest.approx(np.log(5.5))


def test_gaussian_process_exercise_is_written_as_its_formula():
    def f(X, ell, y):
        D1, D2 = ((X[:, None, a] - X[None, :, a]) ** 2 for a in (0, 1))
        K1, K2 = np.exp(-D1 / (2 * ell[0] ** 2)), np.exp(-D2 / (2 * ell[1] ** 2))
        return y.T @ np.linalg.inv(K1 + K2) @ y

    generator = np.random.default_rng(5)
    point = {"X": generator.normal(size=(6, 2)), "ell": np.array([0.8, 1.3]), "y": generator.normal(size=6)}
    graph = trace(f)
    tape = graph.evaluate(point)
    assert float(tape.value) == pytest.approx(float(f(**point)), rel=1e-12)
    squares = [name for name in graph.nodes if graph.op(name) in ("exp", "inverse")]
    assert [tape.shapes[name] for name in squares] == [(6, 6)] * 3
    assert tape.shapes[graph.output] == ()
    check(graph, point)
    adjoints = tape.reverse()
    for name in ("X", "ell", "y"):
        direction = generator.normal(size=np.shape(point[name]))
        moved = f(**{**point, name: point[name] + 1e-200j * direction}).imag / 1e-200
        assert np.sum(adjoints[name] * direction) == pytest.approx(float(moved), rel=1e-9)


def test_equal_array_gates_are_one_node():
    graph = trace(lambda x: x.sum(axis=0) + np.sum(x, 0) + x[0] * x[0])
    assert [graph.op(name) for name in graph.nodes].count("sum") == 1
    assert [graph.op(name) for name in graph.nodes].count("getitem") == 1


def test_shapes_may_be_given_to_functions_that_ask():
    def centred(x):
        return (x - x.sum(axis=0) / x.shape[0]).reshape(x.size) / np.ndim(x)

    graph = trace(centred, shapes={"x": (2, 3)})
    np.testing.assert_allclose(graph.evaluate(x=X).value, centred(X))
    with pytest.raises(TraceError, match="'z', which is no input"):
        trace(centred, shapes={"z": (2,)})


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x: np.linalg.norm(x, "nuc", axis=0), "ord='nuc' over 1 axis"),
        (lambda x: np.linalg.svd(x), "compute_uv=False"),
        (lambda x: np.sum(x, dtype=float), "dtype="),
        (lambda x: np.where(x), "two values"),
        (lambda x: np.stack(x), "looped over"),
        (lambda x: x[x], "where=x > 0"),
        (lambda x: x[0.5], "no index"),
        (lambda x: x["a"], "no index"),
        (lambda x: x.shape[0], "shape of 'x' is not known"),
        (lambda x: np.unique(x), "cannot be traced"),
        (lambda x: np.add.reduceat(x, [0]), "Reduce slices"),
        (lambda x: x.tolist(), "no attribute"),
    ],
)
def test_refusals(function, message):
    with pytest.raises((TraceError, AttributeError), match=message):
        trace(function, "x")
