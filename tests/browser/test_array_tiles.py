"""Arrays in an exported page: every entry is seen, chosen, edited and recomputed, with the network off."""

from __future__ import annotations

import numpy as np
import pytest
from painted import wait_until_painted, wait_until_still

import backpropviz as bpv
from backpropviz.export.shown_graph import ShownGraph
from backpropviz.export.shown_step import shown_step_of

pytestmark = pytest.mark.browser

CHANCE = np.random.default_rng(4)
POINT = {"x": CHANCE.normal(size=(4, 3)), "w": CHANCE.normal(size=(3, 2)), "b": CHANCE.normal(size=2)}
CELLS = """root => [...root.querySelectorAll('.bpv-grid-value .bpv-cell')].map(({ dataset }) =>
  [dataset.node, dataset.entry, dataset.value, dataset.gradient])"""


@pytest.fixture
def graph():
    return bpv.trace(lambda x, w, b: np.sum(np.tanh(x @ w + b) ** 2))


@pytest.fixture
def root(graph, offline, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(ShownGraph(graph, POINT).to_html(), encoding="utf-8")
    opened = offline.open(path)
    offline.page.keyboard.press("End")
    wait_until_painted(offline.page)
    return opened


def cell(root, node, entry, kind="value"):
    return root.locator(f'.bpv-grid-{kind} .bpv-cell[data-node="{node}"][data-entry="{entry}"]')


def agrees_with_python(root, graph, point):
    wait_until_still(root)
    tape = graph.evaluate(**point)
    adjoints = tape.reverse()
    seen = root.evaluate(CELLS)
    arrays = [name for name in graph.nodes if np.ndim(tape.primals[name])]
    assert len(seen) == sum(np.size(tape.primals[name]) for name in arrays)
    for name, entry, value, gradient in seen:
        index = tuple(map(int, entry.split(",")))
        assert float(value) == pytest.approx(tape.primals[name][index], rel=1e-11, abs=1e-11)
        assert float(gradient) == pytest.approx(adjoints[name][index], rel=1e-11, abs=1e-11)


def test_the_page_is_light(graph):
    assert len(ShownGraph(graph, POINT).to_html().encode()) <= 70_000


def test_every_cell_has_its_numbers_in_full(root, graph):
    agrees_with_python(root, graph, POINT)


def test_an_edited_entry_gives_the_numbers_of_python(root, graph):
    cell(root, "w", "2,0").click()
    root.locator(".bpv-entry .bpv-field").fill("0.625")
    changed = POINT["w"].copy()
    changed[2, 0] = 0.625
    agrees_with_python(root, graph, {**POINT, "w": changed})


def test_keys_reach_an_entry_and_change_it(root, graph):
    root.locator('.bpv-node[data-node="b"]').focus()
    for key in ("Enter", "ArrowRight", "-", "2", ".", "5"):
        root.page.keyboard.press(key)
        wait_until_painted(root.page)
    agrees_with_python(root, graph, {**POINT, "b": np.array([POINT["b"][0], -2.5])})


def test_a_chosen_gradient_marks_what_came_back_and_tells_its_sum(root):
    cell(root, "w", "2,0", "slope").click()
    wait_until_painted(root.page)
    counts = root.evaluate(
        """root => Object.fromEntries([...root.querySelectorAll('.bpv-node')].map(node => [node.dataset.node,
             ['value', 'slope'].map(kind => node.querySelectorAll(`.bpv-grid-${kind} .bpv-entry-met`).length)]))"""
    )
    assert counts["x"] == [4, 0]  # a column of the examples
    assert counts["v1"] == [0, 4]  # a column of the upstream gradient
    assert counts["v2"] == [0, 0]
    assert root.locator(".bpv-entry tbody tr").count() == 4
    assert "used in 4 entries" in root.locator(".bpv-entry").inner_text()


def test_a_chosen_value_marks_what_made_it(root):
    cell(root, "v1", "1,1").click()
    wait_until_painted(root.page)
    met = "[data-node={}] .bpv-grid-value .bpv-entry-met"
    assert root.locator(met.format("x")).count() == 3
    assert root.locator(met.format("w")).count() == 3
    root.page.keyboard.press("Escape")
    wait_until_painted(root.page)
    assert root.locator(".bpv-entry-marks rect").count() == 0


def test_the_still_picture_shows_what_the_page_shows(root, graph):
    shown = ShownGraph(graph, POINT)
    wait_until_still(root)
    seen = root.evaluate(
        """root => [...root.querySelectorAll('.bpv-cell')].map(cell => {
             const [x, y] = [cell.getAttribute('x') - 27, cell.getAttribute('y') - 11];
             const ground = [...cell.parentElement.querySelectorAll('.bpv-heat')]
               .find(each => each.getAttribute('d')?.includes(`M${x.toFixed(1)} ${y.toFixed(1)}h`));
             const depth = ground?.getAttribute('fill-opacity') ?? '0.000';
             return [cell.dataset.node, cell.dataset.entry, x, y, depth, cell.textContent];
           })"""
    )
    texts = shown_step_of(shown.scene, shown.timeline).texts
    drawn = [
        [mark.name, each.cell.entry, each.cell.x, grid.top + each.cell.y, f"{each.depth:.3f}", each.text]
        for mark in shown.scene.marks
        for grid in texts[mark.node].grids
        for each in grid.cells
    ]
    assert sorted(seen) == sorted(drawn)


def paste(root, text):
    root.locator(".bpv-entry .bpv-field").wait_for()  # the entry that was clicked is chosen
    root.evaluate(
        """(root, text) => {
             const clipboardData = new DataTransfer();
             clipboardData.setData("text/plain", text);
             const target = root.contains(document.activeElement) ? document.activeElement : root;
             target.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
           }""",
        text,
    )


def test_a_block_from_a_spreadsheet_goes_in_and_comes_back_out(root, graph):
    cell(root, "w", "1,0").click()
    paste(root, "0.5\t1/4\r\n-2\t1,5\r\n")
    changed = POINT["w"].copy()
    changed[1:] = [[0.5, 0.25], [-2.0, 1.5]]
    agrees_with_python(root, graph, {**POINT, "w": changed})
    root.page.keyboard.press("Control+z")
    agrees_with_python(root, graph, POINT)
    root.page.keyboard.press("Control+Shift+z")
    agrees_with_python(root, graph, {**POINT, "w": changed})


def test_a_block_that_does_not_fit_is_explained_and_changes_nothing(root, graph):
    cell(root, "w", "2,1").click()
    paste(root, "1\t2")
    strip = root.locator(".bpv-message-text")
    assert "does not fit into w (3×2): from w[2,1] there is room for 1×1" in strip.inner_text()
    paste(root, "one")
    assert "“one” is a name" in strip.inner_text()
    agrees_with_python(root, graph, POINT)


def test_rows_with_commas_between_are_read(root, graph):
    cell(root, "w", "0,0").click()
    paste(root, "1, 2\n3, -4.5")
    changed = POINT["w"].copy()
    changed[:2] = [[1.0, 2.0], [3.0, -4.5]]
    agrees_with_python(root, graph, {**POINT, "w": changed})


def test_an_explanation_whose_place_an_entry_takes_is_not_written_anew(root):
    text = root.locator(".bpv-explanation-text").first
    cell(root, "w", "1,0").click()
    wait_until_painted(root.page)
    assert not text.is_visible()
    text.evaluate(
        """text => {
             window.written = 0;
             new MutationObserver(() => (window.written += 1)).observe(text, { childList: true });
           }"""
    )
    cell(root, "w", "0,0").click()
    root.locator(".bpv-entry .bpv-field").fill("0.25")
    wait_until_still(root)
    assert root.page.evaluate("window.written") == 0
    root.page.keyboard.press("Escape")
    root.page.keyboard.press("Escape")
    wait_until_painted(root.page)
    assert text.is_visible()
    assert root.page.evaluate("window.written") > 0


def test_plates_that_say_the_same_after_an_edit_stay(root, graph):
    cell(root, "w", "0,0").click()
    wait_until_still(root)
    plates = root.locator(".bpv-pill, .bpv-caption")
    assert plates.count() > 0
    plates.evaluate_all("plates => plates.forEach((plate) => { plate.wasThere = true; })")
    root.page.keyboard.press("Alt+ArrowUp")
    wait_until_still(root)
    was_there = "plates => plates.map((plate) => plate.wasThere === true)"
    assert all(plates.evaluate_all(was_there))
    assert float(cell(root, "w", "0,0").get_attribute("data-value")) != POINT["w"][0, 0]
    root.page.keyboard.press("Escape")
    root.get_by_role("button", name="Step back").click()
    wait_until_still(root)
    assert not any(plates.evaluate_all(was_there))


def test_a_drag_on_a_chosen_entry_changes_it_and_moves_no_tile(root, graph):
    chosen = cell(root, "w", "0,1")
    chosen.click()
    wait_until_painted(root.page)
    before = chosen.bounding_box()
    x, y = before["x"] + before["width"] / 2, before["y"] + before["height"] / 2
    root.page.mouse.move(x, y)
    root.page.mouse.down()
    root.page.mouse.move(x + 30, y, steps=3)
    root.page.mouse.up()
    wait_until_painted(root.page)
    assert chosen.bounding_box() == before
    value = float(chosen.get_attribute("data-value"))
    assert value > POINT["w"][0, 1]
    changed = POINT["w"].copy()
    changed[0, 1] = value
    agrees_with_python(root, graph, {**POINT, "w": changed})
    root.page.keyboard.press("Alt+ArrowDown")
    wait_until_painted(root.page)
    assert float(chosen.get_attribute("data-value")) < value


def test_enter_leads_from_the_field_back_to_the_cell(root, graph):
    root.locator('.bpv-node[data-node="b"]').focus()
    for key in ("Enter", "3", "Enter", "ArrowRight", "4", "Enter"):
        root.page.keyboard.press(key)
        wait_until_painted(root.page)
    agrees_with_python(root, graph, {**POINT, "b": np.array([3.0, 4.0])})


def test_the_panel_sets_the_product_beside_its_terms(root):
    cell(root, "w", "2,0", "slope").click()
    wait_until_painted(root.page)
    panel = root.locator(".bpv-entry")
    assert "[3×2] = [3×4]·[4×2]" in panel.inner_text()
    heads = panel.locator("thead th").all_inner_texts()
    assert heads == ["x[:,2]", "▽ v1[:,0]", "product"]
    rows = [
        [float(text.replace("−", "-")) for text in row.split("\t")]
        for row in panel.locator("tbody tr").all_inner_texts()
    ]
    assert [local for local, _, _ in rows] == pytest.approx(POINT["x"][:, 2], rel=1e-3)
    assert all(local * upstream == pytest.approx(product, rel=5e-3) for local, upstream, product in rows)


def test_shapes_stand_on_the_edges_when_asked_for(root):
    shapes = root.locator(".bpv-edge-shape")
    assert shapes.count() == 0
    root.page.keyboard.press("s")
    assert sorted(shapes.all_text_contents()) == ["(2)", "3×2", "4×2", "4×2", "4×2", "4×2", "4×3"]
    root.get_by_role("button", name="Shapes on the edges").click()
    assert shapes.count() == 0


def test_the_framed_entries_of_a_map_of_heat_have_their_numbers_in_full(offline, graph, tmp_path):
    chance = np.random.default_rng(1)
    point = {"x": chance.normal(size=(12, 9)), "w": chance.normal(size=(9, 8)), "b": np.zeros(8)}
    path = tmp_path / "page.html"
    path.write_text(ShownGraph(graph, point).to_html(), encoding="utf-8")
    root = offline.open(path)
    offline.page.keyboard.press("End")
    wait_until_painted(offline.page)
    assert root.locator('.bpv-cell[data-node="w"]').count() == 0
    root.locator('.bpv-node[data-node="w"]').focus()
    for key in ("Enter", "ArrowDown", "ArrowRight"):
        offline.page.keyboard.press(key)
    wait_until_painted(offline.page)
    chosen = root.locator(".bpv-entry-chosen")
    assert (chosen.get_attribute("data-node"), chosen.get_attribute("data-entry")) == ("w", "1,1")
    assert float(chosen.get_attribute("data-value")) == point["w"][1, 1]
