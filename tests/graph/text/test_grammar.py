"""What expressions mean."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from backpropviz.graph import GraphBuilder, parse

x, y, z = "x", "y", "z"


def built(shape):
    """Graph from nested tuples: ("add", "x", 2.0)."""
    builder = GraphBuilder()

    def node(part):
        if isinstance(part, str):
            return builder.input(part)
        if isinstance(part, float):
            return builder.constant(part)
        op, *arguments = part
        return builder.apply(op, *map(node, arguments))

    return builder.build(node(shape))


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("x + y", ("add", x, y)),
        ("x - y", ("subtract", x, y)),
        ("x*y/z", ("divide", ("multiply", x, y), z)),
        ("x/y*z", ("multiply", ("divide", x, y), z)),
        ("x + y*z", ("add", x, ("multiply", y, z))),
        ("(x + y)*z", ("multiply", ("add", x, y), z)),
        ("x + y + z", ("add", x, y, z)),
        ("(x + y) + z", ("add", ("add", x, y), z)),
        ("x + (y + z)", ("add", x, ("add", y, z))),
        ("x - y + z", ("add", ("subtract", x, y), z)),
        ("x + y - z", ("subtract", ("add", x, y), z)),
        ("x - y - z", ("subtract", ("subtract", x, y), z)),
        ("x**y**z", ("power", x, ("power", y, z))),
        ("(x**y)**z", ("power", ("power", x, y), z)),
        ("-x**2", ("negate", ("power", x, 2.0))),
        ("(-x)**2", ("power", ("negate", x), 2.0)),
        ("-2**x", ("negate", ("power", 2.0, x))),
        ("2**-x", ("power", 2.0, ("negate", x))),
        ("2**-1", ("power", 2.0, -1.0)),
        ("-2*x", ("multiply", -2.0, x)),
        ("-(2)*x", ("multiply", ("negate", 2.0), x)),
        ("-x*y", ("multiply", ("negate", x), y)),
        ("x*-y", ("multiply", x, ("negate", y))),
        ("--x", ("negate", ("negate", x))),
        ("+x", x),
        ("x - -2", ("subtract", x, -2.0)),
        ("max(x, y, z)", ("max", x, y, z)),
        ("min(x, max(y, 1))", ("min", x, ("max", y, 1.0))),
        ("log(x) + ln(x)", ("add", ("ln", x), ("ln", x))),
        ("atan2(x, y)", ("atan2", x, y)),
        ("1e-3*x + .5 + 2.", ("add", ("multiply", 1e-3, x), 0.5, 2.0)),
        ("1E+2*x", ("multiply", 100.0, x)),
        ("exp(\n x\n)", ("exp", x)),
        ("x # a comment (\n", x),
        (" x\t+\u00a0y ", ("add", x, y)),
    ],
)
def test_meaning(text, shape):
    assert parse(text) == built(shape)


def test_constants_have_their_value():
    graph = parse("pi*x + e")
    assert {float(graph.node(name).value) for name in graph.constants} == {np.pi, np.e}
    assert graph.inputs == ("x",)
    assert parse("π*x + ℯ") == graph


def test_constant_names_may_be_assigned():
    graph = parse("b = ln(x); e = x/b; y = e*pi")
    assert graph.op("e") == "divide"
    assert graph.arguments("y") == ("e", "π")


def test_the_lecture_program_and_its_expression_are_one_graph():
    program = parse("a = x*z\nb = ln(x)\nc = sin(b)\nd = exp(a)\ne = a/b\nf = c/a\ny = d+e+f")
    assert program.nodes == ("x", "z", "a", "b", "c", "d", "e", "f", "y")
    assert program.arguments("y") == ("d", "e", "f")
    assert program.expression() == "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"


@pytest.mark.parametrize(
    "text",
    ["a = x*z; y = a + 1", "a = x*z\ny = a + 1", "\n\n# so\na = x*z # why\n\n ; y = a + 1;\n", "a=x*z;\r\ny=a+1"],
)
def test_separators(text):
    assert parse(text) == parse("a = x*z; y = a + 1")


def test_the_last_statement_may_go_without_a_name():
    assert parse("a = x*z; exp(a)").expression() == "exp(x*z)"


def test_a_second_name_for_the_same_value_is_an_alias():
    graph = parse("a = x*z; b = x*z; y = a + b")
    assert graph.arguments("y") == ("a", "a")
    assert "b" not in graph


def test_inputs_come_in_order_of_first_appearance():
    assert parse("b*a + c*a").inputs == ("b", "a", "c")


def test_equal_parts_are_shared():
    assert len(parse("sin(x*z) + sin(x*z)")) == len(["x", "z", "x*z", "sin", "+"])


@pytest.mark.parametrize("name", ["α", "x1", "x_1", "_x", "w̄", "größe", "数", "µ"])
def test_names_are_those_of_python(name):
    (folded,) = parse(f"{name}*2").inputs
    assert parse(f"{name} + {folded}").inputs == (folded,)
    namespace: dict[str, str] = {}
    exec(f"{name} = 1", namespace)  # noqa: S102  Python itself says how it folds names
    assert folded in namespace


def test_composed_and_decomposed_letters_are_one_name():
    assert parse("é + e\u0301").inputs == ("é",)


def test_leaky_relu_takes_a_slope():
    assert parse("leaky_relu(x)").parameters("y") == {}
    assert parse("leaky_relu(x, 0.1)").parameters("y") == {"slope": 0.1}
    assert parse("leaky_relu(x, -1e-3)").parameters("y") == {"slope": -1e-3}
    assert parse("leaky_relu(x, 0.1)").inputs == ("x",)


def test_lark_is_loaded_on_first_use_only():
    code = "import sys, backpropviz.graph; assert 'lark' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_only_text_is_parsed():
    with pytest.raises(TypeError, match="use trace"):
        parse(lambda x: x)
