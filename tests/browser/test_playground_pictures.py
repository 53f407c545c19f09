"""What a network that learns in a page shows: pictures, type, and what everybody can read of them."""

from __future__ import annotations

import pytest
from accessibility import findings
from learning_page import at_step, open_playground, press, write

pytestmark = pytest.mark.browser

MAPS = """canvas => {
  const context = canvas.getContext('2d');
  const share = canvas.width / canvas.clientWidth;
  const box = canvas.getBoundingClientRect();
  return [...canvas.parentElement.querySelectorAll('.bpv-is-mapped circle')].map((circle) => {
    const {x, y, width, height} = circle.getBoundingClientRect();
    const colours = [[0.5, 0.5], [0.2, 0.5], [0.8, 0.5], [0.02, 0.02]].map(([across, up]) => {
      const place = [x - box.x + across * width, y - box.y + up * height];
      return [...context.getImageData(...place.map((each) => each * share), 1, 1).data];
    });
    return colours;
  });
}"""


def test_hidden_units_show_their_answers_in_the_colours_of_the_theme(offline, tmp_path):
    root = open_playground(offline, write(tmp_path))
    press(root, "One epoch")
    at_step(offline, 15)
    canvas = root.locator(".bpv-net-maps")
    light = canvas.evaluate(MAPS)
    assert len(light) == 8
    for *inside, corner in light:
        assert {colour[3] for colour in inside} == {255}  # painted whole
        assert corner[3] == 0  # and nothing beside the unit
    assert len({tuple(colour) for *inside, _ in light for colour in inside}) > 8
    assert root.locator(".bpv-net image").count() == 0  # each would be written and decoded anew while it learns
    offline.page.emulate_media(color_scheme="dark")
    offline.page.locator('.bpv-trainer[data-theme="dark"]').wait_for()
    dark = canvas.evaluate(MAPS)
    assert sum(map(sum, (each[0] for each in dark))) < sum(map(sum, (each[0] for each in light)))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(offline, tmp_path, scheme):
    offline.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    root = open_playground(offline, write(tmp_path))
    press(root, "One epoch")
    at_step(offline, 15)
    assert findings(offline.page, ".bpv") == []
