"""Vectors and matrices of the lecture notes, against their closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from array_examples import gaussian_process
from worked_examples import EXAMPLES, exact, lecture_graph, lecture_point

from backpropviz import check, cost, finite_difference, gradient, jacobian, parse, trace

GENERATOR = np.random.default_rng(11)


# -- forward mode, told as dual numbers ----------------------------------------------------------------------


def test_the_forward_table_of_the_tanh_network():
    # Imperial: x = 1, W0 = 2, W1 = 1.2, y = 2; the notes round to 0.964, 0.14, 0.169, −0.85 and −0.283 on the way.
    name = "imperial-tanh-net"
    tape = lecture_graph(name).evaluate(lecture_point(name))
    tangents = tape.forward(x=1.0)
    for node, value in EXAMPLES[name]["values"].items():
        assert float(tape.primals[node]) == pytest.approx(float(value), rel=1e-15)
    slope = 1 - np.tanh(2.0) ** 2
    table = {"x1": 2.0, "x2": 2 * slope, "x3": 2.4 * slope, "x4": 2.4 * slope}
    table["x5"] = 2 * float(tape.primals["x4"]) * table["x4"]
    for node, tangent in table.items():
        assert float(tangents[node]) == pytest.approx(tangent, rel=1e-14)
    rounded = {"x2": (0.964, 0.14), "x3": (1.157, 0.169), "x4": (-0.843, 0.169), "x5": (0.711, -0.286)}
    for node, (primal, tangent) in rounded.items():
        assert float(tape.primals[node]) == pytest.approx(primal, abs=5e-4)
        assert float(tangents[node]) == pytest.approx(tangent, abs=2e-3)
    assert float(tangents.value) == pytest.approx(exact(name, "adjoints", "x"), rel=1e-14)


@pytest.mark.parametrize("name", EXAMPLES)
def test_forward_mode_gives_each_derivative_in_a_run_of_its_own(name):
    graph = lecture_graph(name)
    tape = graph.evaluate(lecture_point(name))
    for wrt in graph.inputs:
        tangent = tape.forward({wrt: 1.0}).value
        assert float(tangent) == pytest.approx(exact(name, "adjoints", wrt), rel=1e-13, abs=1e-14)


def test_the_product_rule_falls_out_of_dual_numbers():
    # Imperial, exercise: ⟨x, 1⟩·⟨x, 1⟩ = ⟨x², 2x⟩.
    tape = parse("x*x").evaluate(x=3.0)
    assert (float(tape.value), float(tape.forward(x=1.0).value)) == (9.0, 6.0)


def test_dual_numbers_for_each_input_of_the_cornell_example():
    tape = lecture_graph("cornell-add-multiply").evaluate(lecture_point("cornell-add-multiply"))
    columns = {wrt: tape.forward({wrt: 1.0}) for wrt in "xyz"}
    assert [float(columns[wrt]["v1"]) for wrt in "xyz"] == [1.0, 1.0, 0.0]
    assert [float(columns[wrt].value) for wrt in "xyz"] == [-4.0, -4.0, 3.0]


# -- vectors and matrices ------------------------------------------------------------------------------------


def test_the_squared_length_of_a_vector():
    x = GENERATOR.normal(size=4)
    for function in (lambda x: x @ x, lambda x: np.sum(x * x), lambda x: np.dot(x, x), lambda x: np.sum(x**2)):
        np.testing.assert_allclose(gradient(trace(function), x=x)["x"], 2 * x, rtol=1e-15)


def test_a_dot_product_as_one_gate_and_as_its_scalar_graph():
    x, y = GENERATOR.normal(size=(2, 3))
    whole = gradient(trace(lambda x, y: y @ x), x=x, y=y)
    np.testing.assert_array_equal(whole["x"], y)
    np.testing.assert_array_equal(whole["y"], x)
    point = {f"x{place}": x[place] for place in range(3)} | {f"y{place}": y[place] for place in range(3)}
    parts = gradient(parse("x0*y0 + x1*y1 + x2*y2"), point)
    assert [parts[f"x{place}"] for place in range(3)] == list(whole["x"])


def test_matrix_times_vector():
    # Cornell: with all ones upstream, ∇x = Wᵀe and ∇W = e xᵀ.
    weights, x = GENERATOR.normal(size=(3, 2)), GENERATOR.normal(size=2)
    found = trace(lambda w, x: w @ x, "W", "x").evaluate(W=weights, x=x).reverse(np.ones(3))
    np.testing.assert_allclose(found["x"], weights.T @ np.ones(3), rtol=1e-15)
    np.testing.assert_allclose(found["W"], np.outer(np.ones(3), x), rtol=1e-15)


def test_matrix_times_matrix():
    x, weights = GENERATOR.normal(size=(4, 3)), GENERATOR.normal(size=(3, 2))
    upstream = GENERATOR.normal(size=(4, 2))
    found = trace(lambda x, w: x @ w, "X", "W").evaluate(X=x, W=weights).reverse(upstream)
    np.testing.assert_allclose(found["X"], upstream @ weights.T, rtol=1e-14)
    np.testing.assert_allclose(found["W"], x.T @ upstream, rtol=1e-14)


def test_linear_and_quadratic_forms():
    c, theta = GENERATOR.normal(size=(2, 3))
    form = GENERATOR.normal(size=(3, 3))
    np.testing.assert_allclose(gradient(trace(lambda t: c @ t), t=theta)["t"], c, rtol=1e-15)
    found = gradient(trace(lambda t: t @ form @ t), t=theta)["t"]
    np.testing.assert_allclose(found, form @ theta + form.T @ theta, rtol=1e-13)


def test_least_squares_against_its_closed_form():
    design, target = GENERATOR.normal(size=(6, 3)), GENERATOR.normal(size=6)
    graph = trace(lambda theta: (design @ theta - target) @ (design @ theta - target) / 6)
    theta = GENERATOR.normal(size=3)
    expected = 2 / 6 * (design.T @ design @ theta - design.T @ target)
    np.testing.assert_allclose(gradient(graph, theta=theta)["theta"], expected, rtol=1e-12)
    best = np.linalg.solve(design.T @ design, design.T @ target)
    np.testing.assert_allclose(gradient(graph, theta=best)["theta"], 0.0, atol=1e-14)


def test_logistic_regression_fine_and_coarse_agree():
    fine, coarse = (lecture_graph(f"cornell-logistic-{grain}") for grain in ("fine", "coarse"))
    point = lecture_point("cornell-logistic-fine")
    ours, theirs = gradient(fine, point), gradient(coarse, point)
    for wrt in fine.inputs:
        assert ours[wrt] == pytest.approx(theirs[wrt], rel=1e-14)
        assert ours[wrt] == pytest.approx(exact("cornell-logistic-fine", "adjoints", wrt), rel=1e-14)
    assert cost(coarse).reverse.operations < cost(fine).reverse.operations


def test_scaling_an_input_by_100_scales_the_gradient_of_its_weight_by_100():
    # At the same score, so that the upstream gradient is the same.
    neuron = parse("sigmoid(w0 + w1*x1)")
    small = gradient(neuron, w0=0.5, w1=0.25, x1=2.0)
    large = gradient(neuron, w0=0.5, w1=0.0025, x1=200.0)
    assert large["w1"] == pytest.approx(100 * small["w1"], rel=1e-14)
    assert large["w0"] == small["w0"]


# -- the Gaussian-process exercise ---------------------------------------------------------------------------

N = 5


def gaussian_point():
    generator = np.random.default_rng(3)
    return {"x": generator.normal(size=(N, 2)), "length": np.array([0.8, 1.3]), "y": generator.normal(size=N)}


def closed_forms(x, length, y):
    """Derivatives by ℓ and X from df = −aᵀ dK a with a = K⁻¹y."""
    differences = x[:, None, :] - x[None, :, :]
    kernels = np.exp(-(differences**2) / (2 * length**2))
    a = np.linalg.solve(kernels.sum(axis=-1), y)
    by_length = -np.einsum("i,ijk,j->k", a, kernels * differences**2 / length**3, a)
    by_x = 2 * np.einsum("i,ijk,j->ik", a, kernels * differences / length**2, a)
    return by_length, by_x, 2 * a


def test_the_gaussian_process_of_the_exercise():
    graph = trace(gaussian_process, "x", "length", "y")
    point = gaussian_point()
    tape = graph.evaluate(point)
    assert float(tape.value) == pytest.approx(float(gaussian_process(**point)), rel=1e-13)
    assert list(tape.shapes.values()).count((N, N)) >= 7  # two each of differences, D, Λ and K, and K1 + K2
    found = gradient(graph, point)
    for wrt, expected in zip(("length", "x", "y"), closed_forms(**point), strict=True):
        np.testing.assert_allclose(found[wrt], expected, rtol=1e-9, atol=1e-11)
    check(graph, point)
    for wrt, derivative in finite_difference(graph, point, scheme="complex").items():
        np.testing.assert_allclose(derivative, found[wrt], rtol=1e-9, atol=1e-11)


def test_the_cost_table_of_the_gaussian_process_for_both_modes():
    graph = trace(gaussian_process, "x", "length", "y")
    counted = cost(graph, {"x": (N, 2), "length": (2,), "y": (N,)})
    assert counted.entries == {"x": 2 * N, "length": 2, "y": N}
    assert counted.ratio < 4
    sweeps = jacobian(graph, gaussian_point(), mode="forward").sweeps
    assert sweeps == sum(counted.entries.values()) == 3 * N + 2
    # One reverse sweep gives all; forward mode runs once for each of the 3N + 2 numbers.
    assert counted.forward_operations > 5 * counted.reverse_operations
    # Reverse mode keeps every intermediate; forward mode drops what it no longer needs.
    assert counted.reverse.stored > max(each.stored for each in counted.forward.values())
    assert counted.reverse.stored > 8 * N * N
    text = str(counted)
    for title in ("forward mode, by x (each of 10 entries)", "forward mode, by length", "reverse mode, all inputs"):
        assert title in text
