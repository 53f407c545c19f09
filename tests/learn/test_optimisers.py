"""Updates as functions of values, and learning rates that change."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import InputError
from backpropviz.learn.optimisers import read_optimizer

START = {"W": np.array([[1.0, -2.0]]), "b": np.array(0.5)}
SLOPES = [{"W": np.array([[0.5, 1.0]]), "b": np.array(-1.0)}, {"W": np.array([[-0.5, 2.0]]), "b": np.array(3.0)}]


def after(optimizer, slopes):
    update = optimizer.update(START, slopes[0])
    for each in slopes[1:]:
        update = optimizer.update(update.parameters, each, update.state)
    return update


def test_plain_descent():
    update = after(bpv.SGD(0.1), SLOPES)
    np.testing.assert_allclose(update.parameters["W"], [[1.0, -2.3]])
    np.testing.assert_allclose(update.parameters["b"], 0.3)
    assert update.state.steps == 2


def test_momentum():
    update = after(bpv.SGD(0.1, momentum=0.5), SLOPES)
    velocity = 0.5 * SLOPES[0]["W"] + SLOPES[1]["W"]
    np.testing.assert_allclose(update.parameters["W"], START["W"] - 0.1 * SLOPES[0]["W"] - 0.1 * velocity)
    np.testing.assert_allclose(update.state.vectors[0]["W"], velocity)


def test_adam():
    first = bpv.Adam(0.1).update(START, SLOPES[0])
    # The first step has the length of the rate, whatever the gradient.
    np.testing.assert_allclose(first.parameters["W"], START["W"] - 0.1 * np.sign(SLOPES[0]["W"]), rtol=1e-6)
    second = after(bpv.Adam(0.1), SLOPES)
    g1, g2 = SLOPES[0]["b"], SLOPES[1]["b"]
    average = (0.9 * 0.1 * g1 + 0.1 * g2) / (1 - 0.9**2)
    square = (0.999 * 0.001 * g1**2 + 0.001 * g2**2) / (1 - 0.999**2)
    expected = first.parameters["b"] - 0.1 * average / (np.sqrt(square) + 1e-8)
    np.testing.assert_allclose(second.parameters["b"], expected, rtol=1e-12)


@pytest.mark.parametrize("optimizer", [bpv.SGD(0.1), bpv.SGD(0.1, momentum=0.9), bpv.Adam(0.1), bpv.RMSProp(0.1)])
def test_nothing_that_is_given_changes(optimizer):
    parameters = {name: value.copy() for name, value in START.items()}
    slopes = {name: value.copy() for name, value in SLOPES[0].items()}
    first = optimizer.update(parameters, slopes)
    held = [{name: value.copy() for name, value in vector.items()} for vector in first.state.vectors]
    optimizer.update(first.parameters, slopes, first.state)
    for name, value in START.items():
        np.testing.assert_array_equal(parameters[name], value)
        np.testing.assert_array_equal(slopes[name], SLOPES[0][name])
        for vector, before in zip(first.state.vectors, held, strict=True):
            np.testing.assert_array_equal(vector[name], before[name])


@pytest.mark.parametrize("optimizer", [bpv.SGD(0.3), bpv.SGD(0.3, momentum=0.9), bpv.Adam(0.05), bpv.RMSProp(0.02)])
def test_training_takes_the_same_steps(optimizer):
    mlp, examples = bpv.MLP((2, 3, 1)), bpv.datasets.moons(12)
    training = bpv.Training(mlp, examples, optimizer, batch_size="all")
    parameters, state = dict(mlp.parameters), None
    for _ in range(5):
        training.step()
        tape = mlp.graph(12).evaluate({"X": examples.features, "y": examples.targets[:, None], **parameters})
        adjoints = tape.reverse()
        parameters, state = optimizer.update(parameters, {name: adjoints[name] for name in parameters}, state)
    for name, value in parameters.items():
        np.testing.assert_array_equal(training.parameters[name], value)


@pytest.mark.parametrize(
    "optimizer", [bpv.SGD(0.1), bpv.SGD(0.1, momentum=0.9), bpv.Adam(0.1), bpv.RMSProp(0.1)], ids=str
)
def test_the_order_of_the_parameters_in_memory_does_not_matter(optimizer):
    weights, slopes = np.arange(6.0).reshape(2, 3), np.linspace(-1.0, 1.0, 6).reshape(2, 3)
    plain = fortran = None
    for _ in range(2):
        plain = optimizer.update({"w": weights}, {"w": slopes}, plain and plain.state)
        columns = np.asfortranarray(weights)
        fortran = optimizer.update({"w": columns}, {"w": slopes}, fortran and fortran.state)
        np.testing.assert_array_equal(plain.parameters["w"], fortran.parameters["w"])
        assert not np.array_equal(plain.parameters["w"], weights)
        weights = plain.parameters["w"]


def test_rmsprop_divides_by_the_root_of_the_average_square():
    square, weights = np.zeros_like(START["W"]), START["W"]
    for each in SLOPES:
        square = 0.9 * square + 0.1 * each["W"] ** 2
        weights = weights - 0.1 * each["W"] / (np.sqrt(square) + 1e-8)
    np.testing.assert_allclose(after(bpv.RMSProp(0.1, square_decay=0.9), SLOPES).parameters["W"], weights, rtol=1e-14)


def test_beside_pytorch():
    torch = pytest.importorskip("torch")
    for ours, theirs in (
        (bpv.SGD(0.1, momentum=0.9), lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9)),
        (bpv.Adam(0.05), lambda p: torch.optim.Adam(p, lr=0.05)),
        (bpv.RMSProp(0.05), lambda p: torch.optim.RMSprop(p, lr=0.05)),
    ):
        weights = torch.tensor(START["W"].copy(), requires_grad=True)
        optimizer = theirs([weights])
        update = after(ours, SLOPES * 3)
        for each in SLOPES * 3:
            weights.grad = torch.tensor(each["W"])
            optimizer.step()
        np.testing.assert_allclose(update.parameters["W"], weights.detach().numpy(), rtol=1e-12)


def test_schedules():
    schedules = bpv.schedules
    assert [schedules.Constant(0.3)(epoch) for epoch in (0, 99)] == [0.3, 0.3]
    assert [schedules.StepDecay(1.0, 2, 0.5)(epoch) for epoch in range(5)] == [1.0, 1.0, 0.5, 0.5, 0.25]
    cosine = schedules.Cosine(1.0, 10, floor=0.2)
    assert (cosine(0), cosine(10), cosine(50)) == (1.0, pytest.approx(0.2), pytest.approx(0.2))
    assert cosine(5) == pytest.approx(0.6)
    assert all(cosine(epoch) > cosine(epoch + 1) for epoch in range(10))
    rates = [record.learning_rate for record in bpv.fit(bpv.MLP((1, 1)), bpv.datasets.line(), bpv.SGD(cosine), 3)]
    assert rates == [cosine(0), cosine(1), cosine(2)]


@pytest.mark.parametrize(
    "make",
    [
        lambda: bpv.SGD(float("nan")),
        lambda: bpv.SGD("fast"),
        lambda: bpv.SGD(0.1, momentum=-0.1),
        lambda: bpv.Adam(0.1, decay=1.0),
        lambda: bpv.Adam(0.1, epsilon=0.0),
        lambda: bpv.RMSProp(0.1, square_decay=1.0),
        lambda: bpv.RMSProp(0.1, epsilon=-1.0),
        lambda: bpv.schedules.StepDecay(0.1, every=0),
        lambda: bpv.schedules.Cosine(0.1, epochs=0),
        lambda: bpv.SGD(0.1).update(START, {"W": SLOPES[0]["W"]}),
        lambda: bpv.SGD(0.1).update(START, {"W": np.ones(2), "b": np.array(1.0)}),
    ],
)
def test_settings_that_do_not_fit(make):
    with pytest.raises(InputError):
        make()


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (None, bpv.SGD(0.1)),
        ("sgd", bpv.SGD()),
        ("Adam", bpv.Adam()),
        ("rmsprop", bpv.RMSProp()),
        (bpv.Adam, bpv.Adam()),
        (bpv.SGD, bpv.SGD()),
        (0.5, bpv.SGD(0.5)),
        (1, bpv.SGD(1.0)),
    ],
)
def test_an_optimiser_may_be_named(given, meant):
    assert read_optimizer(given) == meant
    mlp, data = bpv.MLP((2, 3, 1), output="sigmoid"), bpv.datasets.xor()
    named, built = (list(bpv.fit(mlp, data, each, 2))[-1].loss for each in (given, meant))
    assert named == built


@pytest.mark.parametrize("given", ["adamw", object(), True, int, [0.1]])
def test_what_is_no_optimiser_is_told_what_one_is(given):
    mlp, data = bpv.MLP((2, 3, 1), output="sigmoid"), bpv.datasets.xor()
    for start in (bpv.fit, bpv.train, lambda *args: bpv.sweep(*args[:2], optimizer=args[2], learning_rates=[0.1])):
        with pytest.raises(InputError, match=r"An optimiser is a value such as SGD\(0\.1\) or Adam"):
            start(mlp, data, given)
