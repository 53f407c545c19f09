"""The reverse sweep as a graph: the tape's numbers, differentiable again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import SMOOTH_OPS, graphs, points, smooth_graphs

import backpropviz as bpv
from backpropviz.errors import InputError, SeedError, ShapeError

LECTURE = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"
KINKED = (*SMOOTH_OPS, "max", "min", "abs", "relu", "leaky_relu", "hypot")


def test_the_output_is_the_adjoint_and_the_others_have_names():
    graph = bpv.parse("a = x*z; b = sin(a); y = b*b + a")
    slope = graph.gradient_graph("z")
    assert slope.output == "g_z"
    assert slope.inputs == graph.inputs
    tape = slope.evaluate(x=2.0, z=0.7)
    adjoints = graph.evaluate(x=2.0, z=0.7).reverse()
    for node in ("a", "b", "x", "z"):
        assert tape.primals[f"g_{node}"] == adjoints[node]
    assert tape.primals["y"] == graph.evaluate(x=2.0, z=0.7).value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x**3", "3*x**2"),
        ("x*x", "x + x"),
        ("3*x", "3"),
        ("-x", "-1"),
        ("sin(x)", "cos(x)"),
        ("exp(2*x)", "exp(2*x)*2"),
        ("x/z", "1/z"),
        ("x - z", "1"),
        ("sin(-1*x)", "-cos(-1*x)"),
        ("sin(x/1)", "cos(x/1)"),
    ],
)
def test_it_is_written_as_a_person_would(text, expected):
    assert bpv.parse(text).gradient_graph().expression() == expected


def test_an_adjoint_that_is_a_node_keeps_the_node_s_name():
    slope = bpv.parse("x*z").gradient_graph()
    assert slope.output == "z"
    assert slope.evaluate(x=5.0, z=3.0).value == 3.0


def test_names_that_are_taken_are_left_alone():
    graph = bpv.parse("g_x = x*x; y = sin(g_x)*x")
    slope = graph.gradient_graph()
    assert slope.evaluate(x=0.3).primals["g_x"] == graph.evaluate(x=0.3).primals["g_x"]
    assert slope.output == "g_x_"


@settings(deadline=None, max_examples=80)
@given(st.data())
def test_it_gives_the_tape_s_adjoints(data):
    graph = data.draw(graphs(KINKED, 8, constants=st.sampled_from([0.5, 2.0, -1.0, 0.0])))
    point = data.draw(points(graph))
    adjoints = graph.evaluate(point).reverse()
    for name in graph.inputs:
        value = graph.gradient_graph(name).evaluate(point).value
        assert np.isclose(value, adjoints[name], rtol=1e-9, atol=1e-12, equal_nan=True)


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_twice_it_is_the_second_derivative(data):
    graph = data.draw(smooth_graphs(5))
    point = data.draw(points(graph, 0.2, 1.2))
    if max(map(abs, graph.evaluate(point).primals.values())) > 20.0:
        return
    first = graph.inputs[0]
    second = graph.gradient_graph().gradient_graph().evaluate(point).value
    # A complex step through the gradient graph, which is made of the same analytic operations.
    step = 1e-5
    ends = [bpv.gradient(graph, {**point, first: point[first] + sign * step})[first] for sign in (1.0, -1.0)]
    assert second == pytest.approx((ends[0] - ends[1]) / (2.0 * step), rel=1e-3, abs=1e-4 * (1.0 + abs(second)))


def test_it_compiles_plays_and_checks():
    slope = bpv.parse(LECTURE).gradient_graph()
    value, gradient = slope.compile()(x=2.0, z=3.0)
    assert value == pytest.approx(1208.3812151266095)
    assert gradient["x"] == pytest.approx(float(slope.gradient_graph().evaluate(x=2.0, z=3.0).value))
    bpv.check(slope, x=2.0, z=3.0)
    assert len(bpv.record(slope, x=2.0, z=3.0)) > 0


def test_an_input_without_effect_has_the_constant_0():
    slope = bpv.trace(lambda x, z: x * x, "x", "z").gradient_graph("z")
    assert slope.evaluate(x=1.0, z=2.0).value == 0.0


def test_array_graphs_take_shapes():
    def loss(rows, w, b, t):
        away = np.tanh(rows @ w + b) - t
        return np.mean(away * away) + 0.1 * np.sum(w**2)

    graph = bpv.trace(loss)
    generator = np.random.default_rng(0)
    point = {
        "rows": generator.normal(size=(5, 3)),
        "w": generator.normal(size=3),
        "b": np.float64(0.3),
        "t": np.ones(5),
    }
    adjoints = graph.evaluate(point).reverse()
    for name in graph.inputs:
        slope = graph.gradient_graph(name, {key: np.shape(value) for key, value in point.items()})
        value = slope.evaluate(point).value
        assert np.shape(value) == np.shape(point[name])
        np.testing.assert_allclose(value, adjoints[name], rtol=1e-13)


def test_what_does_not_fit_is_refused():
    graph = bpv.parse("x*width")
    with pytest.raises(InputError, match="Did you mean 'width'"):
        graph.gradient_graph("widht")
    with pytest.raises(InputError, match="no input 'q'"):
        graph.gradient_graph(shapes={"q": (2,)})
    with pytest.raises(SeedError, match=r"shape \(2,\)"):
        graph.gradient_graph(shapes={"x": (2,)})
    with pytest.raises(InputError, match="no inputs"):
        bpv.parse("2*3").gradient_graph()


def test_arrays_whose_shapes_are_not_told_are_asked_for():
    graph = bpv.trace(lambda a, b: np.sum(np.outer(a[0], b)))
    with pytest.raises(ShapeError, match=r"gradient_graph\(shapes=\{'a': \(3, 2\), 'b'"):
        graph.gradient_graph()
    assert graph.gradient_graph("b", {"a": (3, 2), "b": (4,)}).output == "g_b"
