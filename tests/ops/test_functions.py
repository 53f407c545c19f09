"""Operations called as functions, and what is said where a call does not fit."""

from __future__ import annotations

import numpy as np
import pytest

from backpropviz import ops
from backpropviz.errors import InputError, ShapeError
from backpropviz.ops import REGISTRY
from backpropviz.ops.broadcasting import unbroadcast
from backpropviz.ops.indices import index_text, read_index


def test_every_operation_is_a_function_of_its_name():
    for name in {*REGISTRY} - {"composite", "array_composite"}:  # gates that only closing makes
        assert getattr(ops, name).__name__ == name
    assert {*REGISTRY} < {*dir(ops)}
    with pytest.raises(AttributeError, match="no operation 'sine'"):
        _ = ops.sine


def test_parameters_are_given_by_name_or_after_the_arguments():
    assert ops.leaky_relu(-2.0, 0.1) == ops.leaky_relu(-2.0, slope=0.1) == -0.2
    assert ops.sum([[1.0, 2.0], [3.0, 4.0]], 0).tolist() == [4.0, 6.0]
    assert ops.sqrt(-1.0) != ops.sqrt(-1.0)  # NaN, and no warning
    assert ops.exp([0, 0]).tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (ops.exp, "exp takes"),
        (lambda: ops.exp(1.0, 2.0), "exp takes"),
        (lambda: ops.add(1.0), "add takes"),
        (lambda: ops.leaky_relu(1.0, 0.1, 0.2), "leaky_relu takes"),
        (ops.stack, "stack takes one or more arguments, not 0"),
        (lambda: ops.matmul(1.0), "matmul takes 2 arguments, not 1"),
        (lambda: ops.leaky_relu(1.0, slop=0.1), "no parameter 'slop'. Parameters: slope"),
        (lambda: ops.exp(1.0, base=2), "no parameter 'base'. Parameters: none"),
    ],
)
def test_calls_that_do_not_fit(call, message):
    with pytest.raises(InputError, match=message):
        call()


@pytest.mark.parametrize(
    ("op", "shapes", "parameters", "message"),
    [
        ("sum", [(2, 3)], {"axis": 2}, "axis 2 is out of range"),
        ("sum", [(2, 3)], {"axis": (0, -2)}, "name one axis twice"),
        ("transpose", [(2, 3)], {"axes": (0,)}, "do not order all 2 axes"),
        ("broadcast_to", [(2, 3)], {"shape": (3, 2)}, "do not broadcast"),
        ("broadcast_to", [(2, 3)], {"shape": (3,)}, "does not broadcast to"),
        ("cross_entropy_with_logits", [(), ()], {}, "slot 0 is a scalar"),
        ("cross_entropy_with_logits", [(4, 3), (3,)], {}, r"slot 1 has shape \(3,\)"),
        ("matmul", [(2, 3), (2, 3)], {}, "matmul|shape"),
        ("solve", [(2, 3), (2,)], {}, "square"),
        ("scatter", [(3,)], {"index": "0", "shape": (2, 2)}, r"slot 0 has shape \(3,\), expected \(2,\)"),
    ],
)
def test_shapes_that_do_not_fit(op, shapes, parameters, message):
    with pytest.raises(ShapeError, match=message):
        REGISTRY[op].shape(*shapes, **parameters)


@pytest.mark.parametrize("loss", ["squared_error", "binary_cross_entropy_with_logits", "cross_entropy_with_logits"])
def test_an_unknown_reduction_is_refused(loss):
    with pytest.raises(InputError, match="reduction is 'mean', 'sum' or 'none', not 'average'"):
        REGISTRY[loss].shape((4, 3), (4, 3), reduction="average")


@pytest.mark.parametrize(
    "index",
    [
        0,
        -1,
        np.int64(2),
        None,
        ...,
        (),
        slice(None),
        slice(1, None, 2),
        slice(None, None, -1),
        (slice(None), None, 0),
        [0, 2, 2],
        (np.array([[0, 1], [1, 0]]), ...),
        np.array([True, False, True, True]),
        (0, np.array([], dtype=int)),
    ],
    ids=str,
)
def test_an_index_is_read_as_it_was_written(index):
    array = np.arange(24.0).reshape(4, 3, 2)
    assert np.array_equal(array[read_index(index_text(index))], array[index])


@pytest.mark.parametrize(
    ("index", "message"),
    [
        (True, "single True or False"),
        (np.array([0.5]), "whole numbers or truth values"),
        ("a", "is no index"),
        (1.5, "is no index"),
        (slice(0.5), "integer|index"),
    ],
    ids=str,
)
def test_what_is_no_index(index, message):
    with pytest.raises((InputError, TypeError), match=message):
        index_text(index)


@pytest.mark.parametrize("text", ["a", "[0.5, x]", "1:b", "[", ""])
def test_text_that_is_no_index(text):
    with pytest.raises(InputError, match="is no index"):
        read_index(text)


def test_a_cotangent_smaller_than_the_value_is_repeated():
    assert unbroadcast(np.ones((2, 3)), (3,)).tolist() == [2.0, 2.0, 2.0]
    assert unbroadcast(np.float64(2.0), (2, 2)).tolist() == [[2.0, 2.0], [2.0, 2.0]]


@pytest.mark.parametrize("op", ["inverse", "logdet", "solve"])
def test_a_singular_matrix_and_one_that_is_no_square(op):
    more = [np.ones(2)] if op == "solve" else []
    with pytest.raises(Exception, match="singular"):
        REGISTRY[op].value(np.ones((2, 2)), *more)
    with pytest.raises(ShapeError, match="square"):
        REGISTRY[op].value(np.ones((2, 3)), *more)


def test_a_clipped_value_tells_when_it_is_at_a_bound():
    (kink,) = REGISTRY["clip"].kinks
    assert kink.when("out", "x", "low", "high") == ["any", ["equal", "x", "low"], ["equal", "x", "high"]]
    assert "bound" in kink.text or "low" in kink.text
