"""A deck made of a notebook, opened from its file with no network."""

from __future__ import annotations

import pytest
from sample_deck import EXPRESSION, SLIDES, write_notebook

from backpropviz.cli import main
from backpropviz.export.slides import outside_addresses

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("kernels")]


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    """The sample lecture, run and converted by the command."""
    folder = tmp_path_factory.mktemp("deck")
    style = folder / "mine.css"
    style.write_text(".reveal h1 { color: rgb(1, 2, 3) !important; }", encoding="utf-8")
    notebook = write_notebook(folder / "deck.ipynb")
    target = folder / "deck.html"
    assert main(["slides", str(notebook), "-o", str(target), "--css", str(style)]) == 0
    return target


def place(offline) -> int:
    """Which slide is shown, from 0."""
    return offline.page.evaluate("Reveal.getIndices().h")


def opened(offline, deck):
    offline.open(deck, explorers=0)
    offline.page.locator(".reveal.ready").wait_for()


def widget_on_slide(offline):
    inside = offline.page.frame_locator("section.present iframe")
    inside.locator(".bpv[data-steps]").wait_for()
    return inside


def test_one_file_of_at_most_a_megabyte_and_a_half(deck):
    assert deck.stat().st_size <= 1_500_000
    assert list(outside_addresses(deck.read_text(encoding="utf-8"))) == []
    assert "Permission is hereby granted" in deck.read_text(encoding="utf-8")


def test_it_shows_its_slides_with_a_style_of_ones_own(offline, deck):
    opened(offline, deck)
    assert offline.page.evaluate("Reveal.getTotalSlides()") == sum(source.startswith("#") for _, source in SLIDES)
    assert offline.page.evaluate("getComputedStyle(document.querySelector('.reveal h1')).color") == "rgb(1, 2, 3)"
    for slide in range(5):
        assert place(offline) == slide
        offline.page.keyboard.press("PageDown")
    assert offline.page.locator("math").count() == 3
    assert "$" not in offline.page.locator(".slides").inner_text()


def test_arrows_move_the_widget_and_page_down_turns_the_slide(offline, deck):
    opened(offline, deck)
    offline.page.keyboard.press("PageDown")
    inside = widget_on_slide(offline)
    inside.locator(".bpv-stage").click()
    for _ in range(3):
        offline.page.keyboard.press("ArrowRight")
    inside.locator('.bpv[data-step="3"]').wait_for()
    offline.page.keyboard.press("Space")
    inside.locator('.bpv[data-playing="true"]').wait_for()
    assert place(offline) == 1
    offline.page.keyboard.press("PageDown")
    offline.page.wait_for_function("Reveal.getIndices().h === 2")
    widget_on_slide(offline).locator(".bpv-stage").click()
    offline.page.keyboard.press("PageUp")
    offline.page.wait_for_function("Reveal.getIndices().h === 1")


def test_keys_and_screen_belong_to_the_slide_that_is_seen(offline, deck):
    opened(offline, deck)
    offline.page.keyboard.press("PageDown")
    inside = widget_on_slide(offline)
    inside.get_by_role("button", name="Full screen").focus()
    offline.page.keyboard.press("Enter")
    offline.page.wait_for_function("document.fullscreenElement !== null")
    offline.page.keyboard.press("ArrowRight")
    inside.locator('.bpv[data-step="1"]').wait_for()
    offline.page.keyboard.press("PageDown")  # as a clicker does
    offline.page.wait_for_function("document.fullscreenElement === null && Reveal.getIndices().h === 2")
    offline.page.keyboard.press("ArrowLeft")  # turns the slide back, and moves no graph that nobody sees
    offline.page.wait_for_function("Reveal.getIndices().h === 1")
    assert widget_on_slide(offline).locator(".bpv").get_attribute("data-step") == "1"


def test_a_slider_recomputes_inside_a_slide(offline, deck):
    opened(offline, deck)
    offline.page.keyboard.press("PageDown")
    inside = widget_on_slide(offline)
    inside.locator('input[type=range][aria-label="x"]').fill("2.5")
    inside.locator(".bpv-stage").click()
    offline.page.keyboard.press("End")
    inside.locator('.bpv[data-step="22"]').wait_for()
    import backpropviz as bpv  # noqa: PLC0415  the check alone

    expected = bpv.gradient(bpv.parse("exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"), x=2.5, z=3)["x"]
    seen = float(inside.locator('[data-node="x"]').get_attribute("data-gradient"))
    assert seen == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("offline", [{"width": 1400, "height": 800}, {"width": 800, "height": 600}], indirect=True)
def test_a_graph_fits_its_slide(offline, deck):
    opened(offline, deck)
    offline.page.keyboard.press("PageDown")
    inside = widget_on_slide(offline)
    bottom = "document.querySelector('section.present iframe').getBoundingClientRect().bottom"
    offline.page.wait_for_function(f"{bottom} <= window.innerHeight")
    assert inside.locator(".bpv-controls").is_visible()


# What pages say reaches the deck so much later, as from a machine with much to do.
LATE = """if (window === window.top) window.addEventListener("message", (event) => {
  if (!event.isTrusted) return;
  event.stopImmediatePropagation();
  const { data, source } = event;
  setTimeout(() => window.dispatchEvent(new MessageEvent("message", { data, source })), MILLISECONDS);
}, true);"""


def test_a_page_that_answers_late_is_as_large_as_one_that_answers_at_once(offline, deck):
    """The size of a graph follows from what its page says, not from when: answers that came late once made it small."""
    frame = "document.querySelector('section.present iframe')"
    widths = []
    for late in (0, 500):
        if late:
            offline.is_as_new = False
            offline.page.add_init_script(LATE.replace("MILLISECONDS", str(late)))
            offline.page.goto("about:blank")
        opened(offline, deck)
        offline.page.keyboard.press("PageDown")
        widget_on_slide(offline)
        settled = offline.page.wait_for_function(
            f"""() => {{
              const now = {frame}.getBoundingClientRect().bottom <= window.innerHeight && {frame}.offsetWidth;
              const since = window.fittedSince ?? {{}};
              if (since.width !== now) window.fittedSince = {{ width: now, when: performance.now() }};
              return now && performance.now() - window.fittedSince.when > 2500 && now;
            }}"""
        )
        widths.append(settled.json_value())
    assert widths[0] == pytest.approx(widths[1], rel=0.01)


def test_a_graph_below_much_code_shows_its_controls_and_stays_readable(offline, tmp_path):
    code = ["import backpropviz as bpv", "", *(f"setting_{number} = {number}" for number in range(4))]
    source = "\n".join([*code, f'e = bpv.explore("{EXPRESSION}", x=2, z=3)', 'e.size = "large"', "e"])
    notebook = write_notebook(tmp_path / "code.ipynb", (("markdown", "## Code\n\nAnd a graph."), ("code", source)))
    target = tmp_path / "code.html"
    assert main(["slides", str(notebook), "-o", str(target)]) == 0
    opened(offline, target)
    inside = widget_on_slide(offline)
    frame = "document.querySelector('section.present iframe')"
    offline.page.wait_for_function(f"{frame}.getBoundingClientRect().bottom <= window.innerHeight")
    assert inside.locator(".bpv-controls").is_visible()
    scale = offline.page.evaluate(f"{frame}.getBoundingClientRect().width / {frame}.offsetWidth")
    assert scale > 0.55
    assert inside.locator(".bpv-stage").evaluate("stage => stage.clientHeight") >= 260


def test_a_clicker_reads_a_slide_to_its_end_before_it_turns(offline, tmp_path):
    lines = "\n\n".join(f"Line {number} of a long slide." for number in range(30))
    long = f"value = '{'a long line of code, ' * 12}'"
    cells = (("markdown", f"## Long\n\n{lines}"), ("code", long), ("markdown", "## Next\n\nShort."))
    target = tmp_path / "long.html"
    assert main(["slides", str(write_notebook(tmp_path / "long.ipynb", cells)), "-o", str(target), "--no-execute"]) == 0
    opened(offline, target)
    page = offline.page
    code = page.locator("section.present .highlight pre")
    assert code.evaluate("pre => pre.scrollWidth <= pre.clientWidth")
    pressed = 0
    while place(offline) == 0:
        before = page.evaluate("Reveal.getCurrentSlide().scrollTop")
        page.keyboard.press("PageDown")
        page.wait_for_function(
            "before => Reveal.getIndices().h || Reveal.getCurrentSlide().scrollTop > before", arg=before
        )
        pressed += 1
    assert pressed > 2
    page.keyboard.press("PageDown")  # the last one stays
    page.keyboard.press("PageUp")
    page.wait_for_function("Reveal.getIndices().h === 0")
    last = page.locator("section.present .highlight pre").bounding_box()
    assert last["y"] + last["height"] <= 900  # it is where it was left
