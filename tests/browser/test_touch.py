"""A telephone in the hand: what a finger meets is large enough; picture, transport and sliders are on the screen."""

from __future__ import annotations

import numpy as np
import pytest
from painted import wait_until_still
from sample_deck import EXPRESSION, write_notebook
from screen_measures import MEASURES

import backpropviz as bpv
from backpropviz.cli import main
from backpropviz.export.shown_graph import Look, ShownGraph

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}

# What is under 40 px, what leaves the screen, and words about a pointer.
FOR_FINGERS = """root => {
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && getComputedStyle(element).visibility !== "hidden" ? box : null;
  };
  const nameOf = (element) => element.getAttribute("aria-label") ?? element.textContent;
  const controls = [...root.querySelectorAll("button, select, input, textarea, summary")].filter(seen);
  const small = controls.filter((each) => Math.min(seen(each).width, seen(each).height) < 39.5).map(nameOf);
  const beyond = controls.filter((each) => seen(each).right > innerWidth + 1).map(nameOf);
  const told = [...root.querySelectorAll("[title]")].map((each) => each.title).concat(root.innerText).join(" ");
  return { small, beyond, pointer: told.match(/hover|mouse|cursor/gi) };
}"""
DIGITS = """root => {
  const sizes = [...root.querySelectorAll(".bpv-current .bpv-tile text")].filter((each) => each.textContent)
    .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a);
  return sizes.length ? Math.max(...sizes) : null;
}"""


def dotted(q, k):
    return np.sum(np.tanh(q @ k))


ARRAYS = (bpv.trace(dotted), {"q": np.arange(12.0).reshape(4, 3) / 9, "k": np.eye(3) / 2})
LSTM = (bpv.examples["cs231n-lstm-step"].graph, bpv.examples["cs231n-lstm-step"].point)
SHOWN = {
    "the lecture example": (bpv.parse(EXPRESSION), {"x": 2.0, "z": 3.0}),
    "arrays": ARRAYS,
    "an LSTM": LSTM,
    "a closed gate": (bpv.parse(EXPRESSION).collapse(["b", "c"]), {"x": 2.0, "z": 3.0}),
}


@pytest.fixture
def phone(chromium):
    """A page on a telephone without a network."""
    context = chromium.new_context(**PHONE, offline=True)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    yield page
    context.close()
    assert faults == []


def opened(page, path, graph, point, **look):
    path.write_text(ShownGraph(graph, point, look=Look(**look)).to_html(), encoding="utf-8")
    page.goto(path.as_uri())
    root = page.locator(".bpv[data-steps]")
    root.wait_for()
    return root


def walked(root):
    """Tap through a run; what was cut on the way."""
    root.get_by_role("button", name="Step forward").tap()
    root.get_by_role("button", name="Last step").tap()
    wait_until_still(root)
    return root.evaluate(MEASURES)


@pytest.mark.parametrize("present", [False, True])
@pytest.mark.parametrize("name", SHOWN)
def test_a_page_is_for_fingers(phone, tmp_path, name, present):
    root = opened(phone, tmp_path / "page.html", *SHOWN[name], present=present)
    seen = walked(root)
    assert seen["cut"] == seen["overlaps"] == []
    assert not seen["wordsCut"]
    assert root.evaluate(FOR_FINGERS) == {"small": [], "beyond": [], "pointer": None}
    digits = root.evaluate(DIGITS)
    assert digits is None or digits >= 11


@pytest.mark.parametrize("name", ["cs231n-batch-norm", "d2l-attention"])
def test_all_words_of_an_array_step_are_seen(phone, tmp_path, name):
    example = bpv.examples[name]
    root = opened(phone, tmp_path / "page.html", example.graph, example.point, present=True)
    forward = root.get_by_role("button", name="Step forward")
    for step in range(1, int(root.get_attribute("data-steps")) + 1):
        forward.tap()
        phone.locator(f'.bpv[data-step="{step}"]').wait_for()
        assert not root.evaluate(MEASURES)["wordsCut"], step


def test_a_deck_is_for_fingers(phone, tmp_path, kernels):
    cells = (("markdown", "## A graph"), ("code", f'import backpropviz as bpv\nbpv.explore("{EXPRESSION}", x=2, z=3)'))
    notebook, target = write_notebook(tmp_path / "deck.ipynb", cells), tmp_path / "deck.html"
    assert main(["slides", str(notebook), "-o", str(target)]) == 0
    phone.goto(target.as_uri())
    phone.locator(".reveal.ready").wait_for()
    frame = phone.locator("section iframe").first
    frame.scroll_into_view_if_needed()
    root = frame.content_frame.locator(".bpv")
    frame.content_frame.locator(".bpv[data-steps]").wait_for()
    seen = walked(root)
    assert seen["cut"] == seen["overlaps"] == []
    assert root.evaluate(FOR_FINGERS) == {"small": [], "beyond": [], "pointer": None}
