"""What a network may be made of and trained with: by name, by number, and what fits together."""

from __future__ import annotations

import math
import sys

import numpy as np

from backpropviz.errors import InputError
from backpropviz.ops import choose
from backpropviz.ops.registry import activation_ops

OUTPUTS = ("identity", "sigmoid", "softmax")
"""What the last layer does with its scores."""

LOSSES = ("squared_error", "half_squared_error", "binary_cross_entropy", "cross_entropy")
"""What is minimised."""

_FITTING = {
    "identity": LOSSES,
    "sigmoid": ("binary_cross_entropy", "squared_error", "half_squared_error"),
    "softmax": ("cross_entropy", "squared_error", "half_squared_error"),
}
_USUAL = {"identity": "squared_error", "sigmoid": "binary_cross_entropy", "softmax": "cross_entropy"}


def generator_of(seed: object) -> np.random.Generator:
    """Give the random numbers of a seed.

    Raises
    ------
    InputError
        For anything but a whole number from 0, several of them, or None, which is another draw each time.
    """
    try:
        return np.random.default_rng(seed)  # type: ignore[arg-type]  # what it is, is asked here
    except (TypeError, ValueError):
        raise InputError(f"A seed is a whole number, 0 or more; not {seed!r}.", actual=seed) from None


def check_number(
    rule: str, value: object, *, whole: bool = False, least: float = -math.inf, below: float = math.inf
) -> None:
    """Refuse what is no finite number, or out of range.

    Parameters
    ----------
    rule : str
        What it should be, as the error says it.
    value : object
        What was given.
    whole : bool
        Whether it counts something.
    least, below : float
        The range: from `least` up to below `below`.

    Raises
    ------
    InputError
        As the rule says.

    Examples
    --------
    >>> check_number("momentum is a share, from 0 up to below 1", 0.9, least=0, below=1)
    """
    kinds = (int, np.integer) if whole else (int, float, np.integer, np.floating)
    most = math.inf if whole else sys.float_info.max  # a whole number may be larger than every float
    fits = not isinstance(value, bool) and isinstance(value, kinds) and max(least, -most) <= value < below
    if not fits or value > most:  # type: ignore[operator]  # it is a number
        raise InputError(f"{rule}; not {value!r}.", actual=value)


def check_steps(count: object) -> None:
    """Refuse what counts no steps; see :func:`check_number`."""
    check_number("count is how many steps are taken, 0 or more", count, whole=True, least=0)


def activation_names() -> tuple[str, ...]:
    """Give what a unit may do with its weighted sum: leave it, or apply an operation that is an activation."""
    return ("identity", *activation_ops())


def loss_for(output: str, loss: object) -> str:
    """Give the loss that was asked for, or the usual one of an output.

    Raises
    ------
    InputError
        Where the loss is unknown, or makes no sense of that output.
    """
    if loss is None:
        return _USUAL[output]
    chosen = choose("loss", loss, LOSSES)
    if chosen not in _FITTING[output]:
        raise InputError(
            f"The loss {chosen!r} does not fit the output {output!r}. Losses that do: {', '.join(_FITTING[output])}.",
            expected=_FITTING[output],
            actual=chosen,
        )
    return chosen
