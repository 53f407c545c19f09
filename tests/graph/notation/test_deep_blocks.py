"""A deep block whose parts are used twice is told as a gate: written out, it would double at every connection."""

from __future__ import annotations

import numpy as np

import backpropviz as bpv
from backpropviz.graph.notation.printing import definition


def test_a_deep_residual_block_is_written_in_no_time():
    def model(x):
        for _ in range(80):
            x = x + np.tanh(x)
        return np.exp(x)

    graph = bpv.trace(model, "x")
    inside = [name for name in graph.nodes if graph.arguments(name) and name != graph.output]
    closed = graph.collapse(inside, "deep")
    assert definition(closed, "deep", "unicode") == "gate(x)"
    assert closed.program() == "deep = gate(x); y = exp(deep)"
    assert bpv.explore(closed, x=0.1).graph.output == "y"
