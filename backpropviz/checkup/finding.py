"""What keeps a network from learning, as a value and in the words that all who tell of it share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SATURATED_SHARE = 0.95
"""Share of the examples from which on a unit counts as saturated."""
FAR_APART = 1e3
"""How many times larger one gradient is than another when they are said to vanish or explode."""
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that keeps a network from learning.

    Attributes
    ----------
    kind : str
        ``"silent"``, ``"saturated"``, ``"vanishing"``, ``"exploding"``, ``"diverging"``; of a model, also
        ``"not finite"``, ``"dead"``, ``"detached"`` and ``"scale"``.
    layer : int
        Counted from 1; 0 where the whole network is meant, or a block that has no number.
    units : tuple of int
        Which units, counted from 0; empty where the whole layer is meant.
    text : str
        What it is, with the numbers that show it, and what to do.
    where : str
        The node, block or parameter that it begins at, by name; empty for a layer.
    """

    kind: str
    layer: int
    units: tuple[int, ...]
    text: str
    where: str = ""


def subject(units: Sequence[int], total: int, of: str, what: str) -> str:
    """Name units of a layer, as the subject of a sentence.

    Examples
    --------
    >>> subject((0, 2), 4, "of hidden layer 1", "silent")
    'Units 1 and 3 of hidden layer 1 are silent'
    """
    if len(units) == total:
        return f"The one unit {of} is {what}" if total == 1 else f"All {total} units {of} are {what}"
    if len(units) == 1:
        return f"Unit {units[0] + 1} {of} is {what}"
    if len(units) > _MOST_NAMED:
        return f"{len(units)} of {total} units {of} are {what}"
    names = [str(unit + 1) for unit in units]
    return f"Units {', '.join(names[:-1])} and {names[-1]} {of} are {what}"


def silent_text(units: Sequence[int], total: int, of: str, examples: str, advice: str) -> str:
    """Say that units give 0 for every example; `examples` counts and names them."""
    return (
        f"{subject(units, total, of, 'silent')}: ReLU gives 0 for each of the {examples}, so no gradient reaches "
        f"{'its' if len(units) == 1 else 'their'} weights. Try {advice}."
    )


def saturated_text(units: Sequence[int], total: int, of: str, activation: str, examples: str, advice: str) -> str:
    """Say that units are at an end of their range; `examples` names what the share is of."""
    return (
        f"{subject(units, total, of, 'saturated')}: {activation} is within 2 % of an end of its range for at least "
        f"{SATURATED_SHARE:.0%} of the {examples}, where its slope is nearly 0. Try {advice}."
    )


def vanishing_text(smallest: str, last: str) -> str:
    """Say that gradients vanish; both arguments name a size and its place."""
    return (
        f"Gradients vanish on the way back: {smallest}, against {last}. Try ReLU or tanh rather than sigmoid, first "
        'weights that fit the activation (initial="auto"), or fewer layers.'
    )


def exploding_text(largest: str, last: str) -> str:
    """Say that gradients explode; both arguments name a size and its place."""
    return (
        f"Gradients explode on the way back: {largest}, against {last}. Try smaller first weights, a smaller learning "
        "rate, or fewer layers."
    )
