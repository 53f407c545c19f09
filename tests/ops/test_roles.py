"""A role is a claim about local partials; here it is held to it."""

from __future__ import annotations

import numpy as np
import pytest
from operation_cases import CASES

from backpropviz.ops import roles


@pytest.fixture(autouse=True)
def _quiet():
    with np.errstate(all="ignore"):
        yield


_FINITE = [case for case in CASES if np.isfinite(case.value()).all() and np.size(case.value())]


def _jacobians(case):
    """One matrix per slot: rows are entries of the value, columns entries of the argument."""
    out = case.value()
    rows = []
    for place in np.ndindex(np.shape(out)):
        unit = np.zeros(np.shape(out))
        unit[place] = 1.0
        rows.append(case.rule.vjp(unit[()], out, case.arguments, case.parameters, range(len(case.arguments))))
    return [np.array([np.ravel(row[slot]) for row in rows]) for slot in range(len(case.arguments))]


def _of_role(role):
    cases = [case for case in _FINITE if case.rule.role is role]
    assert cases
    return pytest.mark.parametrize("case", cases, ids=str)


@_of_role(roles.DISTRIBUTOR)
def test_a_distributor_hands_on_the_same_gradient(case):
    for jacobian in _jacobians(case):
        assert set(np.unique(jacobian)) <= {0.0, 1.0}
        assert (jacobian.sum(axis=1) == 1.0).all()


@_of_role(roles.SIGNED_DISTRIBUTOR)
def test_a_signed_distributor_hands_on_the_same_gradient_up_to_a_sign(case):
    for jacobian in _jacobians(case):
        assert set(np.unique(jacobian)) <= {-1.0, 0.0, 1.0}
        assert (np.abs(jacobian).sum(axis=1) == 1.0).all()


@_of_role(roles.CROSS_AMPLIFIER)
def test_a_cross_amplifier_multiplies_by_the_others(case):
    # The value is linear in each argument, so slope times argument is the value, and the slope does not depend on it.
    out = np.ravel(case.value())
    for slot, (jacobian, argument) in enumerate(zip(_jacobians(case), case.arguments, strict=True)):
        if case.op != "prod":
            np.testing.assert_allclose(jacobian @ np.ravel(argument), out, rtol=1e-12, atol=1e-12)
        else:
            members = (jacobian != 0).sum(axis=1)
            if (out != 0).all():
                np.testing.assert_allclose(jacobian @ np.ravel(argument), members * out, rtol=1e-12)
        assert slot < 2


@_of_role(roles.ROUTER)
def test_a_router_sends_all_of_the_gradient_to_the_winners(case):
    jacobians = np.concatenate(_jacobians(case), axis=1)
    assert (jacobians >= 0.0).all()
    np.testing.assert_allclose(jacobians.sum(axis=1), 1.0, rtol=1e-15)
    if case.op == "where":
        return
    spread = np.concatenate([np.ravel(argument) for argument in case.arguments])
    for row, value in zip(jacobians, np.ravel(case.value()), strict=True):
        assert (spread[row > 0.0] == value).all()


@_of_role(roles.GATE)
def test_a_gate_lets_through_blocks_shrinks_or_turns(case):
    jacobian = _jacobians(case)[0]
    assert (np.abs(jacobian) <= 1.0).all()
    assert len(np.unique(np.abs(jacobian[jacobian != 0.0]))) <= 2


@_of_role(roles.SCALER)
def test_a_scaler_multiplies_by_a_slope(case):
    out = case.value()
    if np.ndim(out) == 0:
        slots = range(len(case.arguments))
        once = case.rule.vjp(np.float64(1.0), out, case.arguments, case.parameters, slots)
        tripled = case.rule.vjp(np.float64(3.0), out, case.arguments, case.parameters, slots)
        for one, three in zip(once, tripled, strict=True):
            np.testing.assert_allclose(three, 3.0 * one, rtol=1e-15)
    for jacobian, argument in zip(_jacobians(case), case.arguments, strict=True):
        # Each entry of the argument moves those entries of the value that it was combined into, and no two meet twice.
        if np.shape(argument) == np.shape(out):
            assert np.count_nonzero(jacobian - np.diag(np.diag(jacobian))) == 0


@pytest.mark.parametrize("name", sorted({case.op for case in CASES if case.rule.role is roles.MIXER}))
def test_a_mixer_weighs_several_entries_of_the_gradient(name):
    jacobians = [jacobian for case in _FINITE if case.op == name for jacobian in _jacobians(case)]
    assert max((jacobian != 0.0).sum(axis=0).max(initial=0) for jacobian in jacobians) > 1
    assert len({value for jacobian in jacobians for value in np.ravel(jacobian).tolist()} - {0.0, 1.0}) > 1


@_of_role(roles.SPREADER)
def test_a_spreader_gives_each_entry_a_share(case):
    (jacobian,) = _jacobians(case)
    assert (jacobian >= 0.0).all()
    assert ((jacobian > 0.0).sum(axis=0) == 1).all()
    shares = jacobian.sum(axis=1)
    if case.op == "sum":
        assert set(np.unique(jacobian)) <= {0.0, 1.0}
    else:
        np.testing.assert_allclose(shares, 1.0, rtol=1e-13)


@_of_role(roles.COLLECTOR)
def test_a_collector_sums_from_its_own_place_on(case):
    (jacobian,) = _jacobians(case)
    assert set(np.unique(jacobian)) <= {0.0, 1.0}
    assert (np.diag(jacobian) == 1.0).all()
    assert (np.triu(jacobian, 1) == 0.0).all()


@_of_role(roles.MOVER)
def test_a_mover_only_moves(case):
    jacobians = np.concatenate(_jacobians(case), axis=1)
    assert set(np.unique(jacobians)) <= {0.0, 1.0}
    moved_once = (jacobians.sum(axis=1) <= 1.0).all() or (jacobians.sum(axis=0) <= 1.0).all()
    assert moved_once


@_of_role(roles.BLOCKER)
def test_a_blocker_passes_nothing(case):
    assert all(not jacobian.any() for jacobian in _jacobians(case))
