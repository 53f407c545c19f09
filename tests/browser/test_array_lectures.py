"""Every array example of the lectures as a page without a network: 60 random entries edited, compared with Python."""

from __future__ import annotations

import numpy as np
import pytest
from array_examples import ARRAY_EXAMPLES, array_example, drawn_as

from backpropviz.export.shown_graph import ShownGraph

pytestmark = pytest.mark.browser

EDITS = 60
PAGE_HEIGHT = 1_000

# A cell is its text: without one it has no place.
PLACED = "[...document.querySelectorAll('.bpv-cell')].every((cell) => cell.textContent)"

# A person's way, as fast as the page paints: choose the cell, write into the field, read what every cell says.
EDIT = """async ([edits]) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const rest = () => new Promise((done) => setTimeout(done, 1000)); // what is out of sight comes then
  const root = document.querySelector(".bpv[data-steps]");
  const read = () => [...root.querySelectorAll(".bpv-cell, .bpv-node")]
    .filter((each) => "value" in each.dataset && !each.querySelector(".bpv-cell"))
    .map(({ dataset }) => [dataset.node, dataset.entry ?? "", dataset.value, dataset.gradient ?? null]);
  const seen = [];
  for (const [node, entry, text] of edits) {
    const cell = root.querySelector(`.bpv-grid-value .bpv-cell[data-node="${node}"][data-entry="${entry}"]`);
    const { x, y, width, height } = cell.getBoundingClientRect();
    const at = { bubbles: true, clientX: x + width / 2, clientY: y + height / 2 };
    for (const kind of ["pointerdown", "pointerup"]) cell.dispatchEvent(new PointerEvent(kind, at));
    cell.dispatchEvent(new MouseEvent("click", at));
    await frame();
    const field = root.querySelector(".bpv-entry .bpv-field");
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await frame();
    await rest();
    seen.push(read());
  }
  return seen;
}"""

# Messages come in the order in which they were sent; timers, which browsers delay where they are nested, need not.
# Whoever waits a while waits for no time here.
FRAMES = """{
  const [waiting, { port1, port2 }] = [[], new MessageChannel()];
  port1.onmessage = () => waiting.shift()(performance.now());
  window.requestAnimationFrame = (work) => {
    port2.postMessage(null);
    return waiting.push(work);
  };
  const later = window.setTimeout;
  window.setTimeout = (work, delay = 0) => later(work, delay < 100 ? delay : 0);
}"""


def edits_of(point, seed):
    """Entries to change, with their new numbers."""
    chance = np.random.default_rng(seed)
    for _ in range(EDITS):
        name = str(chance.choice(sorted(point)))
        index = tuple(int(chance.integers(size)) for size in point[name].shape)
        yield name, index, float(drawn_as(name)(chance))


def agrees(seen, tape, adjoints):
    """The page's numbers of every entry are Python's."""
    found = {(node, entry): (float(value), gradient) for node, entry, value, gradient in seen}
    # What cancels, as at the shift of a softmax, is the rounding of what was added.
    rounding = 1e-15 * max(np.max(np.abs(each)) for each in adjoints.values())
    for node in tape.graph.nodes:
        primal = np.asarray(tape.primals[node])
        is_constant = tape.graph.op(node) == "constant"
        if is_constant and primal.shape == ():
            continue  # it stands in the formula of its gate
        indices = {",".join(map(str, index)): index for index in np.ndindex(primal.shape)}
        values = [found[node, entry][0] for entry in indices]
        scale = np.max(np.abs(primal))
        assert values == pytest.approx(primal.ravel(), rel=1e-11, abs=1e-11 * scale)
        if not is_constant:
            adjoint = np.broadcast_to(adjoints[node], primal.shape)
            gradients = [float(found[node, entry][1]) for entry in indices]
            near = 1e-11 * np.max(np.abs(adjoint)) + rounding
            assert gradients == pytest.approx(adjoint.ravel(), rel=1e-11, abs=near)


@pytest.fixture(scope="module")
def page(chromium):
    """A page without a network, whose frames come as fast as it can work."""
    context = chromium.new_context(viewport={"width": 1400, "height": PAGE_HEIGHT}, offline=True)
    context.add_init_script(FRAMES)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", ARRAY_EXAMPLES)
def test_every_array_example_recomputes_as_python_does(name, page, tmp_path):
    graph, point = array_example(name)
    path = tmp_path / "page.html"
    path.write_text(ShownGraph(graph, point).to_html(), encoding="utf-8")
    page.goto(path.as_uri())
    page.locator(".bpv[data-steps]").wait_for()
    page.keyboard.press("End")
    page.wait_for_function(PLACED)
    edits = list(edits_of(point, seed=len(name)))
    told = [[node, ",".join(map(str, index)), repr(number)] for node, index, number in edits]
    seen = page.evaluate(EDIT, [told])
    assert len(seen) == EDITS
    for (node, index, number), numbers in zip(edits, seen, strict=True):
        point[node][index] = number
        tape = graph.evaluate(point)
        agrees(numbers, tape, tape.reverse())
