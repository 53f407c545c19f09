"""What keeps a network from learning, in words: silent or saturated units, gradients that vanish or explode."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.checkup.finding import (
    FAR_APART,
    SATURATED_SHARE,
    Finding,
    exploding_text,
    saturated_text,
    silent_text,
    vanishing_text,
)
from backpropviz.checkup.idle_units import share_saturated, silent_units
from backpropviz.learn.diverging import growth, unscaled
from backpropviz.learn.mlp import MLP
from backpropviz.ops.counting import counted

if TYPE_CHECKING:
    import numpy.typing as npt

    from backpropviz.graph.node import Array
    from backpropviz.learn.measure import Measurement
    from backpropviz.learn.training import Training

_GROWING = 10.0


def diagnose(training: Training, measured: Measurement) -> tuple[Finding, ...]:
    """Look for what keeps a perceptron from learning.

    Parameters
    ----------
    training : Training
        The run, between two steps.
    measured : Measurement
        On all training examples, as :meth:`Training.measure` gives it.

    Returns
    -------
    tuple of Finding
        The worst first; none for a network that is no :class:`MLP`.

    Examples
    --------
    >>> import backpropviz as bpv
    >>> start = {"W1": [[1.0, 1.0]], "b1": [-9.0, 0.0], "W2": [[1.0], [1.0]], "b2": [0.0]}
    >>> training = bpv.Training(bpv.MLP((1, 2, 1), "relu", parameters=start), ([[0.5], [1.0]], [0.0, 1.0]))
    >>> [(each.kind, each.layer, each.units) for each in diagnose(training, training.measure())]
    [('silent', 1, (0,))]
    """
    network = training.network
    if not isinstance(network, MLP):
        return ()
    found = _growing(training)
    for layer, (node, activation) in enumerate(network.hidden.items(), 1):
        values = np.asarray(measured.values[node])
        if activation == "relu":
            found += _silent(training, layer, silent_units(values))
        elif activation in ("tanh", "sigmoid"):
            found += _saturated(training, layer, activation, share_saturated(activation, values))
    # Behind a layer that is silent as a whole there is no gradient at all: that has been said.
    if not any(each.kind == "silent" and len(each.units) == network.sizes[each.layer] for each in found):
        found += _unequal(training, network)
    return tuple(found)


def _growing(training: Training) -> list[Finding]:
    found = growth(training.watch.recent)
    if found is None or found.factor < _GROWING or found.reached <= training.watch.first:
        return []
    rate = training.learning_rate
    text = f"{found}. Try a smaller learning rate, such as {rate / 10:.2g}, and reset."
    return [Finding("diverging", 0, (), text[0].upper() + text[1:])]


def _silent(training: Training, layer: int, silent: npt.NDArray[np.bool_]) -> list[Finding]:
    units = tuple(np.flatnonzero(silent).tolist())
    if not units:
        return []
    advice = unscaled(training.train.features)
    if not advice:
        advice = "a smaller learning rate and a new start; or leaky ReLU, which passes a hundredth of the gradient"
    examples = counted(len(training.train.features), "training example")
    text = silent_text(units, len(silent), f"of hidden layer {layer}", examples, advice)
    return [Finding("silent", layer, units, text)]


def _saturated(training: Training, layer: int, activation: str, shares: Array) -> list[Finding]:
    units = tuple(np.flatnonzero(shares >= SATURATED_SHARE).tolist())
    if 2 * len(units) < len(shares) or not units:
        return []  # some such units are how a network draws a sharp boundary
    advice = unscaled(training.train.features) or "smaller first weights, or a penalty on weights (L2)"
    text = saturated_text(units, len(shares), f"of hidden layer {layer}", activation, "training examples", advice)
    return [Finding("saturated", layer, units, text)]


def _unequal(training: Training, network: MLP) -> list[Finding]:
    """Compare the gradient per weight of each layer with that of the last one."""
    norms = training.gradient_norms
    sizes = [network.parameters[name].size for name in network.penalised]
    each = [norms[name] / math.sqrt(size) for name, size in zip(network.penalised, sizes, strict=True)]
    last = each[-1]
    if not training.steps or not all(math.isfinite(size) for size in each) or last == 0.0:
        return []
    smallest, largest = min(each), max(each)
    told: list[Finding] = []
    ending = f"{last:.1e} in layer {len(each)}, the last"

    def said(size: float) -> str:
        return f"{size:.1e} per weight in layer {each.index(size) + 1}"

    if smallest < last / FAR_APART:
        text = vanishing_text(said(smallest), ending)
        told.append(Finding("vanishing", each.index(smallest) + 1, (), text))
    if largest > last * FAR_APART:
        text = exploding_text(said(largest), ending)
        told.append(Finding("exploding", each.index(largest) + 1, (), text))
    return told
