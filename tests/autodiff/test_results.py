"""What the results of sweeps answer, and what is said to a question or a value that does not fit."""

from __future__ import annotations

import functools
import tracemalloc

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.autodiff import evaluate
from backpropviz.autodiff.tape import values_at
from backpropviz.errors import (
    BackpropvizError,
    InputError,
    NodeNotFoundError,
    SeedError,
    ShapeError,
    SingularMatrixError,
)

GRAPH = bpv.parse("a = x*z; y = exp(a)*x")
TAPE = GRAPH.evaluate(x=0.5, z=2)
ARRAYS = bpv.trace(lambda w, x: bpv.ops.sum(w @ x))


@pytest.mark.parametrize(
    ("result", "kind", "words"),
    [(TAPE.reverse(), "Adjoints", "No adjoint for 'q'"), (TAPE.forward({"x": 1.0}), "Tangents", "No tangent for 'q'")],
)
def test_results_are_mappings_by_node(result, kind, words):
    assert {*result} == {*GRAPH.nodes}
    assert len(result) == len(GRAPH)
    assert dict(result)["y"] == result["y"]
    assert repr(result).startswith(f"{kind}({{")
    assert result.get("q") is None
    with pytest.raises(NodeNotFoundError, match=words):
        result["q"]


@pytest.mark.parametrize(
    ("directions", "message"),
    [
        ({"xx": 1.0}, "'xx', which is no input of the graph. Did you mean 'x'"),
        ({"a": 1.0}, "'a', which is no input"),
        ({"x": "fast"}, "tangent of x must be numbers, not texts"),
        ({"x": [1.0, 2.0]}, "shape"),
    ],
)
def test_directions_that_do_not_fit(directions, message):
    with pytest.raises(SeedError, match=message):
        TAPE.forward(directions)


@pytest.mark.parametrize(("seed", "message"), [("one", "seed of y must be numbers"), ([1.0, 2.0], "shape")])
def test_seeds_that_do_not_fit(seed, message):
    with pytest.raises(SeedError, match=message):
        TAPE.reverse(seed)


@pytest.mark.parametrize("value", [object(), [[1.0], [1.0, 2.0]], {"a": 1}], ids=["object", "ragged", "mapping"])
def test_inputs_that_cannot_be_read(value):
    with pytest.raises(InputError, match="Input 'x' cannot be read as numbers"):
        GRAPH.evaluate(x=value, z=1)


def test_missing_inputs_are_named_one_and_all():
    with pytest.raises(InputError, match="No value for input 'z'"):
        GRAPH.evaluate(x=1)
    with pytest.raises(InputError, match="No value for inputs 'x' and 'z'"):
        GRAPH.evaluate()


def test_the_partials_of_an_array_operation_are_no_list():
    tape = ARRAYS.evaluate(w=np.ones((2, 3)), x=np.ones(3))
    with pytest.raises(BackpropvizError, match="is a matmul: its local partials form a matrix"):
        tape.partials(next(name for name in ARRAYS.nodes if ARRAYS.op(name) == "matmul"))


def test_a_fault_names_its_node_once():
    graph = bpv.trace(lambda a, b: bpv.ops.sum(bpv.ops.solve(a, b)))
    with pytest.raises(SingularMatrixError, match="solve") as caught:
        graph.evaluate(a=np.ones((2, 2)), b=np.ones(2))
    assert caught.value.node == graph.consumers("a")[0][0]
    assert str(caught.value).count("(node") == 1
    closed = graph.collapse([name for name in graph.nodes if graph.arguments(name)], "f")
    with pytest.raises(SingularMatrixError) as inside:
        closed.evaluate(a=np.ones((2, 2)), b=np.ones(2))
    assert str(inside.value).count("(node") == 1


def test_shapes_that_meet_badly_are_told_with_their_names():
    with pytest.raises(ShapeError, match=r"w \(2, 3\), x \(4,\)"):
        ARRAYS.evaluate(w=np.ones((2, 3)), x=np.ones(4))
    picked = bpv.trace(lambda x, k: bpv.ops.sum(bpv.ops.cross_entropy_with_logits(x, k)))
    with pytest.raises(BackpropvizError, match="node"):
        picked.evaluate(x=np.ones((2, 3)), k=np.array([0.0, 7.0]))


def test_a_graph_without_inputs_has_empty_results():
    graph = bpv.parse("exp(1)")
    assert bpv.gradient(graph) == {}
    assert bpv.hessian(graph).matrix.shape == (0, 0)
    assert float(evaluate(graph, {}, {}).value) == pytest.approx(np.e, rel=1e-15)
    assert bpv.cost(graph).reverse.stored >= 1


def test_tables_and_texts_of_results():
    graph = bpv.parse("x*y + x")
    paths = bpv.paths(graph, "x", x=-2, y=3)
    assert paths._repr_markdown_() == paths.to_markdown()
    assert str(paths) == paths.to_markdown()
    derivative = bpv.symbolic(graph, "x")
    assert derivative._repr_latex_().startswith(r"$\displaystyle \frac{\partial f}{\partial x} = ")
    assert str(derivative) == str(derivative.expression)


def test_costs_ask_for_shapes_where_scalars_do_not_do():
    with pytest.raises(InputError, match=r"does not work on scalars.*cost\(graph, \{'w': \(3, 2\)\}\)"):
        bpv.cost(ARRAYS)
    with pytest.raises(ShapeError):
        bpv.cost(ARRAYS, {"w": (2, 3), "x": (4,)})


def test_compiled_says_what_it_is():
    fast = GRAPH.compile()
    assert repr(fast) == f"<Compiled {GRAPH!r} by source>"
    assert fast.source
    with pytest.raises(InputError, match="No value for input 'z'"):
        fast(x=1.0)


def test_values_of_some_nodes_are_those_of_the_tape_and_the_rest_is_forgotten():
    graph = bpv.trace(lambda x: np.sum(functools.reduce(lambda a, _: np.sin(a) + x, range(40), x)))
    point, (early, *_) = {"x": np.linspace(0.0, 1.0, 20_000)}, [name for name in graph.nodes if graph.op(name) == "sin"]
    tape = graph.evaluate(point)
    tracemalloc.start()
    found = values_at(graph, point, [early, graph.output])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert list(found) == [early, graph.output]
    assert all(found[name].tobytes() == tape.primals[name].tobytes() for name in found)
    assert peak < 4 * point["x"].nbytes


def test_what_somebody_else_reads_is_not_written_over():
    rows = np.random.default_rng(0).normal(size=(50, 4))
    graphs = [
        bpv.trace(lambda x, b: np.sum(np.tanh(x @ x.T @ x + b))),  # written over
        bpv.trace(lambda x, b: np.sum(np.exp((x * b).T) + (x * b).T)),  # seen through a transpose
        bpv.trace(lambda x, b: np.sum((b - x) / x)),  # a first argument that is smaller
        bpv.trace(lambda x, b: np.sum(np.sin(x) + np.sin(x) * b)),
    ]
    for graph in graphs:
        point = {"x": rows.copy(), "b": np.arange(1.0, 5.0)}
        primals = graph.evaluate(point).primals
        found = values_at(graph, point, [graph.output])
        assert found[graph.output].tobytes() == primals[graph.output].tobytes()
        assert point["x"].tobytes() == rows.tobytes()
