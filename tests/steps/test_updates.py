"""The update after the sweeps: what it does, what it says, and that it can be taken back."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import InputError
from backpropviz.steps.segments import NOTATIONS

GRAPH = bpv.parse("e = w*x + b - y; loss = e*e")
POINT = {"w": 0.5, "x": 2.0, "b": 0.25, "y": 3.0}
RATES = {"w": 0.1, "b": 0.2}


@pytest.fixture
def timeline():
    return bpv.record(GRAPH, POINT, updates=RATES)


def test_each_parameter_moves_against_its_gradient(timeline):
    gradient = bpv.gradient(GRAPH, POINT)
    state = timeline.state(len(timeline))
    assert state.parameters == {name: POINT[name] - rate * gradient[name] for name, rate in RATES.items()}
    assert [step.phase for step in timeline[-3:]] == ["backward", "update", "update"]


def test_a_small_step_makes_the_loss_smaller(timeline):
    after = GRAPH.evaluate({**POINT, **timeline.state(len(timeline)).parameters}).value
    assert after < timeline.tape.value


def test_taken_back_it_is_as_before(timeline):
    state = timeline.state(len(timeline))
    state.undo(timeline[-1])
    state.undo(timeline[-2])
    assert state == timeline.state(len(timeline) - 2)


@pytest.mark.parametrize("notation", NOTATIONS)
def test_it_is_told_in_numbers(timeline, notation):
    told = timeline.narrate(len(timeline), notation)
    assert "0.25 − 0.2·(−3.5) = 0.95" in told.sentence
    assert told.latex.endswith(r"= 0.25 - 0.2 \cdot (-3.5) = 0.95")
    assert "All parameters have moved" in told.notes[-1]
    assert "All parameters" not in str(timeline.narrate(len(timeline) - 1, notation).notes)


def test_the_sweep_is_complete_before_the_update(timeline):
    assert any("sweep is complete" in note for note in timeline.narrate(len(timeline) - 2).notes)
    assert "At last 2 parameters" in timeline.narrate(0).sentence
    assert "one parameter takes" in bpv.record(GRAPH, POINT, updates={"w": 0.1}).narrate(0).sentence


def test_a_gradient_of_zero_is_said():
    timeline = bpv.record(bpv.parse("w*x"), w=1.0, x=0.0, updates={"w": 0.1})
    assert "Its gradient is 0" in timeline.narrate(len(timeline)).notes[0]


def test_matrices_move_as_a_whole():
    graph = bpv.trace(lambda m, x: np.sum((m @ x) ** 2))
    point = {"m": np.eye(2), "x": np.array([1.0, 2.0])}
    timeline = bpv.record(graph, point, updates={"m": 0.5})
    moved = timeline.state(len(timeline)).parameters["m"]
    assert np.array_equal(moved, point["m"] - 0.5 * bpv.gradient(graph, point)["m"])


def test_only_inputs_can_move():
    with pytest.raises(InputError, match="'e' cannot be updated"):
        bpv.record(GRAPH, POINT, updates={"e": 0.1})
