"""Rules that turn gradients into steps."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  fields of a NamedTuple
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from backpropviz.errors import InputError
from backpropviz.graph.node import Array  # noqa: TC001  as above
from backpropviz.learn.schedules import Schedule, check_rate, rate_of

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


@dataclass(frozen=True, slots=True)
class SGD:
    """Gradient descent, v ← μ·v + g and w ← w − γ·v; stochastic when the gradient is that of a batch.

    Parameters
    ----------
    learning_rate : float or Schedule, per step
        γ; see :mod:`backpropviz.learn.schedules`.
    momentum : float
        μ, from 0 up to below 1; 0 is the plain rule w ← w − γ·g.

    Examples
    --------
    >>> import numpy as np
    >>> update = SGD(0.1).update({"w": np.array([1.0])}, {"w": np.array([2.0])})
    >>> update.parameters
    {'w': array([0.8])}

    References
    ----------
    Polyak (1964), Some methods of speeding up the convergence of iteration methods.
    """

    learning_rate: float | Schedule = 0.1
    momentum: float = 0.0

    def __post_init__(self) -> None:
        check_rate(self.learning_rate)
        _check_share("momentum", self.momentum)

    @property
    def remembered(self) -> int:
        """One vector with momentum, none without."""
        return 1 if self.momentum else 0

    def advance(
        self,
        parameters: Array,
        gradient: Array,
        state: Sequence[Array],
        scratch: Sequence[Array],
        rate: float,
        step: int,
    ) -> None:
        """Take a step in place; see :class:`Optimizer`."""
        del step
        direction = gradient
        if self.momentum:
            direction = state[0]
            np.multiply(direction, self.momentum, direction)
            np.add(direction, gradient, direction)
        np.multiply(direction, rate, scratch[0])
        np.subtract(parameters, scratch[0], parameters)

    def update(
        self,
        parameters: Mapping[str, Array],
        gradients: Mapping[str, Array],
        state: OptimizerState | None = None,
        epoch: int = 0,
    ) -> ParameterUpdate:
        """Give new parameters; nothing that is given changes. See :func:`updated_parameters`."""
        return updated_parameters(self, parameters, gradients, state, epoch)


@dataclass(frozen=True, slots=True)
class Adam:
    """Steps scaled by running averages of the gradient and of its square.

    Parameters
    ----------
    learning_rate : float or Schedule, per step
        About the largest change of a parameter in one step.
    decay, square_decay : float
        Share of the old average that stays, for the gradient (β₁) and its square (β₂).
    epsilon : float
        Keeps the division finite.

    References
    ----------
    Kingma and Ba (2015), Adam: A method for stochastic optimization.
    """

    learning_rate: float | Schedule = 0.001
    decay: float = 0.9
    square_decay: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        check_rate(self.learning_rate)
        _check_share("decay", self.decay)
        _check_share("square_decay", self.square_decay)
        if not self.epsilon > 0:
            raise InputError(f"epsilon is greater than 0, not {self.epsilon!r}.", actual=self.epsilon)

    @property
    def remembered(self) -> int:
        """Two vectors."""
        return 2

    def advance(
        self,
        parameters: Array,
        gradient: Array,
        state: Sequence[Array],
        scratch: Sequence[Array],
        rate: float,
        step: int,
    ) -> None:
        """Take a step in place; see :class:`Optimizer`."""
        average, square = state
        first, second = scratch
        np.multiply(average, self.decay, average)
        np.multiply(gradient, 1.0 - self.decay, first)
        np.add(average, first, average)
        np.multiply(square, self.square_decay, square)
        np.multiply(gradient, gradient, first)
        np.multiply(first, 1.0 - self.square_decay, first)
        np.add(square, first, square)
        # Both averages begin at 0: without the correction the first steps would be too small.
        np.divide(square, 1.0 - self.square_decay**step, second)
        np.sqrt(second, second)
        np.add(second, self.epsilon, second)
        np.multiply(average, rate / (1.0 - self.decay**step), first)
        np.divide(first, second, first)
        np.subtract(parameters, first, parameters)

    def update(
        self,
        parameters: Mapping[str, Array],
        gradients: Mapping[str, Array],
        state: OptimizerState | None = None,
        epoch: int = 0,
    ) -> ParameterUpdate:
        """Give new parameters; nothing that is given changes. See :func:`updated_parameters`."""
        return updated_parameters(self, parameters, gradients, state, epoch)


def read_optimizer(given: object) -> Optimizer:
    """Give an optimiser for what a user calls one.

    Parameters
    ----------
    given : Optimizer, str, class, number or None
        A value such as ``Adam(0.01)``; ``"sgd"`` or ``"adam"``, or the class, with its usual settings; a number, which
        is the learning rate of :class:`SGD`; None for ``SGD(0.1)``.

    Raises
    ------
    InputError
        For anything else.

    Examples
    --------
    >>> read_optimizer("adam") == Adam(), read_optimizer(0.5)
    (True, SGD(learning_rate=0.5, momentum=0.0))
    """
    known: dict[str, type[SGD | Adam]] = {"sgd": SGD, "adam": Adam}
    if given is None:
        return SGD()
    if isinstance(given, str) and given.lower() in known:
        return known[given.lower()]()
    if isinstance(given, type) and hasattr(given, "advance"):
        given = given()
    if isinstance(given, (int, float, np.number)) and not isinstance(given, bool):
        return SGD(float(given))
    if not isinstance(given, type) and hasattr(given, "advance") and hasattr(given, "remembered"):
        return given  # type: ignore[return-value]  # what Optimizer asks for
    raise InputError(
        f"An optimiser is a value such as SGD(0.1) or Adam(0.01), or one of the names 'sgd' and 'adam'; not {given!r}.",
        expected=tuple(known),
        actual=given,
    )


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


def _check_share(what: str, value: float) -> None:
    if not (isinstance(value, (int, float)) and 0.0 <= value < 1.0):
        raise InputError(f"{what} is a share, from 0 up to below 1; not {value!r}.", actual=value)
