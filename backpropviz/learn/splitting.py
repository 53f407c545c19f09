"""A run for people who look on: a part of the examples is held out unless they say otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.learn.choices import check_number
from backpropviz.learn.examples import read_examples
from backpropviz.learn.training import Training

if TYPE_CHECKING:
    from backpropviz.learn.network import Network
    from backpropviz.learn.optimizer_step import Optimizer

_FEWEST_TO_SPLIT = 20


def training_of(
    network: Network,
    data: object,
    optimizer: Optimizer | str | float | None = None,
    batch_size: int | str | None = None,
    seed: int = 0,
    validation: object = None,
    held_out: float = 0.25,
) -> Training:
    """Make a run; parameters as of :class:`Training`, and `held_out`.

    Parameters
    ----------
    network : Network
    data : pair (X, y)
    optimizer : Optimizer, str or float, optional
    batch_size : int or "all", optional
    seed : int
    validation : pair (X, y), optional
    held_out : float
        Share of `data` that is held out where `validation` is not given and there are at least 20 examples.
    """
    examples = read_examples(data)
    check_number("held_out is a share, 0 or more and below 1", held_out, least=0, below=1)
    if validation is None and held_out and len(examples.features) >= _FEWEST_TO_SPLIT:
        examples, validation = examples.split(held_out, seed)
    return Training(network, examples, optimizer, batch_size, seed, validation)
