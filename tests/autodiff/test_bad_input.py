"""What does not fit is named, with what would; what is odd but possible is computed."""

from __future__ import annotations

import numpy as np
import pytest

from backpropviz import gradient, hessian, jacobian, ops, parse, trace
from backpropviz.errors import (
    BackpropvizError,
    InputError,
    SeedError,
    ShapeError,
    SingularMatrixError,
)


def test_a_shape_mismatch_names_shapes_nodes_and_what_would_fit():
    graph = trace(lambda w, x: w @ x, "w", "x")
    with pytest.raises(ShapeError) as caught:
        graph.evaluate(w=np.ones((4, 3)), x=np.ones(4))
    for words in ("(4,)", "(4, 3)", "(3,)", "w", "x"):
        assert words in str(caught.value)
    assert caught.value.node == graph.output
    assert caught.value.op == "matmul"


def test_broadcasting_that_fails_names_both_shapes():
    with pytest.raises(ShapeError) as caught:
        trace(lambda x, z: x + z).evaluate(x=np.ones((2, 3)), z=np.ones(4))
    for words in ("(2, 3)", "(4,)", "x", "z"):
        assert words in str(caught.value)


def test_a_target_that_is_no_scalar_needs_a_seed():
    graph = trace(lambda x: x * 2)
    with pytest.raises(SeedError, match=r"output y has shape \(3,\).*needs a seed"):
        gradient(graph, x=np.ones(3))
    np.testing.assert_array_equal(graph.evaluate(x=np.ones(3)).reverse([1.0, 0.0, 2.0])["x"], [2.0, 0.0, 4.0])


def test_a_seed_of_a_wrong_shape_is_refused():
    tape = trace(lambda x: x * 2).evaluate(x=np.ones(3))
    with pytest.raises(SeedError, match=r"shape \(2,\).*shape \(3,\)"):
        tape.reverse(np.ones(2))
    with pytest.raises(SeedError, match=r"tangent of x has shape \(2,\)"):
        tape.forward(x=np.ones(2))


def test_unknown_and_missing_inputs_are_named():
    graph = parse("alpha*beta")
    with pytest.raises(InputError, match=r"no input 'alfa'\. Did you mean 'alpha'"):
        graph.evaluate(alfa=1.0, beta=2.0)
    with pytest.raises(InputError, match="No value for input 'beta'"):
        graph.evaluate(alpha=1.0)


def test_integer_arrays_are_converted():
    tape = trace(lambda x: np.sum(x / 2)).evaluate(x=np.arange(4))
    assert tape.primals["x"].dtype == np.float64
    np.testing.assert_array_equal(tape.reverse()["x"], np.full(4, 0.5))
    assert float(trace(lambda x: np.sum(x * x)).evaluate(x=np.array([2**31, 1])).value) == 2.0**62 + 1


def test_nan_is_flagged_and_crashes_nothing():
    tape = trace(lambda x: np.sum(np.exp(x) * x)).evaluate(x=[1.0, np.nan])
    assert tape.non_finite == "x"
    found = tape.reverse()["x"]
    assert np.isfinite(found[0])
    assert np.isnan(found[1])
    assert np.isnan(hessian(parse("x*x*z"), x=np.nan, z=1.0).matrix).any()


def test_a_singular_matrix_is_a_named_error():
    graph = trace(lambda a, b: np.sum(np.linalg.solve(a, b)), "a", "b")
    with pytest.raises(SingularMatrixError, match=r"solve .*singular") as caught:
        graph.evaluate(a=np.ones((2, 2)), b=np.ones(2))
    assert caught.value.node is not None


def test_an_index_out_of_range_is_a_named_error():
    graph = trace(lambda x: x[5])
    with pytest.raises(BackpropvizError, match=r"5.*\(3,\)") as caught:
        graph.evaluate(x=np.ones(3))
    assert caught.value.node == graph.output
    with pytest.raises(IndexError):
        graph.evaluate(x=np.ones(3))


def test_empty_arrays_have_empty_gradients():
    graph = trace(lambda x: np.sum(np.exp(x)))
    assert float(graph.evaluate(x=np.zeros(0)).value) == 0.0
    assert gradient(graph, x=np.zeros(0))["x"].shape == (0,)
    assert jacobian(trace(lambda x: x * 2), x=np.zeros((0, 2))).matrix.shape == (0, 0)


def test_text_and_complex_numbers_are_no_inputs():
    for value in ("2", None, 1j):
        with pytest.raises(InputError, match="'x'"):
            parse("x*x").evaluate(x=value)


AXIS_OF_A_SCALAR = ["sum", "mean", "prod", "max", "min", "var", "std", "linalg.norm"]


@pytest.mark.parametrize("name", AXIS_OF_A_SCALAR)
def test_an_axis_of_a_scalar_is_a_named_error(name):
    function = np.linalg.norm if name == "linalg.norm" else getattr(np, name)
    graph = trace(lambda x: function(x, axis=0))
    for run in (graph.evaluate, graph.compile()):
        with pytest.raises(ShapeError, match="a scalar has no axes") as caught:
            run(x=3.0)
        assert caught.value.node == graph.output


@pytest.mark.parametrize("op", ["logsumexp", "softmax", "log_softmax"])
def test_scores_without_an_axis_are_a_named_error(op):
    with pytest.raises(ShapeError, match="a scalar has no axes"):
        trace(lambda x: getattr(ops, op)(x, axis=-1)).evaluate(x=3.0)
