"""Symbolic differentiation, and expression swell."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from strategies import points, smooth_graphs
from worked_examples import EXAMPLES, exact, lecture_graph, lecture_point

from backpropviz import Graph, expression_swell, gradient, parse, symbolic
from backpropviz.autodiff.symbolic.derivatives import operation_count
from backpropviz.autodiff.symbolic.swell import double_exponential, logistic_map, product
from backpropviz.errors import GraphError, InputError
from backpropviz.graph import Node


@pytest.mark.parametrize("name", EXAMPLES)
def test_lecture_examples_agree_with_the_reference(name):
    graph = lecture_graph(name)
    for wrt in graph.inputs:
        found = symbolic(graph, wrt).evaluate(lecture_point(name))
        assert found == pytest.approx(exact(name, "adjoints", wrt), rel=1e-12, abs=1e-12)


def test_the_notes_own_formula():
    # CMU 10-701, recitation 4: ∂y/∂z = 2e⁶ + 2/ln 2 − sin(ln 2)/18 at x = 2, z = 3.
    found = symbolic(lecture_graph("cmu-exp-ratio-sine"), "z")
    x, z = (sympy.Symbol(name, real=True) for name in "xz")
    formula = x * sympy.exp(x * z) + x / sympy.log(x) - sympy.sin(sympy.log(x)) / (x * z**2)
    assert sympy.simplify(found.expression - formula) == 0


@pytest.mark.parametrize(
    "text",
    [
        "gelu(x)", "softplus(x)", "relu(x*x)", "leaky_relu(x)", "abs(x)*x", "max(x*x, x, -x)", "min(x, 2)",
        "hypot(x, 2*x)", "atan2(x, 2*x*x)", "x**3", "x**2.5", "2**x", "x**x", "log2(x)", "log10(x)", "asin(x)",
        "acos(x)", "atan(x)", "sinh(x)", "cosh(x)", "tan(x)", "tanh(x)", "sigmoid(x)", "square(x)", "reciprocal(x)",
        "sqrt(x)", "e**x*pi + 0.1*x", "relu(x - 0.3)", "x - x", "-x",
    ],
)  # fmt: skip
def test_every_scalar_operation_has_a_symbolic_form(text):
    graph = parse(text)
    assert symbolic(graph, "x").evaluate(x=0.3) == pytest.approx(gradient(graph, x=0.3)["x"], rel=1e-12, abs=1e-14)


@given(st.data())
def test_random_smooth_graphs_agree_with_reverse_mode(data):
    graph = data.draw(smooth_graphs(5))
    point = data.draw(points(graph))
    reverse = gradient(graph, point)
    for wrt in graph.inputs:
        assert symbolic(graph, wrt).evaluate(point) == pytest.approx(reverse[wrt], rel=1e-9, abs=1e-9)


def test_latex_writes_names_as_the_rest_of_the_package_does():
    found = symbolic(parse("exp(w1*x)"), "w1")
    assert found.latex() == "x e^{w_{1} x}"
    assert found._repr_latex_() == r"$\displaystyle \frac{\partial y}{\partial w_{1}} = x e^{w_{1} x}$"


def test_names_are_never_read_as_code(tmp_path):
    mark = tmp_path / "ran"
    hostile = f"__import__('pathlib').Path({str(mark)!r}).touch()"
    nodes = [Node(hostile, "input"), Node("x", "input"), Node("f", "multiply", (hostile, "x"))]
    graph = Graph(nodes, "f")
    found = symbolic(graph, "x")
    assert found.evaluate({hostile: 2.0, "x": 1.0}) == 2.0
    found.latex()
    assert not mark.exists()


def test_sympy_is_loaded_on_first_use_only():
    code = "import sys, backpropviz; assert 'sympy' not in sys.modules; from backpropviz import symbolic"
    code += "; backpropviz.symbolic(backpropviz.parse('x*x'), 'x'); assert 'sympy' in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_refusals_say_what_to_do():
    with pytest.raises(InputError, match="Did you mean 'x1'"):
        symbolic(parse("x1*w2"), "x11")
    with pytest.raises(GraphError, match="too many"):
        symbolic(logistic_map(40), "x")
    deep = "sin(" * 90 + "x" + ")" * 90
    assert symbolic(parse(deep), "x").operations > 90


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("x", 0),
        ("x + y + z", 2),
        ("x - y", 1),
        ("x*y/z", 2),
        ("1/x", 1),
        ("-x", 1),
        ("x**2", 1),
        ("1/x**2", 2),
        ("sqrt(x)", 1),
        ("exp(x)*sin(y)", 3),
        ("-x*y + z", 2),
        ("1/(x*y)", 2),
        ("3*x/2", 2),
    ],
)
def test_written_out_operations_are_counted_as_one_would(text, count):
    x, y, z = sympy.symbols("x y z")
    written = {
        "x": x, "x + y + z": x + y + z, "x - y": x - y, "x*y/z": x * y / z, "1/x": 1 / x, "-x": -x, "x**2": x**2,
        "1/x**2": 1 / x**2, "sqrt(x)": sympy.sqrt(x), "exp(x)*sin(y)": sympy.exp(x) * sympy.sin(y),
        "-x*y + z": -x * y + z, "1/(x*y)": 1 / (x * y), "3*x/2": 3 * x / 2,
    }  # fmt: skip
    assert operation_count(written[text]) == count


def test_the_example_of_the_notes_swells():
    # Domke: the derivative, written out, is much larger than f; as a program it has the size of f.
    found = symbolic(lecture_graph("domke-exp-square"), "x")
    assert found.operations == 23
    assert found.graph_operations <= 12


def test_written_out_derivatives_grow_without_bound_and_graphs_do_not():
    rows = expression_swell(logistic_map, range(1, 9)).rows
    growth = [after.written_out / before.written_out for before, after in pairwise(rows[2:])]
    assert min(growth) > 2
    assert {after.graph - before.graph for before, after in pairwise(rows)} == {6}
    assert rows[-1].ratio > 200


def test_other_families_swell_too():
    doubled = expression_swell(double_exponential, (1, 4)).rows
    assert doubled[0].written_out == symbolic(lecture_graph("domke-exp-square"), "x").operations
    assert doubled[1].ratio > 4 * doubled[0].ratio
    squared = expression_swell(product, (4, 8)).rows
    assert squared[1].written_out > 4 * squared[0].written_out
    assert "written out" in str(expression_swell(product, (1, 2)))
