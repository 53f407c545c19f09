"""Finite differences, and their error against the step."""

from __future__ import annotations

import numpy as np
import pytest
from worked_examples import EXAMPLES, exact, lecture_graph, lecture_point

from backpropviz import check, error_curve, finite_difference, gradient, ops, parse, trace
from backpropviz.autodiff.checking.finite import evaluations
from backpropviz.errors import BackpropvizError, InputError, SeedError

TOLERANCES = {"forward": 1e-6, "central": 1e-8, "complex": 1e-13}


@pytest.mark.parametrize("scheme", TOLERANCES)
@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "cornell-gates"])
def test_each_scheme_comes_as_near_as_it_can(name, scheme):
    found = finite_difference(lecture_graph(name), lecture_point(name), scheme=scheme)
    for wrt, derivative in found.items():
        assert derivative == pytest.approx(exact(name, "adjoints", wrt), rel=TOLERANCES[scheme], abs=1e-8)


def test_the_difference_that_looks_exact_is_not():
    # From the Cornell notes: (x + y)·z is linear in x, yet the difference with h = 1e-5 is not −4.
    found = finite_difference(lecture_graph("cornell-add-multiply"), lecture_point("cornell-add-multiply"), step=1e-5)
    assert found["x"] != -4.0
    assert found["x"] == pytest.approx(-4.0, abs=1e-9)


def test_one_sided_errors_are_of_first_order_and_central_ones_of_second():
    graph = parse("exp(x)")
    for scheme, order in (("forward", 1), ("central", 2)):
        coarse, fine = (
            abs(finite_difference(graph, x=1.0, scheme=scheme, step=step)["x"] - np.e) for step in (2e-2, 1e-2)
        )
        assert np.log2(coarse / fine) == pytest.approx(order, abs=0.02)


def test_arrays_are_differentiated_entry_by_entry():
    graph = parse("x*x + sin(z)")
    point = {"x": 0.5, "z": 1.5}
    along = finite_difference(graph, point, direction={"x": 2.0, "z": -1.0})
    parts = gradient(graph, point)
    assert along == pytest.approx(2 * parts["x"] - parts["z"], rel=1e-9)


def test_a_direction_in_the_complex_plane_is_exact():
    graph = lecture_graph("cmu-exp-ratio-sine")
    point = lecture_point("cmu-exp-ratio-sine")
    along = finite_difference(graph, point, direction={"z": 3.0}, scheme="complex")
    assert along == pytest.approx(3 * exact("cmu-exp-ratio-sine", "adjoints", "z"), rel=1e-14)


@pytest.mark.parametrize("scheme", TOLERANCES)
def test_outside_the_domain_all_schemes_say_nan(scheme):
    # ln of a negative number is complex, and must not pass for a derivative.
    assert np.isnan(finite_difference(parse("ln(x)"), x=-1.0, scheme=scheme)["x"])


def test_the_complex_step_names_the_gate_it_cannot_pass():
    with pytest.raises(BackpropvizError, match=r"relu \(node h\) takes real numbers only.*central"):
        finite_difference(parse("h = relu(x); y = h*h"), x=1.0, scheme="complex")


def test_a_gate_that_the_output_does_not_need_is_no_obstacle():
    graph = parse("h = relu(x); y = x*x; y")
    assert finite_difference(graph, x=3.0, scheme="complex")["x"] == pytest.approx(6.0, rel=1e-15)


def test_bad_requests_are_refused_with_what_would_fit():
    graph = parse("x*z")
    point = {"x": 1.0, "z": 2.0}
    with pytest.raises(InputError, match="Did you mean 'central'"):
        finite_difference(graph, point, scheme="centrl")
    with pytest.raises(InputError, match="positive number"):
        finite_difference(graph, point, step=0.0)
    with pytest.raises(InputError, match="positive number"):
        finite_difference(graph, point, step=float("nan"))
    with pytest.raises(SeedError, match="'u', which is no input"):
        finite_difference(graph, point, direction={"u": 1.0})
    with pytest.raises(SeedError, match=r"direction of x has shape \(2,\)"):
        finite_difference(graph, point, direction={"x": [1.0, 2.0]})
    with pytest.raises(InputError, match="No value for input 'z'"):
        finite_difference(graph, x=1.0)
    with pytest.raises(InputError, match="no input 'u'"):
        error_curve(graph, "u", point)


def test_how_many_runs_a_gradient_takes():
    assert [evaluations(scheme, 10) for scheme in ("forward", "central", "complex")] == [11, 20, 10]


@pytest.mark.parametrize("name", ["cmu-exp-ratio-sine", "domke-exp-square", "imperial-tanh-net", "mml-sqrt-cos"])
def test_the_error_curve_has_the_two_branches_of_theory(name):
    graph = lecture_graph(name)
    curves = error_curve(graph, graph.inputs[0], lecture_point(name)).curves
    for scheme, order in (("forward", 1), ("central", 2)):
        curve = curves[scheme]
        assert curve.truncation.name == "truncation"
        assert curve.truncation.slope == pytest.approx(order, abs=0.12)
        assert curve.round_off.slope == pytest.approx(-1, abs=0.15)
        assert curve.round_off.largest < curve.best_step < curve.truncation.smallest
    assert 1e-9 < curves["forward"].best_step < 1e-7
    assert 1e-7 < curves["central"].best_step < 1e-4
    assert curves["central"].best_error < curves["forward"].best_error


def test_the_complex_step_has_no_round_off_branch():
    curve = error_curve(parse("exp(x)"), "x", x=1.0).curves["complex"]
    assert curve.round_off is None
    assert curve.truncation.slope == pytest.approx(2, abs=0.05)
    assert curve.errors[0] < 1e-15


def test_a_linear_function_has_nothing_to_truncate():
    curves = error_curve(parse("(x + y)*z"), "x", x=-2, y=5, z=-4).curves
    assert all(curve.truncation is None for curve in curves.values())
    assert curves["central"].round_off.slope == pytest.approx(-1, abs=0.15)


def test_steps_run_from_1e_16_to_1():
    curve = error_curve(parse("sin(x)"), "x", x=1.0)
    assert (curve.steps[0], curve.steps[-1]) == (1e-16, 1.0)
    assert "slope of round-off" in str(curve)


def test_curves_through_kinks_leave_the_complex_step_out():
    assert set(error_curve(parse("abs(x)*x"), "x", x=1.0).curves) == {"forward", "central"}


def test_a_curve_without_numbers_still_prints():
    curve = error_curve(parse("ln(x)"), "x", x=-1.0)
    assert "nan" in str(curve)
    assert all(not each.branches for each in curve.curves.values())


def test_a_kink_beside_the_point_bends_the_curve_so_that_it_has_no_slope():
    # Far beyond the kink at 0 the step no longer matters: no power of the step describes that.
    curve = error_curve(parse("x + 0.05*abs(x)"), "x", x=1e-3)
    central = curve.curves["central"]
    assert central.truncation is None
    assert central.round_off is not None
    assert central.errors[-1] == pytest.approx(0.05 / 1.05, rel=1e-2)
    assert "none" in str(curve)


@pytest.mark.parametrize(("x", "y", "slope"), [(-2.0, 3.0, 12.0), (-1.01, 200.0, None), (-2.0, -101.0, None)])
def test_the_complex_step_of_a_power_keeps_to_the_real_line_left_of_zero(x, y, slope):
    graph = parse("x**y")
    found, exact = finite_difference(graph, x=x, y=y, scheme="complex"), gradient(graph, x=x, y=y)
    assert found["x"] == pytest.approx(exact["x"] if slope is None else slope, rel=1e-13)
    assert np.isnan(found["y"])  # a power of a negative number exists at whole exponents alone
    assert np.isnan(exact["y"])


def test_a_gate_that_holds_what_takes_real_numbers_only_is_checked_by_differences():
    for function in np.linalg.cholesky, lambda x: np.linalg.svd(x, compute_uv=False):
        graph = trace(lambda x, function=function: np.sum(function(x @ x.T) * 2.0), "x", shapes={"x": (2, 2)})
        gates = [name for name in graph.nodes if graph.arguments(name)]
        inner = graph.collapse(gates[1:3], "inner")
        for each in inner, inner.collapse([gates[0], "inner", gates[3]], "outer"):
            check(each, x=np.array([[1.0, 0.3], [0.2, 2.0]]))


def test_rules_of_a_closed_gate_are_not_blamed_for_digits_that_its_values_do_not_have():
    def normalised(x, w, b):
        z = x @ w + b
        z = (z - np.mean(z, axis=0)) / np.sqrt(np.var(z, axis=0) + 1e-5)
        return np.sum(np.cos(np.maximum(z, 0.0)) * ops.gelu(z))

    graph = trace(normalised, shapes={"x": (36, 3), "w": (3, 4), "b": (4,)})
    gates = [name for name in graph.nodes if graph.arguments(name)]
    closed = graph.collapse(gates[:-1], "layer")
    for seed in range(8):
        chance = np.random.default_rng(seed)
        check(closed, x=chance.normal(size=(36, 3)), w=0.1 * chance.normal(size=(3, 4)), b=chance.normal(size=4))


@pytest.mark.parametrize("inside", ["softplus(x)", "logaddexp(x, 1)", "atan2(x, 2)", "hypot(x, 2)", "erf(x)"])
def test_a_closed_gate_is_checked_where_there_are_no_complex_numbers_for_what_it_holds(inside):
    check(parse(f"a = x*{inside}; y = tanh(a)").collapse(["a", "y"]), x=0.7)
