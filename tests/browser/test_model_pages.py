"""An exported page of a model: its map opens blocks, and its health stands beside."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz import ops
from backpropviz.adopt.adopted import Adopted
from backpropviz.adopt.draft import Draft

pytestmark = pytest.mark.browser
SHOWN = "root => [...root.querySelectorAll('[data-node]')].map(e => e.dataset.node)"


@pytest.fixture(scope="module")
def model():
    """Two layers inside a net, and a connection past them, as a framework's model comes along."""
    draft, rng = Draft(), np.random.default_rng(0)
    x = value = draft.input("x", rng.normal(size=(8, 4)))
    for layer in range(2):
        w, b = (
            draft.input(f"net.{layer}.{name}", rng.normal(size=size) / 2, learned=True)
            for name, size in (("weight", (4, 4)), ("bias", (4,)))
        )
        with draft.call(f"linear_{layer}", f"net.{layer}", f"/model.py:{12 + layer}") as made:
            made.result = np.tanh(value @ w + b)
        value = made.result
    with draft.call("loss", "", "/model.py:21") as made:
        made.result = np.mean((x + value) ** 2)
    graph, modules, sources = draft.finish(made.result)
    return Adopted(graph, draft.point, modules, sources, title="Net")


def test_the_map_opens_blocks_and_the_numbers_stay(offline, tmp_path, model):
    explorer = bpv.explore(model)
    explorer.to_html(tmp_path / "model.html")
    root = offline.open(tmp_path / "model.html")
    page = offline.page

    def shown():
        return set(root.evaluate(SHOWN))

    def crumbs():
        return root.get_by_role("navigation").get_by_role("button").all_text_contents()

    page.keyboard.press("End")
    assert "net" in shown()
    root.get_by_role("button", name="Model map").click()
    assert root.locator(".bpv-block-list li").all_text_contents() == ["net 40 parameters"]
    root.get_by_role("button", name="net", exact=True).click()
    assert {"net.0", "net.1"} <= shown()
    assert crumbs() == ["whole model", "net"]
    root.get_by_label("Search a block").fill("NET.1")
    root.locator(".bpv-block-list").get_by_role("button", name="net.1").click()
    assert crumbs() == ["whole model", "net", "net.1"]
    assert "net.1.weight" in shown()
    assert "net.0.weight" not in shown()
    assert root.get_attribute("data-step") == root.get_attribute("data-steps")  # a run that was over stays so
    cells = root.locator('[data-node="net.1.weight"] [data-gradient]').evaluate_all(
        "cells => cells.map(cell => [cell.dataset.entry, Number(cell.dataset.gradient)])"
    )
    slopes = bpv.gradient(model)["net.1.weight"]
    assert len(dict(cells)) == slopes.size
    for entry, slope in cells:
        assert slope == pytest.approx(slopes[tuple(map(int, entry.split(",")))], rel=1e-10)
    root.get_by_role("button", name="whole model").click()
    assert "net" in shown()
    root.get_by_role("button", name="Gradient health").click()
    notes = root.locator(".bpv-health-notes li").all_text_contents()
    assert notes[-1] == "Examined at the point at which this page was made."
    names = root.get_by_role("region", name="Gradient health").get_by_role("rowheader").all_text_contents()
    assert names[:2] == ["net.0", "net.1"]
    # Sizes of gradients would lead to gradients that are hidden.
    root.get_by_role("button", name="Hide and reveal").click()
    root.get_by_role("button", name="Hide all gradients").click()
    root.get_by_role("button", name="Gradient health").click()
    told = root.get_by_role("region", name="Gradient health").inner_text()
    assert told.startswith("It is told once every hidden number is revealed")


def test_a_weight_inside_a_closed_block_is_reached(offline, tmp_path, model):
    bpv.explore(model).to_html(tmp_path / "model.html")
    root = offline.open(tmp_path / "model.html")
    page = offline.page
    page.keyboard.press("End")
    slopes = bpv.gradient(model)["net.1.weight"]
    # A weight inside a closed block is a tile of its panel, and an entry of it has its sum.
    root.get_by_role("button", name="Weights").click()
    held = root.locator(".bpv-weights")
    held.locator('.bpv-grid-slope [data-node="net.1.weight"][data-entry="2,1"]').click(force=True)
    root.locator(".bpv-entry", has_text="▽ net.1.weight[2,1]").wait_for()  # painted with the next frame
    found = held.locator('.bpv-grid-value [data-node="net.1.weight"][data-entry="2,1"]').get_attribute("data-gradient")
    assert float(found) == pytest.approx(slopes[2, 1], rel=1e-10)
    held.locator("svg").last.press("Enter")
    root.locator(".bpv-entry", has_text="net.1.bias[0]").wait_for()
    root.get_by_role("button", name="Hide and reveal").click()
    root.get_by_role("button", name="Hide all gradients").click()
    root.get_by_role("button", name="Weights").click()
    assert held.locator("[data-value]").count() == 20 + 20
    assert held.locator("[data-gradient]").count() == 0
    # The tooltip of a tile that fills the picture stands in it.
    for _ in range(8):
        root.get_by_role("button", name="Zoom in").click()
    stage = root.locator(".bpv-stage").bounding_box()
    page.mouse.move(stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    page.mouse.move(stage["x"] + stage["width"] / 2 + 3, stage["y"] + stage["height"] / 2)
    tip = root.locator(".bpv-tooltip.bpv-shown")
    tip.wait_for()
    assert tip.bounding_box()["y"] + tip.bounding_box()["height"] <= stage["y"] + stage["height"] + 1
    page.mouse.move(1, 1)


def test_what_a_page_has_no_room_for_opens_in_a_notebook(offline, tmp_path, model, monkeypatch):
    monkeypatch.setattr("backpropviz.export.model_page._MOST_NODES", len(model.graph) + 4)
    bpv.explore(model).to_html(tmp_path / "model.html")
    root = offline.open(tmp_path / "model.html")
    root.get_by_role("button", name="Model map").click()
    root.get_by_role("button", name="net", exact=True).click()
    told = root.locator(".bpv-block-list li").all_text_contents()
    assert told == ["net.0 (opens in a notebook) 20 parameters", "net.1 (opens in a notebook) 20 parameters"]


def test_cells_are_listed_in_the_module_that_runs_them():
    draft, rng = Draft(), np.random.default_rng(0)
    w, u = (draft.input(f"rnn.{name}", rng.normal(size=(2, 2)), learned=True) for name in "wu")
    with draft.call("rnn_tanh", "rnn", "") as made:
        h = np.zeros((1, 2))
        for _ in range(2):
            h = ops.rnn_cell(np.ones((1, 2)), h, w, u)
        made.result = h
    with draft.call("sum", "", "") as made:
        made.result = np.sum(h)
    graph, modules, sources = draft.finish(made.result)
    explorer = bpv.explore(Adopted(graph, draft.point, modules, sources, title="Net"))
    names = [(name, home) for name, _, home in explorer.blocks["known"]]
    assert names == [("rnn_tanh.1", "rnn"), ("rnn_tanh.2", "rnn"), ("rnn", "")]
    explorer.walk("rnn_tanh.1")
    assert explorer.blocks["around"] == ["rnn", "rnn_tanh.1"]
