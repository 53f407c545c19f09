"""Paths, the trace table, what if and hidden numbers where nodes are arrays, in a page without a network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from painted import wait_until_painted, wait_until_still

import backpropviz as bpv
from backpropviz.export.shown_graph import ShownGraph

pytestmark = pytest.mark.browser

CHANCE = np.random.default_rng(4)
POINT = {"x": CHANCE.normal(size=(4, 3)), "w": CHANCE.normal(size=(3, 2)), "b": CHANCE.normal(size=2)}
COPYING = "() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }"


def layer(x, w, b):
    scores = x @ w + b
    return np.sum(np.tanh(scores) * scores)


@pytest.fixture(scope="module")
def graph():
    return bpv.trace(layer)


@pytest.fixture
def root(graph, offline, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(ShownGraph(graph, POINT).to_html(study_aids=True), encoding="utf-8")
    opened = offline.open(path)
    offline.page.keyboard.press("End")
    wait_until_painted(offline.page)
    return opened


def number(text):
    return float(text.replace("−", "-"))


def test_paths_of_an_entry_sum_to_its_gradient_and_show_the_entries_on_the_way(root, graph):
    root.get_by_role("button", name="Paths", exact=True).click()
    root.get_by_label("Paths from").select_option("w[2,0]")
    paths = root.locator(".bpv-path")
    assert paths.count() == 2
    amounts = [number(text) for text in root.locator(".bpv-path .bpv-amount").all_inner_texts()]
    expected = bpv.gradient(graph, POINT)["w"][2, 0]
    assert sum(amounts) == pytest.approx(expected, rel=1e-3)
    assert "entries: 1 → 4 → 4 → " in paths.first.inner_text()
    paths.first.hover()
    met = root.evaluate(
        "root => [...root.querySelectorAll('.bpv-node')].map(node => node.querySelectorAll('.bpv-entry-met').length)"
    )
    assert sorted(met, reverse=True)[:3] == [4, 4, 4]
    root.get_by_role("button", name="Paths", exact=True).click()
    assert root.locator(".bpv-entry-met").count() == 0


def test_what_if_one_entry_moved(root, graph):
    root.get_by_role("button", name="What if").click()
    root.get_by_label("Nudge", exact=True).select_option("b[1]")
    predicted, actual, _ = root.locator(".bpv-nudge-words dd").all_inner_texts()
    moved = {**POINT, "b": POINT["b"] + [0.0, 0.1]}
    assert number(predicted.split(" = ")[-1]) == pytest.approx(0.1 * bpv.gradient(graph, POINT)["b"][1], rel=1e-3)
    assert number(actual) == pytest.approx(layer(**moved) - layer(**POINT), rel=1e-3)
    assert root.locator(".bpv-slice").count() == 1


def test_the_trace_table_folds_arrays(root):
    root.get_by_role("button", name="Trace table").click()
    row = root.locator('tr[data-row="w"]')
    assert row.locator("summary").all_inner_texts() == ["[3×2]", "[3×2]"]
    row.locator("summary").first.click()
    wait_until_painted(root.page)
    shown = [number(text) for text in row.locator(".bpv-folded-entries td").all_inner_texts()]
    assert shown == pytest.approx(POINT["w"].ravel(), rel=1e-3)
    assert row.locator(".bpv-folded-entries th").all_inner_texts() == ["[0,:]", "[1,:]", "[2,:]"]
    root.page.keyboard.press("Escape")


def test_a_hidden_array_tells_no_entry(root):
    root.get_by_role("button", name="Hide and reveal").click()
    root.get_by_role("button", name="Hide all gradients").click()
    wait_until_still(root)
    assert root.locator(".bpv-cell[data-gradient]").count() == 0
    assert root.locator('[data-node="w"] .bpv-grid-stead').all_text_contents()[-1] == "?"
    root.get_by_role("button", name="Reveal all").click()
    wait_until_still(root)
    assert root.locator('.bpv-cell[data-node="w"][data-gradient]').count() > 0


def test_the_trace_is_copied_into_cells_an_entry_in_a_row(root, graph):
    root.evaluate(COPYING)
    root.get_by_role("button", name="Trace table").click()
    root.get_by_role("button", name="Copy for a spreadsheet").click()
    root.get_by_text("Copied for a spreadsheet.").wait_for()
    head, *rows = [line.split("\t") for line in root.page.evaluate("window.copied").split("\n")]
    assert head == ["step", "node", "entry", "definition", "value", "gradient"]
    assert {len(row) for row in rows} == {len(head)}
    slopes = bpv.gradient(graph, POINT)["w"]
    read = {row[2]: (float(row[4]), float(row[5])) for row in rows if row[1] == "w"}
    for (row, column), value in np.ndenumerate(POINT["w"]):
        assert read[f"{row},{column}"] == (value, pytest.approx(slopes[row, column], rel=1e-12))


def test_an_exercise_asks_for_entries_shapes_and_products(graph, offline, tmp_path):
    made = bpv.exercise(graph, POINT, ask=["gradient scores[1,0]", "shape w", "product w", "gradient b"])
    made.to_html(tmp_path / "exercise.html")
    root, page = offline.open(tmp_path / "exercise.html"), offline.page
    gradients = bpv.gradient(graph, POINT)
    # What is asked for is hidden, and what it leads to: the gradient of w, which is not asked for, comes of scores.
    assert root.locator('[data-node="w"] [data-gradient], [data-node="b"] [data-gradient]').count() == 0
    assert root.locator('.bpv-cell[data-node="w"][data-value]').count() == 6

    def answer(label, text):
        field = root.get_by_label(label, exact=True)
        field.fill(text)
        field.press("Enter")

    scores = graph.evaluate(POINT).reverse()["scores"]
    answer("gradient of scores, entry 1,0", f"{scores[1, 0]:.6g}")
    assert root.locator('.bpv-cell[data-node="scores"][data-gradient]').count() > 0
    answer("shape of the gradient of w", "2x3")
    answer("shape of the gradient of w", "(3, 2)")
    answer("product that gives the gradient of w", "G^T x")
    root.get_by_role("button", name="xᵀ·G", exact=True).click()
    root.get_by_label("gradient of b, entry 1", exact=True).fill("77")
    answer("gradient of b, entry 0", f"{gradients['b'][0]:.6g}")
    said = root.locator(".bpv-feedback").all_inner_texts()
    assert said == ["Right.", "Right.", "Right.", "1 of 2 entries is right. Not right: [1]."]
    assert root.locator(".bpv-tally").inner_text() == "3 of 4 right, and parts of others"
    with page.expect_download() as saved:
        root.get_by_role("button", name="Save results").click()
    (row,) = bpv.answers(saved.value.path().rename(tmp_path / "results.json").parent).rows
    assert (row.score, row.tries) == (pytest.approx(3.5 / 4), 6)
    assert row.mistakes == ("transposed", "transposed")
    root.evaluate(COPYING)
    root.get_by_role("button", name="Copy code").click()
    root.get_by_text("Code copied.").wait_for()
    (pasted,) = bpv.answers([page.evaluate("window.copied")], exercise=made).rows
    assert replace(pasted, source=row.source) == row
    made.close()


def test_a_block_of_a_spreadsheet_fills_the_entries_of_an_answer(graph, offline, tmp_path):
    made = bpv.exercise(graph, POINT, ask=["gradient w"])
    made.to_html(tmp_path / "exercise.html")
    root = offline.open(tmp_path / "exercise.html")
    block = "\n".join("\t".join(f"{number:.6g}" for number in row) for row in bpv.gradient(graph, POINT)["w"])
    field = root.get_by_label("gradient of w, entry 0,0", exact=True)
    field.evaluate(
        """(field, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            field.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
        }""",
        block,
    )
    field.press("Enter")
    assert root.locator(".bpv-tally").inner_text() == "1 of 1 right"
    made.close()
