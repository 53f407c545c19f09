"""How well a network does on examples, and how its units fare."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.autodiff import evaluate
from backpropviz.autodiff.tape import values_at
from backpropviz.checkup.idle_units import LOWEST, at_ends, silent_units

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.autodiff import Tape
    from backpropviz.graph import Graph, Number
    from backpropviz.graph.node import Array
    from backpropviz.learn.network import Network


@dataclass(frozen=True)
class Measurement:
    """Loss and accuracy on a set of examples, and the values they were read from.

    Attributes
    ----------
    loss : float
        Mean over the examples, penalty included: what is minimised.
    penalty : float
        The part of it that weights cost whatever the examples are.
    accuracy : float or None
        Share classified rightly; None where values are fitted.
    values : mapping of str to number or array
        Of the loss, the scores and the hidden layers. Those of the other nodes are not kept: an array for every node
        and every example is several times as much memory, and getting it takes longer than computing the numbers.
    graph : Graph
        Of the loss.
    point : mapping of str to array
        Examples and parameters.
    """

    loss: float
    penalty: float
    accuracy: float | None
    values: Mapping[str, Number]
    graph: Graph
    point: Mapping[str, Array]

    @cached_property
    def tape(self) -> Tape:
        """Run of the loss graph with every node's value."""
        return evaluate(self.graph, self.point, {})

    @property
    def misfit(self) -> float:
        """The loss without its penalty."""
        return self.loss - self.penalty


def measure(
    network: Network, features: Array, targets: Array, graph: Graph | None = None, classes: Array | None = None
) -> Measurement:
    """Run the loss graph on all examples.

    Parameters
    ----------
    network : Network
    features : array, shape (examples, features)
    targets : array, shape (examples, outputs)
        Coded for the network's loss, as :func:`backpropviz.learn.examples.targets_for` gives them.
    graph : Graph, optional
        ``network.graph(examples)``, where it is at hand.
    classes : array of int, shape (examples,), optional
        The entry of each row of targets that is largest, where it is at hand.
    """
    loss = network.graph(len(features)) if graph is None else graph
    point = {"X": features, "y": targets, **network.parameters}
    names = [*network.hidden, *(name for name in ("o", "penalty") if name in loss), loss.output]
    values = values_at(loss, point, names)
    penalty = float(values["penalty"]) if network.l2 else 0.0
    accuracy = _accuracy(network, values, targets, classes)
    return Measurement(float(values[loss.output]), penalty, accuracy, values, loss, point)


def dead_units(network: Network, values: Mapping[str, Number]) -> dict[str, float] | None:
    """Share of each ReLU layer's units that are 0 for every example; None without such a layer."""
    found = {
        name: float(np.mean(silent_units(_columns(values, name))))
        for name, activation in network.hidden.items()
        if activation == "relu"
    }
    return found or None


def saturated_units(network: Network, values: Mapping[str, Number]) -> dict[str, float] | None:
    """Share of each bounded layer's activations within 2 % of an end of their range; None without such a layer."""
    found = {}
    for name, activation in network.hidden.items():
        if activation in LOWEST:
            ends = at_ends(activation, _columns(values, name))
            found[name] = float(np.count_nonzero(ends) / ends.size)  # np.mean of truths takes ten times as long
    return found or None


def _columns(values: Mapping[str, Number], name: str) -> Array:
    rows = np.asarray(values[name])
    return rows.reshape(len(rows), -1)


def _accuracy(network: Network, values: Mapping[str, Number], targets: Array, classes: Array | None) -> float | None:
    if network.output == "identity" and network.loss.endswith("squared_error"):
        return None
    scores = np.asarray(values["o"])
    if network.loss == "cross_entropy" or network.output == "softmax":
        classes = np.argmax(targets, axis=1) if classes is None else classes
        return float(np.count_nonzero(np.argmax(scores, axis=1) == classes) / len(classes))
    # Several sigmoid outputs are several questions: an example counts when all are answered rightly.
    return float(np.mean(((scores > 0) == (targets > 0.5)).all(axis=1)))
