"""One step of training as a graph to play: forward, backward, and the update of every weight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from backpropviz.learn.mlp import MLP
    from backpropviz.widgets.explorer import Explorer

_MOST_WEIGHTS = 40


def open_step(
    mlp: MLP, features: npt.NDArray[np.float64], target: Any, *, learning_rate: float, **settings: Any
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
    **settings : object
        Traits of the explorer.

    Returns
    -------
    Explorer
        Of the graph with a node for every weight, or of the graph of whole arrays where that would be too large. In
        the former the loss and the penalty are one closed gate each, which can be opened.
    """
    from backpropviz.widgets.explorer import Explorer  # noqa: PLC0415  which draws and needs the layout

    weights = sum(value.size for value in mlp.parameters.values())
    if weights <= _MOST_WEIGHTS:
        graph = mlp.scalar_graph(closed=True)
        point: dict[str, Any] = dict(mlp.scalar_point(features.tolist(), target))
        examples = {f"x{i}" for i in range(1, mlp.input_count + 1)} | {"y"}
        examples |= {f"y{k}" for k in range(1, mlp.output_count + 1)}
        parameters = tuple(name for name in graph.inputs if name not in examples)
    else:
        graph = mlp.graph()
        point = {"x": features, "y": target, **mlp.parameters}
        parameters = tuple(mlp.parameters)
    return Explorer(graph, point, updates=dict.fromkeys(parameters, learning_rate), **settings)
