"""What is written can be read again."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import graphs, structure

from backpropviz.errors import GraphError
from backpropviz.graph import CONSTANT, Graph, GraphBuilder, Node, parse, trace
from backpropviz.graph.notation.gate_latex import latex_name


@given(graphs())
def test_an_expression_keeps_its_structure(graph):
    known: dict[object, int] = {}
    try:
        text = graph.expression()
    except GraphError:
        assume(condition=False)
    assume(len(text) <= 4096 and text.count("(") < 100)
    assert structure(parse(text), known=known) == structure(graph, known=known)


@given(graphs(most_gates=8))
def test_reading_and_writing_settle(graph):
    assume(len(graph.expression()) <= 4096)
    once = parse(graph.expression())
    assert parse(once.expression()) == once


@given(graphs(most_gates=20))
def test_a_program_keeps_its_names(graph):
    again = parse(graph.program())
    assert again.output == graph.output or graph.op(graph.output) == CONSTANT
    used = {
        graph.output,
        *graph.inputs,
        *(name for name in graph.nodes if graph.arguments(name) or graph.consumers(name)),
    }
    assert {again.node(name) for name in again.nodes} == {graph.node(name) for name in used}


UNUSUAL = ("e", "pi", "exp", "input", "π", "max", "where", "x")
EDGES = st.sampled_from([math.inf, -math.inf, math.nan, math.e, math.pi, -math.e, -0.0, 2.0])


@given(st.permutations(UNUSUAL).flatmap(lambda names: graphs(constants=EDGES, names=tuple(names))))
def test_inputs_called_like_constants_and_functions_are_declared(graph):
    again = parse(graph.program())
    assert set(again.inputs) == set(graph.inputs)
    assert "input " not in graph.program() or again.inputs == graph.inputs
    known: dict[object, int] = {}
    assert structure(again, known=known) == structure(graph, known=known)


@pytest.mark.parametrize("name", ["exp", "sign", "where", "π", "log", "inf", "nan"])
def test_a_gate_called_like_a_function_or_a_number_is_written_under_another_name(name):
    gate = Node(name, "sin", ("x",))
    graph = Graph([Node("x", "input"), gate, Node("y", "multiply", (name, name))], "y")
    again = parse(graph.program())
    assert again.expression() == "sin(x)*sin(x)"
    assert parse(Graph([Node("x", "input"), gate], name).program()).expression() == "sin(x)"


def test_an_input_that_nothing_uses_is_kept():
    graph = trace(lambda x, z: np.sin(x))
    assert graph.program() == "input x, z; y = sin(x)"
    assert parse(graph.program()) == graph


@given(graphs(most_gates=8))
def test_all_styles_can_be_written(graph):
    for style in ("unicode", "latex"):
        text = graph.expression(style=style)
        assert text.count("{") == text.count("}")
        assert text.count(r"\left") == text.count(r"\right")
        assert text.count("(") == text.count(")")
        for node in graph.nodes:
            assert graph.definition(node, style)


@pytest.mark.parametrize(
    ("text", "unicode", "latex"),
    [
        ("x*z", "x·z", "x z"),
        ("a/b", "a/b", r"\frac{a}{b}"),
        ("x - 1", "x − 1", "x - 1"),
        ("x**2", "x²", "{x}^{2}"),
        ("(x + 1)**2", "(x + 1)²", r"{\left(x + 1\right)}^{2}"),
        ("exp(x*z)", "exp(x·z)", "e^{x z}"),
        ("ln(x)*y", "ln(x)·y", r"\left(\ln x\right) y"),
        ("x*sin(x)*y", "x·sin(x)·y", r"\left(x \sin x\right) y"),
        ("ln(x + 1)", "ln(x + 1)", r"\ln \left(x + 1\right)"),
        ("2*3", "2·3", r"2 \cdot 3"),
        ("x*-2", "x·(−2)", r"x \left(-2\right)"),
        ("1e-5*x", "1·10⁻⁵·x", r"1 \cdot 10^{-5} x"),
        ("pi*r**2", "π·r²", r"\pi {r}^{2}"),
        ("sqrt(x) + sqrt(x + 1)", "√x + √(x + 1)", r"\sqrt{x} + \sqrt{x + 1}"),
        ("max(x, 0)", "max(x, 0)", r"\max\left(x, 0\right)"),
        ("abs(x)", "|x|", r"\left|x\right|"),
        ("sigmoid(w1*x_in)", "σ(w1·x_in)", r"\sigma(w_{1} x_{\mathrm{in}})"),
        ("alpha*loss", "alpha·loss", r"\alpha \mathrm{loss}"),
    ],
)
def test_styles(text, unicode, latex):
    graph = parse(text)
    assert graph.expression(style="unicode") == unicode
    assert graph.expression(style="latex") == latex


def test_a_definition_speaks_of_its_arguments():
    graph = parse("a = x*z; b = a + pi; y = leaky_relu(b, 0.1)/a")
    assert graph.definition("a") == "x*z"
    assert graph.definition("b", "unicode") == "a + π"
    assert graph.definition("x") == "x"


def test_constants_keep_every_bit():
    text = "0.30000000000000004*x + 1.7976931348623157e+308"
    assert parse(text).expression() == text


def test_a_constant_named_like_a_node_is_written_as_a_number():
    graph = parse("b = e*x; a = b + pi; y = a*e")
    builder = GraphBuilder()
    e = builder.input("e")
    shadowed = builder.build(builder.apply("multiply", e, builder.constant(2.718281828459045)))
    assert graph.expression() == "(e*x + pi)*e"
    assert shadowed.expression() == "e*2.718281828459045"


def test_an_output_that_is_no_gate_stands_last():
    assert parse("a = sin(x); x").program() == "a = sin(x); x"
    assert parse("a = sin(x); b = sin(a); c = x*2; c + 1").program().endswith("y = c + 1")
    assert parse("3").program() == "3"


def test_sharing_does_not_explode():
    graph = parse("a = x + x; " + "; ".join(f"a{n + 1} = a{n or ''} + a{n or ''}" for n in range(60)))
    with pytest.raises(GraphError, match="program") as caught:
        graph.expression()
    assert caught.value.node == graph.output
    assert len(graph.program()) < 2000


@pytest.mark.parametrize(
    "name", ["x", "x1", "w_in", "h_1_2", "_", "__x", "x_", "α", "x̄", "a b", "}{\\$%", "α1", "x²", "12"]
)
def test_latex_names_are_balanced(name):
    text = latex_name(name)
    assert text.replace(r"\{", "").count("{") == text.replace(r"\}", "").count("}")
