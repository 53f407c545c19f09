"""A number as an answer: reading what was typed, and saying what is right or wrong with it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backpropviz.autodiff import evaluate
from backpropviz.errors import ExpressionError, InputError
from backpropviz.graph import parse
from backpropviz.ops import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.exercises.mistakes import Mistake

TOLERANCE = 1e-3
"""Relative: an answer rounded to four digits is at most half of it away."""
NOTHING = 1e-9
"""Absolute: what is smaller counts as 0."""

RIGHT, MISTAKEN, MORE_DIGITS, WRONG, UNREADABLE = "right", "mistaken", "more digits", "wrong", "unreadable"

FUNCTIONS = frozenset(["exp", "ln", "log2", "log10", "sqrt", "sin", "cos", "tan", "tanh", "abs", "sigmoid"])
"""Operations that may be called in an answer, and ``log`` for ``ln``; a page knows the same."""
LONGEST_ANSWER = 300
"""Characters of an answer."""
# Signs as people type and paste them; the expression parser itself asks for the plain ones.
_SIGNS = str.maketrans({"−": "-", "–": "-", "·": "*", "×": "*", "⋅": "*", "^": "\x00"})
_NO_PART = re.compile(r"[;=\n\r]")  # what makes programs of expressions
_DECIMALS = re.compile(r"-?\d*\.(\d+)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said about an answer.

    Parameters
    ----------
    status : {"right", "mistaken", "more digits", "wrong", "unreadable"}
        "mistaken" is a wrong answer that a typical error gives.
    text : str
        Feedback, one or a few sentences.
    number : float or None
        What the answer was read as; None where it could not be read.
    kinds : tuple of str
        The typical errors that give this number, where there are any.
    """

    status: str
    text: str
    number: float | None = None
    kinds: tuple[str, ...] = ()

    @property
    def credit(self) -> float:
        """Share of the answer that is right."""
        return float(self.status == RIGHT)


def read_answer(text: str) -> float:
    """Read an answer: a number, a fraction, or an expression such as ``3*e^6``.

    Parameters
    ----------
    text : str
        As typed, one expression; ``^`` counts as a power here.

    Raises
    ------
    ExpressionError, InputError
        For text that is no expression, has names or more than :data:`FUNCTIONS` in it, or is no finite number.

    Examples
    --------
    >>> read_answer("-3/4"), round(read_answer("3*e^2"), 3)
    (-0.75, 22.167)
    """
    plain = text.strip().translate(_SIGNS).replace("\x00", "**")
    if not plain:
        raise InputError("Nothing is written here yet. Write a number, such as -0.75, 3/4 or 3*e^2.")
    if len(plain) > LONGEST_ANSWER:
        raise InputError(f"This is too long for a number: {len(plain)} characters, {LONGEST_ANSWER} at most.")
    if found := _NO_PART.search(plain):
        raise InputError(f"“{text.strip()}” cannot be read. “{found[0]}” has no meaning in a number.")
    graph = parse(plain)
    if unknown := {graph.op(name) for name in graph.nodes} - FUNCTIONS - OPERATORS - {"constant", "input"}:
        raise InputError(f"“{min(unknown)}” is no function of an answer. Write the number that it gives.")
    if graph.inputs:
        raise InputError(f"“{graph.inputs[0]}” is a name. Write the number that it stands for.")
    number = float(evaluate(graph, None, {}).value)
    if not math.isfinite(number):
        raise InputError(f"“{text.strip()}” is not a finite number.")
    return number


def close(number: float, answer: float) -> bool:
    """Tell whether a number is an answer up to rounding.

    Examples
    --------
    >>> close(0.1966, 0.19661193), close(0.2, 0.19661193)
    (True, False)
    """
    return abs(number - answer) <= max(TOLERANCE * abs(answer), NOTHING)


def judge(text: str, answer: float, mistakes: Sequence[Mistake]) -> Verdict:
    """Judge an answer.

    Parameters
    ----------
    text : str
        As typed.
    answer : float
        The right number.
    mistakes : sequence of Mistake
        Typical errors with the numbers they give.
    """
    try:
        number = read_answer(text)
    except ExpressionError as fault:
        return Verdict(UNREADABLE, f"“{text.strip()}” cannot be read. {fault.message} {fault.hint}".strip())
    except InputError as fault:
        return Verdict(UNREADABLE, str(fault))
    if close(number, answer):
        return Verdict(RIGHT, "Right.", number)
    named = [mistake for mistake in mistakes if close(number, mistake.number)]
    if named:
        said = one_of([mistake.text for mistake in named])
        return Verdict(MISTAKEN, said, number, tuple(dict.fromkeys(mistake.kind for mistake in named)))
    if _is_rounded(text.strip(), number, answer):
        return Verdict(MORE_DIGITS, "Not wrong, but rounded too far: give four digits.", number)
    return Verdict(WRONG, "That is not it.", number)


def one_of(texts: Sequence[str]) -> str:
    """Say what may have gone wrong, each thing once."""
    found = list(dict.fromkeys(texts))
    return found[0] if len(found) == 1 else "One of these: " + " Or: ".join(found)


def _is_rounded(text: str, number: float, answer: float) -> bool:
    """Tell whether a plain decimal is the answer, rounded to the digits that are written."""
    decimals = _DECIMALS.fullmatch(text.translate(_SIGNS))
    if decimals is None or number == 0:
        return False
    return abs(number - answer) <= 0.5 * 10.0 ** -len(decimals[1]) * (1 + 1e-9)
