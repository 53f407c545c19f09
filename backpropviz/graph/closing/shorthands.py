"""Gates that are short for several simpler ones, and what they open into."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate of an opened form.

    Parameters
    ----------
    op : str
        Name in the registry.
    arguments : tuple of int or float
        Whole numbers from 0 up are earlier gates of the form, -1 and -2 the form's own first and second argument;
        a float is that constant.
    """

    op: str
    arguments: tuple[int | float, ...]


FIRST, SECOND = -1, -2

FORMS: Mapping[str, tuple[Gate, ...]] = MappingProxyType(
    {
        # The four gates of the lecture's fine-grained logistic regressor: 1/(1 + exp(-x)).
        "sigmoid": (Gate("negate", (FIRST,)), Gate("exp", (0,)), Gate("add", (1.0, 1)), Gate("reciprocal", (2,))),
        "softplus": (Gate("exp", (FIRST,)), Gate("add", (1.0, 0)), Gate("ln", (1,))),
        "tanh": (
            Gate("multiply", (2.0, FIRST)),
            Gate("exp", (0,)),
            Gate("subtract", (1, 1.0)),
            Gate("add", (1, 1.0)),
            Gate("divide", (2, 3)),
        ),
        "divide": (Gate("reciprocal", (SECOND,)), Gate("multiply", (FIRST, 0))),
        "subtract": (Gate("negate", (SECOND,)), Gate("add", (FIRST, 0))),
    }
)
"""By operation: the gates, arguments first, the last one giving the value."""
