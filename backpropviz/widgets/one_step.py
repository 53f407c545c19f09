"""One step of training as a graph to play: forward, backward, and the update of every weight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropviz.learn.one_example import example_run

if TYPE_CHECKING:
    from backpropviz.graph.node import Array
    from backpropviz.learn.mlp import MLP
    from backpropviz.widgets.explorer import Explorer


def open_step(mlp: MLP, features: Array, target: Any, *, learning_rate: float, **settings: Any) -> Explorer:
    """Show the loss of one example, and one step of gradient descent on it.

    Parameters
    ----------
    mlp : MLP
        With its present weights.
    features : array, shape (features,)
    target : number or array
        Class number or values.
    learning_rate : float, per step
    **settings : object
        Traits of the explorer.

    Returns
    -------
    Explorer
        Of the graph with a node for every weight, or of the graph of whole arrays where that would be too large. In
        the former the loss and the penalty are one closed gate each, which can be opened.
    """
    from backpropviz.widgets.explorer import Explorer  # noqa: PLC0415  which draws and needs the layout

    graph, point, parameters = example_run(mlp, features, target)
    return Explorer(graph, point, updates=dict.fromkeys(parameters, learning_rate), **settings)
