"""Sums over one short axis of a matrix are products with ones: the same sum, on every kind of number."""

from __future__ import annotations

import math

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.ops.axes import summed


@pytest.mark.parametrize("axis", [0, 1, -1, -2, (0,), (1,), (-1,), (0, 1), None])
@pytest.mark.parametrize("shape", [(3, 4), (1, 5), (5, 1), (128, 2), (129, 2), (2, 300), (0, 3), (3, 0)])
@pytest.mark.parametrize("keepdims", [False, True])
def test_shape_and_numbers_are_those_of_numpy(shape, axis, keepdims):
    x = np.random.default_rng(0).normal(size=shape)
    seen, expected = summed(x, axis, keepdims=keepdims), np.sum(x, axis=axis, keepdims=keepdims)
    assert seen.shape == expected.shape
    np.testing.assert_allclose(seen, expected, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("shape", [(4,), (2, 3, 4), ()])
def test_other_ranks_are_left_to_numpy(shape):
    x = np.random.default_rng(1).normal(size=shape)
    axis = -1 if shape else ()
    np.testing.assert_array_equal(summed(x, axis), np.sum(x, axis=axis))


def test_long_sums_round_as_little_as_numpys():
    tenths = np.full((2, 10_000), 0.1)
    np.testing.assert_array_equal(summed(tenths, 1), np.sum(tenths, axis=1))


def test_no_sum_of_a_few_is_off_by_more_than_its_roundings():
    x = np.random.default_rng(2).normal(size=(128, 50)) * 10.0 ** np.arange(-25, 25)
    for column, total in zip(x.T, summed(x, 0), strict=True):
        assert abs(total - math.fsum(column)) <= 128 * np.finfo(float).eps * np.sum(np.abs(column))


def test_what_is_not_finite_stays_in_its_own_sum():
    x = np.array([[1.0, np.inf, 2.0], [np.nan, 1.0, 3.0]])
    np.testing.assert_array_equal(summed(x, 0), [np.nan, np.inf, 5.0])
    np.testing.assert_array_equal(summed(x, 1), [np.inf, np.nan])


def test_complex_numbers_and_transposed_memory():
    x = np.arange(12.0).reshape(3, 4) + 1e-20j
    np.testing.assert_array_equal(summed(x, 0), np.sum(x, axis=0))
    np.testing.assert_array_equal(summed(x.real.T, 0), [6.0, 22.0, 38.0])


def test_a_traced_matrix_gets_a_sum_gate():
    graph = bpv.trace(lambda x: summed(x, 0), shapes={"x": (3, 2)})
    assert graph.op(graph.output) == "sum"
