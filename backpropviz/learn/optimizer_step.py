"""What an optimiser is, and one step of it as a function of values."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  fields of a NamedTuple
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from backpropviz.errors import InputError
from backpropviz.graph.node import Array  # noqa: TC001  as above
from backpropviz.learn.schedules import Schedule, rate_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class OptimizerState(NamedTuple):
    """What an optimiser remembers from step to step.

    Attributes
    ----------
    steps : int
        Taken so far.
    vectors : tuple of dict
        Running averages, by parameter; empty for plain gradient descent.
    """

    steps: int
    vectors: tuple[Mapping[str, Array], ...]


class ParameterUpdate(NamedTuple):
    """New parameters, and what the optimiser remembers."""

    parameters: dict[str, Array]
    state: OptimizerState


class Optimizer(Protocol):
    """What training asks of an optimiser; a frozen value without a state of its own."""

    @property
    def learning_rate(self) -> float | Schedule:
        """A number, or a schedule."""

    @property
    def remembered(self) -> int:
        """Vectors to keep from step to step, zeros at first."""

    def advance(
        self,
        parameters: Array,
        gradient: Array,
        state: Sequence[Array],
        scratch: Sequence[Array],
        rate: float,
        step: int,
    ) -> None:
        """Take a step in place.

        Parameters
        ----------
        parameters, gradient : array, shape (numbers,)
            All of the network in one row; the parameters are overwritten.
        state : arrays of that shape
            What is remembered; overwritten too.
        scratch : two arrays of that shape
            To compute in.
        rate : float
            Learning rate.
        step : int
            Counted from 1.
        """


class OnValues:
    """What every optimiser here has besides: a step as a function of values."""

    __slots__ = ()

    def update(
        self: Optimizer,
        parameters: Mapping[str, Array],
        gradients: Mapping[str, Array],
        state: OptimizerState | None = None,
        epoch: int = 0,
    ) -> ParameterUpdate:
        """Give new parameters; nothing that is given changes. See :func:`updated_parameters`."""
        return updated_parameters(self, parameters, gradients, state, epoch)


def updated_parameters(
    optimizer: Optimizer,
    parameters: Mapping[str, Array],
    gradients: Mapping[str, Array],
    state: OptimizerState | None = None,
    epoch: int = 0,
) -> ParameterUpdate:
    """Take one step as a function of values.

    Parameters
    ----------
    optimizer : Optimizer
        Its in-place rule is applied to copies, so that there is one rule.
    parameters, gradients : mapping of str to array
        Of equal names and shapes.
    state : OptimizerState, optional
        From the last update; none at first.
    epoch : int
        For a schedule, counted from 0.

    Raises
    ------
    InputError
        Where a gradient is missing or has another shape.
    """
    for name, value in parameters.items():
        if name not in gradients or np.shape(gradients[name]) != np.shape(value):
            raise InputError(f"The gradient of {name!r} is missing, or not of shape {np.shape(value)}.", node=name)
    if state is None:
        zeros = {name: np.zeros(np.shape(value)) for name, value in parameters.items()}
        state = OptimizerState(0, (zeros,) * optimizer.remembered)
    rate = rate_of(optimizer.learning_rate, epoch)
    # In C order, whatever the caller's: the rule writes through a flat view, and would write into a copy otherwise.
    moved = {name: np.array(value, dtype=np.float64, order="C") for name, value in parameters.items()}
    vectors = tuple({name: np.array(value, order="C") for name, value in vector.items()} for vector in state.vectors)
    for name, value in moved.items():
        row, scratch = value.reshape(-1), (np.empty(value.size), np.empty(value.size))
        gradient = np.asarray(gradients[name], dtype=np.float64).reshape(-1)
        optimizer.advance(row, gradient, [v[name].reshape(-1) for v in vectors], scratch, rate, state.steps + 1)
    return ParameterUpdate(moved, OptimizerState(state.steps + 1, vectors))
