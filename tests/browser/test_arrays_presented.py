"""Arrays in a presentation: the words of a tile stay in the tile and clear of each other."""

from __future__ import annotations

import numpy as np
import pytest
from painted import wait_until_painted

import backpropviz as bpv
from backpropviz.export.shown_graph import Look, ShownGraph

pytestmark = pytest.mark.browser

DIGIT = 14  # scene units
SCALE = "root => root.querySelector('.bpv-graph > .bpv-world').transform.baseVal.consolidate().matrix.a"

WORDS = """root => [...root.querySelectorAll('.bpv-tile')].map((tile) => {
  const box = (element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return [left, right, top, bottom];
  };
  const body = tile.closest('.bpv-node').querySelector('.bpv-node-body');
  return { body: box(body), texts: [...tile.querySelectorAll('text')].filter((each) => each.textContent).map(box) };
})"""


def meet(one, other):
    return one[0] < other[1] - 1 and other[0] < one[1] - 1 and one[2] < other[3] - 1 and other[2] < one[3] - 1


@pytest.mark.parametrize("shapes", [((4, 3), (3, 2)), ((24, 10), (10, 8)), ((2, 3, 4), (2, 4, 3))])
def test_the_words_of_a_tile_stay_in_it(shapes, offline, tmp_path):
    chance = np.random.default_rng(4)
    q, k = (chance.normal(size=shape) for shape in shapes)
    explorer = bpv.explore(lambda q, k: np.sum(np.tanh(q @ k)), q=q, k=k, present=True)
    path = tmp_path / "page.html"
    explorer.to_html(path)
    explorer.close()
    offline.page.set_viewport_size({"width": 1280, "height": 720})
    root = offline.open(path)
    offline.page.keyboard.press("End")
    wait_until_painted(offline.page)
    tiles = root.evaluate(WORDS)
    assert len(tiles) == 4
    for tile in tiles:
        left, right, top, bottom = tile["body"]
        for one in tile["texts"]:
            assert left - 1 <= one[0] <= one[1] <= right + 1, tile
            assert top - 1 <= one[2] <= one[3] <= bottom + 1, tile
            assert not any(meet(one, other) for other in tile["texts"] if other is not one), tile


@pytest.mark.parametrize(
    ("size", "least"), [((1280, 720), 13), ((1920, 1080), 20), ((640, 360), 12), ((360, 640), 12)], ids=str
)
@pytest.mark.parametrize("name", ["cs231n-batch-norm", "d2l-attention"])
def test_digits_of_cells_are_read(size, least, name, offline, tmp_path):
    example = bpv.examples[name]
    path = tmp_path / "page.html"
    path.write_text(ShownGraph(example.graph, example.point, look=Look(present=True)).to_html(), encoding="utf-8")
    offline.page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    offline.page.emulate_media(reduced_motion="reduce")
    root = offline.open(path)
    root.locator(".bpv-stage").focus()
    for _ in range(int(root.get_attribute("data-steps"))):
        offline.page.keyboard.press("ArrowRight")
        wait_until_painted(offline.page)
        assert round(DIGIT * root.evaluate(SCALE), 1) >= least
