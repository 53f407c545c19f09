"""The worked examples of the lectures, as graphs with their point and their source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from backpropviz.errors import NodeNotFoundError
from backpropviz.graph import parse
from backpropviz.ops import did_you_mean

if TYPE_CHECKING:
    from backpropviz.graph import Graph


@dataclass(frozen=True)
class Example:
    """A worked example.

    Parameters
    ----------
    identifier, title : str
        Key in :data:`examples`, and what it shows.
    program : str
        The graph in the lecture's own names, as :func:`backpropviz.parse` reads it.
    point : dict of str to float
        Value of every input.
    source : str
        Where it is taught.
    """

    identifier: str
    title: str
    program: str
    point: dict[str, float]
    source: str

    @cached_property
    def graph(self) -> Graph:
        """The computation graph."""
        return parse(self.program)


_CMU = "CMU 10-701, Recitation 4, Neural Networks and Automatic Differentiation (2025)"
_DOMKE = "Domke, Automatic Differentiation and Neural Networks; the point is ours"
_IMPERIAL = "Imperial College, Mathematics for Machine Learning, Lecture 3, Automatic Differentiation (Wicker)"
_CORNELL = "Cornell CS 4740, Lecture 13, Gradient-based optimization and automatic differentiation (Gangavarapu, 2023)"

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
    )
)
"""Ten worked examples; ``examples["cornell-gates"].graph`` and ``.point``."""
