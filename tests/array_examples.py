"""The worked examples of the lectures with vectors and matrices: a function, and what its inputs are drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import backpropviz as bpv

if TYPE_CHECKING:
    from collections.abc import Callable

    Draw = Callable[[np.random.Generator, Any], Any]

ONE_HOT = np.eye(3)[[2, 0, 1, 2]]


def gaussian_process(x, length, y):
    """Imperial: f = yᵀ(K1 + K2)⁻¹y, K_a = exp(−D_a/2ℓ_a²), D_a = (X[:, None, a] − X[None, :, a])²."""
    kernels = []
    for axis in range(2):
        distance = (x[:, None, axis] - x[None, :, axis]) ** 2
        kernels.append(np.exp(-distance / (2 * length[axis] ** 2)))
    return y @ np.linalg.solve(kernels[0] + kernels[1], y)


def least_squares(x, theta, y):
    """Imperial: L = (Xθ − y)ᵀ(Xθ − y)/N."""
    residual = x @ theta - y
    return residual @ residual / 6


def perceptron(x, w, b, a, c):
    """CMU 10-701: o = A σ(Wᵀx + b₁) + b₂ for four examples at once, and the mean of its squares."""
    hidden = 1 / (1 + np.exp(-(x @ w + b)))
    return np.mean((hidden @ a + c) ** 2)


def cross_entropy(x, w):
    """CMU 10-301: softmax and cross-entropy on one-hot labels (four examples, three classes)."""
    scores = x @ w
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    logs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return -np.mean(np.sum(ONE_HOT * logs, axis=1))


def normal(chance: np.random.Generator, shape: Any = None) -> Any:
    """Draw numbers of either sign."""
    return chance.normal(size=shape)


def positive(chance: np.random.Generator, shape: Any = None) -> Any:
    """Draw numbers away from zero."""
    return chance.uniform(0.5, 2.0, size=shape)


ARRAY_EXAMPLES: dict[str, tuple[Callable[..., Any], dict[str, tuple[int, ...]]]] = {
    "dot": (lambda x, y: x @ y, {"x": (3,), "y": (3,)}),
    "squared length": (lambda x: x @ x, {"x": (4,)}),
    "Wx": (lambda w, x: np.sum(np.tanh(w @ x)), {"w": (3, 2), "x": (2,)}),
    "XW": (lambda x, w: np.sum((x @ w) ** 2), {"x": (4, 3), "w": (3, 2)}),
    "least squares": (least_squares, {"x": (6, 3), "theta": (3,), "y": (6,)}),
    "Gaussian process": (gaussian_process, {"x": (5, 2), "length": (2,), "y": (5,)}),
    "perceptron": (perceptron, {"x": (4, 4), "w": (4, 2), "b": (2,), "a": (2, 1), "c": (1,)}),
    "cross-entropy": (cross_entropy, {"x": (4, 3), "w": (3, 3)}),
}


def drawn_as(name: str) -> Draw:
    """Say how an input is drawn: a length is positive."""
    return positive if name == "length" else normal


def array_example(name: str, seed: int = 3) -> tuple[bpv.Graph, dict[str, np.ndarray]]:
    """An example as a graph, and a point."""
    function, shapes = ARRAY_EXAMPLES[name]
    chance = np.random.default_rng(seed)
    point = {key: drawn_as(key)(chance, shape) for key, shape in shapes.items()}
    return bpv.trace(function, *point), point
