"""One step of training as a graph to play: live beside its trainer, or in a page that trains by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import DivergenceError
from backpropviz.export.shown_graph import ShownGraph
from backpropviz.learn.carried_run import perceptron_programs
from backpropviz.learn.examples import targets_for
from backpropviz.learn.next_step import next_step
from backpropviz.learn.one_example import example_run
from backpropviz.learn.unit_form import largest_places, unit_run
from backpropviz.ops.registry import activation_ops
from backpropviz.scene.shared_sentences import folded_sentences
from backpropviz.scene.vocabulary import operations_named

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from backpropviz.graph import Graph
    from backpropviz.graph.node import Array
    from backpropviz.learn.mlp import MLP
    from backpropviz.learn.training import Training
    from backpropviz.schema.training_step import PlainArrayStep, PlainBatch, PlainOpenedStep
    from backpropviz.widgets.explorer import Explorer

_RATE = 0.7390851332151607
"""Stands for the learning rate: the fixed point of the cosine, which nobody chooses."""
_LEFT_OUT = frozenset({"latex", "scenes"})
_EXAMPLES_SHOWN, _ROWS_SHOWN = 10, 40
_OF_EVERY_STEP = ("multiply", "square")
_OF_LOSSES = {
    "cross_entropy": ("subtract", "exp", "ln"),
    "binary_cross_entropy": ("subtract", "softplus"),
    "squared_error": ("subtract", "exp", "divide", "sigmoid"),
    "half_squared_error": ("subtract", "exp", "divide", "sigmoid"),
}


def open_step(
    mlp: MLP, features: Array, target: Any, *, learning_rate: float, unit: Sequence[int] = (), **settings: Any
) -> Explorer:
    """Show the loss of one example, and one step of gradient descent on it.

    Parameters
    ----------
    mlp : MLP
        With its present weights.
    features : array, shape (features,)
    target : number or array
        Class number or values.
    learning_rate : float, per step
    unit : (int, int), optional
        Layer, counted from 1, and unit, counted from 0, whose gates are shown; by default the whole network is.
    **settings : object
        Traits of the explorer.

    Returns
    -------
    Explorer
        Of the graph with a node for every weight, or of the graph of whole arrays where that would be too large. In
        the former, and in that of one unit, the loss and the penalty are one closed gate each, which can be opened.
    """
    from backpropviz.widgets.explorer import Explorer  # noqa: PLC0415  which draws and needs the layout

    graph, point, parameters = unit_run(mlp, features, target, *unit) if unit else example_run(mlp, features, target)
    updates = dict.fromkeys(parameters, learning_rate)
    return Explorer(graph, point, updates=updates, follow=True, step=1, **settings)


def step_to_plain(training: Training) -> PlainOpenedStep:
    """Write what a page needs to draw one step of a network that may be changed there.

    Of up to 40 weights the page makes the graph of :meth:`backpropviz.MLP.scalar_graph` by itself, with closed
    objective; the graph of arrays of a larger network comes laid out.

    Returns
    -------
    dict
        See :class:`backpropviz.schema.training_step.PlainOpenedStep`.
    """
    mlp: MLP = training.network  # type: ignore[assignment]  # as its parameter says
    units = [name for name in perceptron_programs(mlp) if name in activation_ops()]
    step: PlainOpenedStep = {"operations": operations_named((*_OF_EVERY_STEP, *_OF_LOSSES[mlp.loss], *units))}
    features, targets = training.train.features[0], targets_for(mlp, training.train)[0]
    graph, point, parameters = example_run(mlp, features, targets)
    if any(np.ndim(value) for value in point.values()):
        # Where each input comes from: numbered inputs tell.
        _, numbered, _ = example_run(_numbered(mlp), np.arange(len(features)) * 1.0, np.arange(len(targets)) * 1.0)
        step["arrays"] = _array_step(graph, point, parameters, numbered)
    return step


def batch_to_plain(training: Training) -> PlainBatch | None:
    """Write the batch of the next step for a page: its first examples, and the weights with the largest gradients.

    Returns
    -------
    dict or None
        See :class:`backpropviz.schema.training_step.PlainBatch`; None where the loss is no finite number any more.
    """
    try:
        found = next_step(training)
    except DivergenceError:
        return None
    mlp: MLP = training.network  # type: ignore[assignment]  # as its parameter says
    mean = np.mean(found.gradients, axis=0)
    places = largest_places(mean, _ROWS_SHOWN)
    of_example = mlp.input_count + mlp.output_count
    numbered = _numbered(mlp).scalar_point([0.0] * mlp.input_count, [0.0] * mlp.output_count)
    names = {int(place): name for name, place in list(numbered.items())[of_example:]}
    shown = found.gradients[:_EXAMPLES_SHOWN]
    return {
        "step": training.steps + 1,
        "size": len(found.examples),
        "total": len(training.train.features),
        "weights": len(mean),
        "examples": list(found.examples[:_EXAMPLES_SHOWN]),
        "losses": list(found.losses[:_EXAMPLES_SHOWN]),
        "loss": float(np.mean(found.losses)),
        "penalty": found.penalty and found.penalty[0],
        "rows": [
            {
                "name": names[place],
                "before": float(found.before[place]),
                "mean": float(mean[place]),
                "penalty": found.penalty and float(found.penalty[1][place]),
                "after": float(found.after[place]),
                "own": [float(gradient[place]) for gradient in shown],
            }
            for place in places
        ],
    }


def _array_step(
    graph: Graph, point: Mapping[str, Any], parameters: Collection[str], numbered: Mapping[str, Any]
) -> PlainArrayStep:
    """Write that graph for a page, which fills in its own weights, example and learning rate."""
    page = ShownGraph(graph, point, updates=dict.fromkeys(parameters, _RATE)).page()
    shown = {name: part for name, part in page.specification.items() if name not in _LEFT_OUT}
    places = {name: [int(np.ravel(value)[0]), list(np.shape(value))] for name, value in numbered.items()}
    kinds = dict.fromkeys(parameters, "parameters") | {"x": "features", "y": "targets"}
    return {
        "spec": _without_points(folded_sentences({**shown, "scenes": {}})),
        "rate": _RATE,
        "inputs": {name: [kinds[name], *places[name]] for name in point},
    }


def _without_points(plain: Any) -> Any:
    """Write whole numbers, as those of the layout are, without a point: a page reads the same, and less."""
    if isinstance(plain, float):
        return int(plain) if plain.is_integer() and plain else plain
    if isinstance(plain, dict):
        return {name: _without_points(value) for name, value in plain.items()}
    return [_without_points(value) for value in plain] if isinstance(plain, (list, tuple)) else plain


def _numbered(mlp: MLP) -> MLP:
    """Let every parameter be its place in the row of all."""
    numbered, start = {}, 0
    for name, value in mlp.parameters.items():
        numbered[name] = np.arange(start, start + value.size, dtype=np.float64).reshape(value.shape)
        start += value.size
    return mlp.with_parameters(numbered)
