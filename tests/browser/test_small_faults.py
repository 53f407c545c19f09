"""Small faults that people met in pages: moving pictures, stray tab stops, things that cover or vanish."""

from __future__ import annotations

import io

import pytest
from painted import wait_until_painted

import backpropviz as bpv

pytestmark = pytest.mark.browser

PIL = pytest.importorskip("PIL.Image")
TEXT = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"


@pytest.fixture
def page_file(tmp_path):
    def made(**settings):
        explorer = bpv.explore(TEXT, x=2, z=3)
        for name, value in settings.items():
            setattr(explorer, name, value)
        path = tmp_path / "page.html"
        explorer.to_html(path)
        return path

    return made


@pytest.mark.parametrize("offline", [{"width": 1280, "height": 1100}, {"width": 1000}], indirect=True)
@pytest.mark.parametrize("size", ["normal", "large"])
def test_the_picture_stays_where_it_is_while_the_explanation_grows(offline, page_file, size):
    root = offline.open(page_file(size=size))
    place = "root => root.querySelector('.bpv-stage').getBoundingClientRect().top - root.getBoundingClientRect().top"
    places = {root.evaluate(place)}
    for _ in range(int(root.get_attribute("data-steps"))):
        root.get_by_role("button", name="Step forward").click()
        wait_until_painted(offline.page)
        places.add(root.evaluate(place))
    assert len(places) == 1


def test_the_tab_key_goes_from_the_stage_to_a_node(offline, page_file):
    root = offline.open(page_file())
    root.locator(".bpv-stage").evaluate("stage => stage.focus()")
    offline.page.keyboard.press("Tab")
    assert offline.page.evaluate("document.activeElement.dataset.node") == "x"


@pytest.mark.parametrize("offline", [{"width": 320}, {"width": 360}, {"width": 500}], indirect=True)
@pytest.mark.parametrize("size", ["normal", "large"])
def test_the_speed_stands_beside_the_buttons_on_a_telephone(offline, page_file, size):
    root = offline.open(page_file(size=size))
    speed = root.locator(".bpv-speed").bounding_box()
    for button in root.locator(".bpv-buttons button").all():
        box = button.bounding_box()
        beside = box["x"] + box["width"] <= speed["x"]
        assert beside or box["y"] + box["height"] <= speed["y"] or speed["y"] + speed["height"] <= box["y"]


def test_sliders_are_seen_with_the_systems_own_colours(offline, page_file):
    root = offline.open(page_file())
    offline.page.emulate_media(forced_colors="active")
    root.get_by_role("button", name="Step forward").click(click_count=4)
    for part in (root.locator("input.bpv-slider").first, root.locator(".bpv-scrub-track")):
        picture = PIL.open(io.BytesIO(part.screenshot())).convert("RGB")
        assert len({colour for count, colour in picture.getcolors(1 << 20) if count > 40}) >= 3


def test_only_a_network_is_offered_as_a_network(offline, page_file, tmp_path):
    choices = "select => [...select.options].filter(each => !each.disabled).map(each => each.value)"
    root = offline.open(page_file())
    assert root.get_by_label("Drawing").evaluate(choices) == ["circuit", "computation graph"]
    path = tmp_path / "network.html"
    graph = bpv.MLP((2, 2, 1), output="sigmoid").scalar_graph()
    bpv.explore(graph, dict.fromkeys(graph.inputs, 0.5)).to_html(path)
    root = offline.open(path)
    assert root.get_by_label("Drawing").evaluate(choices) == ["circuit", "computation graph", "network"]


ROOM_BESIDE_TEXT = """button => {
  const text = document.createRange();
  text.selectNodeContents(button);
  const [inner, outer] = [text.getBoundingClientRect(), button.getBoundingClientRect()];
  return Math.min(inner.left - outer.left, outer.right - inner.right);
}"""


def test_the_button_of_shapes_is_wider_than_its_text(offline, tmp_path):
    bpv.explore(lambda x, w: x @ w, x=[2.0, -3.0], w=[1.0, 4.0]).to_html(tmp_path / "page.html", present=False)
    root = offline.open(tmp_path / "page.html")
    assert root.locator(".bpv-shapes-button").evaluate(ROOM_BESIDE_TEXT) >= 4


def test_an_opened_step_of_arrays_has_the_styles_of_arrays(offline, tmp_path):
    mlp = bpv.MLP((2, 24, 24, 1), output="sigmoid")
    playground = bpv.playground(mlp, bpv.datasets.moons(40), bpv.SGD(0.5), batch_size=10)
    playground.to_html(tmp_path / "page.html")
    playground.close()
    offline.open(tmp_path / "page.html", explorers=0)
    offline.page.get_by_role("button", name="Open one step").click()
    assert offline.page.locator(".bpv-shapes-button").evaluate(ROOM_BESIDE_TEXT) >= 4
