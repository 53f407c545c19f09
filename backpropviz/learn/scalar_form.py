"""A perceptron's loss with every number a node, as the lecture draws it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from backpropviz.errors import InputError
from backpropviz.graph import GraphBuilder
from backpropviz.graph.closing.neurons import network_of
from backpropviz.ops.counting import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.graph import Graph
    from backpropviz.graph.builder import Reference
    from backpropviz.graph.node import Array


class Perceptron(Protocol):
    """What the scalar form asks of a perceptron."""

    @property
    def l2(self) -> float:
        """Strength of the penalty."""

    @property
    def loss(self) -> str:
        """Its name."""

    @property
    def output(self) -> str:
        """Name of the link after the last layer."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of each layer, features first."""

    @property
    def layers(self) -> int:
        """Layers with weights."""

    @property
    def activations(self) -> tuple[str, ...]:
        """Of the hidden layers."""

    @property
    def input_count(self) -> int:
        """Features."""

    @property
    def output_count(self) -> int:
        """Outputs."""

    def weights(self, layer: int) -> tuple[Array, Array]:
        """Weights and biases of one layer."""


def weight_name(mlp: Perceptron, layer: int, source: int, target: int) -> str:
    """Name the weight from unit `source` to unit `target` of a layer, all counted from 1.

    One and two layers have the letters of the lecture, w and a; more layers carry their number.
    """
    between = "_" if max(mlp.sizes) > 9 else ""
    stem = "wa"[layer - 1] if mlp.layers <= 2 else f"w{layer}_"
    return f"{stem}{source}{between}{target}"


def bias_name(mlp: Perceptron, layer: int, target: int) -> str:
    """Name the bias of a unit: layer, then unit."""
    return f"b{layer}{'_' if max(mlp.sizes) > 9 else ''}{target}"


def target_names(mlp: Perceptron) -> tuple[str, ...]:
    """Names of the labels: ``y`` for one output."""
    return ("y",) if mlp.output_count == 1 else tuple(f"y{k}" for k in range(1, mlp.output_count + 1))


def scalar_graph(mlp: Perceptron) -> Graph:
    """Build the graph; see :meth:`MLP.scalar_graph`."""
    builder = GraphBuilder()
    values = [builder.input(f"x{i}") for i in range(1, mlp.input_count + 1)]
    weights = []
    for layer in range(1, mlp.layers + 1):
        sums = []
        for target in range(1, mlp.sizes[layer] + 1):
            incoming = [builder.input(weight_name(mlp, layer, source, target)) for source in range(1, len(values) + 1)]
            weights += incoming
            products = [
                builder.apply("multiply", weight, value) for weight, value in zip(incoming, values, strict=True)
            ]
            bias = builder.input(bias_name(mlp, layer, target))
            sums.append(builder.apply("add", *products, bias, name=unit_name(mlp, "t", layer, target)))
        values = sums if layer == mlp.layers else _activated(builder, mlp, layer, sums)
    loss = scalar_misfit(builder, mlp, values)
    if mlp.l2:
        squares = [builder.apply("square", weight) for weight in weights]
        total = builder.apply("add", *squares) if len(squares) > 1 else squares[0]
        penalty = builder.apply("multiply", builder.constant(mlp.l2 / 2.0), total, name="penalty")
        builder.name(loss, "misfit")
        loss = builder.apply("add", loss, penalty)
    builder.name(loss, "loss")
    return builder.build(loss)


def with_closed_objective(graph: Graph) -> Graph:
    """Close what comes after the units: the loss is one gate, and so is the penalty where there is one."""
    beyond = [name for name in network_of(graph).beyond if graph.arguments(name)]
    penalty = _within(graph, "penalty", beyond)
    misfit = [name for name in beyond if name not in penalty and (name != "loss" or not penalty)]
    for members, name in ((misfit, misfit[-1]), (penalty, "penalty")):
        if len(members) > 1:
            graph = graph.collapse(members, name)
    return graph


def _within(graph: Graph, node: str, beyond: Sequence[str]) -> list[str]:
    """Of some nodes give those that another is computed from, itself included; none where there is no such node."""
    found = {node}
    for name in reversed(beyond):
        if name in found:
            found.update(graph.arguments(name))
    return [name for name in beyond if name in found]


def scalar_point(mlp: Perceptron, features: Sequence[float], targets: object) -> dict[str, float]:
    """Give the numbers of one example; see :meth:`MLP.scalar_point`."""
    point = example_point(mlp, features, targets)
    for layer in range(1, mlp.layers + 1):
        matrix, biases = mlp.weights(layer)
        for target, bias in enumerate(biases.tolist(), 1):
            for source, weight in enumerate(matrix[:, target - 1].tolist(), 1):
                point[weight_name(mlp, layer, source, target)] = weight
            point[bias_name(mlp, layer, target)] = bias
    return point


def example_point(mlp: Perceptron, features: Sequence[float], targets: object) -> dict[str, float]:
    """Give the features and labels of :func:`scalar_point` only."""
    row = np.asarray(features, dtype=np.float64)
    if row.shape != (mlp.input_count,):
        raise InputError(
            f"One example has {counted(mlp.input_count, 'feature')}; these have shape {row.shape}. Give one "
            "row, as in X[0].",
            expected=(mlp.input_count,),
            actual=row.shape,
        )
    labels = np.asarray(targets, dtype=np.float64)
    if mlp.loss == "cross_entropy" and labels.ndim == 0:
        labels = (np.arange(mlp.output_count) == labels).astype(np.float64)
    if labels.size != mlp.output_count:
        raise InputError(
            f"The network has {counted(mlp.output_count, 'output')}, but "
            f"{counted(labels.size, 'target is', 'targets are')} given.",
            expected=mlp.output_count,
            actual=labels.size,
        )
    point = {f"x{i}": float(value) for i, value in enumerate(row, 1)}
    return point | dict(zip(target_names(mlp), labels.ravel().tolist(), strict=True))


def unit_name(mlp: Perceptron, letter: str, layer: int, target: int) -> str:
    """Name a unit, or with the letter t its weighted sum; units of the last layer are scores."""
    if layer == mlp.layers:
        return f"o{target}"
    return f"{letter}{target}" if mlp.layers == 2 else f"{letter}{layer}_{target}"


def _activated(builder: GraphBuilder, mlp: Perceptron, layer: int, sums: list[Reference]) -> list[Reference]:
    activation = mlp.activations[layer - 1]
    if activation == "identity":
        return sums
    return [
        builder.apply(activation, value, name=unit_name(mlp, "h", layer, unit)) for unit, value in enumerate(sums, 1)
    ]


def scalar_misfit(builder: GraphBuilder, mlp: Perceptron, scores: list[Reference]) -> Reference:
    """Add the loss of one example, without penalty."""
    labels = [builder.input(name) for name in target_names(mlp)]
    if mlp.loss == "cross_entropy":
        # The score of the right class, subtracted from the "soft maximum" of all scores.
        right = _sum(builder, [builder.apply("multiply", y, o) for y, o in zip(labels, scores, strict=True)])
        powers = _sum(builder, [builder.apply("exp", score) for score in scores])
        return builder.apply("subtract", builder.apply("ln", powers), right)
    if mlp.loss == "binary_cross_entropy":
        terms = [
            builder.apply("subtract", builder.apply("softplus", o), builder.apply("multiply", y, o))
            for y, o in zip(labels, scores, strict=True)
        ]
        # The mean over the outputs, as the gate on whole arrays has it.
        return _scaled(builder, _sum(builder, terms), 1.0 / len(terms))
    differences = [
        builder.apply("subtract", p, y) for p, y in zip(_predictions(builder, mlp, scores), labels, strict=True)
    ]
    total = _sum(builder, [builder.apply("square", difference) for difference in differences])
    return _scaled(builder, total, 0.5 if mlp.loss == "half_squared_error" else 1.0)


def _predictions(builder: GraphBuilder, mlp: Perceptron, scores: list[Reference]) -> list[Reference]:
    if mlp.output == "identity":
        return scores
    if mlp.output == "sigmoid":
        return [builder.apply("sigmoid", score, name=f"p{k}") for k, score in enumerate(scores, 1)]
    powers = [builder.apply("exp", score) for score in scores]
    total = _sum(builder, powers)
    return [builder.apply("divide", power, total, name=f"p{k}") for k, power in enumerate(powers, 1)]


def _sum(builder: GraphBuilder, terms: list[Reference]) -> Reference:
    return builder.apply("add", *terms) if len(terms) > 1 else terms[0]


def _scaled(builder: GraphBuilder, value: Reference, factor: float) -> Reference:
    return value if factor == 1.0 else builder.apply("multiply", builder.constant(factor), value)
