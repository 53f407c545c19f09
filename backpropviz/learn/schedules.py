"""Learning rates that change from epoch to epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from backpropviz.learn.choices import check_number

__all__ = ["Constant", "Cosine", "Schedule", "StepDecay"]


def __dir__() -> list[str]:
    return __all__


class Schedule(Protocol):
    """Gives the learning rate of an epoch."""

    def __call__(self, epoch: int) -> float:
        """Learning rate of an epoch, counted from 0."""


@dataclass(frozen=True, slots=True)
class Constant:
    """The same learning rate in every epoch.

    Parameters
    ----------
    rate : float, per step
    """

    rate: float

    def __call__(self, epoch: int) -> float:  # noqa: ARG002  the same for all
        """Learning rate of an epoch, counted from 0."""
        return self.rate


@dataclass(frozen=True, slots=True)
class StepDecay:
    """A learning rate that is multiplied by a factor every few epochs.

    Parameters
    ----------
    rate : float, per step
        In the first epochs.
    every : int
        Epochs between two drops.
    factor : float
        What each drop multiplies by.

    Examples
    --------
    >>> [StepDecay(0.5, every=2, factor=0.1)(epoch) for epoch in range(4)]
    [0.5, 0.5, 0.05, 0.05]
    """

    rate: float
    every: int = 10
    factor: float = 0.5

    def __post_init__(self) -> None:
        check_rate(self.rate)
        check_number("every counts epochs between two drops, from 1", self.every, whole=True, least=1)
        check_number("factor is what each drop multiplies by, 0 or more", self.factor, least=0)

    def __call__(self, epoch: int) -> float:
        """Learning rate of an epoch, counted from 0."""
        return self.rate * self.factor ** (epoch // self.every)


@dataclass(frozen=True, slots=True)
class Cosine:
    """A learning rate that falls along half a cosine, slowly at both ends.

    Parameters
    ----------
    rate : float, per step
        At the start.
    epochs : int
        Length of the fall; afterwards the rate stays at `floor`.
    floor : float, per step
        At the end.

    References
    ----------
    Loshchilov and Hutter (2017), SGDR: Stochastic gradient descent with warm restarts.

    Examples
    --------
    >>> [round(Cosine(1.0, epochs=2)(epoch), 12) for epoch in range(4)]
    [1.0, 0.5, 0.0, 0.0]
    """

    rate: float
    epochs: int = 30
    floor: float = 0.0

    def __post_init__(self) -> None:
        check_rate(self.rate)
        check_number("epochs is the length of the fall, from 1", self.epochs, whole=True, least=1)
        check_number("floor is the learning rate at the end, 0 or more", self.floor, least=0)

    def __call__(self, epoch: int) -> float:
        """Learning rate of an epoch, counted from 0."""
        share = min(epoch / self.epochs, 1.0)
        return self.floor + 0.5 * (self.rate - self.floor) * (1.0 + math.cos(math.pi * share))


def rate_of(learning_rate: float | Schedule, epoch: int) -> float:
    """Give the learning rate of an epoch, from a number or a schedule."""
    return float(learning_rate(epoch)) if callable(learning_rate) else float(learning_rate)


def check_rate(learning_rate: object) -> None:
    """Refuse what is neither a schedule nor a number from 0 up."""
    if not callable(learning_rate):
        check_number("A learning rate is a number, 0 or more, or a schedule", learning_rate, least=0)
