"""Load on the page: moves, views, memory, and what happens when the kernel or the page goes."""

from __future__ import annotations

import json

import numpy as np
import pytest
from load_notebook import ARRAYS, FIRST, LARGE, REPORT, SECOND, TEXT

import backpropviz as bpv

pytestmark = pytest.mark.browser

MOVES = 600
EVENTS = 20_000
SETTLED = 3  # paints after the hand has let go: one is under way, one is the last; more would be a queue

MOVE = """async (root, {label, moves}) => {
  const slider = root.querySelector(`input[type=range][aria-label="${label}"]`);
  const [low, high] = [Number(slider.min), Number(slider.max)];
  let paints = 0;
  const watch = new MutationObserver(() => { paints += 1; });
  const attributeFilter = ["data-value", "data-gradient", "data-step"];
  watch.observe(root, { subtree: true, attributes: true, attributeFilter });
  for (let k = 0; k < moves; k += 1) {
    slider.value = low + (high - low) * (0.55 + 0.35 * Math.sin(k / 40));
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const before = paints;
  slider.dispatchEvent(new Event("change", { bubbles: true }));
  await new Promise((resolve) => setTimeout(resolve, 1200));
  watch.disconnect();
  return { value: Number(slider.value), paintsAfter: paints - before };
}"""
# Slider moves, steps and selections, as fast as the page takes them.
BUSY = """async (root, {events}) => {
  const slider = root.querySelector('input[type=range][aria-label="x"]');
  const bar = root.querySelector('input[type=range][aria-label="Step"]');
  const nodes = [...root.querySelectorAll("[data-node]")];
  const [low, high] = [Number(slider.min), Number(slider.max)];
  const input = (range, value) => {
    range.value = value;
    range.dispatchEvent(new Event("input", { bubbles: true }));
  };
  for (let k = 0; k < events; k += 1) {
    if (k % 4 === 3) nodes[k % nodes.length].dispatchEvent(new MouseEvent("click", { bubbles: true }));
    else if (k % 4 === 1) input(bar, k % (Number(bar.max) + 1));
    else input(slider, low + ((high - low) * (k % 100)) / 100);
    if (k % 400 === 399) await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  await new Promise((resolve) => setTimeout(resolve, 600));
}"""


def agrees(explorer, graph, **point) -> None:
    """Hold every number of the picture against a run in Python."""
    tape = graph.evaluate(**point)
    for kind, expected in (("value", tape.primals), ("gradient", tape.reverse())):
        found = {name: np.array(json.loads(text)) for name, text in explorer.exact(kind).items()}
        assert len(found) >= len(graph.inputs) + 1
        for name, number in found.items():
            np.testing.assert_allclose(number, expected[name], rtol=1e-12, err_msg=f"{kind} of {name}")


def report(lab) -> str:
    """What the kernel knows."""
    output = lab.page.locator(".jp-OutputArea-output", has_text="kernel")
    before = output.count() and output.last.inner_text()
    lab.run(REPORT)
    for _ in range(1200):
        lab.page.wait_for_timeout(50)
        if output.count() and output.last.inner_text() != before:
            break
    return output.last.inner_text()


def test_six_hundred_slider_moves_settle_at_once(loaded):
    explorer = loaded.explorer(FIRST)
    explorer.press("Last step")
    moved = explorer.root.evaluate(MOVE, {"label": "x", "moves": MOVES})
    assert moved["paintsAfter"] <= SETTLED
    agrees(explorer, bpv.parse(TEXT), x=moved["value"], z=3.0)
    arrays = loaded.explorer(ARRAYS)
    arrays.press("Last step")
    settled = arrays.root.evaluate(MOVE, {"label": "t", "moves": MOVES // 3})
    assert settled["paintsAfter"] <= SETTLED
    graph = bpv.trace(lambda W, t: np.sum(np.tanh(W) * t))  # noqa: N803
    agrees(arrays, graph, W=np.eye(3), t=settled["value"])
    slope = float(bpv.gradient(bpv.parse(TEXT), x=moved["value"], z=3)["x"])
    told = report(loaded)
    assert f"kernel {moved['value']} {explorer.last_step()}  {slope}" in told
    assert f"arrays {settled['value']}" in told


def test_two_views_of_one_explorer_stay_in_step(loaded):
    first, second = loaded.explorer(FIRST), loaded.explorer(SECOND)
    first.press("First step")
    second.wait_step(0)
    for _ in range(3):
        second.press("Step forward")
    first.wait_step(3)
    first.press("Last step")
    second.wait_step(second.last_step())
    moved = second.root.evaluate(MOVE, {"label": "z", "moves": 20})
    assert first.numbers("value") == second.numbers("value")
    assert first.numbers("gradient") == second.numbers("gradient")
    assert first.numbers("value")["z"] == moved["value"]
    first.root.locator('[data-node="b"]').click()
    second.wait(lambda: "b = ln" in second.text(".bpv-explanation"), "the selection in the other view")
    second.root.get_by_label("Back to the step").click()
    first.wait(lambda: "b = ln" not in first.text(".bpv-explanation-title"), "the selection's end")


def test_twenty_thousand_events_leave_nothing_in_the_page(loaded):
    explorer = loaded.explorer(FIRST)
    session = loaded.page.context.new_cdp_session(loaded.page)

    def used() -> int:
        for _ in range(3):
            session.send("HeapProfiler.collectGarbage")
        return session.send("Runtime.getHeapUsage")["usedSize"]

    explorer.root.evaluate(BUSY, {"events": 1_000})
    before = used()
    explorer.root.evaluate(BUSY, {"events": EVENTS})
    assert used() - before < 10_000_000


def test_a_thousand_nodes_stay_usable(loaded):
    large = loaded.explorer(LARGE)
    assert large.root.locator("[data-node]").count() >= 660
    large.press("Last step")
    large.wait_step(large.last_step())
    moved = large.root.evaluate(MOVE, {"label": "x", "moves": 60})
    assert moved["paintsAfter"] <= SETTLED
    assert large.numbers("value")["x"] == moved["value"]
    large.press("Step back")
    large.wait_step(large.last_step() - 1)
    large.press("First step")
    large.wait_step(0)


def test_a_reloaded_page_shows_what_the_kernel_knows(loaded):
    explorer = loaded.explorer(FIRST)
    explorer.press("First step")
    explorer.press("Step forward")
    explorer.press("Step forward")
    moved = explorer.root.evaluate(MOVE, {"label": "x", "moves": 10})
    loaded.command("docmanager:save")
    loaded.page.wait_for_timeout(500)
    loaded.page.reload()
    again = loaded.explorer(FIRST)
    again.wait_step(2)
    assert again.numbers("value")["x"] == moved["value"]
    again.press("Step forward")
    loaded.explorer(SECOND).wait_step(3)
    loaded.wait_until_told(REPORT, f"kernel {moved['value']} 3")


def test_after_a_restart_the_picture_still_plays_and_says_that_it_is_alone(loaded):
    explorer = loaded.explorer(FIRST)
    loaded.page.evaluate("window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart()")
    explorer.root.get_by_text("not connected").wait_for()
    assert not explorer.root.get_by_label("Expression").is_visible()
    explorer.press("Last step")
    explorer.wait_step(explorer.last_step())
    moved = explorer.root.evaluate(MOVE, {"label": "x", "moves": 30})
    agrees(explorer, bpv.parse(TEXT), x=moved["value"], z=explorer.numbers("value")["z"])
    loaded.run(FIRST)
    fresh = loaded.explorer(FIRST)
    fresh.wait(lambda: not fresh.root.get_by_text("not connected").is_visible(), "a new connection")
    fresh.wait_step(0)
    assert fresh.root.get_by_label("Expression").is_visible()
