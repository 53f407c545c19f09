"""Rules that turn gradients into steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.errors import InputError
from backpropviz.learn.choices import check_number
from backpropviz.learn.optimizer_step import OnValues
from backpropviz.learn.schedules import Schedule, check_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.graph.node import Array
    from backpropviz.learn.optimizer_step import Optimizer


@dataclass(frozen=True, slots=True)
class SGD(OnValues):
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
        """Take a step in place; see :class:`~backpropviz.learn.optimizer_step.Optimizer`."""
        del step
        direction = gradient
        if self.momentum:
            direction = state[0]
            np.multiply(direction, self.momentum, direction)
            np.add(direction, gradient, direction)
        np.multiply(direction, rate, scratch[0])
        np.subtract(parameters, scratch[0], parameters)


@dataclass(frozen=True, slots=True)
class RMSProp(OnValues):
    """Steps scaled by a running average of the gradient's square.

    Parameters
    ----------
    learning_rate : float or Schedule, per step
        Where the gradient keeps its size, about the change of a parameter in one step.
    square_decay : float
        Share of the old average that stays.
    epsilon : float
        Keeps the division finite.

    Examples
    --------
    >>> import numpy as np
    >>> update = RMSProp(0.1, square_decay=0.75).update({"w": np.array([1.0])}, {"w": np.array([3.0])})
    >>> print(update.parameters["w"].round(4))
    [0.8]

    References
    ----------
    Tieleman and Hinton (2012), Lecture 6.5: Divide the gradient by a running average of its recent magnitude.
    """

    learning_rate: float | Schedule = 0.01
    square_decay: float = 0.99
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        check_rate(self.learning_rate)
        _check_share("square_decay", self.square_decay)
        _check_epsilon(self.epsilon)

    @property
    def remembered(self) -> int:
        """One vector."""
        return 1

    def advance(
        self,
        parameters: Array,
        gradient: Array,
        state: Sequence[Array],
        scratch: Sequence[Array],
        rate: float,
        step: int,
    ) -> None:
        """Take a step in place; see :class:`~backpropviz.learn.optimizer_step.Optimizer`."""
        del step
        (square,) = state
        _average_square(square, gradient, self.square_decay, scratch[0])
        _step_scaled(parameters, gradient, rate, square, self.epsilon, scratch)


@dataclass(frozen=True, slots=True)
class Adam(OnValues):
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
        _check_epsilon(self.epsilon)

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
        """Take a step in place; see :class:`~backpropviz.learn.optimizer_step.Optimizer`."""
        average, square = state
        first, second = scratch
        np.multiply(average, self.decay, average)
        np.multiply(gradient, 1.0 - self.decay, first)
        np.add(average, first, average)
        _average_square(square, gradient, self.square_decay, first)
        # Both averages begin at 0: without the correction the first steps would be too small.
        np.divide(square, 1.0 - self.square_decay**step, second)
        _step_scaled(parameters, average, rate / (1.0 - self.decay**step), second, self.epsilon, scratch)


def read_optimizer(given: object) -> Optimizer:
    """Give an optimiser for what a user calls one.

    Parameters
    ----------
    given : Optimizer, str, class, number or None
        A value such as ``Adam(0.01)``; ``"sgd"``, ``"rmsprop"`` or ``"adam"``, or the class, with its usual settings; a
        number, which is the learning rate of :class:`SGD`; None for ``SGD(0.1)``.

    Raises
    ------
    InputError
        For anything else.

    Examples
    --------
    >>> read_optimizer("adam") == Adam(), read_optimizer(0.5)
    (True, SGD(learning_rate=0.5, momentum=0.0))
    """
    known: dict[str, type[SGD | RMSProp | Adam]] = {"sgd": SGD, "rmsprop": RMSProp, "adam": Adam}
    if given is None:
        return SGD()
    if isinstance(given, str) and given.lower() in known:
        return known[given.lower()]()
    if isinstance(given, type) and hasattr(given, "advance"):
        given = given()
    if isinstance(given, (int, float, np.number)) and not isinstance(given, bool):
        return SGD(given if isinstance(given, int) else float(given))
    if not isinstance(given, type) and hasattr(given, "advance") and hasattr(given, "remembered"):
        return given  # type: ignore[return-value]  # what Optimizer asks for
    names = ", ".join(map(repr, known))
    raise InputError(
        f"An optimiser is a value such as SGD(0.1) or Adam(0.01), or one of the names {names}; not {given!r}.",
        expected=tuple(known),
        actual=given,
    )


def _check_share(what: str, value: float) -> None:
    check_number(f"{what} is a share, from 0 up to below 1", value, least=0, below=1)


def _check_epsilon(epsilon: float) -> None:
    check_number("epsilon is greater than 0", epsilon, least=float(np.nextafter(0, 1)))


def _average_square(square: Array, gradient: Array, decay: float, scratch: Array) -> None:
    """Let a running average of squares take in a gradient."""
    np.multiply(square, decay, square)
    np.multiply(gradient, gradient, scratch)
    np.multiply(scratch, 1.0 - decay, scratch)
    np.add(square, scratch, square)


def _step_scaled(
    parameters: Array, direction: Array, rate: float, square: Array, epsilon: float, scratch: Sequence[Array]
) -> None:
    """Move parameters against a direction, each by its own scale: the root of an average square."""
    first, second = scratch
    np.sqrt(square, second)
    np.add(second, epsilon, second)
    np.multiply(direction, rate, first)
    np.divide(first, second, first)
    np.subtract(parameters, first, parameters)
