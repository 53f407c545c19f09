"""Ties, as windows of silent units have them, are no faults of a rule."""

from __future__ import annotations

import numpy as np
import pytest

from backpropviz import check, trace
from backpropviz.autodiff.checking.independent import derivative_along
from backpropviz.errors import GradientCheckError
from backpropviz.ops import REGISTRY, relu


def test_pooling_after_a_relu_is_right():
    images = np.random.default_rng(3).normal(size=(40, 24, 24))
    graph = trace(lambda x: np.sum(np.max(relu(x).reshape(40, 12, 2, 12, 2), axis=(2, 4)) * 0.7))
    check(graph, x=images)


def test_two_entries_that_tie_and_move_almost_alike():
    x = np.zeros(2)
    for gap in (1e-2, 1e-3, 9e-4, 1e-4, 1e-6, 1e-9):
        direction = np.array([1.0, 1.0 + gap])
        found, tolerance = derivative_along(REGISTRY["reduce_max"], [x], {}, 0, direction)
        (shared,) = REGISTRY["reduce_max"].vjp(np.float64(1.0), np.float64(0.0), [x], {}, [0])
        assert np.isnan(found) or abs(shared @ direction - found) <= tolerance * max(1.0, abs(found))


def test_a_wrong_slope_is_still_caught_without_a_kink():
    for function in (np.floor, np.max, lambda x: np.sum(relu(x) * x)):
        check(trace(function, "x"), x=np.array([0.3, 1.4, -0.6]))
    found, tolerance = derivative_along(REGISTRY["relu"], [np.float64(0.4)], {}, 0, 1.0)
    assert found == pytest.approx(1.0, abs=1e-9)
    assert tolerance <= 1e-7
    assert issubclass(GradientCheckError, AssertionError)


EDGES = {
    "power at 0": (lambda x: np.sum(x**2) + np.sum(np.abs(x) ** 0.74), np.zeros((3, 2))),
    "a vertical tangent": (np.cbrt, 0.0),
    "a sum of vertical tangents": (lambda x: np.sum(np.cbrt(x)), np.zeros(3)),
    "the turn of an angle": (lambda x: np.arctan2(x, x - x), 0.0),
    "entries in order that tie": (lambda x: np.sort(x)[0], np.zeros(3)),
    "a staircase seen from afar": (np.floor, 1e8),
    "a remainder of tiny steps": (lambda x: np.mod(1.0 + x - x, x), 1e-8),
    "a sign that turns nearby": (lambda x: np.copysign(x, x - x), 1e-8),
}
"""Points at which differences of the value settle on something that is no derivative, or on none."""


@pytest.mark.parametrize("name", EDGES)
def test_where_there_is_no_derivative_no_rule_is_accused(name):
    function, at = EDGES[name]
    check(trace(function, "x"), x=at)
