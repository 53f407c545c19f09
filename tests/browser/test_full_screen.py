"""The bar of controls at every width, and the button for the full screen, also where it is refused."""

from __future__ import annotations

from itertools import product

import pytest
from painted import wait_until_painted
from sample_deck import EXPRESSION

import backpropviz as bpv
from backpropviz.export.shown_graph import Look, ShownGraph

pytestmark = pytest.mark.browser

POINT = {"x": 2.0, "z": 3.0}


def opened(offline, tmp_path, **look):
    path = tmp_path / "page.html"
    path.write_text(ShownGraph(bpv.parse(EXPRESSION), POINT, look=Look(**look)).to_html(), encoding="utf-8")
    return offline.open(path)


@pytest.mark.parametrize("offline", [{"width": 360, "height": 360}], indirect=True)
def test_the_parts_of_the_bar_stand_side_by_side_at_every_width(offline, tmp_path):
    root = opened(offline, tmp_path, present=True)
    apart = """root => {
      const parts = ["buttons", "scrub", "speed", "where", "inputs"].map((name) => root.querySelector(`.bpv-${name}`));
      const boxes = parts.map((part) => part.getBoundingClientRect()).filter((box) => box.width > 0);
      const reach = (one, two, low, far) => Math.min(one[far], two[far]) - Math.max(one[low], two[low]);
      return boxes.every((one, index) => boxes.slice(index + 1).every((two) =>
        reach(one, two, "left", "right") <= 1 || reach(one, two, "top", "bottom") <= 1))
        && parts[1].getBoundingClientRect().width >= 60;
    }"""
    for width, height in product((360, 480, 640, 800, 910, 1000, 1100, 1280), (360, 720)):
        offline.page.set_viewport_size({"width": width, "height": height})
        wait_until_painted(offline.page)
        assert root.evaluate(apart), (width, height)


def test_where_the_full_screen_is_refused_the_picture_fills_what_there_is(offline, tmp_path):
    root = opened(offline, tmp_path, edges="width")
    button = root.get_by_role("button", name="Full screen")
    button.focus()
    offline.page.keyboard.press("Enter")
    offline.page.wait_for_function("document.fullscreenElement?.matches('.bpv.bpv-presents')")
    offline.page.keyboard.press("ArrowRight")  # keys go on working
    offline.page.locator('.bpv[data-step="1"]').wait_for()
    offline.page.keyboard.press("Enter")
    offline.page.locator(".bpv:not(.bpv-presents)").wait_for()
    refused = "() => { Element.prototype.requestFullscreen = () => Promise.reject(new TypeError('refused')); }"
    offline.page.evaluate(refused)
    offline.page.keyboard.press("Enter")
    offline.page.locator(".bpv.bpv-presents").wait_for()
    offline.page.keyboard.press("Enter")
    offline.page.locator(".bpv:not(.bpv-presents)").wait_for()
    offline.is_as_new = False


@pytest.mark.parametrize("allowed", [True, False])
def test_a_frame_has_the_button_where_its_page_allows_it(offline, tmp_path, allowed):
    frame = ShownGraph(bpv.parse(EXPRESSION), POINT).to_iframe()
    assert 'allow="fullscreen"' in frame
    path = tmp_path / "around.html"
    text = frame if allowed else frame.replace('allow="fullscreen"', "")
    path.write_text(f"<!DOCTYPE html><title>around</title><div style='width:700px'>{text}</div>", encoding="utf-8")
    offline.open(path, explorers=0)
    inside = offline.page.frame_locator("iframe")
    inside.locator(".bpv[data-steps]").wait_for()
    button = inside.locator('[aria-label="Full screen"]')
    assert button.is_visible() is allowed
    if allowed:
        button.click()
        inside.locator(".bpv.bpv-presents").wait_for()
        offline.page.wait_for_function("document.fullscreenElement?.tagName === 'IFRAME'")
        button.click()
        offline.page.wait_for_function("document.fullscreenElement === null")
