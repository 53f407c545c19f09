"""Pictures are read from the last row, and picture and controls fit the screen or the frame; measured in px."""

from __future__ import annotations

from itertools import product

import pytest
from painted import wait_until_painted, wait_until_still
from sample_deck import EXPRESSION, write_notebook
from screen_measures import COLLISIONS, MEASURES

import backpropviz as bpv
from backpropviz.cli import main
from backpropviz.export.shown_graph import Look, ShownGraph

pytestmark = pytest.mark.browser

LECTURE = (EXPRESSION, {"x": 2.0, "z": 3.0})
NEURON = ("sigmoid(w0 + w1*x1 + w2*x2)", {"w0": -3.0, "w1": 2.0, "w2": -3.0, "x1": -1.0, "x2": -2.0})
ROW = (
    "a = w*x; b = a + c; d = -b; e = exp(d); f = 1 + e; p = 1/f; y = -ln(p)",
    {"w": -1.234, "x": 2.345, "c": -0.4567},
)
SIZES = {"a projector": (1280, 720), "a large screen": (1920, 1080), "a small frame": (640, 360), "a phone": (360, 640)}
SMALLEST = {"a projector": 26, "a large screen": 39, "a small frame": 12, "a phone": 12}
SMALLEST_IN_A_DECK = {"a projector": 22, "a large screen": 33, "a small frame": 12, "a phone": 12}
ON_SCREEN = """(frame) => {
  const { left, right, bottom, width } = frame.getBoundingClientRect();
  return [left, right, bottom, width / frame.offsetWidth];
}"""


def screen(name):
    return {"width": SIZES[name][0], "height": SIZES[name][1]}


def shown(offline, tmp_path, graph, **look):
    text, point = graph
    path = tmp_path / "page.html"
    path.write_text(ShownGraph(bpv.parse(text), point, look=Look(**look)).to_html(), encoding="utf-8")
    return offline.open(path)


def to_its_end(offline, root):
    """Jump to the last step, where every number is known."""
    offline.page.keyboard.press("End")
    root.page.locator(f'.bpv[data-step="{root.get_attribute("data-steps")}"]').wait_for()
    wait_until_still(root)


@pytest.mark.parametrize("graph", [LECTURE, NEURON], ids=["lecture", "neuron"])
@pytest.mark.parametrize(("offline", "name"), [(screen(name), name) for name in SIZES], indirect=["offline"], ids=SIZES)
def test_a_presented_picture_fills_its_screen_with_large_numbers(offline, name, graph, tmp_path):
    root = shown(offline, tmp_path, graph, present=True)
    to_its_end(offline, root)
    seen = root.evaluate(MEASURES)
    assert seen["cut"] == seen["overlaps"] == []
    assert not seen["scrolls"]
    assert seen["smallest"] >= SMALLEST[name]
    assert seen["target"] >= 40
    width, height = SIZES[name]
    assert seen["stage"][0] >= 0.94 * width
    assert seen["stage"][1] >= 0.55 * height
    assert root.locator(".bpv-legend").is_hidden()


@pytest.mark.parametrize("offline", [screen("a projector")], indirect=True)
def test_a_row_of_long_gradients_is_read_from_afar_and_every_input_is_reached(offline, tmp_path):
    root = shown(offline, tmp_path, ROW, present=True)
    to_its_end(offline, root)
    seen = root.evaluate(MEASURES)
    assert seen["smallest"] >= 26
    assert seen["hidden"] == 0
    assert seen["overlaps"] == []
    for name in ROW[1]:
        field = root.locator(f'.bpv-input[data-input="{name}"] .bpv-field')
        field.scroll_into_view_if_needed()
        inside = "field => { const [one, bar] = [field, field.closest('.bpv-inputs')].map((each) => "
        inside += "each.getBoundingClientRect()); return one.bottom <= bar.bottom && one.right <= bar.right + 1; }"
        assert field.evaluate(inside)
        assert field.evaluate("field => field.scrollWidth <= field.clientWidth")


@pytest.mark.parametrize("offline", [screen("a projector")], indirect=True)
def test_numbers_keep_their_size_and_nothing_moves_through_a_run(offline, tmp_path):
    root = shown(offline, tmp_path, LECTURE, present=True)
    places = "root => ['.bpv-stage', '.bpv-explanation', '.bpv-controls'].map((part) => { const box = "
    places += "root.querySelector(part).getBoundingClientRect(); return [box.top, box.bottom]; })"
    before = root.evaluate(places)
    sizes = set()
    assert not root.evaluate(MEASURES)["wordsCut"]
    for _ in range(int(root.get_attribute("data-steps"))):
        offline.page.keyboard.press("ArrowRight")
        wait_until_painted(offline.page)
        seen = root.evaluate(MEASURES)
        sizes |= {seen["smallest"], seen["largest"]}
        assert not seen["wordsCut"]
    assert min(sizes) > 0.95 * max(sizes)  # a sum that still grows is a little wider than its room
    assert root.evaluate(places) == before


@pytest.mark.parametrize("offline", [screen("a projector")], indirect=True)
def test_long_words_stand_in_two_lines_before_they_are_set_small(offline, tmp_path):
    lstm = bpv.examples["cs231n-lstm-step"]
    path = tmp_path / "page.html"
    path.write_text(ShownGraph(lstm.graph, lstm.point, look=Look(present=True)).to_html(), encoding="utf-8")
    root = offline.open(path)
    root.locator(".bpv-stage").focus()
    sizes = []
    for _ in range(int(root.get_attribute("data-steps"))):
        offline.page.keyboard.press("ArrowRight")
        wait_until_painted(offline.page)
        seen = root.evaluate(MEASURES)
        assert not seen["wordsCut"]
        sizes.append(seen["words"])
    longest, second, *_ = sorted(sizes)
    assert longest >= 18  # a sum of four contributions, in 230 characters
    assert second >= 20


@pytest.mark.parametrize("offline", [screen("a projector")], indirect=True)
def test_the_number_of_an_input_is_there_before_the_run_and_dragged_by_mouse_and_finger(offline, tmp_path):
    root = shown(offline, tmp_path, LECTURE, present=True)
    number = root.locator('[data-node="x"] .bpv-value')
    assert number.text_content() == "2"
    node, box = root.locator('[data-node="x"]').get_attribute("transform"), number.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = offline.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 50, y, steps=3)
    mouse.up()
    wait_until_painted(offline.page)
    assert number.text_content() == root.get_by_label("x value").input_value() == "2.5"
    finger = offline.context.new_cdp_session(offline.page)
    for kind, at in (("touchStart", x), ("touchMove", x - 20), ("touchMove", x - 70), ("touchEnd", None)):
        touched = [] if at is None else [{"x": at, "y": y}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})
    finger.detach()
    wait_until_painted(offline.page)
    assert number.text_content() == "1.8"
    assert root.locator('[data-node="x"]').get_attribute("transform") == node
    assert root.locator(".bpv-selected").count() == 0
    offline.page.keyboard.press("Control+z")
    offline.page.keyboard.press("Control+z")
    wait_until_painted(offline.page)
    assert number.text_content() == "2"


@pytest.mark.parametrize("offline", [screen("a projector")], indirect=True)
def test_the_ledger_comes_when_asked_for_and_the_bar_fades(offline, tmp_path):
    root = shown(offline, tmp_path, LECTURE, present=True)
    to_its_end(offline, root)
    assert root.locator(".bpv-ledger").is_hidden()
    root.get_by_role("button", name="Show the ledger").click()
    assert root.locator(".bpv-ledger").is_visible()
    root.get_by_role("button", name="Show the ledger").click()
    root.locator(".bpv-stage").focus()
    offline.page.mouse.move(400, 300)
    offline.page.locator(".bpv.bpv-idle").wait_for()
    offline.page.mouse.move(500, 300)
    offline.page.locator(".bpv:not(.bpv-idle)").wait_for()


@pytest.mark.parametrize(("offline", "name"), [(screen(name), name) for name in SIZES], indirect=["offline"], ids=SIZES)
def test_a_page_shows_picture_transport_and_sliders_together(offline, name, tmp_path):
    root = shown(offline, tmp_path, LECTURE)
    to_its_end(offline, root)
    seen = root.evaluate(MEASURES)
    assert seen["cut"] == []
    assert seen["smallest"] >= 12


@pytest.mark.parametrize(("offline", "name"), [(screen(name), name) for name in SIZES], indirect=["offline"], ids=SIZES)
def test_a_frame_of_560_shows_its_numbers(offline, name, tmp_path):
    frame = ShownGraph(bpv.parse(EXPRESSION), LECTURE[1]).to_iframe()
    path = tmp_path / "around.html"
    path.write_text(f"<!DOCTYPE html><title>around</title><div style='max-width:560px'>{frame}</div>", encoding="utf-8")
    offline.open(path, explorers=0)
    inside = offline.page.frame_locator("iframe")
    inside.locator(".bpv[data-steps]").wait_for()
    inside.locator(".bpv-stage").click(position={"x": 5, "y": 5})
    offline.page.keyboard.press("End")
    inside.locator('.bpv[data-step="22"]').wait_for()
    seen = inside.locator(".bpv").evaluate(MEASURES)
    assert seen["cut"] == seen["overlaps"] == []
    assert seen["numbers"] == 18
    assert seen["smallest"] >= 12
    assert not seen["wordsCut"]
    left, right, _, scale = offline.page.locator("iframe").evaluate(ON_SCREEN)
    assert (left, scale) >= (0, 1)
    assert right <= SIZES[name][0]


@pytest.mark.parametrize("code", [True, False], ids=["with code", "without code"])
@pytest.mark.parametrize("offline", [screen("a projector")], indirect=True)
def test_the_graphs_of_a_deck_are_never_small(offline, tmp_path, code, kernels):
    long = "import backpropviz as bpv\n" + "\n".join(f"setting_{number} = {number}" for number in range(8))
    cells = (
        ("markdown", "## A graph"),
        ("code", f'{long}\nbpv.explore("{EXPRESSION}", x=2, z=3)'),
        ("markdown", "## Words\n\n" + "\n\n".join(["A line that tells of gradients."] * 6)),
        # A presentation has sizes of its own, however large an explorer is in its notebook.
        ("code", f'shown = bpv.explore("{EXPRESSION}", x=2, z=3)\nshown.size = "large"\nshown'),
    )
    notebook = write_notebook(tmp_path / "deck.ipynb", cells)
    target = tmp_path / "deck.html"
    assert main(["slides", str(notebook), "-o", str(target), *([] if code else ["--no-code"])]) == 0
    offline.open(target, explorers=0)
    offline.page.locator(".reveal.ready").wait_for()
    assert offline.page.evaluate("Reveal.getTotalSlides()") == 3
    for number, (size, (width, height)) in product((0, 1), SIZES.items()):
        offline.page.set_viewport_size({"width": width, "height": height})
        offline.page.wait_for_function("Reveal.isScrollView() === innerWidth <= 435")  # which moves every slide
        offline.page.evaluate(f"Reveal.slide({2 * number})")
        frame = offline.page.locator("section iframe").nth(number)
        frame.scroll_into_view_if_needed()  # on a telephone slides are scrolled
        inside = frame.content_frame
        inside.locator(".bpv[data-steps]").wait_for()
        inside.locator(".bpv-stage").focus()
        offline.page.keyboard.press("End")
        inside.locator('.bpv[data-step="22"]').wait_for()
        wait_until_still(inside.locator(".bpv"))
        seen = inside.locator(".bpv").evaluate(MEASURES)
        left, right, bottom, scale = frame.evaluate(ON_SCREEN)
        assert left >= 0
        assert right <= width
        assert bottom <= height
        assert seen["cut"] == seen["overlaps"] == []
        assert not seen["wordsCut"]
        assert round(seen["words"] * scale) >= 12
        assert seen["target"] * scale >= 40
        assert seen["hidden"] == 0 or width < 1280  # on a small screen the camera comes close
        # In px of the screen: where reveal.js makes a slide much smaller, its graph is drawn at the screen's own size.
        assert round(seen["smallest"] * scale, 1) >= SMALLEST_IN_A_DECK[size], (number, size)


@pytest.mark.parametrize("offline", [screen("a projector")], indirect=True)
def test_edges_carry_their_local_gradients_and_tell_what_they_multiply(offline, tmp_path):
    root = shown(offline, tmp_path, LECTURE, edges="local")
    labels = root.locator(".bpv-edge-local")
    assert set(labels.all_text_contents()) == {""}
    to_its_end(offline, root)
    assert "×−12.49" in labels.all_text_contents()
    assert root.evaluate(MEASURES)["overlaps"] == []
    assert "its local gradient" in root.locator(".bpv-legend").inner_text()
    box = labels.filter(has_text="×−12.49").bounding_box()
    offline.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    told = root.locator(".bpv-tooltip.bpv-shown").inner_text()
    assert "upstream × local = contribution" in told
    assert "1 × −12.49 = −12.49" in told
    choice = root.get_by_label("Edges (E)")
    assert choice.input_value() == "local"
    root.locator(".bpv-stage").press("e")
    root.locator('.bpv-edge[style*="--bpv-flow"]').first.wait_for(state="attached")
    assert labels.count() == 0
    choice.select_option("local")
    labels.first.wait_for(state="attached")


@pytest.mark.parametrize("offline", [{"width": 800, "height": 600}], indirect=True)
@pytest.mark.parametrize("present", [True, False])
def test_local_gradients_keep_clear_of_names_where_room_is_small(offline, tmp_path, present):
    root = shown(offline, tmp_path, LECTURE, edges="local", present=present)
    to_its_end(offline, root)
    assert root.evaluate(COLLISIONS)["overlaps"] == []


@pytest.mark.parametrize("offline", [screen("a projector")], indirect=True)
def test_edges_are_as_wide_as_their_gradients_are_large(offline, tmp_path):
    root = shown(offline, tmp_path, LECTURE, edges="width")
    widths = "root => [...root.querySelectorAll('.bpv-edge')].map((edge) => edge.style.getPropertyValue('--bpv-flow'))"
    assert set(root.evaluate(widths)) == {""}
    to_its_end(offline, root)
    widest, *others = sorted((float(width[:-2]) for width in root.evaluate(widths)), reverse=True)
    assert widest == 9.0
    assert 1.0 <= min(others) < 5.0
    assert "a step thinner" in root.locator(".bpv-legend").inner_text()


@pytest.mark.parametrize("offline", [screen("a phone")], indirect=True)
def test_a_window_that_was_small_for_a_while_is_as_before(offline, tmp_path):
    root = shown(offline, tmp_path, ROW, edges="width")
    followed = root.locator('.bpv-zoom [aria-label="Follow the run"]')
    followed.and_(offline.page.locator("[aria-pressed=true]")).wait_for(state="attached")
    offline.page.set_viewport_size({"width": 1280, "height": 720})  # where the whole can be read
    followed.and_(offline.page.locator("[aria-pressed=false]")).wait_for(state="attached")
