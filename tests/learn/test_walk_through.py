"""The published two-layer walk-through, to the digits it prints.

Mazur (2015), A step by step backpropagation example: logistic units, squared error halved, rate 0.5. It leaves the
biases as they are.
"""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv

INPUTS, TARGETS = np.array([0.05, 0.10]), np.array([0.01, 0.99])


@pytest.fixture
def mlp():
    parameters = {
        "W1": [[0.15, 0.25], [0.20, 0.30]],
        "b1": [0.35, 0.35],
        "W2": [[0.40, 0.50], [0.45, 0.55]],
        "b2": [0.60, 0.60],
    }
    return bpv.MLP((2, 2, 2), "sigmoid", output="sigmoid", loss="half_squared_error", parameters=parameters)


def test_forward(mlp):
    tape = mlp.graph().evaluate({"x": INPUTS, "y": TARGETS, **mlp.parameters})
    assert f"{tape.primals['t1'][0]:.4f}" == "0.3775"
    assert [f"{value:.9f}" for value in tape.primals["h1"]] == ["0.593269992", "0.596884378"]
    assert f"{tape.primals['o'][0]:.9f}" == "1.105905967"
    assert [f"{value:.8f}" for value in tape.primals["p"]] == ["0.75136507", "0.77292847"]
    assert f"{float(tape.value):.9f}" == "0.298371109"


def test_gradients(mlp):
    adjoints = mlp.graph().evaluate({"x": INPUTS, "y": TARGETS, **mlp.parameters}).reverse()
    assert f"{adjoints['p'][0]:.8f}" == "0.74136507"
    assert f"{adjoints['W2'][0, 0]:.9f}" == "0.082167041"
    assert f"{adjoints['W1'][0, 0]:.9f}" == "0.000438568"


def test_updated_weights(mlp):
    training = bpv.Training(mlp, (INPUTS[None], TARGETS[None]), bpv.SGD(0.5), batch_size=1)
    training.step()
    w5, w7, w6, w8 = training.parameters["W2"].ravel()
    w1, w3, w2, w4 = training.parameters["W1"].ravel()
    assert [f"{w:.8f}" for w in (w5, w6)] == ["0.35891648", "0.40866619"]
    assert [f"{w:.9f}" for w in (w7, w8)] == ["0.511301270", "0.561370121"]
    assert f"{w1:.9f}" == "0.149780716"
    assert [f"{w:.8f}" for w in (w2, w3, w4)] == ["0.19956143", "0.24975114", "0.29950229"]


def test_error_after_one_round_and_after_ten_thousand(mlp):
    training = bpv.Training(mlp, (INPUTS[None], TARGETS[None]), bpv.SGD(0.5), batch_size=1)
    first = {name: mlp.parameters[name] for name in ("b1", "b2")}
    for _ in range(10_000):
        training.step()
        training.set_parameters(first)
        if training.steps == 1:
            assert f"{training.measure().loss:.9f}" == "0.291027774"
    # Printed as 0.291027924 and 0.0000351085, computed on from rounded weights: equal to six and three digits.
    assert training.measure().loss == pytest.approx(0.0000351085, rel=1e-3)
    np.testing.assert_allclose(training.network.predict(INPUTS), [0.015912196, 0.984065734], atol=2e-6)


def test_every_number_a_node(mlp):
    graph, point = mlp.scalar_graph(), mlp.scalar_point(INPUTS, TARGETS)
    tape = graph.evaluate(point)
    assert f"{float(tape.value):.9f}" == "0.298371109"
    assert f"{float(tape.reverse()['a11']):.9f}" == "0.082167041"
    assert f"{float(tape.reverse()['w11']):.9f}" == "0.000438568"
