"""Closing and opening gates keeps every bit at the boundary."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import graphs, points, smooth_graphs

import backpropviz as bpv
from backpropviz.errors import GraphError
from backpropviz.graph import CONSTANT, INPUT, Graph
from backpropviz.graph.closing.shorthands import FIRST, FORMS, SECOND
from backpropviz.ops import REGISTRY

FINE = bpv.examples["cornell-logistic-fine"]
COARSE = bpv.examples["cornell-logistic-coarse"]
SIGMOID_GATES = ["v5", "v6", "v7", "f"]


def bits(number) -> bytes:
    return np.float64(number).tobytes()


def same_bits(view, basis, point, names: dict[str, str] | None = None) -> None:
    """Values, adjoints and tangents of the nodes that both have agree to the bit."""
    shared = names or {name: name for name in view.nodes if name in basis}
    one, two = view.evaluate(point), basis.evaluate(point)
    first, second = one.reverse(), two.reverse()
    moving = {name: 0.5 + place for place, name in enumerate(basis.inputs)}
    ahead, behind = one.forward(moving), two.forward(moving)
    for name, former in shared.items():
        assert bits(one.primals[name]) == bits(two.primals[former])
        assert bits(ahead[name]) == bits(behind[former])
        if view.op(name) != CONSTANT:
            assert bits(first[name]) == bits(second[former])


def test_the_lecture_regressor_keeps_every_bit_when_its_sigmoid_opens_and_closes():
    opened = COARSE.graph.expand("f")
    assert [opened.op(name) for name in opened.nodes[-4:]] == ["negate", "exp", "add", "reciprocal"]
    same_bits(opened, COARSE.graph, COARSE.point)
    assert opened.collapse(["f1", "f2", "f3", "f"], "f") == COARSE.graph

    closed = FINE.graph.collapse(SIGMOID_GATES, "f")
    assert set(closed.nodes) == set(COARSE.graph.nodes)
    same_bits(closed, FINE.graph, FINE.point)
    assert closed.expand("f") == FINE.graph
    assert closed.evaluate(FINE.point).value == COARSE.graph.evaluate(COARSE.point).value


def test_the_inside_of_an_opened_sigmoid_is_a_run_of_its_gates():
    tape = COARSE.graph.expand("f").evaluate(COARSE.point)
    fine = FINE.graph.evaluate(FINE.point)
    for inside, known in {"f1": "v5", "f2": "v6", "f3": "v7"}.items():
        assert tape.primals[inside] == pytest.approx(fine.primals[known], rel=1e-15)
        assert tape.reverse()[inside] == pytest.approx(fine.reverse()[known], rel=1e-15)


@pytest.mark.parametrize("x", [-1000.0, -40.0, 0.0, 40.0, 1000.0])
def test_an_opened_sigmoid_stays_stable_far_out(x):
    graph = bpv.parse("3*sigmoid(x)")
    same_bits(graph.expand(graph.arguments(graph.output)[1]), graph, {"x": x})


@pytest.mark.parametrize("text", ["sigmoid(x)*z", "softplus(x)*z", "tanh(x)*z", "a = x/z; a*z", "a = x - z; a*z"])
def test_every_form_opens_and_closes(text):
    graph = bpv.parse(text)
    gate = graph.nodes[2]
    opened = graph.expand(gate)
    assert len(opened) > len(graph)
    same_bits(opened, graph, {"x": 0.7, "z": -1.3})
    assert opened.evaluate(x=0.7, z=-1.3).reverse()["x"] == pytest.approx(
        bpv.gradient(graph, x=0.7, z=-1.3)["x"], rel=1e-14
    )
    assert opened.collapse(opened.grouping.opened[gate]) == graph


@st.composite
def selections(draw: st.DrawFn, graph: Graph) -> list[str]:
    """Some operations of a graph."""
    gates = [name for name in graph.nodes if graph.op(name) not in (INPUT, CONSTANT)]
    return draw(st.lists(st.sampled_from(gates), min_size=1, unique=True))


@given(st.data())
def test_any_selection_closes_with_the_same_bits_or_says_why_not(data):
    graph = data.draw(st.one_of(graphs(), smooth_graphs()))
    chosen = data.draw(selections(graph))
    try:
        closed = graph.collapse(chosen, "gate")
    except GraphError:
        return
    names = {name: name for name in closed.nodes if name in graph}
    if "gate" in closed:
        names["gate"] = closed.grouping.nodes["gate"]
    same_bits(closed, graph, data.draw(points(graph)), names)
    assert closed.expand("gate") == graph
    assert Graph.from_json(closed.to_json()) == closed


@given(st.data())
def test_a_closed_gate_has_the_partials_of_the_composite(data):
    graph = data.draw(smooth_graphs())
    gates = [name for name in graph.nodes if graph.op(name) not in (INPUT, CONSTANT)]
    used = {name for gate in gates for name in graph.arguments(gate)}
    useful = [name for name in gates if name in used or name == graph.output]
    closed = graph
    try:
        closed = graph.collapse(useful, "all")
    except GraphError:
        return
    if "all" not in closed:
        return  # several values leave
    point = data.draw(points(graph))
    tape = closed.evaluate(point)
    gradient = bpv.gradient(graph, point)
    for argument, partial in zip(closed.arguments("all"), tape.partials("all"), strict=True):
        assert partial == pytest.approx(gradient[argument], rel=1e-12, abs=1e-12)


@given(st.data())
def test_a_run_of_a_closed_graph_is_told_up_to_its_adjoints(data):
    graph = data.draw(smooth_graphs())
    try:
        closed = graph.collapse(data.draw(selections(graph)))
    except GraphError:
        return
    timeline = bpv.record(closed, data.draw(points(graph)))
    final = timeline.state(len(timeline)).sums
    for name in final:
        assert bits(final[name]) == bits(timeline.adjoints[name])
    for k in range(len(timeline) + 1):
        assert timeline.narrate(k).sentence


def test_groups_nest_and_open_in_any_order():
    graph = FINE.graph
    inner = graph.collapse(SIGMOID_GATES)
    outer = inner.collapse(["v1", "v2", "v3", "v4", "f"], "neuron")
    assert outer.arguments("neuron") == ("w1", "x1", "w2", "x2", "w0")
    same_bits(outer, graph, FINE.point, {"neuron": "f", "w1": "w1", "x2": "x2"})
    assert outer.expand("neuron") == inner
    assert outer.expand("neuron").expand("f") == graph
    product = graph.collapse(["v1", "v2", "v3"], "s")
    both = product.collapse(SIGMOID_GATES)
    assert both.expand("s") == inner
    assert both.expand("f") == product


def test_a_layer_of_arrays_closes_into_one_gate():
    graph = bpv.trace(lambda w, x, b: bpv.ops.sum(bpv.ops.tanh(w @ x + b)), "W", "x", "b")
    members = [name for name in graph.nodes if graph.op(name) in ("matmul", "add", "tanh")]
    closed = graph.collapse(members, "layer")
    rng = np.random.default_rng(0)
    point = {"W": rng.normal(size=(3, 2)), "x": rng.normal(size=2), "b": rng.normal(size=3)}
    one, two = closed.evaluate(point).reverse(), graph.evaluate(point).reverse()
    for name in point:
        assert one[name].tobytes() == two[name].tobytes()
    assert one["layer"].shape == (3,)


@pytest.mark.parametrize(
    ("text", "members", "said"),
    [
        ("a = x*z; b = exp(a); y = a + b", ["a", "y"], "Take in b too"),
        ("a = x*z; b = exp(a); y = a + b", ["x", "a"], "is an input"),
        ("y = x*x", [], "No nodes"),
        ("y = x*x", ["q"], "no node 'q'"),
    ],
)
def test_what_cannot_be_closed_is_told(text, members, said):
    with pytest.raises((GraphError, KeyError), match=said):
        bpv.parse(text).collapse(members, "g")


def test_what_cannot_be_opened_is_told():
    with pytest.raises(GraphError, match="x is an input and cannot be opened"):
        bpv.parse("x*z").expand("x")
    with pytest.raises(GraphError, match="one multiply"):
        bpv.parse("y = x*z").expand("y")
    with pytest.raises(GraphError, match="some of the gates that f opened into"):
        COARSE.graph.expand("f").collapse(["f1", "f2"], "g")
    with pytest.raises(GraphError, match="already given"):
        COARSE.graph.collapse(["v3", "v4"], "w1")


def test_equal_histories_are_equal_graphs_and_others_not():
    opened = COARSE.graph.expand("f")
    assert opened == COARSE.graph.expand("f")
    assert hash(opened) == hash(COARSE.graph.expand("f"))
    assert opened != bpv.parse(opened.program())


@pytest.mark.parametrize("grouping", ["[1]", '[{"close":["nothing"],"name":"q"}]', '[{"open":"w1"}]', "3"])
def test_a_history_that_does_not_fit_is_refused(grouping):
    text = COARSE.graph.to_json()[:-1] + f',"grouping":{grouping}}}'
    with pytest.raises(GraphError):
        Graph.from_json(text)


@pytest.mark.parametrize("op", FORMS)
def test_a_form_uses_each_of_its_arguments_once(op):
    # So the edge at which an argument enters carries all that the argument receives.
    entries = [each for gate in FORMS[op] for each in gate.arguments if isinstance(each, int) and each < 0]
    assert sorted(entries, reverse=True) == [FIRST, SECOND][: REGISTRY[op].arity]
