"""An epoch's record, put together from a network and what was measured of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.learn.measure import dead_units, saturated_units
from backpropviz.learn.records import EpochRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph.node import Array
    from backpropviz.learn.measure import Measurement
    from backpropviz.learn.network import Network


def epoch_record(
    network: Network,
    trained: Measurement,
    held_out: Measurement | None,
    gradient: Mapping[str, Array],
    before: Mapping[str, Array],
    **counted: Any,
) -> EpochRecord:
    """Tell of an epoch.

    Parameters
    ----------
    network : Network
        At its end.
    trained, held_out : Measurement
        Of the training examples, and of the held-out ones where there are some.
    gradient, before : mapping of str to array
        The last gradient, and the parameters before the last update.
    **counted : object
        The fields of :class:`EpochRecord` that the run itself knows: epoch, step, learning_rate, seconds.
    """
    return EpochRecord(
        loss=trained.loss,
        penalty=trained.penalty,
        accuracy=trained.accuracy,
        validation_loss=None if held_out is None else held_out.loss,
        validation_accuracy=None if held_out is None else held_out.accuracy,
        gradient_norms=norms(gradient),
        weight_norms=norms(network.parameters),
        update_ratios=update_ratios(before, network.parameters),
        dead_units=dead_units(network, trained.values),
        saturated_units=saturated_units(network, trained.values),
        network=network,
        **counted,
    )


def norms(parameters: Mapping[str, Array]) -> dict[str, float]:
    """Euclidean length of each parameter."""
    return {name: float(np.linalg.norm(value)) for name, value in parameters.items()}


def update_ratios(before: Mapping[str, Array], after: Mapping[str, Array]) -> dict[str, float]:
    """Length of an update over that of the parameter before it; 1 for one that was zero and moved."""
    moved = norms({name: value - before[name] for name, value in after.items()})
    lengths = norms(before)
    return {name: moved[name] / length if length else float(moved[name] > 0) for name, length in lengths.items()}
