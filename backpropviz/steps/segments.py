"""The small template language in which runs are told: with the numbers left open, and with them put in.

A template is a list of segments: plain strings, or lists that name what stands there::

    ["v", name]              a variable's name
    ["g", name]              the symbol of a node's gradient
    ["t", name]              the symbol of a node's tangent
    ["q", kind, ...where]    a number of the current run
    ["i", segments, cond]    the segments, only where the condition holds

Numbers are ``["q", "value" | "gradient" | "tangent", node]``, ``["q", "partial" | "push" | "contribution" | "before" |
"after", consumer, slot]``, ``["q", "move" | "updated", node]`` for a step of gradient descent, or
``["q", "literal", number]``, with nodes by position. Conditions compare numbers: ``equal``, ``less``, ``greater``,
``zero``, ``positive``, ``negative``, ``finite``, joined by ``not``, ``all``, ``any``.

The templates go to the browser, which fills them with its own numbers while a slider moves; Python fills the same
templates here. So a sentence is written in one place and is true at every point.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np

from backpropviz.ops import choose
from backpropviz.steps.numerals import format_number
from backpropviz.steps.veil import HIDDEN, QUESTION

if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropviz.ops import Condition
    from backpropviz.schema.story import LedgerLine, Note, PlainTemplate

Segments = list[Any]
Quantity = list[Any]

NOTATIONS = ("g_x", "dL/dx", "x̄", "δ")
_MACRON = "\u0304"
_DOT_ABOVE = "\u0307"

_SHORT_VECTOR = 3
_MOST_TOLD = 36

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "equal": operator.eq,
    "less": operator.lt,
    "greater": operator.gt,
}
_PROPERTIES: dict[str, Callable[[Any], bool]] = {
    "zero": lambda value: value == 0,
    "positive": lambda value: value > 0,
    "negative": lambda value: value < 0,
}


class Numbers(Protocol):
    """Where a template finds its numbers."""

    output: str

    def number(self, kind: str, *where: int) -> Any:
        """Give the number of a quantity at the current point."""


def value(node: int) -> Quantity:
    """Refer to a node's value."""
    return ["q", "value", node]


def adjoint(node: int) -> Quantity:
    """Refer to a node's gradient."""
    return ["q", "gradient", node]


def tangent(node: int) -> Quantity:
    """Refer to a node's tangent."""
    return ["q", "tangent", node]


def on_edge(kind: str, consumer: int, slot: int) -> Quantity:
    """Refer to a number of an edge: ``"partial"``, ``"push"``, ``"contribution"``, ``"before"`` or ``"after"``."""
    return ["q", kind, consumer, slot]


def bracketed(quantity: Quantity) -> Segments:
    """Put a number in brackets where it is negative, as in ``1·(−3)``."""
    negative = ["negative", quantity]
    return [["i", ["("], negative], quantity, ["i", [")"], negative]]


def joined(parts: list[Segments], separator: str, last: str | None = None) -> Segments:
    """Join templates as words are joined, with another word before the last."""
    result: Segments = []
    for index, part in enumerate(parts):
        if index:
            result.append(last if last is not None and index == len(parts) - 1 else separator)
        result.extend(part)
    return result


def gradient_symbol(name: str, notation: str, output: str) -> str:
    """Write the symbol of a gradient.

    Raises
    ------
    InputError
        For an unknown notation.

    Examples
    --------
    >>> [gradient_symbol("b", notation, "y") for notation in ("g_x", "dL/dx", "δ")]
    ['g_b', '∂y/∂b', 'δ_b']
    """
    if notation == "dL/dx":
        return f"∂{output}/∂{name}"
    if notation == "x̄":
        return name + _MACRON
    return f"{choose('notation', notation, NOTATIONS)[0]}_{name}"


def plain_text(segments: Segments, numbers: Numbers, notation: str) -> str:
    """Fill a template with the numbers of a run."""
    return "".join(_text(segment, numbers, notation) for segment in segments)


def _text(segment: Any, numbers: Numbers, notation: str) -> str:
    if isinstance(segment, str):
        return segment
    mark = segment[0]
    if mark == "v":
        return str(segment[1])
    if mark == "g":
        return gradient_symbol(segment[1], notation, numbers.output)
    if mark == "t":
        return f"{segment[1]}{_DOT_ABOVE}"
    if mark == "q":
        return number_text(quantity(segment, numbers))
    return plain_text(segment[1], numbers, notation) if holds(segment[2], numbers) else ""


def quantity(reference: Quantity, numbers: Numbers) -> Any:
    """Give the number that a reference stands for."""
    kind, *where = reference[1:]
    return where[0] if kind == "literal" else numbers.number(kind, *where)


def number_text(number: Any) -> str:
    """Write a number; a short vector by its entries, another array by its shape.

    Examples
    --------
    >>> number_text(np.array([0.5, 2.0])), number_text(np.zeros((3, 2)))
    ('[0.5, 2]', '[3×2]')
    """
    if number is None:
        return "…"
    if number is HIDDEN:
        return QUESTION
    if np.ndim(number) == 0:
        return format_number(number)
    if is_short_vector(number):
        return f"[{', '.join(map(format_number, number))}]"
    return shape_text(np.shape(number))


def is_short_vector(number: Any) -> bool:
    """Tell whether an array is told by its entries everywhere, since they take no more room than a shape."""
    return np.ndim(number) == 1 and len(number) <= _SHORT_VECTOR


def number_words(number: Any) -> str:
    """Tell a number to those who read texts alone: an array row by row, a large one by its shape and reach.

    Examples
    --------
    >>> number_words(np.array([[1.0, 2.5], [0.0, -1.0]])), number_words(np.arange(100.0))
    ('[2×2]: 1, 2.5; 0, −1', '[100], from 0 to 99')
    """
    text = number_text(number)
    if number is HIDDEN:
        return text
    array = np.asarray(number, dtype=np.float64)
    if array.ndim == 0 or array.size == 0 or is_short_vector(array):
        return text
    if array.size > _MOST_TOLD:
        return f"{text}, {reach_text(array)}"
    rows = array.reshape(-1, array.shape[-1])
    return f"{text}: {'; '.join(', '.join(map(format_number, row)) for row in rows)}"


def reach_text(array: np.ndarray[Any, Any]) -> str:
    """Write from where to where the entries of an array go; entries that are no number do not count."""
    told = array[~np.isnan(array)]
    return f"from {format_number(told.min())} to {format_number(told.max())}" if told.size else "no numbers"


def shape_text(shape: tuple[int, ...]) -> str:
    """Write a shape, ``[3×2]``."""
    return f"[{'×'.join(map(str, shape))}]"


def holds(condition: Condition | None, numbers: Numbers) -> bool:
    """Tell whether a condition holds; None always does; a comparison with an array, or of a hidden number, never.

    An array is finite where every entry is.
    """
    if condition is None:
        return True
    word, *operands = condition
    if word == "not":
        return not _asks_for_hidden(operands[0], numbers) and not holds(operands[0], numbers)
    if word == "all":
        return all(holds(each, numbers) for each in operands)
    if word == "any":
        return any(holds(each, numbers) for each in operands)
    found = [quantity(each, numbers) for each in operands]
    if any(number is None or number is HIDDEN for number in found):
        return False
    if word == "finite":
        return bool(np.isfinite(found[0]).all())
    if any(np.shape(number) != () for number in found):
        return False
    if word in _COMPARISONS:
        return bool(_COMPARISONS[word](*found))
    return bool(_PROPERTIES[word](*found))


def _asks_for_hidden(condition: Any, numbers: Numbers) -> bool:
    """Tell whether a condition asks for a number that is hidden: then nothing is said of it, neither way."""
    if condition[0] == "q":
        return quantity(condition, numbers) is HIDDEN
    return any(isinstance(each, list) and _asks_for_hidden(each, numbers) for each in condition[1:])


@dataclass(frozen=True, slots=True)
class Template:
    """What a step says, with the numbers left open; see :mod:`backpropviz.steps.segments`.

    Parameters
    ----------
    title, role, sentence, equation, numeric : segments
        Heading, the gate's role, one or two sentences, the equation in symbols and in numbers.
    ledger : list of dict
        Lines of label, formula, number and kind; `total` is the line under the rule.
    notes : list of dict
        Sentences with the condition under which they are true.
    """

    title: Segments
    role: Segments
    sentence: Segments
    equation: Segments = field(default_factory=list)
    numeric: Segments = field(default_factory=list)
    ledger: list[LedgerLine] = field(default_factory=list)
    total: LedgerLine | None = None
    notes: list[Note] = field(default_factory=list)

    def to_plain(self) -> PlainTemplate:
        """Give the template as the browser reads it; what is empty is left out."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return cast("PlainTemplate", {name: part for name, part in plain.items() if part})


@dataclass(frozen=True, slots=True)
class Narration:
    """A step told in words and numbers.

    Parameters
    ----------
    sentence : str
        What happens, with the numbers in.
    latex : str
        The equation in LaTeX, in symbols and then in numbers.
    equation : str
        The same as plain text.
    notes : tuple of str
        Conventions and warnings that apply at this point.
    """

    sentence: str
    latex: str
    equation: str
    notes: tuple[str, ...]
