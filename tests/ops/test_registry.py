"""The whole registry, one matrix of demands."""

from __future__ import annotations

import math

import numpy as np
import pytest
from operation_cases import CASES, OPERATIONS

from backpropviz.autodiff.checking.independent import derivative_along

every_case = pytest.mark.parametrize("case", CASES, ids=str)


@pytest.fixture(autouse=True)
def _quiet():
    with np.errstate(all="ignore"):
        yield


def _draw(shape, seed=0):
    return np.asarray(np.random.default_rng(seed).normal(size=shape))[()]


def _vjp(case, cotangent, out, slots=None):
    slots = range(len(case.arguments)) if slots is None else slots
    return case.rule.vjp(cotangent, out, case.arguments, case.parameters, slots)


def _jvp(case, slot, tangent, out):
    tangents = [tangent if index == slot else None for index in range(len(case.arguments))]
    return case.rule.jvp(tangents, out, case.arguments, case.parameters)


def _units(shape):
    for place in np.ndindex(shape):
        unit = np.zeros(shape)
        unit[place] = 1.0
        yield place, unit[()]


def test_every_operation_has_a_case():
    assert {case.op for case in CASES} == set(OPERATIONS)


@every_case
def test_value_is_that_of_the_oracle(case):
    np.testing.assert_allclose(case.value(), case.expected(), rtol=2e-14, atol=1e-15)
    assert np.shape(case.value()) == np.shape(case.expected())


@every_case
def test_value_is_float64_of_the_promised_shape_and_the_same_bits_again(case):
    out = case.value()
    assert isinstance(out, np.float64) or out.dtype == np.float64
    assert case.rule.shape(*map(np.shape, case.arguments), **case.parameters) == np.shape(out)
    assert case.value().tobytes() == out.tobytes()


@every_case
def test_contributions_have_their_arguments_shape_and_the_same_bits_again(case):
    out = case.value()
    cotangent = _draw(np.shape(out))
    first, second = _vjp(case, cotangent, out), _vjp(case, cotangent, out)
    for argument, one, other in zip(case.arguments, first, second, strict=True):
        assert np.shape(one) == np.shape(argument)
        assert np.asarray(one).tobytes() == np.asarray(other).tobytes()
    for slot in range(len(case.arguments)):
        (alone,) = _vjp(case, cotangent, out, [slot])
        assert np.asarray(alone).tobytes() == np.asarray(first[slot]).tobytes()


@every_case
def test_both_rules_give_the_full_jacobian(case):
    out = case.value()
    rows = [(place, _vjp(case, unit, out)) for place, unit in _units(np.shape(out))]
    for slot, argument in enumerate(case.arguments):
        if slot in case.fixed:
            assert all(not np.any(row[slot]) for _, row in rows)
            continue
        for column, unit in _units(np.shape(argument)):
            expected, tolerance = derivative_along(case.rule, case.arguments, case.parameters, slot, unit)
            pushed = np.broadcast_to(_jvp(case, slot, unit, out), np.shape(out))
            limit = tolerance * np.maximum(1.0, np.abs(expected))
            assert np.all(np.abs(pushed - expected) <= limit), (slot, column)
            for place, row in rows:
                assert abs(np.asarray(row[slot])[column] - expected[place]) <= limit[place], (slot, column, place)


@every_case
def test_forward_and_reverse_are_adjoint(case):
    out = case.value()
    if np.isnan(out).any():
        pytest.skip("the mean of nothing has no tangent")
    cotangent = _draw(np.shape(out), 3)
    contributions = _vjp(case, cotangent, out)
    tangents = [_draw(np.shape(argument), slot) for slot, argument in enumerate(case.arguments)]
    pushed = case.rule.jvp(tangents, out, case.arguments, case.parameters)
    left = math.fsum(np.ravel(cotangent * np.broadcast_to(pushed, np.shape(out))))
    terms = [np.ravel(one * other) for one, other in zip(contributions, tangents, strict=True)]
    right = math.fsum(np.concatenate(terms))
    scale = math.fsum(np.abs(np.concatenate(terms))) + abs(left)
    assert abs(left - right) <= 1e-13 * scale + 1e-15


@every_case
def test_reverse_is_linear_in_the_cotangent(case):
    out = case.value()
    one, other = _draw(np.shape(out), 4), _draw(np.shape(out), 5)
    both = _vjp(case, 2.0 * one - 0.5 * other, out)
    for joined, first, second in zip(both, _vjp(case, one, out), _vjp(case, other, out), strict=True):
        scale = 2.0 * np.abs(first) + 0.5 * np.abs(second)
        top = np.max(scale, initial=0.0)
        assert np.all(np.abs(joined - (2.0 * first - 0.5 * second)) <= 1e-13 * (scale + top) + 1e-15)


@every_case
def test_the_guarded_rule_is_the_rule_where_all_is_finite(case):
    out = case.value()
    cotangent = _draw(np.shape(out), 6)
    guarded = case.rule.guarded_vjp(cotangent, out, case.arguments, case.parameters, range(len(case.arguments)))
    for one, other in zip(guarded, _vjp(case, cotangent, out), strict=True):
        np.testing.assert_array_equal(one, other)


@every_case
def test_arguments_are_left_alone(case):
    before = [np.array(argument) for argument in case.arguments]
    out = case.value()
    kept = np.array(out)
    cotangent = _draw(np.shape(out))
    seed = np.array(cotangent)
    _vjp(case, cotangent, out)
    for old, argument in zip(before, case.arguments, strict=True):
        np.testing.assert_array_equal(old, argument)
    np.testing.assert_array_equal(kept, out)
    np.testing.assert_array_equal(seed, cotangent)


@every_case
def test_the_order_in_memory_does_not_matter(case):
    """A rule that writes through a reshape writes into a copy where the array is not contiguous."""
    given = tuple(_strided(argument) for argument in case.arguments)
    out = case.value()
    cotangent = _draw(np.shape(out), 7)
    np.testing.assert_allclose(case.rule.value(*given, **case.parameters), out, rtol=1e-14, atol=1e-15)
    received = case.rule.vjp(_strided(cotangent), _strided(out), given, case.parameters, range(len(given)))
    for one, other in zip(received, _vjp(case, cotangent, out), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13, atol=1e-14)


def _strided(array):
    """The same numbers, last axis first in memory, with gaps and backwards."""
    if np.ndim(array) == 0:
        return array
    shape = np.shape(array)
    memory = np.zeros((*shape[:0:-1], 2 * shape[0]))
    view = memory[..., ::-2].T
    view[...] = array
    return view
