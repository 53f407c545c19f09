"""A page without a mouse: everything is reached by Tab, and does what it says."""

from __future__ import annotations

import pytest

import backpropviz as bpv

pytestmark = pytest.mark.browser

TEXT = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"
ACTIVE = """() => {
  const it = document.activeElement;
  const seen = it.matches(":focus-visible") && it.getBoundingClientRect().width > 0;
  const style = getComputedStyle(it);
  const body = it.querySelector?.(".bpv-node-body");
  const ring = style.outlineStyle !== "none" || style.boxShadow !== "none" ||
    (body && getComputedStyle(body).outlineStyle !== "none") || it.matches(".bpv-node");
  const name = it.dataset?.node ? `node ${it.dataset.node}` : (it.ariaLabel ?? it.textContent).trim();
  return [it === document.body ? "" : name, Boolean(seen), Boolean(ring)];
}"""


def walk(page, most=80):
    """Press Tab until the page has been left; the names of what was reached, and what had no visible focus."""
    names, unseen = [], []
    for _ in range(most):
        page.keyboard.press("Tab")
        name, seen, ringed = page.evaluate(ACTIVE)
        if not name or name in names:
            break
        names.append(name)
        if not (seen and ringed):
            unseen.append(name)
    return names, unseen


@pytest.fixture
def page(offline, tmp_path):
    explorer = bpv.explore(TEXT, x=2, z=3)
    explorer.step = 3  # where no button of the transport is switched off
    explorer.to_html(tmp_path / "page.html", study_aids=True)
    explorer.close()
    offline.open(tmp_path / "page.html")
    return offline.page


def focus(page, name):
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(ACTIVE)[0] == name:
            return
    pytest.fail(f"{name} is not reached by Tab")


def test_tab_reaches_everything_and_shows_where_it_is(page):
    names, unseen = walk(page)
    assert unseen == []
    wanted = {"First step", "Step back", "Play", "Step forward", "Last step", "Step", "Speed", "Notation", "Drawing"}
    wanted |= {"x", "z", "x value", "z value", "Zoom in", "Zoom out", "Graph as text", "Trace table", "Paths"}
    wanted |= {f"node {name}" for name in bpv.parse(TEXT).nodes}
    reached = {name.split(",")[0] if name.startswith("node") else name for name in names}
    assert wanted - reached == set()


def test_a_whole_lesson_by_keyboard(page):
    root = page.locator(".bpv")
    focus(page, "Step forward")
    page.keyboard.press("Enter")
    page.locator(".bpv[data-step='4']").wait_for()
    page.keyboard.press("End")
    page.locator(f".bpv[data-step='{root.get_attribute('data-steps')}']").wait_for()
    page.keyboard.press("Home")
    page.locator(".bpv[data-step='0']").wait_for()
    focus(page, "x")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.value === '2.01'")
    focus(page, "node b")
    page.keyboard.press("Enter")
    page.locator(".bpv-explanation").get_by_text("scaler").wait_for()
    page.keyboard.press("Escape")
    page.locator(".bpv-explanation").get_by_text("Ready").wait_for()
    focus(page, "Speed")
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.value") == "4"
    focus(page, "Graph as text")
    page.keyboard.press("Space")
    text = page.get_by_role("region", name="Graph as text")
    assert text.get_by_text("y = d + e + f").is_visible()
    page.keyboard.press("Space")
    text.wait_for(state="hidden")
    focus(page, "Play")
    page.keyboard.press("Space")
    page.locator(f".bpv[data-step='{root.get_attribute('data-steps')}']").wait_for()


def test_the_graph_as_text_is_the_one_that_python_tells(page, offline, tmp_path):
    explorer = bpv.explore(TEXT, x=2, z=3)
    plain = tmp_path / "plain.html"
    explorer.to_html(plain)
    root = offline.open(plain)
    form = root.locator(".bpv-text-form")
    assert form.bounding_box()["width"] <= 1  # out of sight, until the keyboard reaches it
    focus(page, "Graph as text")
    assert form.bounding_box()["width"] > 50
    page.keyboard.press("Enter")
    bar = root.get_by_role("slider", name="Step")
    for step in (0, 5, 11, 15, explorer.last_step):
        bar.fill(str(step))
        page.locator(f".bpv[data-step='{step}']").wait_for()
        explorer.step = step
        shown = form.locator("p, li").all_inner_texts()
        assert [" ".join(line.split()) for line in shown] == explorer.to_text().splitlines()
    explorer.close()
