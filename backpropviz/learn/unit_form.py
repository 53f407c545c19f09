"""What one unit of a perceptron computes, every number of it a node, and how its gradient arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import InputError
from backpropviz.graph import GraphBuilder
from backpropviz.learn.scalar_form import bias_name, example_point, scalar_misfit, unit_name, weight_name
from backpropviz.ops.counting import counted

if TYPE_CHECKING:
    from collections.abc import Collection

    from backpropviz.graph import Graph
    from backpropviz.graph.builder import Reference
    from backpropviz.graph.node import Array
    from backpropviz.learn.mlp import MLP

_MOST_SHOWN = 64
"""Products before a unit and behind it; others are added to one number before, and stand in the loss behind."""
_MOST_BEHIND = 100_000
"""Weights behind the next layer: plain numbers inside the loss."""


def read_unit(unit: Any) -> list[int]:
    """Read which unit is meant: its layer counted from 1 and its place from 0; nothing stands for all of the network.

    Raises
    ------
    InputError
        For anything but two whole numbers, or none.
    """
    given = list(unit) if isinstance(unit, (list, tuple)) else [unit]
    if len(given) not in (0, 2) or any(
        isinstance(each, bool) or not isinstance(each, (int, np.integer)) for each in given
    ):
        raise InputError(f"A unit is told by its layer and its place, as in (1, 0); not by {unit!r}.", actual=unit)
    return [int(each) for each in given]


def unit_run(
    mlp: MLP, features: Any, target: Any, layer: int, unit: int
) -> tuple[Graph, dict[str, Any], tuple[str, ...]]:
    """Give the loss of one example as a graph of what meets one unit: its gates, and where its value goes.

    Parameters
    ----------
    mlp : MLP
        With its present weights.
    features : array, shape (features,)
    target : number or array
        Class number or values.
    layer, unit : int
        The layer counted from 1, its unit from 0.

    Returns
    -------
    graph, point, parameters
        Nodes are the values before the unit with their weights, its sum and activation, and its products with the
        weights of the next layer. The loss is one closed gate, in which all other weights are plain numbers; so is the
        penalty.

    Raises
    ------
    InputError
        For a unit that is not there, or an example that does not fit.
    """
    _check_unit(mlp, layer, unit)
    form = _UnitForm(mlp, features, layer, unit)
    builder, point = form.builder, form.point
    loss = scalar_misfit(builder, mlp, form.scores())
    if mlp.l2:
        squares = [builder.apply("square", weight) for weight in form.weights]
        total = builder.apply("add", *squares, builder.constant(form.other_squares()))
        penalty = builder.apply("multiply", builder.constant(mlp.l2 / 2.0), total, name="penalty")
        builder.name(loss, "misfit")
        loss = builder.apply("add", loss, penalty)
    builder.name(loss, "loss")
    graph = builder.build(loss)
    given = example_point(mlp, features, target)
    point |= {name: given[name] for name in graph.inputs if name not in point}
    open_units = {unit_name(mlp, letter, layer, unit + 1) for letter in "th"}
    for name in ("misfit", "penalty") if mlp.l2 else ("loss",):
        members = _members(graph, name, open_units, form.parameters)
        if len(members) > 1:
            graph = graph.collapse(members, name)
    return graph, point, tuple(name for name in graph.inputs if name in form.parameters)


class _UnitForm:
    def __init__(self, mlp: MLP, features: Any, layer: int, unit: int) -> None:
        self.mlp, self.layer, self.unit = mlp, layer, unit
        primals = mlp.run(features).primals
        known = [features, *(primals[name] for name in mlp.hidden), primals["o"]]
        self.known: list[Array] = [np.asarray(values, dtype=np.float64) for values in known]
        self.builder = GraphBuilder()
        self.point: dict[str, Any] = {}
        self.weights: list[Reference] = []
        self.parameters: set[str] = set()

    def scores(self) -> list[Reference]:
        """Add the unit, and what it leads to."""
        builder, mlp, layer, unit = self.builder, self.mlp, self.layer, self.unit
        value = self._activated(self._sum(), layer, unit_name(mlp, "h", layer, unit + 1))
        if layer == mlp.layers:
            scores = enumerate(self.known[layer].tolist())
            return [value if at == unit else builder.constant(score) for at, score in scores]
        others = self.known[layer].copy()
        others[unit] = 0.0
        matrix, biases = mlp.weights(layer + 1)
        grounds = others @ matrix + biases
        ways = largest_places(matrix[unit], _MOST_SHOWN)
        values = []
        for to, ground in enumerate(grounds.tolist()):
            weight = self._weight(layer + 1, unit, to) if to in ways else builder.constant(float(matrix[unit, to]))
            total = builder.apply("add", builder.apply("multiply", weight, value), builder.constant(ground))
            values.append(self._activated(total, layer + 1))
        for at in range(layer + 2, mlp.layers + 1):
            matrix, biases = mlp.weights(at)
            rows = zip(matrix.T.tolist(), biases.tolist(), strict=True)
            values = [self._plain_unit(values, column, ground, at) for column, ground in rows]
        return values

    def other_squares(self) -> float:
        """Add the squares of all weights that are no nodes."""
        mlp = self.mlp
        total = 0.0
        for at in range(1, mlp.layers + 1):
            for place, weight in np.ndenumerate(mlp.weights(at)[0]):
                if weight_name(mlp, at, place[0] + 1, place[1] + 1) not in self.parameters:
                    total += float(weight) ** 2
        return total

    def _sum(self) -> Reference:
        builder, mlp, layer, unit = self.builder, self.mlp, self.layer, self.unit
        given = self.known[layer - 1]
        products = given * mlp.weights(layer)[0][:, unit]
        shown = largest_places(products, _MOST_SHOWN)
        terms = []
        for source in shown:
            weight = self._weight(layer, source, unit)
            name = unit_name(mlp, "h", layer - 1, source + 1) if layer > 1 else f"x{source + 1}"
            terms.append(builder.apply("multiply", weight, self._input(name, given[source])))
        if len(shown) < len(products):
            products[shown] = 0.0
            terms.append(self._input("rest", products.sum()))
        name = bias_name(mlp, layer, unit + 1)
        self.parameters.add(name)
        bias = self._input(name, mlp.weights(layer)[1][unit])
        return builder.apply("add", *terms, bias, name=unit_name(mlp, "t", layer, unit + 1))

    def _plain_unit(self, values: list[Reference], column: list[float], ground: float, layer: int) -> Reference:
        builder = self.builder
        products = [
            builder.apply("multiply", builder.constant(weight), value)
            for weight, value in zip(column, values, strict=True)
        ]
        return self._activated(builder.apply("add", *products, builder.constant(ground)), layer)

    def _activated(self, total: Reference, layer: int, name: str | None = None) -> Reference:
        activation = "identity" if layer == self.mlp.layers else self.mlp.activations[layer - 1]
        return total if activation == "identity" else self.builder.apply(activation, total, name=name)

    def _weight(self, layer: int, source: int, target: int) -> Reference:
        name = weight_name(self.mlp, layer, source + 1, target + 1)
        self.parameters.add(name)
        self.weights.append(self._input(name, self.mlp.weights(layer)[0][source, target]))
        return self.weights[-1]

    def _input(self, name: str, value: Any) -> Reference:
        self.point[name] = float(value)
        return self.builder.input(name)


def _check_unit(mlp: MLP, layer: int, unit: int) -> None:
    if not (1 <= layer <= mlp.layers and 0 <= unit < mlp.sizes[layer]):
        raise InputError(
            f"A {'-'.join(map(str, mlp.sizes))} network has layers 1 to {mlp.layers}, whose units count from 0; it has "
            f"no unit {unit} in layer {layer}.",
            actual=(layer, unit),
        )
    behind = sum(mlp.sizes[at] * mlp.sizes[at + 1] for at in range(layer + 1, mlp.layers))
    if behind > _MOST_BEHIND:
        raise InputError(
            f"The loss of this unit would have {counted(behind, 'weight')} inside, and up to {_MOST_BEHIND} are "
            "computed one by one: choose a unit of a later layer.",
            actual=behind,
        )


def largest_places(numbers: Array, most: int) -> list[int]:
    """Give where the numbers of largest size stand, in their order."""
    return sorted(np.argsort(-np.abs(numbers), kind="stable")[:most].tolist())


def _members(graph: Graph, output: str, units: Collection[str], parameters: Collection[str]) -> list[str]:
    """Give what leads to a node from the unit, its products with weights of the next layer, and the label."""

    def is_inside(name: str) -> bool:
        given = graph.arguments(name)
        is_product = graph.node(name).op == "multiply" and given[0] in parameters
        return bool(given) and name not in units and not is_product

    found = dict.fromkeys([output])
    waiting = [output]
    while waiting:
        new = [name for name in graph.arguments(waiting.pop()) if name not in found and is_inside(name)]
        found.update(dict.fromkeys(new))
        waiting += new
    return list(found)
