"""Texts that are nearly expressions."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from backpropviz.errors import ExpressionError
from backpropviz.graph import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropviz.graph import Graph

SEEDS = [
    "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)",
    "a = x*z\nb = ln(x)\nc = sin(b)\nd = exp(a)\ne = a/b\nf = c/a\ny = d+e+f",
    "3*(x*y + max(z, w, -1e-3)) - leaky_relu(x, 0.1)**2**-x # comment",
    "1/(1 + exp(-(w0*x0 + w1*x1 + w2)))",
    "a = 2; α = -a**.5; (α - π)*e/min(α, x_1)",
    "x^2 + 2x − 3·y ÷ ½ = sine(x), np.exp(x)",
]
LETTERS = "xyze_πα019.,;:+-*/^=()[]{}<>|!#\"'\\ \t\n\r\u00a0×·−²₁√̄\u200bｘ＋\u202e\x00😀if"
WORDS = ["sin(", "max(", "**", "e", "lambda", "==", "1e", "leaky_relu(", "exp", ")", "\n", ";", "=", "y", "**-"]


def mutants(seed: int, count: int) -> Iterator[str]:
    """Seeds with a few random edits each; the same ones for the same seed."""
    source = random.Random(seed)  # noqa: S311  repeatable, not secret
    for _ in range(count):
        text = list(source.choice(SEEDS))
        for _ in range(source.randint(1, 6)):
            place = source.randrange(len(text) + 1)
            kind = source.random()
            if kind < 0.35:
                text[place:place] = source.choice(LETTERS)
            elif kind < 0.55:
                text[place:place] = source.choice(WORDS)
            elif kind < 0.75:
                del text[place : place + source.randint(1, 5)]
            elif kind < 0.9 and text:
                first = source.randrange(len(text))
                text[place:place] = text[first : first + source.randint(1, 12)]
            else:
                other = source.choice(SEEDS)
                text[place:] = other[source.randrange(len(other)) :]
        yield "".join(text)


def outcome(text: str) -> tuple[Graph | None, ExpressionError | None]:
    """Give the graph of a text, or why there is none."""
    try:
        return parse(text), None
    except ExpressionError as refusal:
        return None, refusal


def check(text: str) -> bool:
    """Read a text: True for a graph, False for a well-formed refusal; all else raises."""
    graph, refusal = outcome(text)
    if refusal is not None:
        assert 0 <= refusal.start <= refusal.end <= len(text), text
        assert refusal.start < refusal.end or not text, text
        assert refusal.hint, text
        assert refusal.message, text
        assert str(refusal), text
    if graph is None:
        return False
    assert parse(graph.program()).output == graph.output or not graph.arguments(graph.output), text
    return True


def check_part(seed: int, count: int) -> int:
    """Read the mutants of one seed; how many of them were graphs."""
    return sum(check(text) for text in mutants(seed, count))
