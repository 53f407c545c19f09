"""Graphs of arrays with what is typed about them: for exercises in the kernel and in the page."""

from __future__ import annotations

import numpy as np

import backpropviz as bpv
from backpropviz.exercises import make_sheet
from backpropviz.exercises.answers import MISTAKEN, RIGHT, UNREADABLE, WRONG
from backpropviz.exercises.mistakes import (
    AVERAGED,
    ENTRYWISE,
    FACTOR_ORDER,
    MATRIX_WISE,
    NO_LOCAL,
    NO_UPSTREAM,
    NOT_TRANSPOSED,
    PER_EXAMPLE,
    SWAPPED,
    TRANSPOSED,
    WRONG_SIGN,
)
from backpropviz.exercises.products import NO_FIT, OTHER_SHAPE

DRAWN = np.random.default_rng(3)


def drawn(*shape):
    return DRAWN.integers(-4, 5, shape) / 2 + 0.25


def layer(x, w, b, t):
    return ((x @ w + b - t) ** 2).mean()


LAYER = bpv.trace(layer, "X", "W", "b", "T")
POINT = {"X": drawn(4, 3), "W": drawn(3, 2), "b": drawn(2), "T": drawn(4, 2)}
SQUARE = bpv.trace(lambda a, b: (a @ b * a).sum(), "A", "B")
SQUARE_POINT = {"A": drawn(3, 3), "B": drawn(3, 3)}
DOT = bpv.trace(lambda w, x, b: np.tanh(w @ x + b), "w", "x", "b")
ROW = bpv.trace(lambda x, w: np.sum(np.maximum(x @ w, 0) ** 2), "x", "W")
COLUMN = bpv.trace(lambda w, x: np.sum(np.exp(w @ x)), "W", "x")
CASES = {
    "layer": (LAYER, POINT),
    "square": (SQUARE, SQUARE_POINT),
    "dot": (DOT, {"w": drawn(3), "x": drawn(3), "b": 0.5}),
    "row": (ROW, {"x": drawn(3), "W": drawn(3, 2)}),
    "column": (COLUMN, {"W": drawn(2, 3), "x": drawn(3)}),
    "scaled": (bpv.trace(lambda a, x: np.sum((a * x) ** 2), "a", "X"), {"a": 2.0, "X": drawn(2, 3)}),
    "columns": (bpv.trace(lambda s, m: np.sum(np.tanh(m - s)), "s", "M"), {"s": drawn(3), "M": drawn(2, 3)}),
    "stack": (bpv.trace(lambda x: np.mean(bpv.ops.relu(x)), "X"), {"X": drawn(2, 2, 2)}),
}
SHEETS = {name: make_sheet(*case, ask="both", seed=2) for name, case in CASES.items()}


PRODUCTS = [
    ("layer", "W", "X^T G", RIGHT, None),
    ("layer", "W", "X.T @ G", RIGHT, None),
    ("layer", "W", "Xᵀ·G", RIGHT, None),
    ("layer", "W", "np.matmul(transpose(X), G)", RIGHT, None),
    ("layer", "W", "(G^T X)^T", RIGHT, None),
    ("layer", "W", "X' G", RIGHT, None),
    ("layer", "W", "G^T X", MISTAKEN, TRANSPOSED),
    ("layer", "W", "X G", MISTAKEN, NO_FIT),
    ("layer", "W", "G", MISTAKEN, NO_LOCAL),
    ("layer", "W", "X^T", MISTAKEN, NO_UPSTREAM),
    ("layer", "W", "-X^T G", MISTAKEN, WRONG_SIGN),
    ("layer", "W", "X^T G / 4", WRONG, None),
    ("layer", "W", "X^T G W", WRONG, None),
    ("layer", "W", "Q G", UNREADABLE, None),
    ("layer", "W", "X^T (G", UNREADABLE, None),
    ("layer", "X", "G W^T", RIGHT, None),
    ("layer", "X", "X^T G", MISTAKEN, SWAPPED),
    ("layer", "b", "sum(G, axis=0)", RIGHT, None),
    ("layer", "b", "G.sum(0)", RIGHT, None),
    ("layer", "b", "G", MISTAKEN, PER_EXAMPLE),
    ("layer", "b", "G.mean(0)", MISTAKEN, AVERAGED),
    ("layer", "b", "sum(G)", MISTAKEN, OTHER_SHAPE),
    ("square", "B", "A^T G", RIGHT, None),
    ("square", "B", "A G", MISTAKEN, NOT_TRANSPOSED),
    ("square", "B", "G A^T", MISTAKEN, FACTOR_ORDER),
    ("square", "B", "A * G", MISTAKEN, ENTRYWISE),
    ("column", "W", "G x^T", RIGHT, None),
    ("column", "W", "outer(G, x)", RIGHT, None),
    ("column", "W", "x G^T", MISTAKEN, TRANSPOSED),
    ("column", "x", "W^T G", RIGHT, None),
    ("column", "x", "G @ W", RIGHT, None),
    ("row", "W", "outer(x, G)", RIGHT, None),
    ("row", "x", "W G", RIGHT, None),
    ("row", "x", "G @ W.T", RIGHT, None),
    ("dot", "w", "G x", RIGHT, None),
    ("scaled", "X", "a G", RIGHT, None),
    ("columns", "s", "-sum(G, 0)", RIGHT, None),
    ("columns", "s", "sum(G, 0)", MISTAKEN, WRONG_SIGN),
    ("columns", "s", "G^T M", MISTAKEN, MATRIX_WISE),
]


def lines(numbers):
    return "\n".join(f"{number:.6g}" for number in np.ravel(numbers))
