"""An exported page into which one types, with the network off: Python's numbers, complaints, undo and links."""

from __future__ import annotations

import pytest
from accessibility import findings
from offline_page import numbers

import backpropviz as bpv
from backpropviz.autodiff.first_point import first_numbers

pytestmark = pytest.mark.browser

EXPRESSION = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    target = tmp_path_factory.mktemp("editable") / "formula.html"
    bpv.explore(EXPRESSION, x=2, z=3).to_html(target, editable=True)
    return target


def at_the_end(root, steps):
    root.locator(f"xpath=self::*[@data-steps='{steps}']").wait_for()
    root.get_by_role("button", name="Last step").click()
    root.locator(f"xpath=self::*[@data-step='{steps}']").wait_for()


def test_what_is_typed_is_differentiated_and_played(offline, page):
    root = offline.open(page)
    box = offline.page.get_by_label("Expression")
    assert box.input_value() == EXPRESSION
    text = "h = tanh(w*x + b); leaky_relu(h, 0.2)*x**2 + gelu(b) - max(h, w, -1)"
    box.fill(text)
    box.press("Enter")
    graph = bpv.parse(text)
    point = {"x": 2.0, **first_numbers(graph, {"x": 2.0})}
    at_the_end(root, len(bpv.record(graph, point)))
    tape = graph.evaluate(point)
    gates = [name for name in graph.nodes if graph.op(name) != "constant"]
    values, gradients, adjoints = numbers(root, "value"), numbers(root, "gradient"), tape.reverse()
    assert [values[name] for name in gates] == pytest.approx([tape.primals[name] for name in gates], rel=1e-12)
    assert [gradients[name] for name in gates] == pytest.approx([adjoints[name] for name in gates], rel=1e-12)
    assert offline.page.title() == text == offline.page.locator("h1").inner_text()
    offline.page.get_by_label("Drawing").select_option("computation graph")
    root.locator(".bpv-node").filter(has_text="tanh").first.wait_for()
    offline.page.get_by_label("Mode").select_option("forward")
    offline.page.get_by_label("Direction").select_option("b")
    at_the_end(root, len(bpv.record(graph, point, mode="forward")))
    moving = tape.forward(b=1)
    tangents = numbers(root, "tangent")
    assert [tangents[name] for name in gates] == pytest.approx([moving[name] for name in gates], rel=1e-12)


def test_study_aids_follow_what_is_typed_and_a_link_brings_the_mode(offline, tmp_path):
    target = tmp_path / "studied.html"
    bpv.explore(EXPRESSION, x=2, z=3).to_html(target, editable=True, study_aids=True)
    root = offline.open(target)
    aids = root.get_by_role("group", name="Study aids").get_by_role("button")
    assert aids.all_inner_texts() == ["Paths", "Trace table", "Graph as text", "What if", "Hide and reveal"]
    box = offline.page.get_by_label("Expression")
    box.fill("h = x*w; h + x")
    box.press("Enter")
    root.get_by_role("button", name="Paths").click()
    assert root.locator(".bpv-path-list li").count() == 2
    offline.page.evaluate("location.hash = 'expr=x*x*z&x=3&mode=forward&step=4'")
    root.locator("xpath=self::*[@data-step='4']").wait_for()
    root.get_by_role("button", name="Trace table").click()
    assert root.locator(".bpv-trace thead th").last.inner_text() == "tangent"
    assert findings(offline.page, ".bpv-aids") == []


def test_names_are_completed_while_they_are_typed(offline, page):
    root = offline.open(page)
    box = offline.page.get_by_label("Expression")
    box.fill("a = x*z; ")
    box.press_sequentially("soft")
    offered = root.get_by_role("listbox", name="Names").get_by_role("option")
    assert offered.all_inner_texts() == ["softplus(x)\ngradient scaler: σ(x)"]
    assert findings(offline.page, ".bpv-header") == []
    box.press("Tab")
    box.press_sequentially("a)")
    assert box.input_value() == "a = x*z; softplus(a)"
    assert offered.count() == 0
    box.press("Enter")
    root.locator('[data-node="y"]').wait_for()


def test_what_is_wrong_is_told_and_put_right_undone_and_linked(offline, page):
    root = offline.open(page)
    box = offline.page.get_by_label("Expression")
    height = "([picture]) => picture.clientHeight"
    all_room = root.locator(".bpv-stage").evaluate_all(height)
    box.fill("2x<b>")
    box.press("Enter")
    strip = offline.page.get_by_role("alert").first
    assert "A sign is missing" in strip.inner_text()
    assert "^^" in strip.inner_text()
    box.fill("3x² + y")
    box.press("Enter")
    offline.page.get_by_role("button", name="Use 3*x**2 + y").click()
    assert box.input_value() == "3*x**2 + y"
    assert not strip.is_visible()
    at_the_end(root, len(bpv.record("3*x**2 + y", x=2, y=3)))
    offline.page.keyboard.press("Control+z")
    root.locator("xpath=self::*[@data-steps='22']").wait_for()
    assert box.input_value() == EXPRESSION
    assert root.locator(".bpv-stage").evaluate_all(height) == all_room  # which the complaint had taken
    links = {"v=2&expr=x*y&x=5&step=3": "x*y", "expr=x%2By": "x+y", "v=1&step=2&x=4&mode=reverse": "x+y"}
    for fragment, text in links.items():
        offline.page.evaluate("fragment => { location.hash = fragment; }", fragment)
        offline.page.wait_for_function("text => document.title === text", arg=text)
    root.locator("xpath=self::*[@data-step='2']").wait_for()
    assert offline.page.get_by_label("x value").input_value() == "4"
