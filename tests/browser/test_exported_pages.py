"""Exported pages, opened from files with no network: they play, recompute, and ask for nothing."""

from __future__ import annotations

import math
import random
import re

import numpy as np
import pytest
from offline_page import numbers
from painted import texts_of_nodes, wait_until

import backpropviz as bpv
from backpropviz.export.shown_graph import Look, ShownGraph

pytestmark = pytest.mark.browser

EXPRESSION = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"
POSITIONS = 60

# Moves every slider as a hand does, and reads all numbers of the finished run; all positions in one call.
MOVE_AND_READ = """async ([root, positions]) => {
  const painted = () => new Promise((done) => requestAnimationFrame(done)); // the view asked for this frame before
  const readings = [];
  for (const position of positions) {
    const inputs = {};
    for (const [name, share] of Object.entries(position)) {
      const slider = root.querySelector(`input[type=range][aria-label="${name}"]`);
      slider.value = Number(slider.min) + share * (Number(slider.max) - Number(slider.min));
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      inputs[name] = Number(slider.value);
    }
    await painted();
    const marks = [...root.querySelectorAll("[data-node]")];
    readings.push([inputs, marks.map(({ dataset }) => [dataset.node, dataset.value, dataset.gradient])]);
  }
  return readings;
}"""


def write(tmp_path, graph, point, name="page.html", **look):
    path = tmp_path / name
    path.write_text(ShownGraph(graph, point, look=Look(**look)).to_html(), encoding="utf-8")
    return path


def finished(offline):
    """Wait for the last step. The pages' policy forbids the strings that wait_for_function would evaluate."""
    root = offline.page.locator(".bpv[data-steps]").first
    offline.page.locator(f'.bpv[data-step="{root.get_attribute("data-steps")}"]').wait_for()


def as_number(text):
    return float({"Infinity": "inf", "-Infinity": "-inf", "NaN": "nan"}.get(text, text))


def python_numbers(graph, inputs):
    """Value and gradient of every node, and the size of the largest contribution."""
    tape = graph.evaluate(**inputs)
    adjoints = tape.reverse()
    terms = [abs(float(each)) for each in adjoints.contributions.values() if math.isfinite(each)]
    found = {
        name: (float(tape.primals[name]), float(adjoints[name]) if name in adjoints else None) for name in graph.nodes
    }
    return found, max(terms, default=0.0)


def neighbours(graph, inputs):
    """The same at points one unit in the last place away: what no two exponential functions need agree on."""
    return [
        python_numbers(graph, {name: math.nextafter(value, direction) for name, value in inputs.items()})[0]
        for direction in (-math.inf, math.inf)
    ]


def agree(seen: float, expected: float, scale: float, nearby: list[float]) -> bool:
    if math.isnan(expected) or math.isinf(expected):
        return seen == expected or (math.isnan(seen) and math.isnan(expected))
    # 1e-12, of the largest term where terms cancel; where the function itself magnifies the rounding of its inputs
    # (the cosine of an exponential), what that rounding does.
    slack = max((abs(each - expected) for each in nearby if math.isfinite(each)), default=0.0)
    return abs(seen - expected) <= max(1e-12 * max(1.0, abs(expected), scale), 4 * slack)


@pytest.mark.parametrize("identifier", [name for name, each in bpv.examples.items() if isinstance(each.program, str)])
def test_every_slider_position_gives_the_numbers_of_python(identifier, offline, tmp_path):
    example = bpv.examples[identifier]
    root = offline.open(write(tmp_path, example.graph, example.point))
    offline.page.keyboard.press("End")
    finished(offline)
    chance = random.Random(identifier)  # noqa: S311  positions of a slider
    positions = [{name: chance.random() for name in example.graph.inputs} for _ in range(POSITIONS)]
    readings = offline.page.evaluate(MOVE_AND_READ, [root.element_handle(), positions])
    assert len(readings) == POSITIONS
    for inputs, nodes in readings:
        expected, scale = python_numbers(example.graph, inputs)
        nearby = neighbours(example.graph, inputs)
        for name, *texts in nodes:
            for kind, text in enumerate(texts):
                if text is not None:
                    close = agree(
                        as_number(text), expected[name][kind], scale * kind, [each[name][kind] for each in nearby]
                    )
                    assert close, (inputs, name, text, expected[name][kind])


def test_it_plays_to_the_end(offline, tmp_path):
    example = bpv.examples["cmu-exp-ratio-sine"]
    root = offline.open(write(tmp_path, example.graph, example.point, speed=4.0))
    assert root.get_attribute("data-step") == "0"
    root.get_by_role("button", name="Play", exact=True).click()
    last = root.get_attribute("data-steps")
    offline.page.locator(f'.bpv[data-step="{last}"][data-playing="false"]').wait_for(timeout=40_000)
    expected = bpv.gradient(example.graph, **example.point)
    seen = numbers(root, "gradient")
    assert {name: seen[name] for name in expected} == pytest.approx(expected, rel=1e-12)


def test_keys_work_without_a_click_first(offline, tmp_path):
    root = offline.open(write(tmp_path, bpv.parse(EXPRESSION), {"x": 2, "z": 3}))
    keyboard = offline.page.keyboard
    for key, step in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 22), ("Home", 0)):
        keyboard.press(key)
        offline.page.locator(f'.bpv[data-step="{step}"]').wait_for()
    keyboard.press("Space")
    offline.page.locator('.bpv[data-playing="true"]').wait_for()
    assert root.get_attribute("data-theme") == "light"


@pytest.mark.parametrize("offline", [{"scheme": "dark"}], indirect=True)
def test_it_is_dark_where_the_system_is_dark_unless_it_was_exported_light(offline, tmp_path):
    graph = bpv.parse("x*z")
    assert offline.open(write(tmp_path, graph, {"x": 2, "z": 3})).get_attribute("data-theme") == "dark"
    light = write(tmp_path, graph, {"x": 2, "z": 3}, theme="light")
    assert offline.open(light).get_attribute("data-theme") == "light"
    assert offline.page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


def test_paper_shows_the_finished_run_and_the_screen_stays(offline, tmp_path):
    root = offline.open(write(tmp_path, bpv.parse(EXPRESSION), {"x": 2, "z": 3}))
    offline.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert len(numbers(root, "gradient")) == len(bpv.parse(EXPRESSION).nodes)
    offline.page.emulate_media(media="print")
    assert not root.get_by_role("button", name="Play", exact=True).is_visible()
    offline.page.emulate_media(media="screen")
    offline.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    offline.page.locator('.bpv[data-step="0"]').wait_for()


def test_an_array_graph_is_computed_in_the_page(offline, tmp_path):
    import numpy as np  # noqa: PLC0415  this test alone

    graph = bpv.trace(lambda weights, x: np.sum(np.tanh(weights @ x)))
    point = {"weights": np.array([[0.5, -1.0], [2.0, 0.25]]), "x": np.array([1.0, -2.0])}
    root = offline.open(write(tmp_path, graph, point))
    offline.page.keyboard.press("End")
    finished(offline)
    assert "recorded run" not in offline.page.locator("body").inner_text()
    assert root.locator("input[type=range].bpv-slider").count() == 0
    output = root.locator(f'[data-node="{graph.output}"]').get_attribute("data-value")
    assert float(output) == pytest.approx(float(graph.evaluate(**point).value), rel=1e-12)


def test_a_page_in_a_frame_that_may_only_run_scripts(offline, tmp_path):
    frame = ShownGraph(bpv.parse(EXPRESSION), {"x": 2, "z": 3}).to_iframe()
    assert "\n" not in frame
    path = tmp_path / "around.html"
    path.write_text(f"<!DOCTYPE html><title>around</title>{frame}<p>after</p>", encoding="utf-8")
    offline.open(path, explorers=0)
    inside = offline.page.frame_locator("iframe")
    inside.locator(".bpv[data-steps]").wait_for()
    inside.locator(".bpv-stage").click()
    offline.page.keyboard.press("End")
    inside.locator('.bpv[data-step="22"]').wait_for()
    # Sandboxed: the page has an origin of its own, so it cannot touch what is around it.
    assert offline.page.frames[1].evaluate("window.origin") == "null"


@pytest.mark.parametrize("height", [560, 640])
def test_a_low_frame_shows_its_controls(offline, tmp_path, height):
    """In a slide of another tool nobody tells the page how much room there is: its frame does."""
    frame = ShownGraph(bpv.parse(EXPRESSION), {"x": 2, "z": 3}).to_iframe(height=height)
    path = tmp_path / "around.html"
    path.write_text(f"<!DOCTYPE html><title>around</title>{frame}", encoding="utf-8")
    offline.open(path, explorers=0)
    inside = offline.page.frame_locator("iframe")
    inside.locator(".bpv[data-steps]").wait_for()
    controls, bottom = inside.locator(".bpv-controls"), "parts => parts[0].getBoundingClientRect().bottom"
    wait_until(offline.page, lambda: controls.evaluate_all(bottom) <= height, "controls in sight")
    assert inside.locator(".bpv-stage").evaluate("stage => stage.clientHeight") >= 260


def test_numbers_keep_their_colours_whatever_else_a_page_carries(offline, tmp_path):
    array = bpv.trace(lambda x: np.sum(x**2) * 3)
    ends = bpv.parse(EXPRESSION), {"x": 2.0, "z": 3.0}
    for graph, point in (ends, (array, {"x": np.ones((2, 2))})):
        offline.open(write(tmp_path, graph, point, present=True))
        offline.page.keyboard.press("End")
        finished(offline)
        for kind in ("value", "slope"):
            colour = f"text => [getComputedStyle(text).fill, getComputedStyle(text).getPropertyValue('--bpv-{kind}')]"
            number = offline.page.locator(f".bpv-{kind}", has_text=re.compile(r"\d")).last
            fill, meant = number.evaluate(colour)
            assert fill == f"rgb({', '.join(str(each) for each in bytes.fromhex(meant.strip().lstrip('#')))})"


@pytest.mark.parametrize("offline", [{"width": 800}], indirect=True)
def test_a_narrow_page_does_not_scroll_sideways(offline, tmp_path):
    offline.open(write(tmp_path, bpv.parse(EXPRESSION), {"x": 2, "z": 3}))
    assert offline.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_thousand_nodes_open_and_recompute(offline, tmp_path):
    from large_graph import LARGE_POINT, large_graph  # noqa: PLC0415  this test alone

    graph = large_graph()
    path = write(tmp_path, graph, LARGE_POINT)
    assert len(graph.nodes) >= 1_000
    root = offline.open(path)
    offline.page.keyboard.press("End")
    finished(offline)
    expected = bpv.gradient(graph, **LARGE_POINT)
    seen = numbers(root, "gradient")
    assert {name: seen[name] for name in expected} == pytest.approx(expected, rel=1e-9)


def test_a_comparison_is_a_page_without_scripts(offline, tmp_path):
    comparison = bpv.compare(EXPRESSION, x=2, z=3)
    text = comparison.to_html(tmp_path / "comparison.html")
    assert text == comparison.to_html()
    assert "<script" not in text
    assert len(text.encode()) < 20_000
    offline.open(tmp_path / "comparison.html", explorers=0)
    assert offline.page.locator("table").count() == len(comparison.content()["tables"])
    assert offline.page.locator("svg path.line").count() == 6
    assert offline.page.evaluate("getComputedStyle(document.querySelector('caption')).color") == "rgb(91, 102, 118)"


def test_an_exercise_works_in_its_page(offline, tmp_path):
    exercise = bpv.exercise("x*z + x", x=2, z=3)
    exercise.to_html(tmp_path / "exercise.html")
    root = offline.open(tmp_path / "exercise.html")
    assert root.locator("input[type=text]").count() > 0
    exercise.close()


def test_an_exercise_opens_where_very_many_ways_lead_to_the_output(offline, tmp_path):
    def doubled(x):
        for _ in range(40):
            x = (x + x) * 0.5
        return x

    exercise = bpv.exercise(doubled, x=3, ask=["gradient x"])
    exercise.to_html(tmp_path / "exercise.html")
    exercise.close()
    root = offline.open(tmp_path / "exercise.html")
    field = root.get_by_label("gradient of x")
    field.fill("1")
    field.press("Enter")
    root.get_by_text("1 of 1 right").wait_for()


def test_a_block_that_two_values_leave_is_a_frame_around_both_which_goes_with_them(offline, tmp_path):
    graph = bpv.parse("s = x*w; c = sigmoid(s)*c0 + tanh(s); h = sigmoid(s)*tanh(c); y = h*c + h")
    point = {"x": 0.5, "w": 0.3, "c0": 1.1}
    root = offline.open(write(tmp_path, graph.collapse([*"sadbceh"], "cell"), point))
    offline.page.keyboard.press("End")
    finished(offline)
    line = root.locator(".bpv-block-frame rect")
    assert root.locator(".bpv-block-frame text").text_content().startswith("cell")
    around = "([one, two]) => [one, two].map((part) => part.getBoundingClientRect()).map((box) => [box.left, box.top, "
    around += "box.right, box.bottom])"
    for name in "ch":
        pair = [line.element_handle(), root.locator(f'[data-node="{name}"] .bpv-node-body').element_handle()]
        (left, top, right, bottom), inner = offline.page.evaluate(around, pair)
        assert left < inner[0] < inner[2] < right
        assert top < inner[1] < inner[3] < bottom
    adjoints = graph.evaluate(point).reverse()
    gradients = texts_of_nodes(root, "gradient")
    assert {name: float(gradients[name]) for name in "ch"} == pytest.approx({name: adjoints[name] for name in "ch"})
    before, box = line.bounding_box(), root.locator('[data-node="h"] .bpv-node-body').bounding_box()
    offline.page.mouse.move(box["x"] + 5, box["y"] + 5)
    offline.page.mouse.down()
    offline.page.mouse.move(box["x"] + 65, box["y"] + 45, steps=3)
    offline.page.mouse.up()
    after = line.bounding_box()
    assert after["x"] + after["width"] > before["x"] + before["width"]
    assert after["y"] + after["height"] > before["y"] + before["height"]
