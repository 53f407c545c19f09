"""An epoch's record, taken from a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backpropviz.learn.diverging import divergence
from backpropviz.learn.measure import dead_units, saturated_units
from backpropviz.learn.records import EpochRecord

if TYPE_CHECKING:
    from backpropviz.learn.training import Training


def epoch_record(training: Training, rate: float, seconds: float) -> EpochRecord:
    """Tell of the epoch that has just ended.

    Parameters
    ----------
    training : Training
        Between two steps.
    rate : float
        Learning rate of the epoch.
    seconds : float
        It took.

    Raises
    ------
    DivergenceError
        Where the last update has made the loss infinite or undefined.
    """
    train = training.measure()
    if not np.isfinite(train.loss):
        losses = (*training.watch.recent, train.loss)
        raise divergence(train.tape, step=training.steps, epoch=training.epoch, rate=rate, losses=losses)
    held_out = training.measure_validation()
    network = training.network
    return EpochRecord(
        epoch=training.epoch,
        step=training.steps,
        loss=train.loss,
        penalty=train.penalty,
        accuracy=train.accuracy,
        validation_loss=None if held_out is None else held_out.loss,
        validation_accuracy=None if held_out is None else held_out.accuracy,
        learning_rate=rate,
        gradient_norms=training.gradient_norms,
        weight_norms=training.weight_norms,
        update_ratios=training.update_ratios,
        dead_units=dead_units(network, train.tape),
        saturated_units=saturated_units(network, train.tape),
        seconds=seconds,
        network=network,
    )
