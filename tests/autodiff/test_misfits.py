"""what is said when arrays do not fit: what, where, and what to check."""

# ruff: noqa: PLW0108  a Function does not tell its arguments' names, a lambda does

from __future__ import annotations

import numpy as np
import pytest
from operation_cases import OPERATIONS

from backpropviz import check, gradient, parse, trace
from backpropviz.errors import InputError, OutOfRangeError, ShapeError, SingularMatrixError
from backpropviz.graph.tracing.tracer import apply_op
from backpropviz.ops import cross_entropy_with_logits, squared_error

X = np.ones((2, 4))


def _message(error, function, /, **point):
    with pytest.raises(error) as caught:
        trace(function).evaluate(**point)
    return caught.value


def test_matrix_product_says_what_would_fit():
    fault = _message(ShapeError, lambda x, w: np.tanh(x @ w), x=X, w=np.ones(3))
    assert str(fault).startswith("matmul (node a): slot 1 has shape (3,), expected (4,) or (4, k)")
    assert str(fault).endswith("Arguments: x (2, 4), w (3,). Check the input 'w'.")
    assert (fault.node, fault.op, fault.slot, fault.actual) == ("a", "matmul", 1, (3,))


@pytest.mark.parametrize(("x", "w", "slot"), [(2.0, X, 0), (X, 2.0, 1)])
def test_the_two_illegal_rank_pairs_are_named(x, w, slot):
    fault = _message(ShapeError, lambda x, w: x @ w, x=x, w=w)
    assert f"slot {slot} is a scalar" in str(fault)
    assert "Write * to scale" in str(fault)
    assert fault.slot == slot


def test_all_legal_rank_pairs_work():
    for left in [(4,), (3, 4), (2, 3, 4), (5, 2, 3, 4)]:
        for right in [(4,), (4, 2), (2, 4, 3), (5, 2, 4, 2)]:
            a, b = np.ones(left), np.ones(right)
            tape = trace(lambda x, y: np.sum(x @ y)).evaluate(x=a, y=b)
            assert tape.reverse()["x"].shape == left
            assert tape.reverse()["y"].shape == right
            assert float(tape.value) == np.sum(a @ b)


def test_a_computed_argument_is_traced_to_its_gate():
    fault = _message(ShapeError, lambda x, w, b: (x @ w) @ b, x=X, w=np.ones((4, 3)), b=X)
    assert "Check the input 'b'" in str(fault)
    fault = _message(ShapeError, lambda x, w: x @ np.tanh(w), x=X, w=np.ones(3))
    assert str(fault).endswith("Check 'a', the tanh of w.")


@pytest.mark.parametrize(
    ("function", "point", "parts"),
    [
        (lambda x, y: x + y, {"x": X, "y": np.ones(3)}, ["add", "(2, 4), (3,) do not broadcast", "x (2, 4), y (3,)"]),
        (lambda x: x.sum(axis=2), {"x": X}, ["sum", "axis 2 is out of range", "rank 2", "input 'x'"]),
        (lambda x: x.reshape(3, 3), {"x": X}, ["reshape", "8 entries", "(3, 3)"]),
        (lambda x: np.broadcast_to(x, (3, 5)), {"x": X}, ["broadcast"]),
        (lambda x: np.transpose(x, (0, 2, 1)), {"x": X}, ["transpose", "axis 2"]),
        (lambda x, y: np.concatenate([x, y]), {"x": X, "y": np.ones((2, 3))}, ["concatenate", "slot 1", "(k, 4)"]),
        (lambda x, y: np.stack([x, y]), {"x": X, "y": np.ones(4)}, ["stack", "slot 1", "expected (2, 4)"]),
        (lambda x: np.max(x), {"x": np.ones((0, 2))}, ["reduce_max", "empty"]),
        (lambda x: np.linalg.inv(x), {"x": X}, ["inverse", "square"]),
        (lambda x: np.linalg.solve(x, x), {"x": X}, ["solve", "square"]),
        (lambda x, b: np.linalg.solve(x, b), {"x": np.eye(3), "b": np.ones(2)}, ["slot 1", "(3,) or (3, k)"]),
        (lambda x, y: squared_error(x, y), {"x": X, "y": np.ones(3)}, ["squared_error", "do not broadcast"]),
        (lambda x, y: cross_entropy_with_logits(x, y), {"x": X, "y": np.ones(3)}, ["slot 1", "(2,)", "(2, 4)"]),
        (lambda x, y: cross_entropy_with_logits(x, y), {"x": X, "y": np.ones((2, 1))}, ["slot 1", "(2, 4)"]),
        (lambda x, y: np.dot(x, y), {"x": X, "y": np.ones(3)}, ["dot", "slot 1", "(4,)"]),
    ],
)
def test_shapes_that_do_not_fit(function, point, parts):
    fault = _message(ShapeError, function, **point)
    for part in parts:
        assert part in str(fault)
    assert fault.node is not None


def test_index_out_of_range():
    fault = _message(OutOfRangeError, lambda x: x[3] + x[0], x=X)
    assert "the index [3] does not fit shape (2, 4)" in str(fault)
    assert isinstance(fault, IndexError)
    assert isinstance(_message(OutOfRangeError, lambda x: x[0, 0, 0], x=X), IndexError)


def test_labels_out_of_range():
    for labels, shown in ([0, 4], "4"), ([-1, 0], "-1"), ([0.5, 1], "0.5"):
        fault = _message(OutOfRangeError, lambda x, y: cross_entropy_with_logits(x, y), x=X, y=labels)
        assert f"the label {shown}, expected a whole number from 0 to 3" in str(fault)


@pytest.mark.parametrize("matrix", [np.ones((2, 2)), np.arange(9.0).reshape(3, 3), np.zeros((1, 1))])
def test_singular_matrices_are_named(matrix):
    for function in (np.linalg.inv, lambda a: np.linalg.solve(a, np.ones(len(matrix)))):
        fault = _message(SingularMatrixError, lambda m, function=function: function(2 * m), m=matrix)
        assert "(node y)" in str(fault)
        assert "singular" in str(fault)
        assert str(fault).endswith("Check 'a', the multiply of 2, m.")


def _hilbert(size):
    return np.array([[1.0 / (i + j + 1) for j in range(size)] for i in range(size)])


def test_ill_conditioned_matrices_are_still_solved():
    graph = trace(lambda a: np.sum(np.linalg.solve(a, np.ones(8))))
    assert float(graph.evaluate(a=_hilbert(8)).value) == pytest.approx(64.0, rel=1e-5)


@pytest.mark.parametrize("function", [lambda a, b: np.linalg.inv(a) + 0 * b, lambda a, b: np.linalg.solve(a, b)])
def test_a_matrix_is_refused_only_when_no_digit_would_be_right(function):
    # Condition numbers 2e13 and 2e18; the first entry of the inverse of Hilbert's matrix is the square of its size.
    inverse = trace(function).evaluate(a=_hilbert(10), b=np.eye(10)).value
    assert inverse[0, 0] == pytest.approx(100.0, rel=1e-2)
    fault = _message(SingularMatrixError, function, a=_hilbert(13), b=np.eye(13))
    assert "singular" in str(fault)


def test_unknown_reduction():
    fault = _message(InputError, lambda x, y: squared_error(x, y, reduction="max"), x=X, y=X)
    assert "'mean', 'sum' or 'none'" in str(fault)


def test_integers_are_converted_and_nan_is_flagged():
    graph = trace(lambda x: np.sum(x @ x.T))
    assert gradient(graph, x=np.array([[1, 2]]))["x"].dtype == np.float64
    tape = graph.evaluate(x=[[np.nan, 1.0]])
    assert tape.non_finite == "x"
    assert np.isnan(tape.reverse()["x"]).any()
    check(graph, x=[[np.nan, 1.0]])
    singular = trace(lambda x: np.sum(np.linalg.inv(x)))
    assert np.isnan(singular.evaluate(x=np.full((2, 2), np.nan)).value)


def test_empty_arrays_work():
    graph = trace(lambda x, w: np.sum(np.tanh(x @ w)) + np.prod(x) + x.sum(axis=0)[0])
    found = gradient(graph, x=np.ones((0, 3)), w=np.ones((3, 2)))
    assert found["x"].shape == (0, 3)
    np.testing.assert_array_equal(found["w"], np.zeros((3, 2)))


def test_scalars_and_arrays_meet_in_parsed_expressions():
    found = gradient(parse("x*y + x*y"), x=2.0, y=3.0)
    assert found == {"x": 6.0, "y": 4.0}
    tape = parse("exp(x)*y").evaluate(x=np.zeros((2, 2)), y=3.0)
    np.testing.assert_array_equal(tape.reverse(np.ones((2, 2)))["y"], 4.0)


@pytest.mark.parametrize("name", [name for name, op in OPERATIONS.items() if not op.elementwise])
def test_what_no_shape_rule_takes_has_no_value_either(name):
    """Here and there NumPy takes a number for an array of one entry; its gradient would have another shape."""
    op = OPERATIONS[name]
    names = [f"x{slot}" for slot in range(op.arity or 2)]
    try:
        op.shape(*((),) * len(names))
    except ShapeError:
        with pytest.raises(ShapeError):
            trace(lambda *given: apply_op(name, *given), *names).evaluate(dict.fromkeys(names, 0.5))
    except TypeError:
        return  # it has parameters that must be given
