"""What was read, as values: phrases with their places in the text."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from backpropviz.graph.text.functions import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Callable


class Fault(Exception):  # noqa: N818  never leaves the package: the parser turns it into an ExpressionError
    """Something wrong with the text, before the whole text is known.

    Parameters
    ----------
    message : str
        What is wrong.
    start, end : int
        Where, in characters, end exclusive.
    hint : str
        What to write instead.
    edit : (int, int, str), optional
        Where that is sure: from where to where the text is to be replaced, and by what.
    """

    def __init__(self, message: str, start: int, end: int, hint: str, edit: tuple[int, int, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.hint = hint
        self.edit = edit


@dataclass(slots=True, eq=False)
class Phrase:
    """A piece of text that has a meaning.

    Parameters
    ----------
    kind : str
        ``"number"``, ``"name"``, ``"call"``, ``"group"``, ``"assignment"``, ``"inputs"``, or the name of an operation.
    start, end : int
        Place in the text, end exclusive.
    text : str
        The name, of a name, a call and an assignment.
    value : float
        The number, of a number.
    parts : list of Phrase
        What it is made of, from left to right.
    """

    kind: str
    start: int
    end: int
    text: str = ""
    value: float = math.nan
    parts: list[Phrase] = field(default_factory=list)


def _infix(kind: str) -> Callable[[Any, list[Any]], Phrase]:
    def make(_self: Any, children: list[Any]) -> Phrase:
        left, _, right = children
        return Phrase(kind, left.start, right.end, parts=[left, right])

    return make


class Actions:
    """What each rule of the grammar gives; the LALR parser calls these from the leaves up, without recursion."""

    # Rules of the grammar; lark hands over the children from left to right, tokens included.
    subtract = _infix("subtract")
    multiply = _infix("multiply")
    divide = _infix("divide")
    power = _infix("power")

    def add(self, children: list[Any]) -> Phrase:
        """Chain what is written as a chain: ``a + b + c`` is one sum, ``(a + b) + c`` is two."""
        left, _, right = children
        if left.kind != "add":
            return Phrase("add", left.start, right.end, parts=[left, right])
        left.parts.append(right)  # nobody else holds the left sum yet, so it may grow in place
        left.end = right.end
        return left  # type: ignore[no-any-return]

    def negate(self, children: list[Any]) -> Phrase:
        """Give a negative number for a signed literal, a negation for all else."""
        sign, operand = children
        if operand.kind == "number" and math.copysign(1.0, operand.value) > 0:
            value = operand.value if math.isnan(operand.value) else -operand.value
            return Phrase("number", sign.start_pos, operand.end, value=value)
        return Phrase("negate", sign.start_pos, operand.end, parts=[operand])

    def plus(self, children: list[Any]) -> Phrase:
        """Pass on what stands behind a plus sign."""
        sign, operand = children
        if operand.kind == "number":
            return Phrase("number", sign.start_pos, operand.end, value=operand.value)
        return Phrase("group", sign.start_pos, operand.end, parts=[operand])

    def number(self, children: list[Any]) -> Phrase:
        """Read a literal."""
        (token,) = children
        value = float(token)
        if math.isinf(value):
            raise Fault(
                "This number is too large.", token.start_pos, token.end_pos, "The largest is about 1.8e308 (float64)."
            )
        return Phrase("number", token.start_pos, token.end_pos, value=value)

    def name(self, children: list[Any]) -> Phrase:
        """Read a name, or a number that is written as a word."""
        (token,) = children
        if token in NUMBERS:
            return Phrase("number", token.start_pos, token.end_pos, value=NUMBERS[token])
        return Phrase("name", token.start_pos, token.end_pos, text=str(token))

    def call(self, children: list[Any]) -> Phrase:
        """Read a function with its arguments."""
        token, close = children[0], children[-1]
        arguments = [child for child in children[2:-1] if isinstance(child, Phrase)]
        return Phrase("call", token.start_pos, close.end_pos, text=str(token), parts=arguments)

    def group(self, children: list[Any]) -> Phrase:
        """Keep parentheses as a phrase of their own: they end a chain."""
        opening, inside, close = children
        return Phrase("group", opening.start_pos, close.end_pos, parts=[inside])

    def assignment(self, children: list[Any]) -> Phrase:
        """Read ``name = expression``; its place is that of the name."""
        target, _, value = children
        return Phrase("assignment", target.start_pos, target.end_pos, text=str(target), parts=[value])

    def inputs(self, children: list[Any]) -> Phrase:
        """Read ``input x, e``; its parts are the names."""
        names = [Phrase("name", token.start_pos, token.end_pos, text=str(token)) for token in children[1::2]]
        return Phrase("inputs", children[0].start_pos, children[-1].end_pos, parts=names)

    def program(self, children: list[Any]) -> list[Phrase]:
        """Collect the statements."""
        return [child for child in children if isinstance(child, Phrase)]
