"""A graph in sentences."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from strategies import graphs

import backpropviz as bpv


def test_the_lecture_example():
    told = bpv.parse("exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)").describe()
    assert told.splitlines() == [
        "y is computed from x and z in 7 operations.",
        "x is an input; it is used by a and b.",
        "z is an input; it is used by a.",
        "a = x·z (multiply); it is used by d, e and f.",
        "b = ln(x); it is used by c and e.",
        "c = sin(b); it is used by f.",
        "d = exp(a); it is used by y.",
        "e = a/b (divide); it is used by y.",
        "f = c/a (divide); it is used by y.",
        "y = d + e + f (add); it is the output.",
    ]


def test_counts_and_leftovers():
    told = bpv.parse("a = max(x, x, x, x, x); b = a + min(x, x, x); c = z*2; b").describe()
    assert "b is computed from x and z in" in told
    assert "x is an input; it is used 5 times by a and three times by" in told
    assert "nothing uses it" in told
    assert "2 is a constant; it is used by c." in told


def test_an_output_may_be_used_and_a_graph_may_have_no_inputs():
    graph = bpv.Graph(bpv.parse("a = x*2; y = exp(a)").creation_order(), "a")
    assert "a = x·2 (multiply); it is the output, also used by y." in graph.describe()
    assert bpv.parse("exp(1) + 1").describe().startswith("y is computed from constants in 2 operations.")
    assert bpv.parse("-x").describe().startswith("y is computed from x in 1 operation.")


def test_many_are_counted_not_listed():
    told = bpv.parse(" + ".join(f"x{k}" for k in range(20))).describe()
    assert told.startswith("y is computed from x0, x1, x2, x3, x4, x5, x6, x7 and 12 more in 1 operation.")


def test_arrays_and_closed_gates():
    graph = bpv.trace(lambda x: np.sum(np.ones((2, 3)) @ x))
    assert "is a constant of shape 2×3; it is used by a." in graph.describe()
    closed = bpv.parse("v = x + y; f = x/v").collapse(["v", "f"])
    assert "(a closed gate); it is the output." in closed.describe()


@given(graphs())
def test_every_node_is_told_once(graph):
    opening, *lines = graph.describe().splitlines()
    assert opening.startswith(graph.output)
    assert len(lines) == len(graph)
    assert all(
        line.startswith(f"{name} ") and line.endswith(".") for name, line in zip(graph.nodes, lines, strict=True)
    )
