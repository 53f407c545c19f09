"""Every block of a network: its gradients against finite differences, and a page that computes it."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.graph.closing.grouping import basis_of
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


def kinds(graph):
    return [step.kind for step in graph.grouping.history] if graph.grouping else []


@pytest.mark.parametrize("name", CASES)
def test_a_traced_block_is_one_closed_gate_that_opens_and_keeps_every_bit(name):
    call, shapes = CASES[name]
    rng = np.random.default_rng(1)
    point = {f"x{place}": rng.normal(size=shape) for place, shape in enumerate(shapes)}
    sizes = {key: value.shape for key, value in point.items()}
    scale = rng.normal()
    graphs = [
        bpv.trace(lambda *given, layer=layer: np.sum(call(layer, *given) * scale), *point, shapes=sizes)
        for layer in (block(name), block(name).__wrapped__)
    ]
    closed, plain = graphs
    assert kinds(closed) == [name]
    assert kinds(plain) == []
    gate = next(iter(closed.grouping.closed))
    assert closed.grouping.block_of(gate) == name
    assert closed.expand(name) == basis_of(closed)
    found = [bpv.gradient(graph, point) for graph in graphs]
    assert closed.evaluate(point).value == plain.evaluate(point).value
    for each in point:
        np.testing.assert_array_equal(*(slopes[each] for slopes in found))


def test_a_residual_connection_does_not_grow_into_the_sum_of_a_layer():
    def residual(x, W, b):  # noqa: N803  a matrix
        return block("linear")(x, W, b) + x

    graph = bpv.trace(residual, shapes={"x": (2, 3), "W": (3, 3), "b": (3,)})
    assert graph.nodes == ("x", "W", "b", "linear", "y")
    assert dict(graph.parameters("linear"))["body"].kind == "linear"


def test_cells_are_blocks_of_their_own_and_those_that_several_values_leave_are_one():
    def unrolled(x, W, U):  # noqa: N803  matrices
        h = c = np.zeros((1, 2))
        for step in range(3):
            h, c = block("lstm_cell")(x[step : step + 1], h, c, W, U)
        return np.sum(block("rms_norm")(h, 1))

    graph = bpv.trace(unrolled, shapes={"x": (3, 2), "W": (8, 2), "U": (8, 2)})
    assert graph.grouping.ports == {"lstm_cell1": ("c1", "h1"), "lstm_cell2": ("c2", "h2")}
    assert kinds(graph) == ["lstm_cell"] * 3 + ["rms_norm"]
    assert {"h3", "rms_norm"} <= set(graph.nodes)  # the last memory leaves nowhere


def test_a_block_that_is_the_whole_function_is_the_output():
    graph = bpv.trace(lambda x: block("layer_norm")(x, 1), shapes={"x": (2, 3)})
    assert graph.nodes == ("x", "y")


def test_a_traced_network_learns_gate_by_gate():
    def scores(x, W):  # noqa: N803  a matrix
        return block("linear")(x, W)

    network = bpv.TracedNetwork(scores, {"W": np.ones((1, 2))}, 2, output="sigmoid")
    assert network.graph(3).grouping is None
