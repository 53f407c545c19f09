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


def test_depth_block_by_block():
    moons = bpv.datasets.moons(n=100, noise=0.15, seed=1)
    shares = {}
    for activation in ("sigmoid", "tanh"):
        network = bpv.MLP((2, *(12,) * 6, 1), activation, output="sigmoid", seed=0)
        point = {"X": moons.features, "y": moons.targets.reshape(-1, 1), **network.parameters}
        slopes = bpv.gradient(network.graph(100), point)
        shares[activation] = np.linalg.norm(slopes["W1"]) / np.linalg.norm(slopes["W7"])
    assert shares["sigmoid"] < 1e-2
    assert 0.1 < shares["tanh"] < 10


def test_which_entries_three_norms_send_a_gradient_to():
    from backpropviz.ops import batch_norm, layer_norm, rms_norm  # noqa: PLC0415  lazy names

    x, only_first = np.array([[1.0, 4.0, 2.0], [2.0, 0.0, 5.0], [6.0, 2.0, 3.0]]), np.eye(3)[:, :1] * np.eye(3)[0]
    layer, rms, batch = (
        bpv.gradient(lambda x, norm=norm: np.sum(norm(x) * only_first), x=x)["x"]
        for norm in (lambda x: layer_norm(x, 1), lambda x: rms_norm(x, 1), batch_norm)
    )
    first_row, first_column = (np.outer([1, 0, 0], [1, 1, 1]) > 0), (np.outer([1, 1, 1], [1, 0, 0]) > 0)
    assert ((layer != 0) == first_row).all()
    assert ((rms != 0) == first_row).all()
    assert ((batch != 0) == first_column).all()
    assert abs(layer[0].sum()) < 1e-12
    assert abs(rms[0].sum()) > 0.1


def test_the_least_loss_of_the_names():
    cost = 0.0
    for syllables in (2, 3):
        for extra, chance in ((0, 2 / 3), (1, 1 / 3)):
            told = math.log(2) + syllables * math.log(30) - math.log(chance)
            cost += chance / 2 * told / (2 * syllables + extra + 1)
    assert f"about {cost:.2f} for each letter" in prose("16_language_model")


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
