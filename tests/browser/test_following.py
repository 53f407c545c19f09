"""A camera that walks along with the run of a graph too large to be read as a whole."""

from __future__ import annotations

import numpy as np
import pytest
from screen_measures import COLLISIONS, NEIGHBOURS

import backpropviz as bpv
from backpropviz.export.shown_graph import Look, ShownGraph

pytestmark = pytest.mark.browser

LEAST_TYPE = 11.0  # px

# Where the current node, and what is told about it, stand in the stage; all in px.
IN_SIGHT = """root => {
  const stage = root.querySelector(".bpv-stage").getBoundingClientRect();
  const box = root.querySelector(".bpv-current .bpv-node-body").getBoundingClientRect();
  const label = root.querySelector(".bpv-current .bpv-label").getBoundingClientRect();
  return {
    isInside: box.left >= stage.left && box.right <= stage.right && box.top >= stage.top && box.bottom <= stage.bottom,
    scale: root.querySelector(".bpv-graph > .bpv-world").transform.baseVal.consolidate().matrix.a,
    name: root.querySelector(".bpv-current").dataset.node,
    label: label.height,
  };
}"""

# The same in so many frames: a busy machine may have none for longer than any time.
AT_REST = """world => new Promise((done) => {
  let [former, frames] = [null, 0];
  const look = () => {
    const now = world.getAttribute("transform");
    frames = now === former ? frames + 1 : 0;
    former = now;
    if (frames === 8) done(now);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""

# All steps one after the other, each once it is shown; what is seen of each.
WALK = """async root => {
  const look = LOOK;
  const bar = root.querySelector('input[type=range][aria-label="Step"]');
  const seen = [];
  for (let step = 1; step <= Number(root.dataset.steps); step += 1) {
    bar.value = step;
    bar.dispatchEvent(new Event("input", { bubbles: true }));
    while (root.dataset.step !== String(step)) await new Promise(requestAnimationFrame);
    seen.push(look(root));
  }
  return seen;
}"""
STEPS_IN_SIGHT = WALK.replace("LOOK", IN_SIGHT)
STEPS_WITH_NEIGHBOURS = WALK.replace("LOOK", NEIGHBOURS)


@pytest.fixture(scope="module")
def perceptron():
    """75 nodes: all weights of a 2-4-3-1 network and its loss."""
    graph = bpv.MLP((2, 4, 3, 1), output="sigmoid", seed=0).scalar_graph()
    return graph, {name: 0.3 + 0.1 * (place % 5) for place, name in enumerate(graph.inputs)}


def opened(offline, tmp_path, graph, point, **look):
    path = tmp_path / "page.html"
    path.write_text(ShownGraph(graph, point, look=Look(**look)).to_html(), encoding="utf-8")
    return offline.open(path)


def at_rest(offline, root):
    """Wait until the picture no longer moves; its transform then."""
    return root.locator(".bpv-graph > .bpv-world").evaluate(AT_REST)


def go(offline, root, step):
    root.get_by_role("slider", name="Step").fill(str(step - 1))
    focused(root)
    offline.page.keyboard.press("ArrowRight")
    root.page.locator(f'.bpv[data-step="{step}"]').wait_for()
    at_rest(offline, root)


def focused(root):
    root.locator(".bpv-stage").focus()


@pytest.mark.parametrize("offline", [{"width": 1400}, {"width": 800, "scheme": "dark"}], indirect=True)
def test_every_step_is_in_sight_and_can_be_read(offline, tmp_path, perceptron):
    root = opened(offline, tmp_path, *perceptron)
    focused(root)
    whole = at_rest(offline, root)
    offline.page.keyboard.press("f")
    go(offline, root, 20)
    offline.page.emulate_media(reduced_motion="reduce")  # all steps, without waiting for each glide
    walk = root.evaluate(STEPS_IN_SIGHT)
    assert len(walk) == int(root.get_attribute("data-steps"))
    assert [seen for seen in walk if not seen["isInside"] or seen["label"] < LEAST_TYPE] == []
    assert len({round(seen["scale"], 6) for seen in walk}) == 1  # the picture does not pump
    focused(root)
    offline.page.keyboard.press("f")
    assert at_rest(offline, root) == whole


def test_the_button_tells_and_the_fit_button_ends_it(offline, tmp_path, perceptron):
    root = opened(offline, tmp_path, *perceptron)
    whole = at_rest(offline, root)
    follow = root.get_by_role("button", name="Follow the run")
    assert follow.get_attribute("aria-pressed") == "false"
    follow.click()
    focused(root)
    go(offline, root, 30)
    assert follow.get_attribute("aria-pressed") == "true"
    assert at_rest(offline, root) != whole
    root.get_by_role("button", name="Fit the picture").click()
    assert at_rest(offline, root) == whole
    assert follow.get_attribute("aria-pressed") == "false"


def test_a_person_may_look_around_until_the_next_step(offline, tmp_path, perceptron):
    root = opened(offline, tmp_path, *perceptron, follow=True)
    focused(root)
    go(offline, root, 40)
    stage = root.locator(".bpv-stage").bounding_box()
    offline.page.mouse.move(stage["x"] + 6, stage["y"] + 6)
    offline.page.mouse.down()
    offline.page.mouse.move(stage["x"] + stage["width"] - 6, stage["y"] + stage["height"] - 6, steps=4)
    offline.page.mouse.up()
    away = at_rest(offline, root)
    assert not root.evaluate(IN_SIGHT)["isInside"]
    root.locator('input[type=range][aria-label="x1"]').fill("0.9")
    assert at_rest(offline, root) == away
    focused(root)
    offline.page.keyboard.press("ArrowRight")
    at_rest(offline, root)
    assert root.evaluate(IN_SIGHT)["isInside"]


def test_a_selected_node_comes_into_sight(offline, tmp_path, perceptron):
    root = opened(offline, tmp_path, *perceptron, follow=True, step=3)
    at_rest(offline, root)
    loss = root.locator('[data-node="loss"]')
    loss.dispatch_event("click")  # a press on what is out of sight
    at_rest(offline, root)
    stage, node = root.locator(".bpv-stage").bounding_box(), loss.bounding_box()
    assert stage["x"] <= node["x"]
    assert node["x"] + node["width"] <= stage["x"] + stage["width"]  # its name included


def test_an_overview_shows_where_one_is_and_leads_elsewhere(offline, tmp_path, perceptron):
    root = opened(offline, tmp_path, *perceptron)
    overview = root.locator(".bpv-overview")
    assert not overview.is_visible()
    focused(root)
    offline.page.keyboard.press("f")
    go(offline, root, 60)
    assert overview.is_visible()
    dots = "kind => kind.getAttribute('d').split('M').length - 1"
    counts = {kind: root.locator(f".bpv-overview-{kind}").evaluate(dots) for kind in ("future", "value", "slope")}
    assert sum(counts.values()) == root.locator("[data-node]").count()
    assert counts["value"] == 60
    before = at_rest(offline, root)
    box = overview.bounding_box()
    offline.page.mouse.click(box["x"] + box["width"] - 8, box["y"] + box["height"] / 2)
    assert at_rest(offline, root) != before
    assert root.locator(".bpv-selected").count() == 0


def test_the_run_begins_with_the_whole_picture(offline, tmp_path, perceptron):
    root = opened(offline, tmp_path, *perceptron)
    whole = at_rest(offline, root)
    root = opened(offline, tmp_path, *perceptron, follow=True)
    assert at_rest(offline, root) == whole
    focused(root)
    offline.page.keyboard.press("ArrowRight")
    assert at_rest(offline, root) != whole


def test_arrays_whose_digits_are_too_small_are_followed_by_themselves(offline, tmp_path):
    offline.page.set_viewport_size({"width": 816, "height": 900})
    offline.page.emulate_media(reduced_motion="reduce")

    def chain(x, w):
        for _ in range(6):
            x = np.tanh(x @ w)
        return np.sum(x)

    point = {"x": np.arange(12.0).reshape(4, 3) / 9, "w": np.eye(3) / 2}
    root = opened(offline, tmp_path, bpv.trace(chain), point, step=3)
    follow = root.get_by_role("button", name="Follow the run")
    assert follow.get_attribute("aria-pressed") == "true"
    scale = "root => root.querySelector('.bpv-graph > .bpv-world').transform.baseVal.consolidate().matrix.a"
    assert 14 * root.evaluate(scale) > LEAST_TYPE
    stage, tile = (root.locator(each).bounding_box() for each in (".bpv-stage", ".bpv-current .bpv-node-body"))
    assert stage["x"] <= tile["x"]
    assert tile["x"] + tile["width"] <= stage["x"] + stage["width"]
    follow.click()  # who does not want it sees the whole, and the stage is no higher than that
    at_rest(offline, root)
    assert 14 * root.evaluate(scale) < LEAST_TYPE
    assert root.locator(".bpv-stage").bounding_box()["height"] < stage["height"]
    root = opened(offline, tmp_path, bpv.trace(chain), point, step=3, follow=False)
    assert root.get_by_role("button", name="Follow the run").get_attribute("aria-pressed") == "false"


def test_a_circuit_whose_numbers_are_too_small_is_followed_by_itself(offline, tmp_path):
    offline.page.set_viewport_size({"width": 800, "height": 900})
    offline.page.emulate_media(reduced_motion="reduce")
    rounds = "; ".join(f"a{n} = tanh(x{n % 3}*a{n - 1} + w{n % 2})" for n in range(1, 8))
    graph = bpv.parse(f"a0 = x0*w0; {rounds}")
    point = {"x0": 2.0, "x1": -1.0, "x2": -2.0, "w0": 3.0, "w1": 4.0}
    root = opened(offline, tmp_path, graph, point)
    walk = root.evaluate(STEPS_IN_SIGHT)
    assert len(walk) == int(root.get_attribute("data-steps"))
    assert [seen for seen in walk if not seen["isInside"] or seen["label"] < LEAST_TYPE] == []
    assert root.evaluate(COLLISIONS)["overlaps"] == []
    root = opened(offline, tmp_path, graph, point, present=True)
    walk = root.evaluate(STEPS_IN_SIGHT)
    assert [seen for seen in walk if not seen["isInside"] or seen["label"] < LEAST_TYPE] == []


def test_a_graph_that_can_be_read_stays_as_it_is(offline, tmp_path):
    root = opened(offline, tmp_path, bpv.parse("x*z + sin(x)"), {"x": 2.0, "z": 3.0}, follow=True)
    focused(root)
    whole = at_rest(offline, root)
    go(offline, root, 5)
    assert at_rest(offline, root) == whole
    offline.page.keyboard.press("f")
    root.get_by_role("button", name="Follow the run").wait_for(state="hidden")
    assert not root.locator(".bpv-overview").is_visible()


def test_reduced_motion_cuts_instead_of_gliding(offline, tmp_path, perceptron):
    offline.page.emulate_media(reduced_motion="reduce")
    root = opened(offline, tmp_path, *perceptron, follow=True, step=5)
    focused(root)
    for _ in range(3):
        offline.page.keyboard.press("ArrowRight")
    root.page.locator('.bpv[data-step="8"]').wait_for()
    seen = root.locator(".bpv-graph > .bpv-world").get_attribute("transform")
    assert at_rest(offline, root) == seen


# Of the lessons: a neuron in gates, as high as wide; a weight that every layer shares; a gated cell.
NEURON = "a = w1*x1; b = w2*x2; c = w0 + a + b; d = -c; e = exp(d); f = 1 + e; y = 1/f"
DEEP = "a = w*x; h1 = tanh(a); " + "; ".join(f"{b} = w*h{n}; h{n + 1} = tanh({b})" for n, b in enumerate("bcdef", 1))
CELL = "r = sigmoid(wr*x + ur*h0); z = sigmoid(wz*x + uz*h0); g = tanh(wg*x + ug*(r*h0)); h = z*h0 + (1 - z)*g"


@pytest.mark.parametrize("text", [NEURON, DEEP, CELL], ids=["neuron", "deep", "cell"])
def test_a_step_is_seen_with_all_that_it_is_about(offline, tmp_path, text):
    """What cannot be in sight with a step's node at a size that is read has a plate at the edge."""
    graph = bpv.parse(text)
    assert len(graph.nodes) <= 30
    point = {name: 0.5 + 0.25 * place for place, name in enumerate(graph.inputs)}
    offline.page.emulate_media(reduced_motion="reduce")
    for width, height in ((800, 900), (1280, 720), (640, 360)):
        offline.page.set_viewport_size({"width": width, "height": height})
        root = opened(offline, tmp_path, graph, point)
        walk = root.evaluate(STEPS_WITH_NEIGHBOURS)
        assert [seen for seen in walk if seen["lost"] or not seen["isInSight"]] == [], (width, height)
        if text == NEURON and height > 360:
            assert [seen for seen in walk if seen["apart"]] == [], (width, height)
        overlaps = root.evaluate(COLLISIONS)["overlaps"]
        if height == 360:  # where a plate may lie on what the step is not about
            overlaps = [each for each in overlaps if not any(name.startswith("edge: ") for name in each)]
        assert overlaps == [], (width, height)
