"""Nodes of a traced function are called as its variables, and know the line on which they were written."""

from __future__ import annotations

import linecache

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.autodiff.plan import plan_of
from backpropviz.scene.specification import specification


def layer(x, weights, bias):
    z = x @ weights + bias
    a = np.tanh(z)
    return a  # noqa: RET504  the name is what is tried


def network(X, W1, b1, W2, b2):  # noqa: N803
    h = layer(X, W1, b1)
    out = layer(h, W2, b2)
    loss = np.mean(out**2)
    return loss  # noqa: RET504


def in_a_loop(x, w):
    h = x
    for _ in range(3):
        h = np.tanh(w * h)
    return np.sum(h)


def over_an_input(x):
    x = x * 2
    x = np.exp(x)
    return x * x


def growing(x, w):
    total = x
    for power in range(3):
        total = total + x**power * w
    return total * x


def sum_with_a_name(x, w, b):
    z = x + w
    s = z + b
    return s * s


def unpacked(x, z):
    first, (second, third) = x * z, (np.sin(x), np.cos(z))
    return first + second * third


def odd_names(x):
    _hidden = x * 2
    sin = np.cos(_hidden)
    return sin + x


def with_a_comprehension(x):
    parts = [part * k for k, part in enumerate([x * x, np.sin(x)], 1)]
    return parts[0] + parts[1]


def with_a_nested_function(x):
    def inner(value):
        doubled = value * 2
        return doubled  # noqa: RET504

    kept = inner(np.sin(x))
    return kept + inner(x)


def gates(function, *names):
    graph = bpv.trace(function, *names)
    return [name for name in graph.nodes if graph.arguments(name)]


@pytest.mark.parametrize(
    ("function", "named"),
    [
        (network, {"z1", "z2", "h", "out", "loss"}),
        (in_a_loop, {"h1", "h2", "h3", "y"}),
        (over_an_input, {"x1", "x2", "y"}),
        (growing, {"total", "y"}),
        (sum_with_a_name, {"z", "s", "y"}),
        (unpacked, {"first", "second", "third", "y"}),
        (with_a_nested_function, {"kept", "doubled", "y"}),
    ],
)
def test_variables_name_what_they_hold(function, named):
    assert named <= set(gates(function))


def test_what_an_outer_function_calls_a_value_counts_first():
    assert "a" not in {bpv.trace(network).node(name).name for name in ("h", "out")}
    assert bpv.trace(network).op("h") == "tanh"


@pytest.mark.parametrize("function", [odd_names, with_a_comprehension])
def test_some_names_are_not_taken(function):
    assert not {"_hidden", "sin", "part", "parts"} & set(gates(function))


def test_a_lambda_and_a_ufunc_are_named_as_before():
    assert bpv.trace(lambda x: x * 2 + 1).program() == "a = x*2; y = a + 1"
    assert bpv.trace(np.tanh, "x").program() == "y = tanh(x)"


@pytest.mark.parametrize("function", [in_a_loop, over_an_input, growing, unpacked, odd_names, with_a_comprehension])
def test_names_change_no_result(function):
    names = bpv.trace(function).inputs
    point = dict(zip(names, (0.5, 1.25), strict=False))
    assert bpv.trace(function).evaluate(**point).value == function(**point)


def test_a_sum_that_grows_under_one_name_stays_one_node():
    graph = bpv.trace(growing)
    assert len(graph.arguments("total")) == 4


def test_each_gate_knows_its_line():
    graph = bpv.trace(network)
    assert graph.node("z1").source.endswith("z = x @ weights + bias")
    assert graph.node("loss").source.endswith("loss = np.mean(out**2)")
    assert graph.node("X").source == ""


def test_a_cell_that_was_run_by_exec_is_read_from_the_line_cache():
    text = "def cell(x):\n    inside = np.sin(x)\n    return inside * 2\n"
    linecache.cache["<cell 7>"] = (len(text), None, text.splitlines(keepends=True), "<cell 7>")
    space = {"np": np}
    exec(compile(text, "<cell 7>", "exec"), space)  # noqa: S102  as Jupyter runs cells
    graph = bpv.trace(space["cell"])
    assert graph.node("inside").source == "line 2: inside = np.sin(x)"
    del linecache.cache["<cell 7>"]
    assert bpv.trace(space["cell"]).node("inside").source == ""


def test_the_panel_of_a_node_shows_its_line():
    graph = bpv.trace(network)
    told = specification(bpv.record(graph, {name: np.eye(2) for name in graph.inputs}), {})["explanations"]
    notes = told[str(plan_of(graph).place["z1"])]["notes"]
    assert any("z = x @ weights + bias" in str(note["text"]) for note in notes)


def test_the_line_is_no_part_of_a_graph_but_travels_with_it():
    graph = bpv.trace(in_a_loop)
    assert graph == bpv.Graph.from_json(graph.to_json())
    assert bpv.Graph.from_json(graph.to_json()).node("h1").source == graph.node("h1").source


def test_a_function_that_fails_says_what_it_says():
    def fails(x):
        half = x / 2
        raise KeyError(half)

    with pytest.raises(KeyError):
        bpv.trace(fails)
