"""Texts as no one would think of them: with sense, and signs in a row."""

from __future__ import annotations

import random

SIGNS = [
    "+",
    "-",
    "*",
    "/",
    "**",
    "(",
    ")",
    ",",
    "=",
    ";",
    "\n",
    " ",
    "2",
    ".5",
    "1e3",
    "x",
    "y",
    "sin",
    "max",
    "input",
]
SIGNS += ["^", "²", "·", "–", "ｘ", "e", "pi", "x̄", "lambda", "#", "_", "sine", "leaky_relu", "½", "$", "\u200b"]


def random_signs(count: int) -> list[str]:
    """Give texts of one to nine signs, the same in every run."""
    draw = random.Random(5)  # noqa: S311  as above
    return ["".join(draw.choice(SIGNS) for _ in range(draw.randint(1, 9))) for _ in range(count)]


def random_text(seed: int) -> str:
    """Give an expression of x, y, z and w."""
    draw = random.Random(seed)  # noqa: S311  the same texts in every run

    def part(depth: int) -> str:
        if depth == 0 or draw.random() < 0.15:
            return draw.choice(["x", "y", "z", "w", "2", "0.5", "3", "pi"])
        left, right = part(depth - 1), part(depth - 1)
        kind = draw.randrange(8)
        if kind < 4:
            return f"({left}) {'+-*/'[kind]} ({right})" if draw.random() < 0.5 else f"{left} {'+-*/'[kind]} {right}"
        if kind == 4:
            return f"({left})**{draw.choice(['2', '3', '-1', right and '0.5'])}"
        name = draw.choice(["sin", "exp", "tanh", "ln", "sigmoid", "relu", "sqrt", "max", "where", "softplus"])
        count = {"max": 2, "where": 3}.get(name, 1)
        return f"{name}({', '.join([left, right, 'x'][:count])})"

    return part(2 + seed % 4)
