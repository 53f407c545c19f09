"""Text, functions, graphs, examples and models: every call takes what a user has at hand."""

from __future__ import annotations

import types

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import InputError

POINT = {"x": 2.0, "y": 3.0}
GRAPH = bpv.parse("x*y + sin(x)")
GIVEN = {
    "text": "x*y + sin(x)",
    "function": lambda x, y: x * y + np.sin(x),
    "graph": GRAPH,
    "model": types.SimpleNamespace(graph=GRAPH, point=POINT),
}
CALLS = {
    "gradient": lambda source: bpv.gradient(source, POINT),
    "hessian": lambda source: bpv.hessian(source, POINT).matrix.tolist(),
    "jacobian": lambda source: bpv.jacobian(source, POINT).matrix.tolist(),
    "finite_difference": lambda source: bpv.finite_difference(source, POINT),
    "symbolic": lambda source: str(bpv.symbolic(source, "x")),
    "check": lambda source: bpv.check(source, POINT),
    "cost": lambda source: bpv.cost(source).reverse.operations,
    "error_curve": lambda source: bpv.error_curve(source, "x", POINT).derivative,
    "record": lambda source: len(bpv.record(source, POINT)),
    "paths": lambda source: bpv.paths(source, "x", POINT).count,
    "compare": lambda source: bpv.compare(source, POINT).methods["reverse mode"].gradient,
    "explore": lambda source: bpv.explore(source, POINT).gradient(),
    "exercise": lambda source: len(bpv.exercise(source, POINT).exercise.blanks),
}


@pytest.mark.parametrize("kind", GIVEN)
@pytest.mark.parametrize("call", CALLS)
def test_every_call_takes_everything(call, kind):
    assert CALLS[call](GIVEN[kind]) == CALLS[call](GRAPH)


def test_a_model_brings_its_point_and_may_be_moved():
    assert bpv.gradient(GIVEN["model"]) == bpv.gradient(GRAPH, POINT)
    assert bpv.gradient(GIVEN["model"], x=0.0) == bpv.gradient(GRAPH, POINT, x=0.0)
    assert bpv.explore(bpv.examples["cmu-exp-ratio-sine"]).inputs == {"x": 2.0, "z": 3.0}


def test_a_function_may_ask_for_the_shapes_of_what_is_given():
    found = bpv.gradient(lambda w, scale=2.0: scale * np.sum(w) / w.shape[0], w=np.ones(4))
    assert found["w"].tolist() == [0.5] * 4


@pytest.mark.parametrize("source", [3, None, [1, 2], {"x": 1}])
def test_what_is_no_source_is_refused(source):
    with pytest.raises(InputError, match="A graph, an expression or a function was expected"):
        bpv.gradient(source, x=1)


def test_a_network_says_where_its_graph_is_and_a_point_is_a_mapping():
    with pytest.raises(InputError, match=r"Take a graph of it: \.graph\(\)"):
        bpv.gradient(bpv.MLP((2, 1)))
    with pytest.raises(InputError, match="given by name"):
        bpv.gradient("x*y", [1, 2])


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (bpv.record, "mode"),
        (bpv.record, "seed"),
        (bpv.jacobian, "mode"),
        (bpv.finite_difference, "step"),
        (bpv.finite_difference, "scheme"),
        (lambda source, **inputs: bpv.paths(source, "most", **inputs), "most"),
        (bpv.explore, "ranges"),
        (bpv.explore, "mode"),
        (bpv.explore, "drawing"),
        (bpv.gradient, "point"),
    ],
)
def test_an_input_may_be_called_like_a_keyword(call, name):
    call(f"{name}*2", **{name: 2.0})
    call(f"{name}*2", {name: 2.0}) if name != "most" else None


def test_a_setting_stays_a_setting_where_the_input_has_its_value():
    timeline = bpv.record("mode*x", {"mode": 2.0, "x": 3.0}, mode="forward")
    assert timeline.mode == "forward"


@pytest.mark.parametrize("source", ["3", lambda: 3.0, lambda x: 3.0, "inf"])
def test_a_constant_has_a_run_and_no_slope(source):
    inputs = {} if source in ("3", "inf") or not source.__code__.co_argcount else {"x": 1.0}
    timeline = bpv.record(source, inputs)
    assert timeline.narrate(len(timeline)).sentence
    assert set(bpv.gradient(source, inputs).values()) <= {0.0}
    explorer = bpv.explore(source, inputs)
    assert explorer.to_html()
    assert explorer.to_svg()
    explorer.close()
