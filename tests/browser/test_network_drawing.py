"""The drawing of a network in a page: weights are named where there is room, or for the selected unit."""

from __future__ import annotations

import pytest

import backpropviz as bpv
from backpropviz.export.shown_graph import Exhibit, Look

pytestmark = pytest.mark.browser

NAMED = "labels => labels.filter(each => getComputedStyle(each).display !== 'none').map(each => each.textContent)"


def test_weights_without_room_are_named_for_the_selected_unit(offline, tmp_path):
    mlp = bpv.MLP((3, 5, 4, 1), output="sigmoid")
    path = tmp_path / "page.html"
    look = Look(drawing="network")
    point = mlp.scalar_point([1.0, -0.5, 0.3], 1.0)
    path.write_text(Exhibit(mlp.scalar_graph(), point, look=look).to_html(), encoding="utf-8")
    root = offline.open(path)

    def named():
        return set(root.locator(".bpv-edge-label").evaluate_all(NAMED))

    assert {label[:2] for label in named()} == {"w1", "w3"}
    root.locator('.bpv-node[data-node="h2_2"]').click()
    root.locator('.bpv-node.bpv-selected[data-node="h2_2"]').wait_for()
    assert {label for label in named() if label.startswith("w2")} == {f"w2_{source}2" for source in range(1, 6)}
    root.locator('.bpv-node[data-node="h1_3"]').click()
    root.locator('.bpv-node.bpv-selected[data-node="h1_3"]').wait_for()
    assert {label for label in named() if label.startswith("w2")} == {f"w2_3{target}" for target in range(1, 5)}
