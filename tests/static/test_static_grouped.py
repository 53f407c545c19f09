"""Closed and opened gates in the page: the same bits at the boundary, the kernel's numbers inside."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.autodiff.programs import plain_number
from backpropviz.scene.specification import specification

RUN = "return closed_gates.compileAnyGraph(graph).run(inputs);"
FORWARD = "return closed_gates.compileAnyGraph(graph).runForward(inputs, direction);"
FINE = bpv.examples["cornell-logistic-fine"]
COARSE = bpv.examples["cornell-logistic-coarse"]
CASES = {
    "opened sigmoid": (COARSE.graph.expand("f"), COARSE.point),
    "closed sigmoid": (FINE.graph.collapse(["v5", "v6", "v7", "f"]), FINE.point),
    "neuron around an opened sigmoid": (
        COARSE.graph.expand("f").collapse(["v1", "v2", "v3", "v4", "f1", "f2", "f3", "f"], "neuron"),
        COARSE.point,
    ),
    "branch inside": (bpv.parse("v = x + y; f = x/v; g = f*x").collapse(["v", "f"], "q"), {"x": -1.0, "y": 2.0}),
    "two values leave": (
        bpv.parse("s = x*w; c = sigmoid(s)*c0 + tanh(s); h = sigmoid(s)*tanh(c); y = h*c + h").collapse(
            list("sadbceh"), "q"
        ),
        {"x": 0.5, "w": 0.3, "c0": 1.1},
    ),
    "opened quotient": (bpv.parse("a = x/z; b = a*a + x").expand("a"), {"x": 0.7, "z": -1.3}),
}


def plain_graph(graph, point):
    return specification(bpv.record(graph, point), {})["graph"]


@pytest.mark.parametrize("name", CASES)
def test_views_have_the_bits_of_their_basis_and_the_numbers_of_the_kernel(javascript, name):
    view, point = CASES[name]
    plain = plain_graph(view, point)
    assert "kernel" not in plain
    direction = dict.fromkeys(view.inputs[:2], 1.5)
    run = javascript(FORWARD, modules=["story/closed_gates"], graph=plain, inputs=point, direction=direction)
    below = javascript(FORWARD, modules=["story/closed_gates"], graph=plain["basis"], inputs=point, direction=direction)
    tape = view.evaluate(point)
    adjoints, tangents = tape.reverse(), tape.forward(direction)
    edge = 0
    for place, node in enumerate(view.nodes):
        assert run["primals"][place] == pytest.approx(tape.primals[node], rel=1e-13)
        assert run["tangents"][place] == pytest.approx(tangents[node], rel=1e-13, abs=1e-300)
        if node in adjoints:
            assert run["adjoints"][place] == pytest.approx(adjoints[node], rel=1e-13)
        standing = plain["basis"]["standing"][place]
        if standing >= 0:
            for kind in ("primals", "adjoints", "tangents"):
                assert run[kind][place] == below[kind][standing]
        partials = tape.partials(node) if view.arguments(node) else ()
        for slot, partial in enumerate(partials):
            if view.op(view.arguments(node)[slot]) != "constant":
                assert run["partials"][edge] == pytest.approx(partial, rel=1e-13)
                assert run["contributions"][edge] == pytest.approx(adjoints.contributions[node, slot], rel=1e-13)
            edge += 1


def test_an_opened_sigmoid_stays_finite_far_out(javascript):
    graph = bpv.parse("f = sigmoid(x)").expand("f")
    run = javascript(RUN, modules=["story/closed_gates"], graph=plain_graph(graph, {"x": 1.0}), inputs={"x": -1000.0})
    assert run["adjoints"][graph.nodes.index("x")] == 0


@pytest.mark.parametrize("count", [3, 5])
def test_closed_gates_of_arrays_have_the_numbers_of_the_kernel(javascript, count):
    def model(x, w, b, u):
        h = np.tanh(x @ w + b)
        return np.mean((h @ u * x) ** 2 + h @ u)

    graph = bpv.trace(model)
    inner = [name for name in graph.nodes if graph.op(name) in ("matmul", "add", "tanh", "multiply")][:count]
    view = graph.collapse(inner, "layer")
    assert len(view.grouping.ports.get("layer", "1")) == (1 if count == 3 else 2)
    rng = np.random.default_rng(0)
    point = {name: rng.normal(size=shape) for name, shape in {"x": (4, 3), "w": (3, 2), "b": (2,), "u": (2, 3)}.items()}
    plain = plain_graph(view, point)
    assert "kernel" not in plain
    inputs = {name: plain_number(value) for name, value in point.items()}
    setup = "primitives.usePrimitives(array_primitives.ARRAY_PRIMITIVES); const told = (row) => row.map((each) => "
    setup += "typeof each === 'number' ? each : Array.from(each.data)); "
    setup += "const run = closed_gates.compileAnyGraph(graph).run(inputs); "
    setup += (
        "return Object.fromEntries(['primals', 'adjoints', 'contributions'].map((kind) => [kind, told(run[kind])]));"
    )
    modules = ["story/closed_gates", "story/primitives", "story/array_primitives"]
    run = javascript(setup, modules=modules, graph=plain, inputs=inputs)
    tape = view.evaluate(point)
    adjoints = tape.reverse()
    edge = 0
    for place, node in enumerate(view.nodes):
        assert np.ravel(run["primals"][place]) == pytest.approx(np.ravel(tape.primals[node]), rel=1e-13)
        if node in adjoints:
            assert np.ravel(run["adjoints"][place]) == pytest.approx(np.ravel(adjoints[node]), rel=1e-12, abs=1e-15)
        for slot, argument in enumerate(view.arguments(node)):
            if view.op(argument) != "constant":
                sent = np.ravel(adjoints.contributions[node, slot])
                assert np.ravel(run["contributions"][edge]) == pytest.approx(sent, rel=1e-12, abs=1e-15)
            edge += 1
