"""Rules are run on tracers, counters, dual numbers and symbols; what these cannot follow is refused, never guessed."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

import backpropviz as bpv
from backpropviz.autodiff.costs.counting import Counter
from backpropviz.autodiff.fast.buffered_sweeps import BufferedSweeps
from backpropviz.autodiff.fast.rule_calls import CallRecorder
from backpropviz.autodiff.fast.terms import Pool, UntraceableRuleError
from backpropviz.autodiff.second_order.dual import Dual, apply_to_duals
from backpropviz.autodiff.symbolic.sympy_expressions import Symbolic, expression_of
from backpropviz.errors import BackpropvizError, GraphError
from backpropviz.ops import Elementwise, register, registry
from backpropviz.ops.roles import SCALER


@pytest.fixture
def own():
    """Operations of one's own, of which nothing stays behind."""
    made = []

    def make(value, partials):
        made.append(f"own{len(made)}")
        texts = {"formulas": ("…",), "symbol": "own", "latex": r"\operatorname{{own}}({0})"}
        return register(Elementwise(name=made[-1], arity=1, value=value, partials=partials, role=SCALER, **texts))

    yield make
    for name in made:
        registry._all.pop(name, None)


@pytest.mark.parametrize(
    ("value", "partials"),
    [
        (lambda x: np.where(x > 0.5, x * x, -x), lambda _out, x: (np.where(x > 0.5, 2 * x, -1.0),)),
        (lambda x: np.where(~(x <= 2), 0 * x, x), lambda _out, x: (np.where(~(x <= 2), 0.0, 1.0),)),
        (lambda x: np.asarray(x) ** 2, lambda _out, x: (2.0 * np.asarray(x),)),
        (lambda x: np.sum([x, x], axis=0), lambda out, _x: (0 * out + 2.0,)),
        (lambda x: np.divmod(x, 1)[0] * 0 + x, lambda out, _x: (0 * out + 1.0,)),
    ],
    ids=["compares", "negates a condition", "asks for the numbers", "lists", "has two results"],
)
def test_a_rule_of_ones_own_is_followed_or_run_as_it_is(own, value, partials):
    made = own(value, partials)
    graph = bpv.trace(lambda x, z: made(x * z) + x)
    fast = graph.compile()
    for point in ({"x": 1.5, "z": 2.0}, {"x": np.linspace(0.5, 1.0, 4), "z": np.linspace(1.0, 2.0, 4)}):
        at = [{name: np.atleast_1d(each)[k] for name, each in point.items()} for k in range(np.size(point["x"]))]
        number, gradient = fast(**point)
        for k, one in enumerate(at):
            expected = bpv.gradient(graph, one)
            assert np.atleast_1d(number)[k] == pytest.approx(float(graph.evaluate(one).value), rel=1e-15)
            for name in expected:
                assert np.atleast_1d(gradient[name])[k] == pytest.approx(float(expected[name]), rel=1e-15)


@pytest.mark.parametrize(
    "value",
    [lambda x: np.ravel(np.split(x, 2)), lambda x: np.split(x, 1)[0] * 1.0],
    ids=["joined", "one of them"],
)
def test_pieces_of_an_array_are_followed(own, value):
    made = own(value, lambda out, _x: (0.0 * out + 1.0,))
    graph = bpv.trace(lambda x: bpv.ops.sum(made(x * x) * x))
    fast = graph.compile()
    held, written = np.ones(4), np.empty(4)
    sweeps = BufferedSweeps(graph, {"x": held}, {"x": written})
    for k in range(4):
        held[...] = np.linspace(k, 1.0, 4)
        number, gradient = fast(x=held)
        sweeps.run()
        tape = graph.evaluate(x=held)
        assert number == sweeps.value() == tape.value
        np.testing.assert_array_equal(gradient["x"], tape.reverse()["x"])
        np.testing.assert_array_equal(written, tape.reverse()["x"])


def test_terms_refuse_what_generated_code_cannot_hold():
    pool = Pool(raises=True)
    x = pool.variable()
    refused = [
        lambda: bool(x > 0),
        lambda: bool(x),
        lambda: x + "a",
        lambda: x + np.ones(2),
        lambda: np.add.reduce(x),
        lambda: np.exp(x, dtype=np.float32),
        lambda: np.frexp(x),
        lambda: np.sort(x),
        lambda: np.where(x),
        lambda: np.where(x > 0),
    ]
    for each in refused:
        with pytest.raises(UntraceableRuleError):
            each()
    assert (2**x).index != (x**2).index
    assert (2 / x).index != (x / 2).index
    assert abs(-x).pool is pool
    assert len({(x > 0).index, (x >= 0).index, (x < 0).index, (x <= 0).index}) == 4
    assert (x + 1).index == (1 + x).index
    assert (x + np.float64(1)).index == (x + np.array(1.0)).index


def test_recorded_values_refuse_what_a_plan_cannot_repeat():
    recorder = CallRecorder()
    x = recorder.leaf(np.arange(4.0))
    refused = [
        lambda: bool(x),
        lambda: list(x),
        lambda: np.array(x, dtype=float),
        lambda: np.frexp(x),
        lambda: np.add.accumulate(x),
        lambda: x[x],
        lambda: recorder.call(np.clip, np.ones(4), 0.0, a_max=x),
    ]
    for each in refused:
        with pytest.raises(UntraceableRuleError):
            each()
    matrix = np.eye(4)
    assert (matrix @ x).number.tolist() == (x @ matrix).number.tolist() == [0.0, 1.0, 2.0, 3.0]
    assert (-x)[1:3].number.tolist() == [-1.0, -2.0]
    assert np.add.reduce(x).number == 6.0
    assert x[[0, 2]].place == x[[0, 2]].place  # equal calls are made once


def test_counted_values_behave_as_numbers_and_know_their_price():
    x = Counter(np.array([1.0, 2.0, 4.0]))
    assert repr(x * 2).startswith("Counter((3,), ")
    assert len(x) == 3
    assert x.shape == (3,)
    assert x[1].value == 2.0
    assert bool(Counter(np.float64(1.0)))
    assert x.sum().value == 7.0
    assert x.T.value.tolist() == x.real.value.tolist() == [1.0, 2.0, 4.0]
    assert np.array(x, copy=True) is not x.value
    assert np.where(True, x, 0.0) is x
    assert np.where(False, x, 0.0) == 0.0
    assert (x * -1.0).value.tolist() == (-x).value.tolist()
    assert (0.0 / x).tolist() == [0.0, 0.0, 0.0]
    assert np.add.reduce(x).value == 7.0
    with pytest.raises(AttributeError, match="no attribute 'colour'"):
        _ = x.colour
    with pytest.raises(BackpropvizError, match=r"np\.spacing has no price"):
        np.spacing(x)


def test_dual_numbers_behave_as_numbers():
    x = Dual(np.array([1.0, 4.0]), np.array([1.0, 0.5]))
    assert repr(x).startswith("Dual(array([1., 4.])")
    assert (len(x), x.shape, x.real) == (2, (2,), x)
    assert x.T.tangent.tolist() == x.reshape(2).tangent.tolist() == [1.0, 0.5]
    assert x[1].primal == 4.0
    assert np.sqrt(x).tangent.tolist() == [0.5, 0.125]
    assert np.where([True, False], x, -x).tangent.tolist() == [1.0, -0.5]
    assert np.concatenate([x, np.zeros(1)]).tangent.tolist() == [1.0, 0.5, 0.0]
    assert (x > 2).tolist() == [False, True]
    assert apply_to_duals("square", x).tangent.tolist() == [2.0, 4.0]
    refused = [lambda: np.add.reduce(x), lambda: np.exp(x, dtype=float), lambda: np.spacing(x), lambda: np.sort(x)]
    for each in refused:
        with pytest.raises(BackpropvizError, match="no second derivative here"):
            each()
    with pytest.raises(AttributeError, match="no attribute 'colour'"):
        _ = x.colour


def test_symbols_refuse_what_has_no_symbolic_form():
    x = Symbolic(sympy.Symbol("x", real=True))
    assert np.clip(x, -1.0, 1.0).expression.subs(x.expression, 3) == 1
    assert np.where(x > 0, x, 0.0).expression.subs(x.expression, -3) == 0
    for each in (lambda: np.add.reduce(x), lambda: np.spacing(x), lambda: np.sort(x), lambda: np.exp(x, dtype=float)):
        with pytest.raises(GraphError, match="no symbolic form here"):
            each()
    with pytest.raises(GraphError, match=r"array of shape \(2,\)"):
        expression_of(np.ones(2))
    assert expression_of(np.float64(np.inf)) == sympy.oo
    assert expression_of(-np.inf) == -sympy.oo
    assert expression_of(np.nan) is sympy.nan
    assert expression_of(np.pi) is sympy.pi
    assert expression_of(True) is True


def test_a_graph_too_deep_for_sympy_is_refused_with_advice():
    graph = bpv.trace(lambda x: [x := np.sin(x) for _ in range(3_000)][-1])
    with pytest.raises(GraphError, match="Use reverse mode"):
        bpv.symbolic(graph, "x")
