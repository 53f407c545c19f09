"""What is wrong with a text, where, and what to write instead."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from backpropviz.graph.text import hints
from backpropviz.graph.text.functions import functions
from backpropviz.graph.text.syntax import Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lark import Token

_SIGNS = frozenset({"PLUS", "MINUS", "TIMES", "OVER", "POWER"})
_OPERANDS = frozenset({"NAME", "NUMBER", "CLOSE"})
_NEXT_WORD = re.compile(r"[ \t]*([-+]?\w+(?:\.\w+)?)")


def reserved(name: str, start: int, end: int) -> Fault:
    """Refuse a word that Python keeps for itself."""
    hint = hints.KEYWORDS.get(name, f"Choose another name, such as {name}_.")
    return Fault(f"“{name}” is a word of Python, and no name.", start, end, hint)


def character(text: str, place: int, history: Sequence[Token]) -> Fault:
    """Refuse a character that starts nothing."""
    sign = text[place]
    last = history[-1] if history else None
    left, right = _shown(last), _following(text, place + 1)
    if sign == "." and last is not None and last.type == "NAME" and last.end_pos == place:
        return _dotted(last, right, place)
    hint = _replacement(sign, left, right, is_function=is_function(last))
    if not sign.isprintable() or unicodedata.category(sign) in ("Cf", "Mn"):
        code = f"U+{ord(sign):04X}"
        return Fault(f"There is a hidden character here ({code}).", place, place + 1, "Delete it and type anew.")
    edit = None if is_function(last) else _edit(text, place)
    return Fault(f"“{sign}” has no meaning in an expression.", place, place + 1, hint, edit)


def is_function(last: Token | None) -> bool:
    """Tell whether the name of a function was read last."""
    return last is not None and str(last) in functions()


def _edit(text: str, place: int) -> tuple[int, int, str] | None:
    """Give what surely stands for a sign; a run of raised digits is one exponent."""
    sign = text[place]
    plain = "**" if sign == "^" else None
    for signs, each in ((hints.PRODUCTS, "*"), (hints.MINUSES, "-"), (hints.QUOTIENTS, "/")):
        plain = each if sign in signs else plain
    if plain is not None:
        return place, place + 1, plain
    end = place
    while end < len(text) and text[end] in hints.SUPERSCRIPTS:
        end += 1
    if end == place:
        return None
    exponent = "".join(hints.SUPERSCRIPTS[each] for each in text[place:end])
    joined = (
        "*" if text[end : end + 1].isalnum() or (text[end : end + 1] in ("(", ".", "_") and end < len(text)) else ""
    )
    return place, end, f"**{exponent}{joined}"


def _dotted(last: Token, right: str, place: int) -> Fault:
    if str(last) in hints.LIBRARIES:
        return Fault(
            f"Functions stand without “{last}.”.", last.start_pos or 0, place + 1, f"Write {right or 'exp'}(…)."
        )
    return Fault("A dot stands in numbers only.", place, place + 1, "Write * to multiply; names have no dots.")


def _replacement(sign: str, left: str, right: str, *, is_function: bool) -> str:
    if sign == "^":
        also = f" or exp({right})" if left == "e" else ""
        base = f"{left}(x)" if is_function else left
        return f"Write {base}**{right}{also}." if left and right else "Write ** for powers."
    if sign in hints.SUPERSCRIPTS:
        exponent = hints.SUPERSCRIPTS[sign]
        if is_function:
            return f"Write {left}(x)**{exponent}."
        return f"Write {left}**{exponent}." if left else f"Write **{exponent} for this power."
    if sign in hints.SUBSCRIPTS:
        return f"Write {left}{hints.SUBSCRIPTS[sign]}." if left else "Write digits as part of the name: x1."
    for signs, plain in ((hints.PRODUCTS, "*"), (hints.MINUSES, "-"), (hints.QUOTIENTS, "/")):
        if sign in signs:
            return f"Write {left}{plain}{right}." if right and (left or plain == "-") else f"Write {plain} instead."
    if "\uff01" <= sign <= "\uff5e":
        return f"Write {chr(ord(sign) - 0xFEE0)} (this one is full-width)."
    if sign.isdigit():
        return f"Write {unicodedata.digit(sign)}."
    return hints.SIGNS.get(sign, "Write names, numbers, + - * / ** and parentheses.")


def token(text: str, found: Token, history: Sequence[Token], opened: Sequence[Token]) -> Fault:
    """Refuse a token that does not fit what stands before it.

    Parameters
    ----------
    text : str
        The whole text.
    found : Token
        The token; of type ``"$END"`` where the text ends too early.
    history : sequence of Token
        What was read before it.
    opened : sequence of Token
        Parentheses that are open.
    """
    if not history and found.type == "$END":
        return Fault("There is nothing to read.", 0, len(text), "Write an expression, such as x*z + sin(x).")
    last = history[-1] if history else None
    start, end = found.start_pos or 0, found.end_pos or 0
    if found.type != "EQUALS" and any(each.type == "INPUT" for each in _statement(history)):
        return Fault(
            "“input” is followed by names, with commas between them.",
            *(start or len(text), end or len(text)),
            "Write input x, z on a line of its own; to multiply, write input*x.",
        )
    if found.type in ("$END", "SEPARATOR"):
        return _early_end(found, last, opened)
    if found.type == "EQUALS":
        return _equals(text, found, history, opened)
    if found.type in ("NAME", "NUMBER", "OPEN") and last is not None and last.type in _OPERANDS:
        return _side_by_side(text, found, last, opened)
    if found.type == "CLOSE" and not opened:
        return Fault("No parenthesis is open here.", start, end, "Delete this “)”, or write “(” where it opens.")
    if last is not None and last.type in _SIGNS:
        return _after_sign(found, last)
    if found.type == "COMMA":
        return _comma(text, found, last)
    if found.type == "CLOSE":
        return _closed_early(found, last)
    return Fault(f"Nothing stands to the left of “{found}”.", start, end, f"Write what “{found}” is to act on.")


def _early_end(found: Token, last: Token | None, opened: Sequence[Token]) -> Fault:
    if opened:
        return _never_closed(opened[-1])
    if last is not None and last.type == "EQUALS":
        return Fault("Nothing stands to the right of “=”.", *_place(last), "Write the value, as in y = x*z.")
    if last is not None and last.type in _SIGNS:
        broken = " A line may be broken inside parentheses." if found.type == "SEPARATOR" else ""
        return Fault(f"Nothing follows “{last}”.", *_place(last), f"Write what follows it, or delete it.{broken}")
    place = _place(last if last is not None else found)
    return Fault("The text ends too early.", *place, "Write the rest of the expression.")


def _closed_early(found: Token, last: Token | None) -> Fault:
    start, end = _place(found)
    if last is not None and last.type == "OPEN":
        return Fault("Nothing stands in these parentheses.", last.start_pos or 0, end, "Write an expression inside.")
    return Fault("Nothing stands before this “)”.", start, end, "Write the argument, or delete the comma.")


def _never_closed(opening: Token) -> Fault:
    return Fault("This parenthesis is never closed.", *_place(opening), "Write “)” where it ends.")


def _equals(text: str, found: Token, history: Sequence[Token], opened: Sequence[Token]) -> Fault:
    start, end = _place(found)
    last = history[-1] if history else None
    if last is not None and last.type == "EQUALS" and last.end_pos == start:
        return Fault("“==” compares, and there is nothing to compare.", start - 1, end, "Write one =, as in y = x*z.")
    if text[end : end + 1] == "=":
        return Fault("“==” compares, and there is nothing to compare.", start, end + 1, "Write one =, as in y = x*z.")
    if opened:
        return Fault("“=” stands inside parentheses.", start, end, "Name the value on a line of its own: a = x*z.")
    statement = _statement(history)
    if any(earlier.type == "EQUALS" for earlier in statement):
        return Fault("There are two “=” in one statement.", start, end, "Write one per line: b = 2*x; a = b.")
    if not statement:
        return Fault("No name stands to the left of “=”.", start, end, "Write a name, as in y = x*z.")
    return Fault("Left of “=” stands one name.", statement[0].start_pos or 0, end, "Write a name alone, as in y = x*z.")


def _statement(history: Sequence[Token]) -> Sequence[Token]:
    """Give what was read of the present statement."""
    first = next((place for place in range(len(history), 0, -1) if history[place - 1].type == "SEPARATOR"), 0)
    return history[first:]


def _side_by_side(text: str, found: Token, last: Token, opened: Sequence[Token]) -> Fault:
    start, end = last.start_pos or 0, found.end_pos or 0
    if opened and "\n" in text[last.end_pos : found.start_pos]:
        return _never_closed(opened[-1])
    if last.type == "NUMBER" and found.type == "NAME" and found.startswith("_") and last.end_pos == found.start_pos:
        return Fault("Digits are not grouped.", start, end, f"Write {last}{found.replace('_', '')}.")
    if last.type == "NUMBER" and found.type == "NUMBER":
        if last.end_pos == found.start_pos:
            return Fault("A number has one decimal point.", start, end, "Write it as in 1.5.")
        return Fault("Two numbers stand side by side.", start, end, f"Write {last}*{found} to multiply.")
    if str(last) in functions() and found.type != "OPEN":
        return Fault(f"The argument of {last} stands in parentheses.", start, end, f"Write {last}({found}).")
    right = "(…)" if found.type == "OPEN" else str(found)
    hint = f"Write {_shown(last)}*{right} to multiply."
    return Fault(
        "A sign is missing between these two.", start, end, hint, (last.end_pos or 0, found.start_pos or 0, "*")
    )


def _after_sign(found: Token, last: Token) -> Fault:
    start, end = last.start_pos or 0, found.end_pos or 0
    if last.type == found.type == "OVER":
        return Fault("“//” rounds, which has no gradient.", start, end, "Write / to divide.")
    if last.type == found.type == "TIMES":
        return Fault("Two “*” stand apart.", start, end, "Write ** for powers, * for products.")
    if found.type in _SIGNS:
        return Fault(f"“{last}” and “{found}” stand side by side.", start, end, "Write one of them.")
    return Fault(f"Nothing follows “{last}”.", *_place(last), "Write what follows it, or delete it.")


def _comma(text: str, found: Token, last: Token | None) -> Fault:
    start, end = _place(found)
    decimals = re.match(r"[0-9]+", text[end:])
    if last is not None and last.type == "NUMBER" and last.end_pos == start and decimals:
        return Fault(
            "A comma does not mark decimals.", last.start_pos or 0, end + decimals.end(), f"Write {last}.{decimals[0]}."
        )
    if last is None or last.type not in _OPERANDS:
        return Fault("Nothing stands before this comma.", start, end, "Write the argument, or delete the comma.")
    return Fault(
        "A comma stands only between the arguments of a function.", start, end, "Write one statement per line, or “;”."
    )


def _place(mark: Token) -> tuple[int, int]:
    return mark.start_pos or 0, mark.end_pos or 0


def _shown(mark: Token | None) -> str:
    """Give what a hint repeats of the text to the left."""
    if mark is None or mark.type not in _OPERANDS:
        return ""
    return "(…)" if mark.type == "CLOSE" else str(mark)


def _following(text: str, place: int) -> str:
    """Give what a hint repeats of the text to the right."""
    if text[place : place + 20].lstrip().startswith("("):
        return "(…)"
    word = _NEXT_WORD.match(text, place, place + 60)
    return word[1] if word else ""
