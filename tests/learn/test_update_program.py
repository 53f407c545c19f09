"""An update as a program takes the steps of the optimiser's own rule."""

from __future__ import annotations

import json

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.learn.update_program import update_program

OPTIMISERS = [
    bpv.SGD(0.3),
    bpv.SGD(0.3, momentum=0.9),
    bpv.Adam(0.01),
    bpv.Adam(0.02, decay=0.5, square_decay=0.9),
    bpv.RMSProp(0.02),
]


@pytest.mark.parametrize("optimizer", OPTIMISERS, ids=repr)
def test_two_hundred_steps_of_a_run(optimizer):
    training = bpv.Training(bpv.MLP((2, 6, 1), output="sigmoid"), bpv.datasets.moons(50), optimizer, batch_size=8)
    program = update_program(optimizer)
    moved = {name: np.array(value) for name, value in training.parameters.items()}
    state = {name: [np.zeros(value.shape)] * optimizer.remembered for name, value in moved.items()}
    for step in range(1, 201):
        training.step()
        for name, gradient in training.gradients.items():
            rate = np.float64(training.learning_rate)
            moved[name], *state[name] = program.run(moved[name], gradient, *state[name], rate, np.float64(step))
    for name, value in training.parameters.items():
        np.testing.assert_allclose(moved[name], value, rtol=0, atol=1e-13)


@pytest.mark.parametrize("optimizer", OPTIMISERS, ids=repr)
def test_it_is_short_and_travels_as_json(optimizer):
    plain = update_program(optimizer).to_plain()
    assert json.loads(json.dumps(plain)) == plain
    assert len(plain["results"]) == 1 + optimizer.remembered
    assert 2 <= len(plain["lines"]) <= 20
