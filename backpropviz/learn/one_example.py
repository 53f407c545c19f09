"""The loss of one example as a graph, with its point."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.first_point import usual_numbers

if TYPE_CHECKING:
    from backpropviz.graph import Graph
    from backpropviz.learn.mlp import MLP

_MOST_WEIGHTS = 40


def example_run(mlp: MLP, features: Any = None, target: Any = None) -> tuple[Graph, dict[str, Any], tuple[str, ...]]:
    """Give the loss of one example as a graph, the point, and the names of the parameters.

    Parameters
    ----------
    mlp : MLP
        With its present weights.
    features : array, shape (features,), optional
        By default 2, 3, -1, ...
    target : number or array, optional
        Class number or values; by default 1.

    Raises
    ------
    InputError
        For an example that does not fit.
    """
    if features is None:
        features = list(islice(usual_numbers(), mlp.input_count))
    if target is None:
        target = 1.0 if mlp.output_count == 1 or mlp.loss == "cross_entropy" else np.ones(mlp.output_count)
    point: dict[str, Any] = dict(mlp.scalar_point(features, target))
    if sum(value.size for value in mlp.parameters.values()) <= _MOST_WEIGHTS:
        graph = mlp.scalar_graph(closed=True)
        examples = {f"x{i}" for i in range(1, mlp.input_count + 1)} | {"y"}
        examples |= {f"y{k}" for k in range(1, mlp.output_count + 1)}
        return graph, point, tuple(name for name in graph.inputs if name not in examples)
    return mlp.graph(), {"x": features, "y": target, **mlp.parameters}, tuple(mlp.parameters)
