"""Jacobians and Hessians, against SymPy, closed forms and each other."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from strategies import points, smooth_graphs
from worked_examples import EXAMPLES, exact, lecture_graph, lecture_point

from backpropviz import gradient, hessian, jacobian, parse, trace
from backpropviz.autodiff.symbolic.sympy_expressions import expressions_of, symbols_of
from backpropviz.errors import InputError, SeedError

GENERATOR = np.random.default_rng(7)


@pytest.mark.parametrize("name", EXAMPLES)
def test_rows_and_columns_are_the_gradient_of_a_scalar(name):
    graph, point = lecture_graph(name), lecture_point(name)
    for mode, sweeps in (("reverse", 1), ("forward", len(graph.inputs))):
        found = jacobian(graph, point, mode=mode)
        assert found.sweeps == sweeps
        assert found.shape == found.matrix.shape == (1, len(graph.inputs))
        for wrt, block in found.blocks.items():
            assert float(block) == pytest.approx(exact(name, "adjoints", wrt), rel=1e-13, abs=1e-14)


def test_numerator_layout_puts_the_output_in_the_rows():
    matrix = GENERATOR.normal(size=(2, 3))
    graph = trace(lambda x: matrix @ x)
    for mode, sweeps in (("reverse", 2), ("forward", 3)):
        found = jacobian(graph, x=[1.0, 2.0, 3.0], mode=mode)
        np.testing.assert_allclose(found.matrix, matrix, rtol=1e-15)
        assert found.sweeps == sweeps
        assert found.blocks["x"].shape == (2, 3)
        assert (found.output_shape, found.input_shapes) == ((2,), {"x": (3,)})


def test_array_inputs_and_outputs_of_any_rank():
    graph = trace(lambda x, w: np.tanh(x @ w), "x", "w")
    point = {"x": GENERATOR.normal(size=(2, 3)), "w": GENERATOR.normal(size=(3, 4))}
    rows, columns = (jacobian(graph, point, mode=mode) for mode in ("reverse", "forward"))
    assert (rows.sweeps, columns.sweeps) == (8, 18)
    assert rows.blocks["w"].shape == (2, 4, 3, 4)
    assert rows.shape == (8, 18)
    np.testing.assert_allclose(rows.matrix, columns.matrix, rtol=1e-13, atol=1e-15)
    slope = 1 - np.tanh(point["x"] @ point["w"]) ** 2
    expected = np.einsum("bo,bi,op->boip", slope, point["x"], np.eye(4))
    np.testing.assert_allclose(rows.blocks["w"], expected, rtol=1e-13, atol=1e-15)


def test_shapes_are_stated_in_words():
    graph = trace(lambda x, w: x @ w, "x", "w")
    text = str(jacobian(graph, x=np.ones((2, 3)), w=np.ones((3, 4)), mode="forward"))
    assert "8 × 18, 18 forward sweeps" in text
    assert "by w (3, 4): (2, 4, 3, 4)" in text


def test_an_unknown_mode_is_named():
    with pytest.raises(InputError, match="Did you mean 'reverse'"):
        jacobian(parse("x*x"), x=1.0, mode="revers")


def test_empty_arrays_have_empty_jacobians():
    graph = trace(lambda x: np.sum(x * x))
    assert jacobian(graph, x=np.zeros(0)).matrix.shape == (1, 0)
    assert hessian(graph, x=np.zeros(0)).matrix.shape == (0, 0)


@pytest.mark.parametrize("name", EXAMPLES)
def test_hessians_of_the_lecture_examples_agree_with_sympy(name):
    graph, point = lecture_graph(name), lecture_point(name)
    written, symbols = expressions_of(graph)[graph.output], symbols_of(graph)
    values = {symbols[wrt]: sympy.Rational(value) for wrt, value in point.items()}
    found = hessian(graph, point)
    for a in graph.inputs:
        for b in graph.inputs:
            expected = written.diff(symbols[a]).diff(symbols[b]).subs(values).evalf(30)
            assert float(found.blocks[a, b]) == pytest.approx(float(expected), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "x**3*z", "x**z", "2**x", "exp(x*z)", "ln(x)*z", "log2(x*z)", "log10(x)", "sqrt(x*z)", "sin(x)*cos(z)",
        "tan(x/2)", "asin(x/4)", "acos(z/4)", "atan(x*z)", "sinh(x)*cosh(z)", "tanh(x*z)", "atan2(x, z)",
        "hypot(x, z)", "sigmoid(x*z)", "softplus(x - z)", "gelu(x*z)", "relu(x*x*z)", "leaky_relu(-x*z)",
        "abs(x - z)*x", "max(x*x, z*z)", "min(x*z, z*z*z)", "square(x*z)", "reciprocal(x + z)", "x/z",
    ],
)  # fmt: skip
def test_every_scalar_rule_is_differentiated_exactly(text):
    graph = parse(text)
    point = {"x": 0.7, "z": 1.3}
    symbols = symbols_of(graph)
    written = expressions_of(graph)[graph.output]
    found = hessian(graph, {name: point[name] for name in graph.inputs})
    for (a, b), entry in found.blocks.items():
        second = written.diff(symbols[a]).diff(symbols[b])
        expected = second.subs({symbols[name]: sympy.Float(point[name], 30) for name in symbols}).evalf(30)
        assert float(entry) == pytest.approx(float(expected), rel=1e-12, abs=1e-12)


@given(st.data())
def test_hessians_of_random_graphs_are_symmetric_and_predict_the_gradient(data):
    graph = data.draw(smooth_graphs(8))
    point = data.draw(points(graph))
    matrix = hessian(graph, point).matrix
    scale = 1.0 + np.abs(matrix).max()
    np.testing.assert_allclose(matrix, matrix.T, rtol=1e-9, atol=1e-9 * scale)
    step = 1e-6
    for column, name in enumerate(graph.inputs):
        ahead = gradient(graph, point | {name: point[name] + step})
        behind = gradient(graph, point | {name: point[name] - step})
        slope = [(ahead[each] - behind[each]) / (2 * step) for each in graph.inputs]
        np.testing.assert_allclose(matrix[:, column], slope, rtol=1e-3, atol=1e-3 * scale)


def test_least_squares_has_a_constant_hessian():
    design = GENERATOR.normal(size=(5, 3))
    target = GENERATOR.normal(size=5)
    graph = trace(lambda theta: np.sum((design @ theta - target) ** 2) / 5)
    found = hessian(graph, theta=np.zeros(3))
    assert found.sweeps == 3
    np.testing.assert_allclose(found.matrix, 2 / 5 * design.T @ design, rtol=1e-12)


def test_a_quadratic_form_gives_the_symmetric_part():
    matrix = GENERATOR.normal(size=(3, 3))
    found = hessian(trace(lambda x: x @ (matrix @ x)), x=GENERATOR.normal(size=3))
    np.testing.assert_allclose(found.matrix, matrix + matrix.T, rtol=1e-12)


def test_inverses_are_differentiated_twice():
    # d²/dt² of aᵀ(A + tB)⁻¹a is 2 aᵀA⁻¹BA⁻¹BA⁻¹a.
    a = GENERATOR.normal(size=3)
    base = np.eye(3) * 4 + GENERATOR.normal(size=(3, 3)) * 0.3
    move = GENERATOR.normal(size=(3, 3))
    inverse = np.linalg.inv(base)
    expected = 2 * a @ inverse @ move @ inverse @ move @ inverse @ a
    for function in (
        lambda t: a @ np.linalg.solve(base + t * move, a),
        lambda t: a @ np.linalg.inv(base + t * move) @ a,
    ):
        assert hessian(trace(function), t=0.0).matrix == pytest.approx(expected, rel=1e-11)


def test_blocks_between_two_arrays():
    graph = trace(lambda x, w: np.sum(np.sin(x @ w)), "x", "w")
    point = {"x": GENERATOR.normal(size=(2, 3)), "w": GENERATOR.normal(size=3)}
    found = hessian(graph, point)
    assert found.blocks["x", "w"].shape == (2, 3, 3)
    np.testing.assert_allclose(found.matrix, found.matrix.T, atol=1e-14)
    inner = point["x"] @ point["w"]
    expected = -np.sin(inner)[:, None, None] * point["w"][:, None] * point["x"][:, None, :]
    expected += np.cos(inner)[:, None, None] * np.eye(3)
    np.testing.assert_allclose(found.blocks["x", "w"], expected, rtol=1e-12, atol=1e-14)
    assert "by x, then w: (2, 3, 3)" in str(found)


def test_a_hessian_needs_a_scalar():
    with pytest.raises(SeedError, match="output y has shape"):
        hessian(trace(lambda x: x * 2), x=[1.0, 2.0])
