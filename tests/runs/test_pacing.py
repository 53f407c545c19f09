"""When an update is due."""

from __future__ import annotations

import time

import pytest

from backpropviz.runs.pacing import UpdatePace


@pytest.fixture
def now():
    return time.perf_counter()


def test_first_update_is_due_at_once(now):
    assert UpdatePace(0.1, 0.1).due(now)


def test_no_update_before_the_interval_has_passed(now):
    beat = UpdatePace(0.1, 1.0)
    beat.made(now)
    assert not beat.due(time.perf_counter())
    assert beat.due(time.perf_counter() + 0.1)


def test_a_dear_update_is_made_less_often(now):
    beat = UpdatePace(0.1, 0.1)
    for _ in range(40):  # the cost is smoothed
        beat.made(time.perf_counter() - 0.05)
    assert not beat.due(time.perf_counter() + 0.4)
    assert beat.due(time.perf_counter() + 0.51)


def test_no_more_updates_under_way_than_allowed(now):
    beat = UpdatePace(0.0, 1.0, ahead=2)
    beat.made(now, waiting=True)
    assert not beat.waiting
    beat.made(now, waiting=True)
    assert beat.waiting
    assert not beat.due(time.perf_counter() + 0.1)
    beat.painted(behind=1)
    assert beat.due(time.perf_counter() + 0.1)


def test_a_lost_answer_does_not_stop_the_updates_for_ever(now):
    beat = UpdatePace(0.0, 1.0)
    beat.made(now, waiting=True)
    assert beat.due(time.perf_counter() + 10.0)
