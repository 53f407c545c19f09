"""A run that a page trains by itself, with its pictures: all that travels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropviz.learn.carried_run import run_to_plain
from backpropviz.runs.picture_plan import plan_training

if TYPE_CHECKING:
    from backpropviz.learn.training import Training
    from backpropviz.schema.training import PlainPageRun


def playground_to_plain(training: Training) -> PlainPageRun:
    """Write what a page needs to train and to draw a run.

    Parameters
    ----------
    training : Training
        Of a perceptron, at its start.

    Returns
    -------
    dict
        See :class:`backpropviz.schema.training.PlainPageRun`.
    """
    network: Any = training.network
    return {"run": run_to_plain(training), "plan": plan_training(network, training).to_plain(network, 0)}
