"""Kinks and traps: the node carries a mark, and what is said about the gradient is so."""

from __future__ import annotations

import pytest

import backpropviz as bpv
from backpropviz.steps.narrative import Narrator
from backpropviz.steps.run_numbers import RunNumbers
from backpropviz.steps.segments import holds

CASES = [
    ("max(x, z)", {"x": 2, "z": 2}, "tie", "share the gradient equally"),
    ("min(x, z)", {"x": 2, "z": 2}, "tie", "share the gradient equally"),
    ("relu(x)", {"x": 0}, "kink", "slope 0 at the kink"),
    ("relu(x)", {"x": -1}, "off", "blocks the gradient"),
    ("abs(x)", {"x": 0}, "kink", "slope 0 at the kink"),
    ("sigmoid(x)", {"x": 6}, "saturated", "hardly any gradient passes"),
    ("sigmoid(x)", {"x": -6}, "saturated", "hardly any gradient passes"),
    ("tanh(x)", {"x": 3.5}, "saturated", "hardly any gradient passes"),
    ("x*z", {"x": 0, "z": 3}, "zero factor", "receives the gradient 0"),
    ("x/z", {"x": 1, "z": 1e-5}, "nearly zero", "huge"),
    ("x/z", {"x": 1, "z": 0}, "division by zero", "not finite"),
    ("ln(x)", {"x": 1e-5}, "nearly zero", "steep"),
    ("ln(x)", {"x": -1}, "not real", "not a real number"),
    ("sqrt(x)", {"x": 0}, "vertical", "infinite"),
    ("exp(x)", {"x": 710}, "overflow", "infinite"),
    ("exp(x)", {"x": -800}, "underflow", "no gradient passes"),
]
CALM = [
    ("max(x, z)", {"x": 2, "z": 1}),
    ("relu(x)", {"x": 1}),
    ("abs(x)", {"x": -1}),
    ("sigmoid(x)", {"x": 4.9}),
    ("tanh(x)", {"x": -2.9}),
    ("x*z", {"x": 1e-9, "z": 3}),
    ("x/z", {"x": 0, "z": 0.01}),
    ("exp(x)", {"x": 700}),
]


def marks(timeline):
    narrator = Narrator(timeline)
    numbers = RunNumbers(timeline)
    notes = narrator.words.notes(timeline.graph.output)
    return [note["sign"] for note in notes if holds(note["when"], numbers)]


@pytest.mark.parametrize(("text", "point", "sign", "said"), CASES)
def test_a_trap_is_marked_and_told(text, point, sign, said):
    timeline = bpv.record(bpv.parse(text), point)
    assert sign in marks(timeline)
    notes = " ".join(note for k in range(len(timeline) + 1) for note in timeline.narrate(k).notes)
    assert said in notes


@pytest.mark.parametrize(("text", "point"), CALM)
def test_elsewhere_there_is_no_mark(text, point):
    assert marks(bpv.record(bpv.parse(text), point)) == []


@pytest.mark.parametrize(
    ("text", "point", "most"),
    [("sigmoid(x)", {"x": 5.01}, 0.007), ("tanh(x)", {"x": 3.01}, 0.01), ("x*z", {"x": 3, "z": 0}, 0.0)],
)
def test_what_is_said_to_block_the_gradient_does(text, point, most):
    assert abs(bpv.gradient(bpv.parse(text), point)["x"]) <= most
