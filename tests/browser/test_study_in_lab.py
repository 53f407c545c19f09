"""Drawings, gates, hidden numbers, paths and exercises, as a class uses them."""

from __future__ import annotations

from itertools import product

import pytest

import backpropviz as bpv

pytestmark = pytest.mark.browser

NETWORK = (
    "import backpropviz as bpv\n"
    'text = "h1 = tanh(w11*x1 + w12*x2 + b1); h2 = tanh(w21*x1 + w22*x2 + b2); p = v1*h1 + v2*h2 + c; L = (p - t)**2"\n'
    "graph = bpv.parse(text)\n"
    "bpv.explore(graph, {name: 0.1 + 0.13*k for k, name in enumerate(graph.inputs)})"
)
COARSE = (
    "import backpropviz as bpv\n"
    'example = bpv.examples["cornell-logistic-coarse"]\n'
    "bpv.explore(example.graph, example.point)"
)
BRANCHING = 'import backpropviz as bpv\nmade = bpv.exercise("v1 = x + y; f = x/v1", x=-1, y=2)\nmade'


def nodes(explorer) -> set[str]:
    return set(explorer.root.evaluate("root => [...root.querySelectorAll('[data-node]')].map(e => e.dataset.node)"))


def test_drawings_switch_in_place_and_keep_the_step(lab):
    explorer = lab.show([NETWORK])
    explorer.press("Last step")
    explorer.wait_step(explorer.last_step())
    circuit = explorer.exact("gradient")
    choice = explorer.root.get_by_label("Drawing")
    choice.select_option("network")
    explorer.wait(lambda: nodes(explorer) == {"x1", "x2", "h1", "h2", "p"}, "the network")
    assert explorer.step() == explorer.last_step()
    assert explorer.exact("gradient").items() <= circuit.items()
    labels = explorer.root.locator(".bpv-edge-label").all_text_contents()
    assert sorted(label.split()[0] for label in labels) == ["v1", "v2", "w11", "w12", "w21", "w22"]
    choice.select_option("computation graph")
    explorer.wait(lambda: "b1" in nodes(explorer), "the computation graph")
    assert explorer.root.locator(".bpv-nodes circle.bpv-node-body").count() == 0
    explorer.wait(lambda: explorer.exact("gradient") == circuit, "the gradients of the circuit")


def test_a_graph_that_is_no_network_says_why(lab):
    lab.open(['import backpropviz as bpv\nbpv.explore("exp(x*z) + x*z/ln(x)", x=2, z=3)'])
    lab.run_all()
    option = lab.explorer().root.get_by_label("Drawing").locator("option[value=network]")
    assert option.is_disabled()
    assert "This graph is no network" in option.get_attribute("title")


def test_a_hint_can_be_followed_and_an_error_goes_with_the_next_choice(lab):
    explorer = lab.show(['import backpropviz as bpv\nbpv.explore("x*z", x=2, z=3)'])
    box = explorer.root.get_by_label("Expression")
    strip = explorer.root.locator(".bpv-message")
    box.fill("2x + z^2")
    box.press("Enter")
    strip.get_by_role("button", name="Use 2*x + z**2").click()
    strip.wait_for(state="hidden")
    explorer.wait(lambda: "x" in nodes(explorer) and len(nodes(explorer)) > 4, "the graph of the corrected text")
    box.fill("2x")
    box.press("Enter")
    strip.get_by_text("A sign is missing").wait_for()
    explorer.root.get_by_label("Notation").select_option("δ")
    strip.wait_for(state="hidden")


def test_a_sigmoid_opens_and_closes_with_every_bit_kept(lab):
    explorer = lab.show([COARSE])
    explorer.press("Last step")
    explorer.wait_step(explorer.last_step())
    values, gradients = explorer.exact("value"), explorer.exact("gradient")
    explorer.press("Open and close gates")
    explorer.root.locator('[data-node="f"]').click()
    explorer.press("Open the selected gate")
    explorer.wait(lambda: {"f1", "f2", "f3"} <= nodes(explorer), "the four gates")
    explorer.wait_step(explorer.last_step())
    assert values.items() <= explorer.exact("value").items()
    assert gradients.items() <= explorer.exact("gradient").items()
    explorer.root.get_by_label("Name of the gate").fill("f")
    chosen, refusal = explorer.root.get_by_text("Chosen: "), explorer.root.locator(".bpv-message")
    for name in ("f1", "f"):  # what lies between them is missing
        explorer.root.locator(f'[data-node="{name}"]').click()
    explorer.press("Close into one gate")
    refusal.wait_for(state="visible")
    assert chosen.text_content() == "Chosen: f1, f"
    for name in ("f2", "f3"):
        explorer.root.locator(f'[data-node="{name}"]').click()
    explorer.press("Close into one gate")
    explorer.wait(lambda: nodes(explorer) == set(values), "the sigmoid")
    explorer.wait_step(explorer.last_step())
    assert explorer.exact("gradient") == gradients


def test_an_exercise_is_filled_by_keyboard_alone_and_its_feedback_is_read(lab):
    lab.open([BRANCHING, "print('score', round(made.results.score, 3), [t.status for t in made.results.tries])"])
    lab.run(0)
    explorer = lab.explorer()
    live = explorer.root.locator(".bpv-live")
    keyboard = lab.page.keyboard
    explorer.root.get_by_label("gradient of v1").focus()

    def answer(text: str, said: str) -> None:
        keyboard.press("Control+A")
        keyboard.press("Delete")
        keyboard.type(text)
        keyboard.press("Enter")
        explorer.wait(lambda: said in live.text_content(), f"feedback “{said}” to “{text}”")

    answer("abc", "is a name")
    assert lab.page.evaluate("document.activeElement.value") == "abc"
    answer("", "Nothing is written here yet")
    answer("1e999", "not a finite number")
    answer("3/3", "gradient of v1: Right.")
    assert lab.page.evaluate("document.activeElement.getAttribute('aria-label')") == "gradient of y"
    answer("2-1", "gradient of y: Right.")
    answer("1", "overwrote instead of accumulated")
    assert lab.page.evaluate("document.activeElement.value") == "1"
    answer("2", "All blanks are filled")
    assert explorer.numbers("gradient") == {"x": 2.0, "y": 1.0, "v1": 1.0, "f": 1.0}
    statuses = ["unreadable", "unreadable", "unreadable", "right", "right", "mistaken", "right"]
    lab.wait_until_told(1, f"score 1.0 {statuses}")


def test_blanks_show_no_answer_anywhere(lab):
    explorer = lab.show([BRANCHING])
    hidden = explorer.exact("gradient")
    assert {hidden[name] for name in ("x", "y", "v1")} == {"?"}
    explorer.root.locator('[data-node="x"]').hover()
    assert "2" not in explorer.text(".bpv-tooltip").split("▽")[-1]
    explorer.press("Reveal one")
    explorer.wait(lambda: explorer.exact("gradient")["v1"] == "1", "the revealed number")


def test_gradients_are_hidden_and_revealed_one_by_one(lab):
    explorer = lab.show(['import backpropviz as bpv\nbpv.explore("v1 = x + y; f = x/v1", x=-1, y=2)'])
    explorer.press("Last step")
    explorer.press("Hide and reveal")
    explorer.press("Hide all gradients")
    explorer.wait(lambda: set(explorer.exact("gradient").values()) == {"?"}, "hidden gradients")
    assert "?" in explorer.text(".bpv-explanation")
    explorer.press("Next reveals one")
    explorer.wait(lambda: explorer.exact("gradient")["f"] == "1", "the first gradient")
    assert explorer.exact("gradient")["x"] == "?"
    explorer.press("Reveal all")
    explorer.wait(lambda: explorer.exact("gradient")["x"] == "2", "all gradients")


def test_paths_light_up_and_sum_to_the_gradient(lab):
    explorer = lab.show(['import backpropviz as bpv\nbpv.explore("v1 = x + y; f = x/v1", x=-1, y=2)'])
    explorer.press("Paths")
    assert "to f: 2" in explorer.text(".bpv-path-count")
    assert explorer.root.locator(".bpv-path-list .bpv-amount").all_inner_texts() == ["1", "1"]
    assert "= 2" in explorer.text(".bpv-path-sum")
    explorer.root.locator(".bpv-path").first.focus()
    explorer.painted()
    assert explorer.root.locator(".bpv-edge[data-lit]").count() in (1, 2)
    explorer.press("Light up one by one")
    explorer.root.locator("li.bpv-is-lit:nth-child(2)").wait_for()


def test_the_trace_table_and_the_picture_point_at_each_other(lab):
    explorer = lab.show(['import backpropviz as bpv\nbpv.explore("v1 = x + y; f = x/v1", x=-1, y=2)'])
    explorer.press("Last step")
    explorer.press("Trace table")
    row = explorer.root.locator('tr[data-row="v1"]')
    explorer.painted()
    assert row.locator("td").last.inner_text() == "1"
    row.hover()
    explorer.root.locator('[data-node="v1"].bpv-pointed').wait_for()
    explorer.root.locator('[data-node="y"]').hover()
    explorer.root.locator('tr.bpv-is-pointed[data-row="y"]').wait_for()


def test_a_nudge_compares_prediction_with_change(lab):
    explorer = lab.show(['import backpropviz as bpv\nbpv.explore("x**2", x=3)'])
    explorer.press("What if")
    explorer.root.get_by_label("h", exact=True).fill("0.5")
    words = explorer.text(".bpv-nudge-words")
    assert "= 6·0.5 = 3" in words
    assert "3.25" in words
    assert "0.25" in words
    assert explorer.root.locator(".bpv-slice").count() == 1


def test_an_exercise_works_in_a_page_without_kernel_or_network(chromium, tmp_path):
    path = tmp_path / "exercise.html"
    bpv.exercise("v1 = x + y; f = x/v1", x=-1, y=2).to_html(path)
    page = chromium.new_page()
    faults = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.route("http*://**", lambda route: route.abort())
    page.goto(f"file://{path}")
    field = page.get_by_label("gradient of x")
    field.fill("1")
    field.press("Enter")
    page.get_by_text("overwrote instead of accumulated").first.wait_for()
    field.fill("6/3")
    field.press("Enter")
    page.get_by_text("1 of 3 right").first.wait_for()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save results").click()
    assert "backpropviz exercise results" in saved.value.path().read_text(encoding="utf-8")
    page.close()
    assert faults == []


def test_nothing_of_an_exercise_is_clipped(lab):
    lab.open([BRANCHING])
    for theme, width in product(["JupyterLab Light", "JupyterLab Dark"], [800, 1400]):
        lab.page.set_viewport_size({"width": width, "height": 950})
        lab.theme(theme)
        lab.run_all()
        assert_feedback_is_seen(lab.explorer())


def assert_feedback_is_seen(explorer) -> None:
    field = explorer.root.get_by_label("gradient of x")
    field.fill("1")
    field.press("Enter")
    explorer.root.get_by_text("overwrote instead").first.wait_for()
    root = explorer.root.bounding_box()
    boxes = explorer.root.locator(".bpv-sheet :is(label, input, p, button)").evaluate_all(
        "parts => parts.filter(p => p.offsetParent).map(p => p.getBoundingClientRect().toJSON())"
    )
    assert len(boxes) > 8
    for box in boxes:
        assert box["left"] >= root["x"] - 1
        assert box["right"] <= root["x"] + root["width"] + 1
