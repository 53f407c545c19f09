"""What keeps a network from learning, in words: silent or saturated units, gradients that vanish or explode."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.learn.diverging import growth, unscaled
from backpropviz.learn.measure import share_saturated, silent_units
from backpropviz.learn.mlp import MLP

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from backpropviz.autodiff import Tape
    from backpropviz.learn.network import Array
    from backpropviz.learn.training import Training

_MOST_NAMED = 6
_SATURATED_SHARE = 0.95
_FAR_APART = 1e3  # gradients per weight of two layers
_GROWING = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that keeps a network from learning.

    Attributes
    ----------
    kind : {"silent", "saturated", "vanishing", "exploding", "diverging"}
    layer : int
        Counted from 1; 0 where the whole network is meant.
    units : tuple of int
        Which units of that layer, counted from 0; empty where the whole layer is meant.
    text : str
        What it is, with the numbers that show it, and what to do.
    """

    kind: str
    layer: int
    units: tuple[int, ...]
    text: str


def diagnose(training: Training, tape: Tape) -> tuple[Finding, ...]:
    """Look for what keeps a perceptron from learning.

    Parameters
    ----------
    training : Training
        The run, between two steps.
    tape : Tape
        Of its loss on all training examples, as :meth:`Training.measure` gives it.

    Returns
    -------
    tuple of Finding
        The worst first; none for a network that is no :class:`MLP`.

    Examples
    --------
    >>> import backpropviz as bpv
    >>> start = {"W1": [[1.0, 1.0]], "b1": [-9.0, 0.0], "W2": [[1.0], [1.0]], "b2": [0.0]}
    >>> training = bpv.Training(bpv.MLP((1, 2, 1), "relu", parameters=start), ([[0.5], [1.0]], [0.0, 1.0]))
    >>> [(each.kind, each.layer, each.units) for each in diagnose(training, training.measure().tape)]
    [('silent', 1, (0,))]
    """
    network = training.network
    if not isinstance(network, MLP):
        return ()
    found = _growing(training)
    for layer, (node, activation) in enumerate(network.hidden.items(), 1):
        values = np.asarray(tape.primals[node])
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
    text = (
        f"{_who(units, len(silent), layer, 'silent')}: ReLU gives 0 for each of the {len(training.train.features):,} "
        f"training examples, so no gradient reaches {'its' if len(units) == 1 else 'their'} weights. Try {advice}."
    )
    return [Finding("silent", layer, units, text)]


def _saturated(training: Training, layer: int, activation: str, shares: Array) -> list[Finding]:
    units = tuple(np.flatnonzero(shares >= _SATURATED_SHARE).tolist())
    if 2 * len(units) < len(shares) or not units:
        return []  # some such units are how a network draws a sharp boundary
    advice = unscaled(training.train.features) or "smaller first weights, or a penalty on weights (L2)"
    text = (
        f"{_who(units, len(shares), layer, 'saturated')}: {activation} is within 2 % of an end of its range for at "
        f"least {_SATURATED_SHARE:.0%} of the training examples, where its slope is nearly 0. Try {advice}."
    )
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
    if smallest < last / _FAR_APART:
        layer = each.index(smallest) + 1
        told.append(
            Finding(
                "vanishing",
                layer,
                (),
                f"Gradients vanish on the way back: {smallest:.1e} per weight in layer {layer}, against {last:.1e} in "
                f"layer {len(each)}, the last. Try ReLU or tanh rather than sigmoid, first weights that fit the "
                'activation (initial="auto"), or fewer layers.',
            )
        )
    if largest > last * _FAR_APART:
        layer = each.index(largest) + 1
        told.append(
            Finding(
                "exploding",
                layer,
                (),
                f"Gradients explode on the way back: {largest:.1e} per weight in layer {layer}, against {last:.1e} in "
                f"layer {len(each)}, the last. Try smaller first weights, a smaller learning rate, or fewer layers.",
            )
        )
    return told


def _who(units: Sequence[int], total: int, layer: int, what: str) -> str:
    """Name units of a layer, as the subject of a sentence."""
    of = f"of hidden layer {layer}"
    if len(units) == total:
        return f"The one unit {of} is {what}" if total == 1 else f"All {total} units {of} are {what}"
    if len(units) == 1:
        return f"Unit {units[0] + 1} {of} is {what}"
    if len(units) > _MOST_NAMED:
        return f"{len(units)} of {total} units {of} are {what}"
    names = [str(unit + 1) for unit in units]
    return f"Units {', '.join(names[:-1])} and {names[-1]} {of} are {what}"
