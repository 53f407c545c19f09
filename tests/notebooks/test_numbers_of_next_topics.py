"""Numbers and claims in the prose of lessons 12 to 16, computed without the package where that can be."""

from __future__ import annotations

import math

import numpy as np
from lessons import FOLDER, cells, source

import backpropviz as bpv


def prose(stem):
    return "\n".join(source(cell) for cell in cells(FOLDER / f"{stem}.ipynb", "markdown"))


def test_convolution_counts():
    text = prose("12_convolution")
    assert (28 - 3 + 1) ** 2 == 676
    assert "26 × 26 = 676 windows" in text
    assert ((32 - 5) + 1) ** 2 == 784
    assert ((32 - 5) // 2 + 1) ** 2 == 196
    assert "7,840 and 1,960" in text
    assert 8 * 9 + 8 + 10 * 72 + 10 == 810
    assert "810 numbers to learn" in text


def test_depth_factors():
    text = prose("13_depth")
    assert f"0.5⁶ = {0.5**6:.4f}" in text
    assert f"1.1⁵⁰ ≈ {1.1**50:.0f} and 0.9⁵⁰ ≈ {0.9**50:.3f}" in text
    assert math.isclose(2**50, 1e15, rel_tol=0.2)
    assert "2⁴ = 16 paths" in text


def test_recurrence_answers():
    value, slope = 1.0, 1.0
    for _ in range(4):
        value = math.tanh(value)
        slope *= 1 - value**2
    assert f"≈ {value:.3f}; the gradient is the product of four slopes, about {slope:.3f}" in prose("14_recurrence")
    assert f"ln 2 = {math.log(2):.3f}" in prose("14_recurrence")


def test_attention_answers():
    text = prose("15_attention")
    assert "Ten: 1 + 2 + 3 + 4" in text
    half = np.full(2, 0.5)
    assert (np.diag(half) - np.outer(half, half)).tolist() == [[0.25, -0.25], [-0.25, 0.25]]
    assert "¼ on the diagonal and −¼ beside it" in text


def test_a_norm_hands_on_neither_shift_nor_scale():
    from backpropviz.ops import layer_norm  # noqa: PLC0415  a lazy name

    rng = np.random.default_rng(0)
    x, upstream = rng.normal(size=(3, 5)), rng.normal(size=(3, 5))
    slope = bpv.gradient(lambda x: np.sum(layer_norm(x, 1) * upstream), x=x)["x"]
    assert np.allclose(slope.sum(axis=1), 0, atol=1e-12)
    assert np.allclose((slope * x).sum(axis=1), 0, atol=1e-3)
