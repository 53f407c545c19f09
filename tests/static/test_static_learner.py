"""A network that learns in the page takes the steps of ``bpv.Training``."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.learn.carried_run import array_to_plain, perceptron_programs, run_to_plain
from backpropviz.learn.choices import activation_names
from backpropviz.learn.schedules import Cosine, StepDecay

MODULES = ["story/primitives", "story/tight_loops", "training/learner"]
STEPS = (1, 10, 200)
BODY = """
  primitives.usePrimitives(tight_loops.TIGHT_PRIMITIVES);
  const run = new learner.Learner(plain);
  const measured = () => [run.lossAt(run.parameters), run.heldOutAt(run.parameters)];
  return steps.map((until) => {
    run.step(until - run.steps);
    return { parameters: run.parameters.slice(), epoch: run.epoch, loss: run.batchLoss, measured: measured() };
  });"""

MOONS = bpv.datasets.moons(60, seed=3)
BLOBS = bpv.datasets.blobs(45, seed=1)
SIGMOID = bpv.MLP((2, 5, 1), output="sigmoid")
RUNS = {
    "sgd": (SIGMOID, MOONS, bpv.SGD(0.3), 7),
    "momentum": (SIGMOID, MOONS, bpv.SGD(0.1, momentum=0.9), 7),
    "adam": (SIGMOID, MOONS, bpv.Adam(0.02), 7),
    "l2": (bpv.MLP((2, 5, 4, 1), output="sigmoid", l2=0.03), MOONS, bpv.SGD(0.3), 8),
    "whole batch": (SIGMOID, MOONS, bpv.SGD(0.3), "all"),
    "one by one": (SIGMOID, MOONS, bpv.SGD(0.1), 1),
    "step decay": (SIGMOID, MOONS, bpv.SGD(StepDecay(0.5, every=3)), 7),
    "cosine": (SIGMOID, MOONS, bpv.Adam(Cosine(0.05, epochs=10)), 7),
    "no hidden layer": (bpv.MLP((2, 1), output="sigmoid"), MOONS, bpv.SGD(0.3), 10),
    "bias in the first row": (bpv.MLP((2, 4, 3, 1), output="sigmoid", bias="folded", l2=0.02), MOONS, bpv.Adam(), 9),
    "two activations": (bpv.MLP((2, 4, 3, 3), ("relu", "tanh"), "softmax"), BLOBS, bpv.SGD(0.2), 8),
    "several questions": (
        bpv.MLP((2, 4, 3), output="sigmoid"),
        (BLOBS.features, np.eye(3)[BLOBS.targets.astype(int)]),
        bpv.SGD(0.2),
        8,
    ),
    "fit": (bpv.MLP((1, 6, 1)), bpv.datasets.sine(40), bpv.Adam(0.01), 6),
    **{
        f"{activation}": (bpv.MLP((2, 6, 1), activation, "sigmoid"), MOONS, bpv.SGD(0.2), 7)
        for activation in activation_names()
    },
    **{
        f"{output} {loss}": (bpv.MLP((2, 4, 3 if output != "sigmoid" else 1), "tanh", output, loss), data, 0.1, 8)
        for output, loss, data in [
            ("identity", "cross_entropy", BLOBS),
            ("softmax", "cross_entropy", BLOBS),
            ("softmax", "squared_error", BLOBS),
            ("softmax", "half_squared_error", BLOBS),
            ("sigmoid", "binary_cross_entropy", MOONS),
            ("sigmoid", "squared_error", MOONS),
            ("sigmoid", "half_squared_error", MOONS),
        ]
    },
}


def row_of(training):
    return np.concatenate([value.reshape(-1) for value in training.parameters.values()])


def assert_same_run(javascript, training):
    told = javascript(BODY, modules=MODULES, plain=run_to_plain(training), steps=STEPS)
    for until, found in zip(STEPS, told, strict=True):
        training.step(until - training.steps)
        np.testing.assert_allclose(found["parameters"], row_of(training), rtol=0, atol=1e-10)
        assert found["epoch"] == training.epoch
        assert found["loss"] == pytest.approx(training.batch_loss, abs=1e-10)
        measured = [training.measure(), training.measure_validation()]
        for mine, theirs in zip(found["measured"], measured, strict=True):
            if theirs is None:
                assert mine is None
                continue
            assert mine["loss"] == pytest.approx(theirs.misfit, abs=1e-10)
            assert mine["penalty"] == pytest.approx(theirs.penalty, abs=1e-10)
            assert mine["accuracy"] == pytest.approx(theirs.accuracy, abs=1e-12)


@pytest.mark.parametrize("name", RUNS)
def test_the_same_numbers(javascript, name):
    network, data, optimizer, batch_size = RUNS[name]
    train, held_out = bpv.datasets.arrays(*data).split(0.25, 1)
    assert_same_run(javascript, bpv.Training(network, train, optimizer, batch_size, 5, held_out))


def test_a_light_page_computes_all_that_training_calls(javascript):
    """Pages of perceptrons leave out other primitives; the tests above have them all."""
    runs = [run_to_plain(bpv.Training(*RUNS[name], 5)) for name in RUNS]
    called = set(re.findall(r"\['(\w+)', \[", repr([[run["programs"], run["penalty"], run["update"]] for run in runs])))
    assert {"matmul", "sum", "max", "sqrt", "erfc"} <= called
    body = """
      const { structural, functions } = learning_primitives.LEARNING_PRIMITIVES;
      return Object.keys({ ...primitives.ELEMENTWISE, ...structural, ...functions });"""
    known = javascript(body, modules=["story/learning_primitives", "story/primitives"])
    assert called <= set(known)


def test_the_same_numbers_for_digits(javascript):
    pytest.importorskip("sklearn")
    network = bpv.MLP((64, 72, 10), output="softmax")
    assert_same_run(javascript, bpv.Training(network, bpv.datasets.digits(), bpv.SGD(0.5), 32))


@pytest.mark.parametrize(("output", "loss"), [("sigmoid", None), ("softmax", "squared_error"), ("softmax", None)])
def test_a_program_serves_all_sizes(output, loss):
    sizes = [(2, 3, 4), (5, 2, 2, 7)]
    one, other = (perceptron_programs(bpv.MLP(each, output=output, loss=loss)) for each in sizes)
    factorless = {name: program.to_plain() for name, program in one.items()}
    assert factorless == {name: program.to_plain() for name, program in other.items()}
    assert '"shape"' not in repr(factorless)


@pytest.mark.parametrize(
    "values",
    [np.array([[0.1, -2.0], [math.pi, 1e-300]]), np.arange(200.0) / 7.0, np.eye(3), np.zeros((0, 2)), np.array(-0.0)],
    ids=lambda values: str(values.shape),
)
def test_an_array_keeps_every_bit(javascript, values):
    plain = array_to_plain(values)
    read = javascript("return learner.readArray(plain)", modules=["training/learner"], plain=plain)
    assert read["shape"] == list(values.shape)
    assert np.array(read["data"], dtype=np.float64).tobytes() == values.tobytes()
