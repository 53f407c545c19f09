"""The checker must catch every wrong rule, and name the node that has it."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from faulty_rules import FAULTS
from operation_cases import CASES

from backpropviz import check, parse, trace
from backpropviz.autodiff import plan
from backpropviz.errors import GradientCheckError
from backpropviz.graph import GraphBuilder
from backpropviz.ops import REGISTRY, relu


def _graph(op, arguments, parameters):
    """The gate between others, so that its name must be found."""
    builder = GraphBuilder()
    inputs = [builder.input(f"x{slot}") for slot in range(len(arguments))]
    gate = builder.apply(op, *inputs, name="suspect", **parameters)
    output = builder.apply("sum", builder.apply("tanh", gate))
    return builder.build(output), {f"x{slot}": argument for slot, argument in enumerate(arguments)}


def test_there_are_many_of_them():
    assert len(FAULTS) >= 60
    assert len({str(fault) for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_wrong_rule_is_caught_and_named(fault, monkeypatch):
    graph, point = _graph(fault.op, fault.arguments, fault.parameters)
    check(graph, point)
    monkeypatch.setattr(plan, "REGISTRY", MappingProxyType({**REGISTRY, fault.op: fault.faulty()}))
    suspected, point = _graph(fault.op, fault.arguments, fault.parameters)
    with pytest.raises(GradientCheckError) as caught:
        check(suspected, point)
    assert caught.value.node == "suspect"
    assert caught.value.op == fault.op
    assert "suspect" in str(caught.value)


@pytest.mark.parametrize("case", [case for case in CASES if np.size(case.value()) < 30], ids=str)
def test_right_rules_pass(case):
    check(*_graph(case.op, case.arguments, case.parameters))


def test_the_message_says_what_where_and_what_to_do(monkeypatch):
    fault = next(fault for fault in FAULTS if str(fault) == "matmul: not transposed")
    graph, point = _graph(fault.op, fault.arguments, fault.parameters)
    patched = MappingProxyType({**REGISTRY, "matmul": fault.faulty()})
    monkeypatch.setattr(plan, "REGISTRY", patched)
    with pytest.raises(GradientCheckError) as caught:
        check(graph, point)
    assert str(caught.value).startswith("matmul (node suspect), slot 0: the reverse rule gives ")
    assert str(caught.value).endswith("Correct the rule.")


@pytest.mark.parametrize("x", [0.0, 1.0, -1.0, 1e-9, 700.0])
def test_kinks_and_edges_raise_no_false_alarm(x):
    check(parse("relu(x) + max(x, 1) + abs(x) + sqrt(x) + x**0.5 + x**2 + min(x, -x)"), x=x)


def test_large_arrays_are_checked_along_random_directions():
    generator = np.random.default_rng(3)
    graph = trace(lambda x, w: np.mean(np.maximum(x @ w, 0.0) ** 2), "x", "w")
    check(graph, x=generator.normal(size=(20, 10)), w=generator.normal(size=(10, 15)))


def test_gates_that_do_the_same_are_checked_each(monkeypatch):
    text = " + ".join(f"sin({k}*x)" for k in range(1, 40))
    check(parse(text), x=0.1)
    wrong_far_out = replace(
        REGISTRY["sin"], partials=lambda _out, x: (np.where(np.greater(x, 2.0), 1.0 + 1e-6, 1.0) * np.cos(x),)
    )
    monkeypatch.setattr(plan, "REGISTRY", MappingProxyType({**REGISTRY, "sin": wrong_far_out}))
    suspected = parse(text)
    with pytest.raises(GradientCheckError) as caught:
        check(suspected, x=0.1)
    assert caught.value.op == "sin"


def test_a_rule_for_numbers_alone_raises_no_false_alarm(monkeypatch):
    branching = replace(REGISTRY["sin"], partials=lambda _out, x: (np.cos(x) if x > 0.0 else np.cos(-x),))
    monkeypatch.setattr(plan, "REGISTRY", MappingProxyType({**REGISTRY, "sin": branching}))
    check(parse(" + ".join(f"sin({k}*x)" for k in range(1, 5))), x=0.1)


@pytest.mark.parametrize("seed", range(5))
def test_maxima_of_rectified_windows_raise_no_false_alarm(seed):
    """Zeros tie below a small maximum: differences that reach beyond it agree with each other on a wrong slope."""
    graph = trace(lambda x: np.sum(np.max(relu(x), axis=(2, 4))), "x")
    check(graph, x=np.random.default_rng(seed).normal(size=(4, 6, 2, 6, 2)))
