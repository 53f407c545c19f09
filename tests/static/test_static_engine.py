"""Both sweeps in the page: the lecture examples to 25 digits, the kernel's numbers to the bit, and rough ground."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from gates import gate, programmed

import backpropviz as bpv
from backpropviz.scene.specification import specification
from backpropviz.steps import record

EXAMPLES = json.loads(Path(__file__).parents[1].joinpath("reference", "worked_examples.json").read_text("utf-8"))
MODULES = ["story/engine", "story/primitives", "story/array_primitives"]
WITH_ALL = "primitives.usePrimitives(array_primitives.ARRAY_PRIMITIVES);"
RUN = WITH_ALL + "return engine.compileGraph(graph).run(inputs);"
FORWARD = WITH_ALL + "return engine.compileGraph(graph).runForward(inputs, direction);"


def plain_graph(graph, **inputs):
    return specification(record(graph, inputs), {})["graph"]


def by_name(graph, numbers):
    return {node["name"]: number for node, number in zip(graph["nodes"], numbers, strict=True)}


def sweep(javascript, text, **inputs):
    graph = plain_graph(bpv.parse(text), **inputs)
    run = javascript(RUN, modules=MODULES, graph=graph, inputs=inputs)
    return by_name(graph, run["primals"]), by_name(graph, run["adjoints"]), run


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_lecture_examples_to_twelve_digits(javascript, example):
    steps = example["steps"]
    program = "; ".join(f"{step['name']} = {step['expression']}" for step in steps)
    values, adjoints, run = sweep(javascript, program, **example["inputs"])
    for name, expected in example["values"].items():
        assert values[name] == pytest.approx(float(expected), rel=1e-12), name
    for name, expected in example["adjoints"].items():
        assert adjoints[name] == pytest.approx(float(expected), rel=1e-12), name
    assert run["nonFinite"] == run["nonFinitePartial"] == -1


EXPRESSIONS = [
    ("x*x", {"x": 3.0}),
    ("x*y + sin(x)/y - max(x, y, z)*z", {"x": 1.5, "y": -0.5, "z": 1.5}),
    ("x**3 + y**x - sqrt(y)*log2(x) + hypot(x, y)", {"x": 1.25, "y": 2.5}),
    ("a = tanh(w*x + b); c = relu(a - 0.1) + leaky_relu(-a); c*c + abs(a)", {"w": 0.3, "x": -2.0, "b": 1.0}),
    ("gelu(x) + softplus(x)*sigmoid(-x) + atan2(x, 2)", {"x": -1.0}),
]


@pytest.mark.parametrize(("text", "inputs"), EXPRESSIONS)
def test_page_and_kernel_give_the_same_run(javascript, text, inputs):
    kernel = bpv.parse(text).evaluate(inputs)
    values, adjoints, _ = sweep(javascript, text, **inputs)
    assert values == pytest.approx({name: float(value) for name, value in kernel.primals.items()}, rel=1e-13)
    expected = {name: float(adjoint) for name, adjoint in kernel.reverse().items()}
    assert {name: adjoints[name] for name in expected} == pytest.approx(expected, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize(("text", "inputs"), EXPRESSIONS)
def test_tangents_along_a_direction(javascript, text, inputs):
    graph = bpv.parse(text)
    direction = {name: 0.5 + index for index, name in enumerate(graph.inputs)}
    plain = plain_graph(graph, **inputs)
    run = javascript(FORWARD, modules=MODULES, graph=plain, inputs=inputs, direction=direction)
    expected = {name: float(tangent) for name, tangent in graph.evaluate(inputs).forward(direction).items()}
    assert by_name(plain, run["tangents"]) == pytest.approx(expected, rel=1e-13, abs=1e-15)
    # reverse and forward mode are the two ends of one product
    adjoints = by_name(plain, run["adjoints"])
    product = math.fsum(adjoints[name] * rate for name, rate in direction.items())
    assert by_name(plain, run["tangents"])[graph.output] == pytest.approx(product, rel=1e-12)


def test_both_slots_of_a_square_contribute(javascript):
    _, adjoints, run = sweep(javascript, "x*x", x=3.0)
    assert run["contributions"] == [3.0, 3.0]
    assert adjoints["x"] == 6.0


def test_tie_shares_the_gradient(javascript):
    _, adjoints, _ = sweep(javascript, "3*max(x, z)", x=2.0, z=2.0)
    assert (adjoints["x"], adjoints["z"]) == (1.5, 1.5)


def graph_of(*nodes, output):
    names = {node[0]: index for index, node in enumerate(nodes)}
    plain = [{"name": name, "op": op, "arguments": [names[each] for each in rest]} for name, op, *rest in nodes]
    return programmed({"nodes": plain, "output": names[output]})


ROOT_BESIDE = graph_of(("x", "input"), ("z", "input"), ("r", "sqrt", "x"), ("y", "add", "x", "z"), output="y")
ROOT_WITHIN = graph_of(("x", "input"), ("z", "input"), ("r", "sqrt", "x"), ("y", "multiply", "r", "z"), output="y")


def test_what_the_output_does_not_need_has_gradient_zero(javascript):
    run = javascript(RUN, modules=MODULES, graph=ROOT_BESIDE, inputs={"x": 0.0, "z": 1.0})
    assert run["partials"][0] == math.inf
    assert run["adjoints"] == [1.0, 1.0, 0.0, 1.0]


def test_zero_times_an_infinite_slope_is_nan_as_in_the_kernel(javascript):
    run = javascript(RUN, modules=MODULES, graph=ROOT_WITHIN, inputs={"x": 0.0, "z": 0.0})
    assert math.isnan(run["adjoints"][0])
    assert (run["nonFinite"], run["nonFinitePartial"]) == (-1, 0)


def test_direction_that_does_not_reach_an_infinite_slope_is_not_spoilt(javascript):
    run = javascript(FORWARD, modules=MODULES, graph=ROOT_WITHIN, inputs={"x": 0.0, "z": 3.0}, direction={"z": 1.0})
    assert run["tangents"] == [0.0, 1.0, 0.0, 0.0]


def test_first_non_finite_node_is_named(javascript):
    _, _, run = sweep(javascript, "a = ln(x); b = a + 1; b*b", x=2.0)
    assert run["nonFinite"] == -1
    graph = graph_of(("x", "input"), ("a", "ln", "x"), ("y", "square", "a"), output="y")
    run = javascript(RUN, modules=MODULES, graph=graph, inputs={"x": -1.0})
    assert run["nonFinite"] == 1
    assert math.isnan(run["adjoints"][0])


def test_missing_input_is_nan(javascript):
    run = javascript(RUN, modules=MODULES, graph=ROOT_WITHIN, inputs={"x": 4.0})
    assert run["nonFinite"] == 1


@pytest.mark.parametrize(
    ("graph", "complaint"),
    [
        (
            graph_of(("x", "input"), ("y", "constructor", "x"), output="y"),
            'node "y": no program came with "constructor"',
        ),
        (graph_of(("y", "exp", "x"), ("x", "input"), output="y"), 'node "y": slot 0 refers to node 1'),
    ],
)
def test_graph_the_page_cannot_run_is_refused_by_name(javascript, graph, complaint):
    body = "try { engine.compileGraph(graph); return null; } catch (problem) { return problem.message; }"
    assert complaint in javascript(body, modules=MODULES, graph=graph)


def test_chain_of_fifty_thousand_nodes(javascript):
    body = """
      const nodes = [{ name: "x", op: "input" }];
      for (let index = 1; index <= 50000; index += 1) {
        const [op, rest] = index % 2 ? ["sin", []] : ["add", [0]];
        nodes.push({ name: `v${index}`, op, arguments: [index - 1, ...rest], program: (index + 1) % 2 });
      }
      const compiled = engine.compileGraph({ nodes, output: 50000, programs });
      const run = compiled.runForward({ x: 1.75 }, { x: 1 });
      return [run.nonFinite, run.adjoints[0], run.tangents[50000]];"""
    programs = [*gate("sin", [1.0])["programs"], *gate("add", [1.0, 1.0])["programs"]]
    non_finite, adjoint, tangent = javascript(body, modules=MODULES, programs=programs)
    assert non_finite == -1
    assert adjoint == pytest.approx(tangent, rel=1e-12)


def test_running_twice_gives_the_same_bits(javascript):
    graph = plain_graph(bpv.parse(EXPRESSIONS[1][0]), **EXPRESSIONS[1][1])
    body = """const compiled = engine.compileGraph(graph);
      return [compiled.run(inputs), compiled.run(inputs)];"""
    first, second = javascript(body, modules=MODULES, graph=graph, inputs=EXPRESSIONS[1][1])
    assert first == second
