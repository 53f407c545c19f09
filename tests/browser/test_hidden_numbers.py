"""What a lecturer hides is told by no part of a page: no panel, no label, no table that is copied."""

from __future__ import annotations

import pytest

import backpropviz as bpv

pytestmark = pytest.mark.browser


# Opens every panel, chooses every node, comes near every edge, copies every table; all that the view then tells.
TOLD = """async (root) => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const told = [];
  const keep = async () => { await painted(); told.push(root.outerHTML); };
  const value = { writeText: async (text) => told.push(text) };
  Object.defineProperty(navigator, "clipboard", { configurable: true, value });
  for (const button of root.querySelectorAll(".bpv-aid-button")) {
    button.click();
    await keep();
    for (const copy of root.querySelectorAll(".bpv-aid .bpv-text-button")) {
      if (copy.textContent.startsWith("Copy")) copy.click();
    }
    button.click();
  }
  const stage = root.querySelector(".bpv-stage");
  for (const node of root.querySelectorAll(".bpv-nodes [data-node]")) {
    node.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
    node.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    await keep();
  }
  for (const edge of root.querySelectorAll("path.bpv-edge")) {
    const middle = edge.getPointAtLength(edge.getTotalLength() / 2).matrixTransform(edge.getScreenCTM());
    const at = { bubbles: true, clientX: middle.x, clientY: middle.y };
    stage.dispatchEvent(new PointerEvent("pointermove", at));
    await keep();
  }
  return told.join(" ");
}"""


def test_hidden_gradients_are_told_nowhere(offline, tmp_path):
    text = "u = x*z; y = sin(u)*x**2 + u"
    explorer = bpv.explore(text, x=1.37, z=2.11)
    explorer.edges = "local"
    explorer.to_html(tmp_path / "page.html", study_aids=True)
    explorer.hide()
    explorer.to_html(tmp_path / "hidden.html")
    root = offline.open(tmp_path / "page.html")
    adjoints = explorer.run.tape.reverse()
    values = [f"{value:.4g}" for value in explorer.run.tape.primals.values()]
    products = [path.product for path in explorer.paths("x").paths]
    secret = [*dict(adjoints).values(), *adjoints.contributions.values(), *products]
    shown = {f"{abs(float(number)):.4g}" for number in secret}
    shown = {each for each in shown if len(each) >= 4 and not any(each in value for value in values)}
    assert len(shown) >= 6
    offline.page.keyboard.press("End")
    told = root.evaluate(TOLD)
    assert {each for each in shown if each not in told} == set()
    root.get_by_role("button", name="Hide and reveal").click()
    root.get_by_role("button", name="Hide all gradients").click()
    root.get_by_role("button", name="Hide and reveal").click()
    # What is spoken follows once the view rests.
    root.locator(".bpv-live:empty").wait_for(state="attached")
    root.locator('[data-node="z"][aria-label$="gradient ?"]').wait_for()
    told = root.evaluate(TOLD)
    assert {each for each in shown if each in told} == set()
    # A page of what is hidden already starts so, and reveals as the notebook does.
    root = offline.open(tmp_path / "hidden.html")
    offline.page.keyboard.press("End")
    root.locator('[data-node="z"][aria-label$="gradient ?"]').wait_for()
    told = root.evaluate(TOLD)
    assert {each for each in shown if each in told} == set()
    root.get_by_role("button", name="Hide and reveal").click()
    root.get_by_role("button", name="Reveal all").click()
    root.locator('[data-node="z"]:not([aria-label$="gradient ?"])').wait_for()
    told = root.evaluate(TOLD)
    assert {each for each in shown if each not in told} == set()
