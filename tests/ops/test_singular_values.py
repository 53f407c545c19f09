"""Singular values where they are zero, equal or not a number, and their second derivatives."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import ShapeError
from backpropviz.ops import singular_parts, svdvals

TALL = np.array([[1.0, -0.4], [0.3, 0.8], [-1.2, 0.5]])


def nuclear(shape):
    return bpv.trace(lambda x: np.linalg.norm(x, "nuc"), "x", shapes={"x": shape})


@pytest.mark.parametrize("x", [TALL, TALL.T, TALL[:2], TALL[:1]], ids=str)
@pytest.mark.parametrize("order", ["nuc", 2, -2])
def test_second_derivatives_are_differences_of_the_gradient(x, order):
    graph = bpv.trace(lambda x: np.linalg.norm(x, order), "x", shapes={"x": x.shape})
    found = np.asarray(bpv.hessian(graph, x=x).matrix)
    for column, unit in enumerate(np.eye(x.size)):
        step = 1e-5 * unit.reshape(x.shape)
        after, before = (bpv.gradient(graph, x=x + each)["x"] for each in (step, -step))
        np.testing.assert_allclose(found[:, column], np.ravel(after - before) / 2e-5, atol=1e-8)


def test_a_value_of_zero_takes_the_gradient_zero():
    x = np.outer([1.0, 2.0], [2.0, 1.0])
    np.testing.assert_allclose(bpv.gradient(nuclear((2, 2)), x=x)["x"], x / 5.0, rtol=1e-14)
    assert not np.any(bpv.gradient(nuclear((2, 2)), x=np.zeros((2, 2)))["x"])


def test_equal_values_have_one_gradient_together():
    """The nuclear norm is smooth at the identity, whichever singular vectors are chosen."""
    np.testing.assert_allclose(bpv.gradient(nuclear((3, 3)), x=np.eye(3))["x"], np.eye(3), atol=1e-15)


def test_what_is_not_a_number_stays_in_its_matrix():
    stack = np.stack([TALL, np.full((3, 2), np.nan)])
    for found in svdvals(stack), singular_parts(stack):
        assert np.isfinite(found[0]).all()
        assert np.isnan(found[1]).all()


def test_shapes():
    assert svdvals(np.zeros((2, 0, 3))).shape == (2, 0)
    with pytest.raises(ShapeError, match="expected a matrix"):
        svdvals(np.ones(3))
