"""An operation is one declaration, an optimiser one class, an array function one line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz import ops
from backpropviz.graph.tracing.numpy_names import ARRAY_FUNCTIONS
from backpropviz.learn.update_program import update_program
from backpropviz.ops import registry
from backpropviz.ops.roles import GATE

XOR = bpv.datasets.xor()


@pytest.fixture
def squareplus():
    """One declaration: a smooth rectifier, as Barron (2021) has it."""
    declared = ops.register(
        ops.Elementwise(
            name="squareplus",
            arity=1,
            value=lambda x: 0.5 * (x + np.sqrt(x * x + 1.0)),
            partials=lambda _out, x: (0.5 * (1.0 + x / np.sqrt(x * x + 1.0)),),
            formulas=("1/2*(1 + x/sqrt(x**2 + 1))",),
            symbol="sq+",
            role=GATE,
            latex=r"\operatorname{{squareplus}}({0})",
            activation=True,
        )
    )
    yield declared
    del registry._all["squareplus"]


def slope(x):
    return 0.5 * (1.0 + x / np.sqrt(x * x + 1.0))


def test_an_operation_differentiates_in_every_way(squareplus):
    graph = bpv.parse("y = squareplus(x*z)")
    assert bpv.gradient(graph, x=0.5, z=2.0)["x"] == pytest.approx(2.0 * slope(1.0), rel=1e-15)
    assert bpv.hessian(graph, x=0.5, z=2.0).matrix[0, 0] == pytest.approx(4.0 * 0.5 / np.sqrt(2.0) ** 3, rel=1e-12)
    value, gradient = graph.compile()(x=0.5, z=2.0)
    assert (value, gradient["x"]) == (squareplus(1.0), pytest.approx(2.0 * slope(1.0), rel=1e-15))
    assert graph.gradient_graph().evaluate(x=0.5, z=2.0).value == pytest.approx(2.0 * slope(1.0), rel=1e-15)
    assert bpv.symbolic(graph, "x").evaluate(x=0.5, z=2.0) == pytest.approx(2.0 * slope(1.0))
    assert bpv.trace(lambda x: np.sum(squareplus(x)), "x").evaluate(x=[0.0, 1.0]).value == 0.5 + squareplus(1.0)
    bpv.check(graph, x=0.5, z=2.0)


def test_an_operation_is_told_drawn_and_carried_into_a_page(squareplus):
    explorer = bpv.explore("y = squareplus(x*z)", x=0.5, z=2.0)
    assert explorer.numbers == {}, "the page computes it by itself"
    assert "sq+" in explorer.to_svg()
    assert "squareplus" in explorer.to_latex()
    assert "squareplus" in explorer.graph.expression()
    assert "squareplus" in explorer.to_text()


def test_an_operation_is_offered_by_networks(squareplus):
    network = bpv.MLP((2, 8, 1), "squareplus", "sigmoid")
    history = bpv.History.collect(bpv.fit(network, XOR, "adam", epochs=3))
    assert history.records[-1].loss < history.records[0].loss
    assert bpv.explore(network, [0.0, 1.0], 1.0).shown_graph(drawing="network").scene
    trainer = bpv.train(network, XOR)
    assert (trainer.activation, "squareplus" in trainer.activations) == ("squareplus", True)
    played = bpv.playground(network, XOR)
    assert "squareplus" in played.activations
    assert "squareplus" in played.playground["run"]["network"]["cutting"]


@dataclass(frozen=True)
class SignDescent:
    """One class: steps of one length, whatever the gradient's."""

    learning_rate: float = 0.01
    remembered = 0

    def advance(self, parameters, gradient, kept, scratch, rate, step):
        np.sign(gradient, scratch[0])
        np.multiply(scratch[0], rate, scratch[0])
        np.subtract(parameters, scratch[0], parameters)


@pytest.mark.parametrize("given", [SignDescent(0.02), SignDescent], ids=["value", "class"])
def test_an_optimiser_trains_in_kernel_and_page(given):
    network = bpv.MLP((2, 6, 1), output="sigmoid")
    training = bpv.Training(network, XOR, given)
    training.step(1)
    rate = training.optimizer.learning_rate
    for name, before in network.parameters.items():
        moved = np.abs(training.parameters[name] - before)
        assert np.allclose(moved[moved > 0], rate), name
    program = update_program(training.optimizer)
    assert [float(each) for each in program.run(np.float64(1.0), np.float64(-3.0), np.float64(0.5), 1.0)] == [1.5]
    assert bpv.playground(network, XOR, given).playground["run"]["update"]["kept"] == 0
    assert bpv.train(network, XOR, given).training.optimizer == training.optimizer


def test_an_array_function_is_one_line(monkeypatch):
    with pytest.raises(bpv.errors.TraceError):
        bpv.trace(np.fliplr, "x")
    monkeypatch.setitem(ARRAY_FUNCTIONS, np.fliplr, lambda x: x[:, ::-1])
    graph = bpv.trace(lambda x, w: np.sum(np.fliplr(x) * w), "x", "w")
    x, w = np.arange(6.0).reshape(2, 3), np.ones((2, 3)) * [1.0, 2.0, 3.0]
    assert graph.evaluate(x=x, w=w).value == np.sum(np.fliplr(x) * w)
    np.testing.assert_array_equal(bpv.gradient(graph, x=x, w=w)["x"], np.fliplr(w))
