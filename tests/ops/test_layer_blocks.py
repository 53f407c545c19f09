"""Every block of a network: its gradients against finite differences, and a page that computes it."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.ops.blocks import HOMES, block
from backpropviz.scene.specification import specification

LABELS, MASK, ROWS = np.array([0, 2, 1]), np.array([[1.0, 0.0, 1.0]]), np.array([1, 0, 1])
CAUSAL = np.triu(np.full((3, 3), -np.inf), 1)
CASES = {
    "adaptive_average_pool": (lambda f, x: f(x, (2, 2)), [(1, 2, 4, 4)]),
    "adaptive_max_pool": (lambda f, x: f(x, (2, 2)), [(1, 2, 4, 4)]),
    "average_pool": (lambda f, x: f(x, (2, 2), padding=1), [(1, 2, 4, 4)]),
    "batch_norm": (lambda f, x, w, b: f(x, w, b), [(4, 3), (3,), (3,)]),
    "conv1d": (lambda f, x, w, b: f(x, w, b, dilation=2), [(1, 2, 6), (3, 2, 3), (3,)]),
    "conv2d": (lambda f, x, w, b: f(x, w, b, stride=2, padding=1), [(1, 2, 5, 5), (3, 2, 3, 3), (3,)]),
    "conv_transpose": (lambda f, x, w: f(x, w, stride=2), [(1, 2, 3), (2, 2, 2)]),
    "convolution": (lambda f, x, w: f(x, w, groups=2), [(1, 2, 5, 5), (4, 1, 3, 3)]),
    "cross_entropy": (lambda f, x: f(x, LABELS), [(3, 3)]),
    "dropout": (lambda f, x: f(x, MASK, 0.5), [(2, 3)]),
    "embedding": (lambda f, w: f(ROWS, w), [(3, 2)]),
    "group_norm": (lambda f, x, w, b: f(x, 2, w, b), [(2, 4, 3), (4,), (4,)]),
    "gru_cell": (lambda f, x, h, w, u: f(x, h, w, u), [(2, 3), (2, 4), (12, 3), (12, 4)]),
    "layer_norm": (lambda f, x, w, b: f(x, 1, w, b), [(4, 3), (3,), (3,)]),
    "linear": (lambda f, x, w, b: f(x, w, b), [(4, 3), (2, 3), (2,)]),
    "lstm_cell": (lambda f, x, h, c, w, u: sum(f(x, h, c, w, u)), [(2, 3), (2, 4), (2, 4), (16, 3), (16, 4)]),
    "max_pool": (lambda f, x: f(x, (2, 2)), [(1, 2, 4, 4)]),
    "multi_head_attention": (
        lambda f, x, w, b, u, d: f(x, x, x, 2, w, b, u, d),
        [(1, 3, 4), (12, 4), (12,), (4, 4), (4,)],
    ),
    "rms_norm": (lambda f, x, w: f(x, 1, w), [(4, 3), (3,)]),
    "rnn_cell": (lambda f, x, h, w, u: f(x, h, w, u), [(2, 3), (2, 4), (4, 3), (4, 4)]),
    "scaled_dot_product_attention": (lambda f, q, k, v: f(q, k, v, mask=CAUSAL), [(3, 4), (3, 4), (3, 4)]),
}


def test_every_block_has_a_case():
    assert set(CASES) == set(HOMES)


@pytest.mark.parametrize("name", CASES)
def test_a_block_has_the_gradients_of_differences_and_computes_in_a_page(name):
    call, shapes = CASES[name]
    rng = np.random.default_rng(0)
    point = {f"x{place}": rng.normal(size=shape) for place, shape in enumerate(shapes)}

    def model(*given):
        out = call(block(name), *given)
        return out if np.ndim(out) == 0 else np.sum(out * out)

    graph = bpv.trace(model, *point, shapes={key: value.shape for key, value in point.items()})
    bpv.check(graph, point)
    assert "kernel" not in specification(bpv.record(graph, point), {})["graph"]
