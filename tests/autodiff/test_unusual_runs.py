"""Runs that few graphs need: rules that do not repeat themselves, gates within gates, nothing to differentiate."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.autodiff import plan
from backpropviz.autodiff.checking import compare
from backpropviz.autodiff.costs.counting import Counter
from backpropviz.autodiff.costs.storage import reverse_storage
from backpropviz.autodiff.fast.rule_calls import CallRecorder
from backpropviz.autodiff.second_order.dual import Dual
from backpropviz.errors import BackpropvizError, GradientCheckError, ShapeError, SingularMatrixError
from backpropviz.ops import REGISTRY

ARRAYS = bpv.trace(lambda w, x: bpv.ops.sum(bpv.ops.tanh(w @ x)))
POINT = {"w": np.array([[0.5, -1.0], [0.25, 2.0]]), "x": np.array([1.0, -0.5])}


def planted(monkeypatch, **rules):
    """Replace parts of operations for the graphs that are run from now on."""
    changed = {name: replace(REGISTRY[name], **parts) for name, parts in rules.items()}
    monkeypatch.setattr(plan, "REGISTRY", MappingProxyType({**REGISTRY, **changed}))


def test_a_wrong_shape_is_a_wrong_rule(monkeypatch):
    graph = bpv.trace(lambda w, x: bpv.ops.sum(w @ x))
    planted(monkeypatch, matmul={"shape_rule": lambda *_shapes: (7,)})
    with pytest.raises(GradientCheckError, match=r"shape says \(7,\)"):
        bpv.check(graph, POINT)


def test_a_forward_rule_of_the_wrong_shape_is_caught(monkeypatch):
    graph = bpv.trace(lambda w, x: bpv.ops.sum(w @ x))
    planted(monkeypatch, matmul={"jvp_rules": (lambda *_: np.ones((5, 5)),) * 2})
    with pytest.raises(GradientCheckError, match="forward rule"):
        bpv.check(graph, POINT)


def test_labels_cannot_move_and_have_no_gradient():
    graph = bpv.trace(bpv.ops.cross_entropy_with_logits, "logits", "labels")
    bpv.check(graph, logits=np.array([[0.5, -1.0], [2.0, 0.0]]), labels=np.array([0.0, 1.0]))


def test_a_measurement_that_takes_long_is_not_repeated(monkeypatch):
    calls = []
    monkeypatch.setattr(compare, "_PATIENCE", -1.0)
    result, seconds = compare._timed(lambda: calls.append(1) or len(calls))
    assert (result, len(calls)) == (1, 1)
    assert seconds >= 0


def test_compiled_graphs_of_many_gates_say_what_is_missing():
    graph = bpv.trace(lambda x, z: sum(bpv.ops.sin(x * k) * z for k in range(1, 400)))
    fast = graph.compile()
    assert fast.strategy == "levels"
    assert fast.source is None
    with pytest.raises(bpv.errors.InputError, match="No value for input 'z'"):
        fast(x=1.0)
    with pytest.raises(bpv.errors.InputError, match="no input 'w'"):
        fast(x=1.0, z=2.0, w=3.0)
    value, gradient = fast(x=1, z=2)
    expected = graph.evaluate(x=1.0, z=2.0)
    assert value == pytest.approx(float(expected.value), rel=1e-13)
    assert gradient["x"] == pytest.approx(float(expected.reverse()["x"]), rel=1e-12)


def test_a_rule_that_does_not_repeat_itself_is_run_as_it_is(monkeypatch):
    drawn = np.random.default_rng(0)
    noisy = {"value": lambda x: np.tanh(x) + 0 * drawn.normal(size=np.shape(x)) * np.isnan(np.asarray(x)[..., :1])}
    planted(monkeypatch, tanh=noisy)
    fast = ARRAYS.compile()
    value, gradient = fast(**POINT)
    assert value == pytest.approx(float(ARRAYS.evaluate(POINT).value))
    assert np.allclose(gradient["w"], bpv.gradient(ARRAYS, POINT)["w"])


def test_a_rule_that_differs_while_it_is_recorded_is_run_as_it_is(monkeypatch):
    calls = []

    def changing(x):
        calls.append(1)
        return np.tanh(x) if len(calls) % 2 else np.tanh(x) * 1.0 + len(calls)

    planted(monkeypatch, tanh={"value": changing, "partials": lambda out, _x: (1.0 - out * out + len(calls),)})
    fast = bpv.trace(lambda w, x: bpv.ops.sum(bpv.ops.tanh(w @ x))).compile()
    before = len(calls)
    fast(**POINT)
    fast(**POINT)
    assert len(calls) > before + 1  # called each time, not replayed


def test_slopes_that_differ_while_they_are_recorded_are_run_as_they_are(monkeypatch):
    calls = []

    def changing(out, _x):
        calls.append(1)
        return (1.0 - out * out + len(calls),)

    planted(monkeypatch, tanh={"partials": changing})
    fast = bpv.trace(lambda w, x: bpv.ops.sum(bpv.ops.tanh(w @ x))).compile()
    slopes = [fast(**POINT)[1]["x"] for _ in range(4)]
    assert len({tuple(slope) for slope in slopes}) == 4  # called each time, not replayed


def test_numpy_s_own_complaints_name_the_node(monkeypatch):
    def complain(_x):
        raise ValueError("a ring is wanted")

    planted(monkeypatch, tanh={"value": complain})
    with pytest.raises(ShapeError, match=r"tanh \(node y\): it cannot take these values: a ring is wanted") as caught:
        bpv.parse("a = x*2; y = tanh(a)").evaluate(x=1.0)
    assert (caught.value.node, caught.value.op) == ("y", "tanh")
    assert "Arguments: a ()" in str(caught.value)


def test_a_fault_inside_another_graph_keeps_the_node_it_names(monkeypatch):
    inner = bpv.trace(lambda m: bpv.ops.sum(bpv.ops.inverse(m)))
    planted(monkeypatch, tanh={"value": lambda x: inner.evaluate(m=x).value})
    with pytest.raises(SingularMatrixError) as caught:
        bpv.trace(lambda x: bpv.ops.tanh(x) * 2.0).evaluate(x=np.zeros((2, 2)))
    assert caught.value.op == "inverse"
    assert str(caught.value).count("node") == 1


def test_a_faulty_backward_rule_names_its_node(monkeypatch):
    def refuse(*_):
        raise SingularMatrixError("there is no slope here.")

    planted(monkeypatch, tanh={"partials": refuse})
    graph = bpv.parse("a = x*2; y = tanh(a)")
    with pytest.raises(SingularMatrixError, match=r"tanh \(node y\): there is no slope here") as caught:
        graph.evaluate(x=1.0).reverse()
    assert caught.value.node == "y"


def test_a_fault_inside_a_closed_gate_keeps_its_node():
    graph = bpv.trace(lambda a, b: bpv.ops.sum(bpv.ops.solve(a, b) * 2))
    gates = [name for name in graph.nodes if graph.arguments(name)]
    once = graph.collapse(gates[:2], "inner")
    with pytest.raises(BackpropvizError) as caught:
        once.evaluate(a=np.ones((2, 2)), b=np.ones(2))
    assert caught.value.node is not None


def test_a_scalar_tangent_is_spread_over_an_array():
    graph = bpv.trace(lambda x, s: bpv.ops.sum(x + s))
    tangents = graph.evaluate(x=np.ones((2, 3)), s=2.0).forward({"s": 1.0})
    assert tangents[graph.consumers("s")[0][0]].shape == (2, 3)
    assert float(tangents.value) == 6.0


def test_nothing_to_differentiate():
    graph = bpv.parse("x")
    assert bpv.gradient(graph, x=3) == {"x": 1.0}
    assert bpv.cost(graph).reverse.stored >= 1
    assert reverse_storage(plan.plan_of(graph), [1]) == 2
    assert bpv.parse("x*2").evaluate(x=1).non_finite is None
    assert bpv.parse("ln(x)").evaluate(x=-1).non_finite == "y"


def test_a_known_choice_disappears_from_the_gradient_graph():
    graph = bpv.trace(lambda x: np.where(True, x * x, -x))
    written = graph.gradient_graph("x")
    assert float(written.evaluate(x=3.0).value) == 6.0


def test_paths_that_are_too_many_are_summed_as_far_as_shown():
    graph = bpv.parse("; ".join(["a0 = x"] + [f"a{k + 1} = a{k}*{k + 2} + sin(a{k})" for k in range(16)]))
    found = bpv.paths(graph, "x", x=0.1)
    text = found.to_markdown()
    assert f"of {found.count:,} paths" in text
    assert "**all paths**" in text


def test_recorded_lists_counted_factors_and_dual_logarithms():
    x = CallRecorder().leaf(np.arange(2.0))
    assert ([[1.0, 2.0], [0.0, 1.0]] @ x).number.tolist() == [2.0, 1.0]
    sign, logarithm = np.linalg.slogdet(Counter(np.eye(3) * 2.0))
    assert (float(sign.value), float(logarithm.value)) == (1.0, pytest.approx(3 * np.log(2)))
    assert np.log1p(Dual(1.0, 4.0)).tangent == 2.0
    assert np.logaddexp(Dual(0.0, 1.0), 0.0).tangent == 0.5


@pytest.mark.parametrize("op", ["inverse", "solve"])
def test_a_matrix_without_correct_digits_is_refused(op):
    matrix = np.arange(1.0, 10.0).reshape(3, 3)  # of rank 2, which rounding hides
    more = [np.array([1.0, 0.0, 0.0])] if op == "solve" else []
    with pytest.raises(BackpropvizError, match="singular"):
        REGISTRY[op].value(matrix, *more)
