"""One gate as LaTeX."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any

from backpropviz.graph.notation.constants import exact_number
from backpropviz.graph.notation.gate_text import ATOM, PRODUCT, RAISED, SIGNED, SUM, FormulaPiece
from backpropviz.ops import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_GREEK = frozenset(
    re.findall(
        r"\w+",
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
        "omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega",
    )
)
_SPECIAL = {
    "\\": r"\backslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\hat{}",
    "~": r"\sim{}",
    " ": r"\ ",
}
_ACCENTS = {"\u0304": r"\bar", "\u0302": r"\hat", "\u0303": r"\tilde", "\u0307": r"\dot", "\u20d7": r"\vec"}
_SUBSCRIPT_DIGITS = re.compile(r"([^\W\d_]+)(\d+)")


@cache
def latex_name(name: str) -> str:
    r"""Write a node's name as mathematics.

    Examples
    --------
    >>> latex_name("x1"), latex_name("w_in"), latex_name("alpha"), latex_name("loss")
    ('x_{1}', 'w_{\\mathrm{in}}', '\\alpha', '\\mathrm{loss}')
    """
    stem, _, subscript = name.partition("_")
    numbered = _SUBSCRIPT_DIGITS.fullmatch(stem)
    if numbered is not None:
        stem, subscript = numbered[1], f"{numbered[2]}_{subscript}" if subscript else numbered[2]
    if not stem:
        return _word(name)
    if not subscript:
        return _word(stem) if stem == name else _word(name)
    below = subscript if subscript.isdecimal() else ",".join(_word(part) for part in subscript.split("_") if part)
    return f"{_word(stem)}_{{{below}}}" if below else _word(name)


def _word(word: str) -> str:
    if word in _GREEK:
        return f"\\{word}"
    if len(word) == 1 and word not in _SPECIAL:
        return word
    if len(word) == 2 and word[1] in _ACCENTS:
        return f"{_ACCENTS[word[1]]}{{{word[0]}}}"
    if word.isdecimal():
        return word
    safe = "".join(_SPECIAL.get(letter, letter) for letter in word if unicodedata.category(letter) != "Cc")
    return rf"\mathrm{{{safe}}}"


def _bracketed(piece: FormulaPiece) -> str:
    return rf"\left({piece.text}\right)"


def _within(piece: FormulaPiece, level: int, *, first: bool = False) -> str:
    signed = piece.text.startswith("-") and not first
    return _bracketed(piece) if piece.level < level or signed else piece.text


def latex_gate(op: str, arguments: Sequence[FormulaPiece], parameters: Mapping[str, Any]) -> FormulaPiece:
    """Write a gate for MathJax and KaTeX.

    Parameters
    ----------
    op : str
        Name in the registry, whose template decides.
    arguments : sequence of FormulaPiece
        LaTeX of the arguments.
    parameters : mapping
        What the operation has beside its arguments.
    """
    if op == "add":
        first, *rest = arguments
        head = _bracketed(first) if first.op == "add" else first.text
        return FormulaPiece(" + ".join([head, *(_within(piece, PRODUCT) for piece in rest)]), SUM, op)
    if op == "subtract":
        left, right = arguments
        return FormulaPiece(f"{left.text} - {_within(right, PRODUCT)}", SUM, op)
    if op == "negate":
        (operand,) = arguments
        inside = _bracketed(operand) if operand.op == "constant" else _within(operand, PRODUCT)
        return FormulaPiece(f"-{inside}", SIGNED, op, operand.trailing)
    if op in ("multiply", "matmul"):
        return _product(op, *arguments)
    if op == "divide":
        # A fraction bar brackets by itself, and the whole needs brackets only under a power.
        return FormulaPiece(rf"\frac{{{arguments[0].text}}}{{{arguments[1].text}}}", RAISED, op)
    if op == "power":
        base, exponent = arguments
        return FormulaPiece(f"{{{_within(base, ATOM)}}}^{{{exponent.text}}}", RAISED, op)
    if REGISTRY[op].arity is None and "{0}" not in REGISTRY[op].latex:
        inside = ", ".join(piece.text for piece in arguments)
        return FormulaPiece(rf"{REGISTRY[op].latex}\left({inside}\right)", ATOM, op)
    return _function(op, arguments, parameters)


def _product(op: str, left: FormulaPiece, right: FormulaPiece) -> FormulaPiece:
    # \sin x y reads as the sine of xy, so what ends in a bare argument stands in brackets unless it is last.
    head = _bracketed(left) if left.trailing else _within(left, PRODUCT, first=True)
    tail = (
        right.text
        if right.op not in ("multiply", "matmul") and right.trailing and not right.text.startswith("-")
        else _within(right, SIGNED)
    )
    joined = r" \cdot " if tail[0].isdigit() or tail.startswith("{1") else " "
    return FormulaPiece(f"{head}{joined}{tail}", PRODUCT, op, right.trailing and tail == right.text)


def _function(op: str, arguments: Sequence[FormulaPiece], parameters: Mapping[str, Any]) -> FormulaPiece:
    template = REGISTRY[op].latex
    bare = template.endswith(" {0}")
    # What carries an exponent or an index needs brackets around anything but an atom.
    closed = bare or op == "hypot" or template.startswith("{{{0}}}")
    inside = [_within(piece, ATOM) if closed else piece.text for piece in arguments]
    if op == "leaky_relu" and "slope" in parameters:
        inside[0] += f", {exact_number(float(parameters['slope']), 'latex')}"
    try:
        text = template.format(*inside, **{**REGISTRY[op].parameters, **parameters})
    except (IndexError, KeyError):
        text = rf"{_word(op)}\left({', '.join(inside)}\right)"
    raised = closed and len(inside) == 1
    joined = closed and len(inside) == 2 and op != "hypot"
    level = PRODUCT if bare or joined else RAISED if raised or op in ("exp", "reciprocal") else ATOM
    return FormulaPiece(text, level, op, bare)
