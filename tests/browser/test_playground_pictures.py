"""What a network that learns in a page shows: pictures, type, and what everybody can read of them."""

from __future__ import annotations

import pytest
from accessibility import findings
from learning_page import at_step, open_playground, press, write
from sample_deck import write_notebook

from backpropviz.cli import main

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
    press(root, "Open one step")
    root.get_by_text("The batch of step 16: 10 of 150 examples").click()
    assert findings(offline.page, ".bpv") == []


SEEN = """body => {
  const found = [];
  const walk = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    const element = text.parentElement;
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (!text.textContent.trim() || !box.width || getComputedStyle(element).visibility === "hidden") continue;
    const drawn = element.ownerSVGElement ? element.getScreenCTM().a : 1;
    found.push(drawn * parseFloat(getComputedStyle(element).fontSize));
  }
  // Painted numbers have four fifths of the type around them.
  for (const plot of body.querySelectorAll(".bpv-plot")) {
    if (plot.clientWidth) found.push(0.8 * parseFloat(getComputedStyle(plot).fontSize));
  }
  const reach = (name) => body.querySelector(name).getBoundingClientRect().bottom;
  const inSight = [".bpv-card-picture", ".bpv-card-curves"].map(reach).every((bottom) => bottom <= innerHeight + 1);
  return { smallest: Math.min(...found), inSight, theme: body.querySelector(".bpv-trainer").dataset.theme };
}"""


@pytest.mark.parametrize("theme", ["white", "black"])
def test_a_slide_is_filled_with_type_that_the_last_row_reads(offline, tmp_path, theme, kernels):
    source = (
        "import backpropviz as bpv\n"
        "bpv.playground(bpv.MLP((2, 8, 1), output='sigmoid'), bpv.datasets.moons(200), bpv.SGD(0.1), batch_size=10)"
    )
    notebook = write_notebook(tmp_path / "deck.ipynb", (("markdown", "## It learns"), ("code", source)))
    target = tmp_path / "deck.html"
    assert main(["slides", str(notebook), "-o", str(target), "--theme", theme]) == 0
    for width, height, least in ((1280, 720, 14.0), (1920, 1080, 20.0), (640, 360, 12.0)):
        offline.page.set_viewport_size({"width": width, "height": height})
        offline.page.goto(target.as_uri())
        frame = offline.page.locator("section iframe")
        inside = frame.content_frame
        inside.locator(".bpv-trainer.bpv-fills[data-training-step]").wait_for()
        inside.get_by_role("button", name="One epoch", exact=True).press("Enter")
        inside.locator('.bpv-trainer[data-training-step="15"]').wait_for()
        settled = "innerHeight => Math.abs(document.querySelector('section iframe').clientHeight - innerHeight) < 2"
        offline.page.wait_for_function(settled, arg=inside.locator("body").evaluate("() => innerHeight"))
        seen = inside.locator("body").evaluate(SEEN)
        drawn = frame.evaluate("frame => frame.getBoundingClientRect().width / frame.clientWidth")
        assert seen["smallest"] * drawn >= least, (width, height)
        assert seen["inSight"], (width, height)
        assert seen["theme"] == ("dark" if theme == "black" else "light")
