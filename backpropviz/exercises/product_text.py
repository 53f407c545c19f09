"""Products of matrices as people type them, read into one form in which equal products are one text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backpropviz.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LONGEST = 120
_DEEPEST = 20
_NUMPY = re.compile(r"\b(?:np|numpy|bpv)\.")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+\.?[0-9]*|\.[0-9]+)|(?P<turn>\^\{?[TtᵀT⊤]\}?|\.T\b|[ᵀ⊤'’])|(?P<name>∇?[^\W0-9ᵀ][^\Wᵀ]*)"
    r"|(?P<fold>\.(?:sum|mean)\b)|(?P<sign>[-+*/@·⋅×⊙∘(),=]))"
)
_FOLDS = ("sum", "mean")
_CALLS = {"transpose": 1, "matmul": 2, "dot": 2, "outer": 2, "multiply": 2}
_MATRIX, _ENTRYWISE = "@·⋅×", "*⊙∘"


@dataclass(frozen=True, slots=True)
class Form:
    """A factor, or factors joined: by rows and columns ("@"), entry by entry ("*"), or folded ("sum0").

    Parameters
    ----------
    kind : str
        "name", "@", "*", or a fold with its axis.
    parts : tuple of Form
        What is joined.
    name : str
        Of a factor.
    turned : bool
        Whether a factor is transposed.
    """

    kind: str
    parts: tuple[Form, ...] = ()
    name: str = ""
    turned: bool = False


@dataclass(frozen=True, slots=True)
class TypedProduct:
    """What was typed.

    Parameters
    ----------
    form : str
        Its factors in one form: ``X' G`` for Xᵀ·G, ``G * Y`` entry by entry, ``sum0(G)``.
    scale : float
        The number before it.
    """

    form: str
    scale: float


def read_product(text: str, names: Mapping[str, str], ranks: Mapping[str, int]) -> TypedProduct:
    """Read a product.

    Parameters
    ----------
    text : str
        As typed: ``X^T G``, ``X.T @ G``, ``Xᵀ·G``, ``G * Y``, ``sum(G, 0)``.
    names : mapping of str to str
        What may stand in it, and what it means: ``{"X": "X", "G": "G", "∇A": "G"}``.
    ranks : mapping of str to int
        Number of axes of each meaning.

    Raises
    ------
    InputError
        For text that is no such product.

    Examples
    --------
    >>> names, ranks = {"X": "X", "G": "G"}, {"X": 2, "G": 2}
    >>> [read_product(text, names, ranks).form for text in ("X^T G", "X.T @ G", "(Gᵀ·X)ᵀ", "2*X*G")]
    ["X' G", "X' G", "X' G", 'G * X']
    """
    plain = text.strip()
    if not plain:
        raise InputError("Nothing is written here yet. Write a product, such as X^T G or G * Y.")
    if len(plain) > _LONGEST:
        raise InputError("This is too long for one product.")
    try:
        reader = _Reader(_tokens(plain), names, ranks)
        scale, form = reader.product()
        reader.end()
    except InputError as fault:
        raise InputError(f"“{plain}” cannot be read. {fault}") from None
    if form is None:
        raise InputError(
            f"“{plain}” cannot be read. It holds no array: write names, such as {listed(_meanings(names))}."
        )
    return TypedProduct(form_text(form), scale)


def _tokens(text: str) -> list[tuple[str, str]]:
    rest = _NUMPY.sub("", text.replace("−", "-").replace("–", "-").replace("**T", "^T"))
    found = []
    while rest.strip():
        token = _TOKEN.match(rest)
        if token is None:
            raise InputError(f"“{rest.strip()[0]}” has no meaning in a product.")
        found.append((str(token.lastgroup), token[str(token.lastgroup)]))
        rest = rest[token.end() :]
    return found


def _meanings(names: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(names.values()))


def listed(names: Sequence[str]) -> str:
    """Write names in a row, ``X, W and G``."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]], names: Mapping[str, str], ranks: Mapping[str, int]) -> None:
        self.tokens = tokens
        self.names = names
        self.ranks = ranks
        self.at = 0
        self.depth = 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def takes(self, signs: str) -> str:
        kind, text = self.peek()
        if kind != "sign" or text not in signs:
            return ""
        self.at += 1
        return text

    def needs(self, sign: str, why: str) -> None:
        if not self.takes(sign):
            raise InputError(why)

    def end(self) -> None:
        kind, text = self.peek()
        if kind != "end":
            raise InputError(f"“{text}” does not continue a product.")

    def product(self) -> tuple[float, Form | None]:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise InputError("There are too many parentheses.")
        sign = -1.0 if self.takes("-") else 1.0
        scale, form = self.factor()
        while True:
            kind, _ = self.peek()
            if self.takes("/"):
                divisor, over = self.factor()
                if over is not None or divisor == 0:
                    raise InputError("Only a number other than 0 may divide.")
                scale /= divisor
                continue
            entrywise = bool(self.takes(_ENTRYWISE))
            if not entrywise and not self.takes(_MATRIX) and kind not in ("number", "name") and self.peek()[1] != "(":
                break
            more, other = self.factor()
            scale *= more
            form = self.joined(form, other, entrywise=entrywise)
        self.depth -= 1
        return sign * scale, form

    def factor(self) -> tuple[float, Form | None]:
        scale, form = self.atom()
        while True:
            kind, text = self.peek()
            if kind == "turn":
                self.at += 1
                form = None if form is None else self.turned(form)
            elif kind == "fold":
                self.at += 1
                self.needs("(", f"Write {text}(0) to sum over the rows.")
                form = self.folded(text[1:], form)
            else:
                return scale, form

    def atom(self) -> tuple[float, Form | None]:
        kind, text = self.peek()
        self.at += 1
        if kind == "number":
            return float(text), None
        if kind == "sign" and text == "(":
            found = self.product()
            self.needs(")", "A parenthesis is not closed.")
            return found
        if kind != "name":
            raise InputError(f"A factor is missing before “{text}”." if text else "A factor is missing at the end.")
        if text in self.names:
            meaning = self.names[text]
            return 1.0, Form("name", name=meaning)
        if text in _FOLDS or text in _CALLS:
            self.needs("(", f"“{text}” is a function: write {text}(...).")
            return self.called(text)
        raise InputError(f"“{text}” is no factor here: {listed(_meanings(self.names))} are.")

    def called(self, name: str) -> tuple[float, Form | None]:
        scale, form = self.product()
        if name in _FOLDS:
            return scale, self.folded(name, form, begun=True)
        if _CALLS[name] == 2:
            self.needs(",", f"{name} takes two factors: write {name}(X, G).")
            more, other = self.product()
            scale *= more
            if name == "outer" and other is not None:
                other = self.turned(other)
            form = self.joined(form, other, entrywise=name == "multiply")
        else:
            form = None if form is None else self.turned(form)
        self.needs(")", "A parenthesis is not closed.")
        return scale, form

    def folded(self, name: str, form: Form | None, *, begun: bool = False) -> Form | None:
        """Read the rest of ``sum(G, axis=0)`` or of ``G.sum(0)``."""
        axis = ""
        if (begun and self.takes(",")) or (not begun and self.peek()[1] != ")"):
            if self.peek() == ("name", "axis"):
                self.at += 1
                self.needs("=", "Write axis=0.")
            sign = self.takes("-")
            kind, text = self.peek()
            if kind != "number":
                raise InputError("An axis is a whole number: 0 for the rows.")
            self.at += 1
            axis = sign + text
        self.needs(")", "A parenthesis is not closed.")
        return None if form is None else Form(f"{name}{axis}", (form,))

    def rank(self, form: Form) -> int:
        return self.ranks[form.name] if form.kind == "name" else 2

    def turned(self, form: Form) -> Form:
        if form.kind == "name":
            return replace(form, turned=not form.turned) if self.rank(form) else form
        if form.kind in ("@", "*"):
            parts = tuple(self.turned(each) for each in form.parts)
            return replace(form, parts=parts[::-1] if form.kind == "@" else parts)
        return form

    def joined(self, left: Form | None, right: Form | None, *, entrywise: bool) -> Form | None:
        if left is None or right is None:
            return left if right is None else right
        # A number scales, wherever it stands.
        sign = "*" if entrywise or not self.rank(left) or not self.rank(right) else "@"
        parts = [part for each in (left, right) for part in (each.parts if each.kind == sign else (each,))]
        return Form(sign, tuple(sorted(parts, key=form_text) if sign == "*" else parts))


def form_text(form: Form) -> str:
    """Write a form as one text."""
    if form.kind == "name":
        return form.name + ("'" if form.turned else "")
    texts = [f"({form_text(each)})" if each.kind in ("@", "*") else form_text(each) for each in form.parts]
    if form.kind in ("@", "*"):
        return (" " if form.kind == "@" else " * ").join(texts)
    return f"{form.kind}({form_text(form.parts[0])})"
