"""One gate as text, with as few parentheses as reading allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backpropviz.graph.notation.constants import exact_number
from backpropviz.graph.notation.small_digits import raised
from backpropviz.ops import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropviz.graph.notation.constants import Style

SUM, PRODUCT, SIGNED, RAISED, ATOM = range(1, 6)
"""How tightly a piece of text holds together."""


@dataclass(frozen=True, slots=True)
class FormulaPiece:
    r"""Text of a sub-expression.

    Parameters
    ----------
    text : str
        As written.
    level : int
        SUM, PRODUCT, SIGNED, RAISED or ATOM.
    op : str
        Operation at its root.
    trailing : bool
        Whether it ends in a function's argument without brackets, as ``\sin x`` does, so that nothing may follow.
    """

    text: str
    level: int = ATOM
    op: str = "input"
    trailing: bool = False

    def within(self, level: int, *, first: bool = False) -> str:
        """Text to stand where at least `level` is needed; a sign needs parentheses unless it comes first."""
        signed = self.text[0] in "-−" and not first
        return self.bracketed() if self.level < level or signed else self.text

    def bracketed(self) -> str:
        """Text in parentheses."""
        return f"({self.text})"


def text_gate(op: str, arguments: Sequence[FormulaPiece], parameters: Mapping[str, Any], style: Style) -> FormulaPiece:
    """Write a gate for people and for the parser.

    Parameters
    ----------
    op : str
        Name in the registry.
    arguments : sequence of FormulaPiece
        Texts of the arguments.
    parameters : mapping
        What the operation has beside its arguments.
    style : {"text", "unicode"}
        The Unicode form is for reading only.
    """
    if op == "add":
        # A sum inside a sum keeps its parentheses: without them it would be read as one chain.
        first, *rest = arguments
        head = first.bracketed() if first.op == "add" else first.within(SUM, first=True)
        return FormulaPiece(" + ".join([head, *(piece.within(PRODUCT) for piece in rest)]), SUM, op)
    if op == "negate":
        (operand,) = arguments
        # -2 would be read as a negative number, so the negation of the constant 2 is -(2).
        inside = operand.bracketed() if operand.op == "constant" else operand.within(RAISED)
        return FormulaPiece(f"{'-' if style == 'text' else '−'}{inside}", SIGNED, op)
    if op in _INFIX:
        sign, level = _INFIX[op]
        left, right = arguments
        if style == "unicode":
            sign = {" - ": " − ", "*": "·"}.get(sign, sign)
        return FormulaPiece(f"{left.within(level, first=True)}{sign}{right.within(level + 1)}", level, op)
    if op == "power":
        base, exponent = arguments
        if style == "unicode" and exponent.text.isdecimal():
            return FormulaPiece(f"{base.within(ATOM)}{raised(int(exponent.text))}", RAISED, op)
        return FormulaPiece(f"{base.within(ATOM)}**{exponent.within(SIGNED, first=True)}", RAISED, op)
    if style == "unicode":
        special = _unicode_function(op, arguments, parameters)
        if special is not None:
            return special
    return _function(op, arguments, parameters, style)


_INFIX = {
    "subtract": (" - ", SUM),
    "multiply": ("*", PRODUCT),
    "divide": ("/", PRODUCT),
    "matmul": (" @ ", PRODUCT),
}


def _function(op: str, arguments: Sequence[FormulaPiece], parameters: Mapping[str, Any], style: Style) -> FormulaPiece:
    inside = [piece.text for piece in arguments]
    if REGISTRY[op].elementwise:
        # Settings are written in their order, the last ones left out where they are not given.
        given = [parameters[name] for name in REGISTRY[op].parameters if name in parameters]
        inside += [exact_number(float(value), style) for value in given]
    else:
        inside += [f"{name}={value!r}" for name, value in parameters.items() if value is not None]
    return FormulaPiece(f"{unicode_name(op) if style == 'unicode' else op}({', '.join(inside)})", ATOM, op)


def unicode_name(op: str) -> str:
    """Give what a function is called in formulas for people."""
    return {
        "sigmoid": "σ",
        "relu": "ReLU",
        "leaky_relu": "LeakyReLU",
        "gelu": "GELU",
        "log2": "log₂",
        "log10": "log₁₀",
    }.get(op, op)


_SUFFIXES = {"square": "²", "transpose": "ᵀ", "swapaxes": "ᵀ", "inverse": "⁻¹"}
_BARS = {"abs": "|", "norm": "‖"}


def _unicode_function(op: str, arguments: Sequence[FormulaPiece], parameters: Mapping[str, Any]) -> FormulaPiece | None:
    piece = arguments[0]
    if op in _SUFFIXES and not parameters:
        return FormulaPiece(f"{piece.within(ATOM)}{_SUFFIXES[op]}", RAISED, op)
    if op == "getitem":
        return FormulaPiece(f"{piece.within(ATOM)}[{parameters.get('index', '...')}]", ATOM, op)
    if op == "reciprocal":
        return FormulaPiece(f"1/{piece.within(SIGNED)}", PRODUCT, op)
    if op == "sqrt":
        return FormulaPiece(f"√{piece.text if piece.text.isidentifier() else piece.bracketed()}", ATOM, op)
    if op in _BARS and not parameters:
        return FormulaPiece(f"{_BARS[op]}{piece.text}{_BARS[op]}", ATOM, op)
    return None
