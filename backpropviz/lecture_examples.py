"""The worked examples of the lectures and of courses that go on from there, with their point and their source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz import ops
from backpropviz.errors import NodeNotFoundError
from backpropviz.graph import parse, trace
from backpropviz.ops import did_you_mean

if TYPE_CHECKING:
    from backpropviz.graph import Graph

__written_to_be_read__ = True


@dataclass(frozen=True)
class Example:
    """A worked example.

    Parameters
    ----------
    identifier, title : str
        Key in :data:`examples`, and what it shows.
    program : str or callable
        The graph in the lecture's own names, as :func:`backpropviz.parse` reads it; of arrays a function, as
        :func:`backpropviz.trace` takes it.
    point : dict of str to number or array
        Value of every input.
    source : str
        Where it is taught.
    """

    identifier: str
    title: str
    program: str | Callable[..., Any]
    point: dict[str, Any]
    source: str

    @cached_property
    def graph(self) -> Graph:
        """The computation graph."""
        if isinstance(self.program, str):
            return parse(self.program)
        return trace(self.program, *self.point, shapes={name: np.shape(value) for name, value in self.point.items()})


_CMU = "CMU 10-701, Recitation 4, Neural Networks and Automatic Differentiation (2025)"
_DOMKE = "Domke, Automatic Differentiation and Neural Networks; the point is ours"
_IMPERIAL = "Imperial College, Mathematics for Machine Learning, Lecture 3, Automatic Differentiation (Wicker)"
_CORNELL = "Cornell CS 4740, Lecture 13, Gradient-based optimization and automatic differentiation (Gangavarapu, 2023)"

_TOY = "Prince (2023), Understanding Deep Learning, notebook 7.1, Backpropagation in toy model"
_STANFORD = "Stanford CS231n, assignment {}; the sum at the end is ours"
_DIVE = "Zhang, Lipton, Li and Smola, Dive into Deep Learning, {}; the sum at the end is ours"

_NEURON = "v1 = w1*x1; v2 = w2*x2; v3 = v1 + v2; v4 = w0 + v3"
_NEURON_POINT = {"w0": -3.0, "w1": 2.0, "w2": -3.0, "x1": -1.0, "x2": -2.0}


class LectureExamples(Mapping[str, Example]):
    """Examples by identifier; an unknown one is told with the nearest."""

    def __init__(self, examples: tuple[Example, ...]) -> None:
        self._examples = {example.identifier: example for example in examples}

    def __getitem__(self, identifier: str) -> Example:
        if identifier not in self._examples:
            hint = did_you_mean(identifier, self._examples, f"There are {', '.join(self._examples)}.")
            raise NodeNotFoundError(f"There is no example {identifier!r}.{hint}")
        return self._examples[identifier]

    def __iter__(self) -> Iterator[str]:
        return iter(self._examples)

    def __len__(self) -> int:
        return len(self._examples)

    def __repr__(self) -> str:
        return "\n".join(f"{example.identifier:24} {example.title}" for example in self._examples.values())


def _spread(low: float, high: float, *shape: int) -> Any:
    """Give numbers evenly spread over an array, as the assignments make theirs."""
    return np.linspace(low, high, int(np.prod(shape))).reshape(shape)


def _recurrent_step(x: Any, h: Any, Wx: Any, Wh: Any, b: Any) -> Any:  # noqa: N803  the course's names
    a = x @ Wx + h @ Wh + b
    next_h = np.tanh(a)
    return np.sum(next_h)


def _memory_step(x: Any, h: Any, c: Any, Wx: Any, Wh: Any, b: Any) -> Any:  # noqa: N803  the course's names
    a = x @ Wx + h @ Wh + b
    i, f, o = (ops.sigmoid(a[:, 5 * place : 5 * place + 5]) for place in range(3))
    g = np.tanh(a[:, 15:])
    next_c = f * c + i * g
    next_h = o * np.tanh(next_c)
    return np.sum(next_h)


def _convolved(x: Any, w: Any, b: Any) -> Any:
    out = ops.conv2d(x, w, b, stride=2, padding=1)
    return np.sum(out)


def _pooled(x: Any) -> Any:
    out = ops.max_pool(x, (2, 2))
    return np.sum(out)


def _normalised(x: Any, gamma: Any, beta: Any) -> Any:
    out = ops.batch_norm(x, gamma, beta)
    mean, deviation = np.mean(out, axis=0), np.std(out, axis=0)
    return np.sum(mean) + np.sum(deviation)


def _correlated(X: Any, K: Any) -> Any:  # noqa: N803  the book's names
    Y = ops.conv2d(X, K)  # noqa: N806  the book's name
    return np.sum(Y)


def _attended(queries: Any, keys: Any, values: Any) -> Any:
    seen = np.arange(10) < np.array([2, 6])[:, None, None]
    out = ops.scaled_dot_product_attention(queries, keys, values, mask=seen)
    return np.sum(out)


examples = LectureExamples(
    (
        Example(
            "cmu-exp-ratio-sine",
            "three ways to differentiate",
            "a = x*z; b = ln(x); c = sin(b); d = exp(a); e = a/b; f = c/a; y = d + e + f",
            {"x": 2.0, "z": 3.0},
            _CMU,
        ),
        Example(
            "domke-exp-square",
            "expression swell against a program",
            "a = exp(x); b = a**2; c = a + b; d = exp(c); e = sin(c); f = d + e",
            {"x": 0.5},
            _DOMKE,
        ),
        Example(
            "imperial-tanh-net",
            "forward mode through a two-weight tanh network",
            "x1 = w0*x; x2 = tanh(x1); x3 = w1*x2; x4 = x3 - y; x5 = x4**2",
            {"x": 1.0, "w0": 2.0, "w1": 1.2, "y": 2.0},
            _IMPERIAL,
        ),
        Example(
            "mml-sqrt-cos",
            "reverse mode with a reused intermediate",
            "x1 = x**2; x2 = exp(x1); x3 = x1 + x2; x4 = sqrt(x3); x5 = cos(x3); x6 = x4 + x5",
            {"x": 1.0},
            f"{_IMPERIAL}; the point is ours",
        ),
        Example("cornell-product", "what a partial derivative says", "f = x*y", {"x": -3.0, "y": 2.0}, _CORNELL),
        Example(
            "cornell-add-multiply",
            "(x + y) z",
            "v1 = x + y; f = v1*z",
            {"x": -2.0, "y": 5.0, "z": -4.0},
            _CORNELL,
        ),
        Example(
            "cornell-logistic-fine",
            "a logistic regressor, fine-grained gates",
            f"{_NEURON}; v5 = -1*v4; v6 = exp(v5); v7 = 1 + v6; f = 1/v7",
            _NEURON_POINT,
            _CORNELL,
        ),
        Example(
            "cornell-logistic-coarse",
            "the same with one sigmoid gate",
            f"{_NEURON}; f = sigmoid(v4)",
            _NEURON_POINT,
            _CORNELL,
        ),
        Example(
            "cornell-branching",
            "branching adds gradients",
            "v1 = x + y; f = x/v1",
            {"x": -1.0, "y": 2.0},
            _CORNELL,
        ),
        Example(
            "cornell-gates",
            "distributor, cross-amplifier, router",
            "v1 = x*y; v2 = max(z, w); v3 = v1 + v2; f = 3*v3",
            {"x": 3.0, "y": -4.0, "z": 2.0, "w": -1.0},
            _CORNELL,
        ),
        Example(
            "udl-toy-model",
            "a chain of sine, exponential and cosine, each with weight and bias",
            "f0 = b0 + w0*x; h1 = sin(f0); f1 = b1 + w1*h1; h2 = exp(f1); f2 = b2 + w2*h2; h3 = cos(f2); "
            "f3 = b3 + w3*h3; l = (f3 - y)**2",
            {
                "x": 2.3,
                "y": 2.0,
                "b0": 1.0,
                "b1": 2.0,
                "b2": -3.0,
                "b3": 0.4,
                "w0": 0.1,
                "w1": -0.4,
                "w2": 2.0,
                "w3": 3.0,
            },
            _TOY,
        ),
        Example(
            "cs231n-convolution",
            "three kernels over two images, stride 2, a margin of 1",
            _convolved,
            {
                "x": _spread(-0.1, 0.5, 2, 3, 4, 4),
                "w": _spread(-0.2, 0.3, 3, 3, 4, 4),
                "b": _spread(-0.1, 0.2, 3),
            },
            _STANFORD.format("2, convolutional networks"),
        ),
        Example(
            "cs231n-max-pooling",
            "the largest of each window takes the gradient",
            _pooled,
            {"x": _spread(-0.3, 0.4, 2, 3, 4, 4)},
            _STANFORD.format("2, convolutional networks"),
        ),
        Example(
            "cs231n-batch-norm",
            "a batch normalised, then scaled and shifted",
            _normalised,
            {
                "x": np.sin(np.arange(12.0)).reshape(4, 3) * 5.0,
                "gamma": np.array([1.0, 2.0, 3.0]),
                "beta": np.array([11.0, 12.0, 13.0]),
            },
            _STANFORD.format("2, batch normalization, whose batch is drawn; here it is ours"),
        ),
        Example(
            "cs231n-rnn-step",
            "one step of a recurrent network",
            _recurrent_step,
            {
                "x": _spread(-0.4, 0.7, 3, 10),
                "h": _spread(-0.2, 0.5, 3, 4),
                "Wx": _spread(-0.1, 0.9, 10, 4),
                "Wh": _spread(-0.3, 0.7, 4, 4),
                "b": _spread(-0.2, 0.4, 4),
            },
            _STANFORD.format("3, recurrent networks"),
        ),
        Example(
            "cs231n-lstm-step",
            "one step of a long short-term memory, gate by gate",
            _memory_step,
            {
                "x": _spread(-0.4, 1.2, 3, 4),
                "h": _spread(-0.3, 0.7, 3, 5),
                "c": _spread(-0.4, 0.9, 3, 5),
                "Wx": _spread(-2.1, 1.3, 4, 20),
                "Wh": _spread(-0.7, 2.2, 5, 20),
                "b": _spread(0.3, 0.7, 20),
            },
            _STANFORD.format("3, recurrent networks"),
        ),
        Example(
            "d2l-cross-correlation",
            "a kernel of two by two over an image of three by three",
            _correlated,
            {"X": np.arange(9.0).reshape(1, 1, 3, 3), "K": np.arange(4.0).reshape(1, 1, 2, 2)},
            _DIVE.format("section 7.2"),
        ),
        Example(
            "d2l-attention",
            "keys that are all alike, so that each value seen weighs the same",
            _attended,
            {
                "queries": np.array([[[0.5, -1.0]], [[2.0, 0.3]]]),
                "keys": np.ones((2, 10, 2)),
                "values": np.broadcast_to(np.arange(40.0).reshape(10, 4), (2, 10, 4)).copy(),
            },
            _DIVE.format("section 11.3, whose queries are drawn; here they are ours"),
        ),
    )
)
"""Worked examples; ``examples["cornell-gates"].graph`` and ``.point``."""
