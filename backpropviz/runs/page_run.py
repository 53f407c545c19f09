"""A run that a page trains by itself, with its pictures: all that travels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropviz.learn.carried_run import run_to_plain, update_to_plain
from backpropviz.learn.optimisers import SGD, Adam, RMSProp
from backpropviz.learn.traced_network import TracedNetwork
from backpropviz.runs.picture_plan import plan_training, traced_plan

if TYPE_CHECKING:
    from backpropviz.learn.optimizer_step import Optimizer
    from backpropviz.learn.training import Training
    from backpropviz.schema.training import PlainEntrant, PlainPageRun, PlainRace

_RACERS: dict[str, Optimizer] = {
    "SGD": SGD(0.1),
    "momentum": SGD(0.1, momentum=0.9),
    "Adam": Adam(0.02),
    "RMSProp": RMSProp(0.01),
}
"""Who may race on the landscape of a run's loss, at which rate unless the reader sets another."""
_MOST_RACERS = 3


def usual_race() -> PlainRace:
    """Give who races, and on which slice, before anybody has chosen.

    Examples
    --------
    >>> [each["name"] for each in usual_race()["racers"]]
    ['SGD', 'momentum', 'Adam']
    """
    rules: Any = list(_RACERS.items())[:_MOST_RACERS]
    racers: list[PlainEntrant] = [{"name": name, "rate": rule.learning_rate} for name, rule in rules]
    return {"racers": racers, "slice": "downhill", "weights": [], "drawing": 0}


def playground_to_plain(training: Training, *, landscape: bool = False) -> PlainPageRun:
    """Write what a page needs to train and to draw a run.

    Parameters
    ----------
    training : Training
        Of a perceptron or a traced network, at its start.
    landscape : bool
        Whether the page offers the loss as a landscape, with a race of optimisers on it.

    Returns
    -------
    dict
        See :class:`backpropviz.schema.training.PlainPageRun`.
    """
    network: Any = training.network
    is_traced = isinstance(network, TracedNetwork)
    plan = traced_plan(network, training) if is_traced else plan_training(network, training).to_plain(network, 0)
    plain: PlainPageRun = {"run": run_to_plain(training), "plan": plan}
    if landscape:
        plain["racers"] = [{"name": name, "update": update_to_plain(rule)} for name, rule in _RACERS.items()]
    return plain
