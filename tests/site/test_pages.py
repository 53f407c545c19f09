"""The site as a visitor has it, with the network off: it plays, is read at any width, and keeps nobody out."""

from __future__ import annotations

import pytest
from accessibility import findings

import backpropviz as bpv

WIDTHS = [
    {"width": width, "height": 900, "scheme": scheme}
    for width, scheme in ((1400, "light"), (1400, "dark"), (390, "light"), (390, "dark"))
]
each_width = pytest.mark.parametrize(
    "offline", WIDTHS, indirect=True, ids=lambda each: f"{each['width']}-{each['scheme']}"
)
PAGES = (
    "index",
    "lessons/02_gates_and_patterns",
    "lessons/03_three_ways_to_differentiate",
    "lessons/06_vectors_and_matrices",
    "gallery/index",
    "reference/graphs",
    "user_guide",
)


def test_the_landing_page_plays(site, offline):
    offline.page.goto((site / "index.html").as_uri())
    root = offline.page.frame_locator("iframe.bpv-embedded").locator(".bpv[data-steps]")
    root.wait_for()
    offline.page.wait_for_function("true")
    root.locator("xpath=self::*[@data-playing='true']").wait_for()
    root.locator("xpath=self::*[number(@data-step) > 2]").wait_for()


def test_a_formula_is_typed_into_the_playground(site, offline):
    offline.page.goto((site / "playground.html").as_uri())
    frame = offline.page.frame_locator("iframe.bpv-embedded").first
    box = frame.get_by_label("Expression")
    box.fill("3x² + y")
    box.press("Enter")
    frame.get_by_role("button", name="Use 3*x**2 + y").click()
    root = frame.locator(f".bpv[data-steps='{len(bpv.record('3*x**2 + y', x=2, y=3))}']")
    root.get_by_role("button", name="Last step").click()
    root.locator("[data-node='x'][data-gradient='12']").wait_for()


def test_an_address_brings_a_formula_and_nonsense_is_told(site, offline):
    address = (site / "playground.html").as_uri()
    offline.page.goto(f"{address}#expr=x*sin(y)&x=4&step=3")
    frame = offline.page.frame_locator("iframe.bpv-embedded").first
    frame.locator(".bpv[data-step='3']").wait_for()
    assert frame.get_by_label("Expression").input_value() == "x*sin(y)"
    assert frame.get_by_label("x value").input_value() == "4"
    offline.page.evaluate("location.hash = 'expr=<img src=x onerror=alert(1)>&x=NaN&step=1e99&mode=sideways'")
    frame.get_by_role("alert").first.wait_for()


@each_width
def test_pages_fit_and_keep_nobody_out(site, offline):
    for name in PAGES:
        offline.page.goto((site / f"{name}.html").as_uri())
        width = offline.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1], name
        assert findings(offline.page, "article") == [], name


def test_a_picture_takes_the_height_it_needs(site, offline):
    offline.page.goto((site / "lessons" / "02_gates_and_patterns.html").as_uri())
    frame = offline.page.locator("iframe.bpv-embedded").first
    frame.scroll_into_view_if_needed()
    inner = offline.page.frame_locator("iframe.bpv-embedded").first.locator(".bpv[data-steps]")
    inner.wait_for()
    offline.page.wait_for_function("frame => frame.style.height !== frame.dataset.first", arg=frame.element_handle())
    box, needed = frame.bounding_box(), inner.bounding_box()
    assert needed["height"] <= box["height"] <= needed["height"] + 40


def test_the_gallery_is_searched_by_word_topic_and_gate(site, offline):
    page = offline.page
    page.goto((site / "gallery" / "index.html").as_uri())
    shown = page.locator("ul.gallery > li:visible")
    everything = shown.count()
    page.get_by_label("Search", exact=False).last.fill("cs231n")
    few = shown.count()
    assert 0 < few < everything
    page.get_by_label("Gate").select_option("multiply")
    assert 0 < shown.count() <= few
    page.get_by_label("Topic").select_option("second derivatives")
    assert shown.count() == 0
    assert "No example fits" in page.locator(".gallery-search output").inner_text()
