"""The drawing of a network in a page: weights are named where there is room, or for the selected unit."""

from __future__ import annotations

import pytest

import backpropviz as bpv
from backpropviz.export.shown_graph import Look, ShownGraph

pytestmark = pytest.mark.browser

LINES = "paths => paths.map(each => [parseFloat(each.style.strokeWidth), each.style.strokeDasharray !== ''])"
NAMED = "labels => labels.filter(each => getComputedStyle(each).display !== 'none').map(each => each.textContent)"


@pytest.mark.parametrize("offline", [{"width": 1280, "height": 1400}], indirect=True)  # many sliders, and a picture
def test_weights_without_room_are_named_for_the_selected_unit(offline, tmp_path):
    mlp = bpv.MLP((3, 5, 4, 1), output="sigmoid")
    path = tmp_path / "page.html"
    look = Look(drawing="network")
    point = mlp.scalar_point([1.0, -0.5, 0.3], 1.0)
    path.write_text(ShownGraph(mlp.scalar_graph(), point, look=look).to_html(), encoding="utf-8")
    root = offline.open(path)

    def named():
        return {label.split()[0] for label in root.locator(".bpv-edge-label").evaluate_all(NAMED)}

    assert {label[:2] for label in named()} == {"w1", "w3"}
    root.locator('.bpv-node[data-node="h2_2"]').click()
    root.locator('.bpv-node.bpv-selected[data-node="h2_2"]').wait_for()
    assert {label for label in named() if label.startswith("w2")} == {f"w2_{source}2" for source in range(1, 6)}
    root.locator('.bpv-node[data-node="h1_3"]').click()
    root.locator('.bpv-node.bpv-selected[data-node="h1_3"]').wait_for()
    assert {label for label in named() if label.startswith("w2")} == {f"w2_3{target}" for target in range(1, 5)}


def test_an_edge_shows_size_sign_and_value_of_its_weight(offline, tmp_path):
    mlp = bpv.MLP((2, 1), output="sigmoid")
    path = tmp_path / "page.html"
    point = {**mlp.scalar_point([1.0, -0.5], 1.0), "w11": 0.8, "w21": -0.2}
    path.write_text(ShownGraph(mlp.scalar_graph(), point, look=Look(drawing="network")).to_html(), encoding="utf-8")
    root = offline.open(path)
    (wide, plain), (narrow, dashed) = root.locator("path.bpv-edge").evaluate_all(LINES)
    assert (plain, dashed) == (False, True)
    assert wide > 2 * narrow > 0
    assert root.locator(".bpv-edge-label").all_text_contents() == ["w11 0.8", "w21 −0.2"]
    root.get_by_label("w21 value").fill("1.6")
    root.get_by_label("w21 value").press("Enter")
    root.locator(".bpv-edge-label", has_text="w21 1.6").wait_for()
    (narrow, plain), (wide, solid) = root.locator("path.bpv-edge").evaluate_all(LINES)
    assert not plain
    assert not solid
    assert wide > narrow > 0
