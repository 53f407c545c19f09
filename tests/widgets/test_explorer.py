"""The explorer without a browser: traits, messages from the page, errors."""

from __future__ import annotations

import gc
import json
import zlib

import ipywidgets
import numpy as np
import pytest
from ipywidgets.widgets import widget as registry

import backpropviz as bpv
from backpropviz.errors import InputError, NodeNotFoundError
from backpropviz.export.shown_graph import ShownGraph
from backpropviz.widgets.callbacks import recorded

TEXT = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"


@pytest.fixture
def explorer():
    made = bpv.explore(TEXT, x=2, z=3)
    yield made
    made.close()


def described(explorer) -> dict:
    return json.loads(zlib.decompress(explorer.spec))


def test_it_is_a_widget_with_the_numbers_of_its_graph(explorer):
    assert isinstance(explorer, ipywidgets.DOMWidget)
    assert explorer.gradient() == bpv.gradient(bpv.parse(TEXT), x=2, z=3)
    assert explorer.inputs == {"x": 2.0, "z": 3.0}
    assert len(explorer.spec) < 8_000


def test_the_specification_is_complete(explorer):
    spec = described(explorer)
    assert len(spec["narration"]["told"]) == len(spec["timeline"]) + 1 == len(explorer.timeline) + 1
    assert {mark["name"] for mark in spec["scene"]["nodes"]} == set(explorer.graph.nodes)
    assert spec["ranges"] == {"x": [-2.0, 6.0, 0.01], "z": [-3.0, 9.0, 0.01]}


def test_assigning_a_part_of_the_inputs_keeps_the_rest(explorer):
    explorer.inputs = {"x": 2.5}
    assert explorer.inputs == {"x": 2.5, "z": 3.0}
    assert explorer.gradient() == bpv.gradient(explorer.graph, x=2.5, z=3)
    with pytest.raises(InputError, match="no input 'y'"):
        explorer.inputs = {"y": 1}
    with pytest.raises(InputError, match="numbers"):
        explorer.inputs = {"x": "two"}


def test_steps_stay_within_the_run(explorer):
    explorer.step = 1_000
    assert explorer.step == len(explorer.timeline)
    explorer.step = -3
    assert explorer.step == 0
    explorer.step = explorer.last_step
    explorer.play()
    assert (explorer.step, explorer.playing) == (0, True)
    explorer.pause()
    assert not explorer.playing


@pytest.mark.parametrize(
    ("trait", "value"), [("mode", "sideways"), ("drawing", "circus"), ("notation", "grad"), ("edges", "locl")]
)
def test_settings_are_checked(explorer, trait, value):
    with pytest.raises(InputError, match=f"Unknown {trait} '{value}'"):
        setattr(explorer, trait, value)


def test_selecting_what_is_not_there(explorer):
    explorer.selected = "b"
    with pytest.raises(NodeNotFoundError):
        explorer.selected = "nothing"
    assert explorer.selected == "b"


def test_a_page_is_looked_at_as_the_explorer_is(explorer):
    assert not explorer.shown_graph().look.follow
    explorer.follow = True
    explorer.size = "large"
    traits = explorer.shown_graph().page().traits
    assert (traits["follow"], traits["size"]) == (True, "large")


def test_forward_mode_tells_another_run(explorer):
    explorer.mode = "forward"
    assert described(explorer)["timeline"][0]["records"] == [["evaluate", 0], ["push", 0]]
    assert explorer.step == 0


def test_forward_mode_moves_along_the_chosen_input(explorer):
    explorer.mode = "forward"
    assert explorer.timeline.tangents["x"] == 1
    explorer.direction = {"z": 1.0}
    assert explorer.timeline.tangents["x"] == 0
    assert float(explorer.timeline.tangents.value) == pytest.approx(float(explorer.gradient()["z"]), rel=1e-14)
    with pytest.raises(InputError, match="no input"):
        explorer.direction = {"a": 1.0}


def test_the_page_types_another_expression(explorer):
    explorer._handle_custom_msg({"kind": "expression", "text": "x*y + z"}, [])
    assert explorer.graph.inputs == ("x", "y", "z")
    assert explorer.inputs == {"x": 2.0, "y": -1.0, "z": 3.0}
    assert explorer.message == {}


@pytest.mark.parametrize(
    ("text", "start", "hint"),
    [
        ("x +", 2, ""),
        ("sine(x)", 0, "sin"),
        ("x^2", 1, "**"),
        ("2x", 0, "2*x"),
        ("<img src=x onerror=alert(1)>", 0, ""),
    ],
)
def test_a_broken_expression_keeps_the_last_good_graph(explorer, text, start, hint):
    graph, spec = explorer.graph, explorer.spec
    explorer._handle_custom_msg({"kind": "expression", "text": text}, [])
    assert explorer.graph is graph
    assert explorer.spec == spec
    assert explorer.message["source"] == text
    assert explorer.message["start"] == start
    assert hint in explorer.message["hint"]
    explorer._handle_custom_msg({"kind": "expression", "text": "x*z"}, [])
    assert explorer.message == {}


def test_what_the_page_sends_for_a_graph_that_is_gone_is_dropped(explorer):
    explorer.set_state({"inputs": {"old": 1.0}, "step": 2})
    assert explorer.inputs == {"x": 2.0, "z": 3.0}
    assert explorer.step == 2


def test_an_error_in_a_callback_is_shown_and_later_callbacks_run(explorer):
    seen = []
    recorded.clear()
    explorer.observe(lambda _change: 1 / 0, "step")
    explorer.observe(seen.append, "step")
    explorer.step = 3
    assert "ZeroDivisionError" in explorer.message["text"]
    assert len(seen) == 1
    assert isinstance(recorded[-1], ZeroDivisionError)
    explorer.unobserve(seen.append, "step")


def test_closing_frees_everything():
    gc.collect()
    before = len(registry._instances)
    for _ in range(20):
        bpv.explore("x*y", x=1, y=2).close()
    assert len(registry._instances) == before


def test_functions_and_graphs_are_taken_too():
    made = bpv.explore(lambda x, y: x * y + 1, x=2, y=3)
    assert float(made.value) == 7.0
    made.show(bpv.parse("x/y"))
    assert float(made.value) == pytest.approx(2 / 3)
    with pytest.raises(InputError, match="expected, not int"):
        bpv.explore(3)
    with pytest.raises(InputError, match="input 'y'"):
        bpv.explore("x*y", x=1)
    made.close()


def test_without_any_value_the_picture_begins_with_numbers_that_fit():
    assert bpv.explore("x*y + sqrt(z)").inputs == {"x": 2.0, "y": 3.0, "z": 4.0}
    assert bpv.explore(lambda w, x: np.tanh(w * x)).inputs == {"w": 2.0, "x": 3.0}
    with pytest.raises(InputError, match="inputs 'W' and 'x'"):  # no number is a matrix
        bpv.explore(lambda W, x: np.sum(W @ x))  # noqa: N803  a matrix


def test_the_still_picture_has_every_number_and_no_markup_of_the_user():
    made = bpv.explore("x*y", x=-3, y=2)
    picture = made.to_svg()
    assert ">−6<" in picture
    assert "▽ −3" in picture
    assert "<script" not in picture
    made.close()


def test_ranges_are_the_user_s_choice():
    made = bpv.explore("x*y", x=1, y=2, ranges={"x": (0, 5)})
    assert described(made)["ranges"]["x"] == [0.0, 5.0, 0.01]
    made.close()
    with pytest.raises(InputError, match="low must be below high"):
        bpv.explore("x*y", x=1, y=2, ranges={"x": (5, 0)})
    with pytest.raises(InputError, match="no input 'z'"):
        bpv.explore("x*y", x=1, y=2, ranges={"z": (0, 5)})


def test_updates_reach_the_page_and_whatever_is_exported():
    explorer = bpv.explore("(w*x - y)**2", w=0.5, x=2.0, y=3.0)
    before = explorer.last_step
    explorer.updates = {"w": 0.1}
    assert explorer.last_step == len(explorer.timeline) == len(described(explorer)["timeline"]) == before + 1
    shown_graph = explorer.shown_graph()
    assert len(shown_graph.timeline) == before + 1
    assert shown_graph.timeline[-1].phase == "update"
    assert len(ShownGraph.from_plain(shown_graph.to_plain()).timeline) == before + 1
    assert len(shown_graph.page().specification["timeline"]) == before + 1
    explorer.step = explorer.last_step
    for written in (explorer.to_svg(), explorer.to_text(), explorer.to_latex()):
        assert written
    explorer.updates = {}
    assert explorer.step == before == len(described(explorer)["timeline"])
    explorer.close()


def test_what_is_typed_first_never_starts_with_nan(explorer):
    for text in ("ln(a)", "sqrt(a - b) + acos(c)", "max(p, q)*r"):
        explorer._handle_custom_msg({"kind": "expression", "text": text}, [])
        assert explorer.message == {}
        assert explorer.tape.non_finite is None
        assert len(set(explorer.inputs.values())) == len(explorer.inputs)


def test_a_mask_of_infinities_is_shown():
    explorer = bpv.explore("max(x, -inf) + where(greater(x, 0), x, nan)", x=2)
    assert explorer.to_html()
    assert "-Infinity" in explorer.to_html() or explorer.spec
    explorer.inputs = {"x": float("inf")}
    assert explorer.inputs == {"x": "Infinity"}
    assert float(explorer.value) == float("inf")
    explorer.close()


def test_a_network_is_shown_at_an_example():
    mlp = bpv.MLP((2, 3, 1), output="sigmoid")
    explorer = bpv.explore(mlp, [0.5, -1.0], 1)
    assert explorer.graph == mlp.scalar_graph(closed=True)
    assert explorer.value == pytest.approx(mlp.graph().evaluate({**mlp.parameters, "x": [0.5, -1.0], "y": 1.0}).value)
    assert bpv.explore(mlp).inputs["x2"] == 3.0
    assert explorer.drawing == "network"
    assert explorer.shown_graph().name.startswith("loss is computed from x1, x2, ")
    wide = bpv.explore(bpv.MLP((2, 30, 3), output="softmax"), [0.5, -1.0], 2)
    assert wide.graph.output == "loss"
    with pytest.raises(InputError, match="2 features"):
        bpv.explore(mlp, [1.0, 2.0, 3.0], 1)
    with pytest.raises(InputError, match="belongs to a network"):
        bpv.explore("x*y", {"x": 1}, 2)


def test_the_box_keeps_what_was_typed(explorer):
    text = "exp(x*z)  +  x * z / ln( x )  # as in the lecture"
    typed = bpv.explore(text, x=2, z=3)
    assert typed.expression == text
    assert typed.assignments == "a = x*z; b = ln(x); c = exp(a); d = a/b; y = c + d"
    typed.expand(next(name for name in typed.graph.nodes if typed.graph.op(name) == "divide"))
    assert typed.expression == text
    assert "reciprocal" in typed.assignments
    typed._handle_custom_msg({"kind": "expression", "text": "  x+1 "}, [])
    assert typed.expression == "  x+1 "
    typed._handle_custom_msg({"kind": "expression", "text": "2x"}, [])
    assert typed.expression == "  x+1 "
    typed.show(lambda x: x * x)
    assert typed.expression == typed.assignments == "y = x*x"


def test_the_box_of_a_long_program_is_empty_and_offers_it_as_steps(explorer):
    explorer.show(lambda x: sum(np.sin(k * x) for k in range(1, 30)), x=1.0)
    assert (explorer.expression, explorer.assignments) == ("", explorer.graph.program())
    explorer.show(lambda x: sum(np.sin(k * x) for k in range(1, 100)), x=1.0)
    assert explorer.expression == explorer.assignments == ""


def test_names_are_folded_wherever_they_are_given():
    micro, mu = "\u00b5", "\u03bc"
    explorer = bpv.explore(f"{micro}*x", {micro: 2.0, "x": 3.0}, ranges={micro: (0, 5)})
    explorer.inputs = {micro: 4.0}
    explorer.updates = {micro: 0.1}
    explorer.mode = "forward"
    explorer.direction = {micro: 1.0}
    assert explorer.inputs == {mu: 4.0, "x": 3.0}
    assert float(explorer.timeline.tangents.value) == 3.0
    assert bpv.trace(lambda a: a * 2, micro).inputs == (mu,)
    assert bpv.gradient(f"{mu}*2", {micro: 1.0}) == {mu: 2.0}
    assert bpv.record(f"{mu}*2", {micro: 1.0}, updates={micro: 0.1}).graph.inputs == (mu,)
    assert bpv.cost(f"{mu}*2", {micro: (3,)}).value.operations == 3
    assert float(bpv.parse(f"{mu}*2").evaluate({micro: 1.0}).forward({micro: 1.0}).value) == 2.0


def test_a_formula_comes_back_with_its_inputs(explorer):
    """As the page asks after Ctrl + Z."""
    explorer._receive(None, {"kind": "expression", "text": "x + 2*w"}, [])
    assert (explorer.expression, set(explorer.inputs)) == ("x + 2*w", {"x", "w"})
    explorer._receive(None, {"kind": "expression", "text": TEXT, "inputs": {"x": 2.5, "z": 7.0}}, [])
    assert (explorer.expression, explorer.inputs) == (TEXT, {"x": 2.5, "z": 7.0})
    assert explorer.assignments.startswith("a = x*z")
    assert explorer.assignments != explorer.expression
