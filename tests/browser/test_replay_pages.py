"""Recorded runs in pages opened from files: they play, scrub, and ask for nothing."""

from __future__ import annotations

import time

import pytest
from accessibility import findings
from hostile import MARK, NAMES

import backpropviz as bpv

pytestmark = pytest.mark.browser

TRAINED, HELD = bpv.datasets.moons(80).split(0.25, 0)
NETWORK = bpv.MLP((2, 4, 1), output="sigmoid", seed=1)
EPOCHS = 12

# Pictures with nothing painted on them; each may have two canvases, of which one is enough.
BLANK = """root => [...root.querySelectorAll(".bpv-plot, .bpv-tiles-holder")].filter((holder) => {
  const colours = [...holder.querySelectorAll("canvas")].map((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
  return holder.offsetWidth > 0 && Math.max(...colours) < 3;
}).map((holder) => holder.getAttribute("aria-label") ?? holder.firstChild.getAttribute("aria-label"))"""


@pytest.fixture(scope="module")
def history():
    return bpv.History.collect(bpv.fit(NETWORK, TRAINED, bpv.SGD(0.5), epochs=EPOCHS, validation=HELD))


def open_replay(offline, path):
    offline.page.goto(path.as_uri())
    root = offline.page.locator(".bpv-replay[data-epoch]")
    root.wait_for()
    return root


def write(tmp_path, history, *data, title="", **settings):
    made = bpv.replay(history, *(data or (TRAINED, HELD)), **settings)
    made.to_html(tmp_path / "run.html", title=title)
    made.close()
    return tmp_path / "run.html"


def at(offline, epoch):
    offline.page.locator(f'.bpv-replay[data-epoch="{epoch}"]').wait_for()


def test_it_plays_to_the_end_and_shows_the_numbers_of_the_history(offline, tmp_path, history):
    root = open_replay(offline, write(tmp_path, history, start=NETWORK, speed=4.0))
    # What is shown is noted at each change: playing shows every frame once, in order.
    offline.page.evaluate(
        """root => {
          window.seen = [{ ...root.dataset }];
          new MutationObserver(() => {
            if (window.seen.at(-1).epoch !== root.dataset.epoch) window.seen.push({ ...root.dataset });
          }).observe(root, { attributes: true, attributeFilter: ["data-validation-accuracy", "data-epoch"] });
        }""",
        root.element_handle(),
    )
    root.get_by_role("button", name="Play", exact=True).click()
    offline.page.locator(f'.bpv-replay[data-epoch="{EPOCHS}"][data-playing="false"]').wait_for()
    seen = offline.page.evaluate("window.seen")
    assert [int(each["epoch"]) for each in seen] == list(range(EPOCHS + 1))
    for each, record in zip(seen[1:], history, strict=True):
        assert float(each["loss"]) == record.loss
        assert float(each["accuracy"]) == record.accuracy
        assert float(each["validationLoss"]) == record.validation_loss
        assert float(each["validationAccuracy"]) == record.validation_accuracy
    # Once more, from the start.
    root.get_by_role("button", name="Play", exact=True).click()
    offline.page.locator('.bpv-replay[data-playing="true"]').wait_for()
    assert root.locator(".bpv-where").inner_text().endswith(f"of {EPOCHS}")


def test_keys_and_buttons_scrub(offline, tmp_path, history):
    root = open_replay(offline, write(tmp_path, history, start=NETWORK))
    keyboard = offline.page.keyboard
    for key, epoch in (("ArrowRight", 1), ("ArrowDown", 2), ("ArrowLeft", 1), ("End", EPOCHS), ("Home", 0)):
        keyboard.press(key)
        at(offline, epoch)
    for name, epoch in (("Last epoch", EPOCHS), ("Back", EPOCHS - 1), ("First epoch", 0), ("Forward", 1)):
        root.get_by_role("button", name=name, exact=True).click()
        at(offline, epoch)
    bar = root.get_by_label("Epoch", exact=True)
    bar.fill("7")
    at(offline, 7)
    assert bar.get_attribute("aria-valuetext") == f"epoch 7 of {EPOCHS}"
    assert root.locator(".bpv-where").inner_text() == f"epoch 7 of {EPOCHS}"
    bar.press("ArrowRight")
    at(offline, 8)
    keyboard.press("Space")
    offline.page.locator('.bpv-replay[data-playing="true"]').wait_for()
    keyboard.press("Space")
    offline.page.locator('.bpv-replay[data-playing="false"]').wait_for()
    offline.page.locator(".bpv-replay .bpv-live").get_by_text("accuracy").wait_for(state="attached")
    # Clickers turn slides with these.
    passed = offline.page.evaluate(
        """root => ["PageUp", "PageDown", "ArrowRight"].map((key) => {
          let heard = false;
          const hear = () => { heard = true; };
          document.addEventListener("keydown", hear);
          root.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
          document.removeEventListener("keydown", hear);
          return heard;
        })""",
        root.element_handle(),
    )
    assert passed == [True, True, False]


def test_pictures_change_with_the_epoch(offline, tmp_path, history):
    root = open_replay(offline, write(tmp_path, history, start=NETWORK))
    heat = root.locator(".bpv-card-picture canvas").first
    first = heat.evaluate("canvas => canvas.toDataURL()")
    widths = "root => [...root.querySelectorAll('.bpv-net-edge')].map((line) => line.style.strokeWidth)"
    lines = root.evaluate(widths)
    assert root.locator(".bpv-bar-number").first.inner_text() == ""  # before the first step there is no gradient
    offline.page.keyboard.press("End")
    at(offline, EPOCHS)
    assert heat.evaluate("canvas => canvas.toDataURL()") != first
    assert root.evaluate(widths) != lines
    shown = root.locator(".bpv-bar-number").first.inner_text()
    assert float(shown.removeprefix("▽ ")) == pytest.approx(history[-1].gradient_norms["W1"], rel=0.01)
    curve = root.locator(".bpv-card-curves canvas").last
    linear = curve.evaluate("canvas => canvas.toDataURL()")
    root.get_by_label("Log scale").check()
    assert curve.evaluate("canvas => canvas.toDataURL()") != linear


@pytest.mark.parametrize("offline", [{"width": 800, "scheme": "dark"}, {"width": 1400}, {"width": 380}], indirect=True)
@pytest.mark.parametrize("kind", ["fit", "images", "none"])
def test_every_kind_of_picture_fits_its_page(offline, tmp_path, kind):
    import numpy as np  # noqa: PLC0415  this test alone

    chance = np.random.default_rng(0)
    network, data = {
        "fit": (bpv.MLP((1, 8, 1)), bpv.datasets.sine()),
        "images": (bpv.MLP((64, 40, 10), output="softmax"), (chance.normal(size=(60, 64)), np.arange(60) % 10)),
        "none": (bpv.MLP((3, 20, 1)), (chance.normal(size=(60, 3)), chance.normal(size=60))),
    }[kind]
    history = bpv.History.collect(bpv.fit(network, data, epochs=3))
    root = open_replay(offline, write(tmp_path, history, data))
    offline.page.keyboard.press("End")
    at(offline, 3)
    assert offline.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    over = """root => [...root.querySelectorAll(".bpv-card")].filter((card) => card.scrollWidth > card.clientWidth + 1)
      .map((card) => card.className)"""
    assert root.evaluate(over) == []
    assert root.evaluate(BLANK) == []


def test_another_image_is_chosen_by_its_label(offline, tmp_path):
    import numpy as np  # noqa: PLC0415  this test and another

    chance = np.random.default_rng(0)
    features, labels = chance.normal(size=(30, 16)), np.arange(30) % 3
    network = bpv.MLP((16, 5, 3), output="softmax", seed=0)
    history = bpv.History.collect(bpv.fit(network, (features, labels), epochs=4))
    root = open_replay(offline, write(tmp_path, history, (features, labels)))
    offline.page.keyboard.press("End")
    at(offline, 4)
    choices = root.get_by_role("group", name="Image", exact=True).get_by_role("button")
    assert choices.all_inner_texts() == ["0", "1", "2"]
    shown = []
    for label in range(3):
        choices.nth(label).press("Enter")
        root.locator(f'.bpv-image-choice[data-index="{label}"][aria-pressed="true"]').wait_for()
        answer = history[-1].network.predict(features[label])
        caption = root.locator(".bpv-image-side").inner_text()
        assert f"label {label}" in caption
        assert f"answer {np.argmax(answer)}, p = {np.max(answer):.3f}" in caption
        shown.append(root.locator(".bpv-image-side canvas").first.evaluate("canvas => canvas.toDataURL()"))
    assert len(set(shown)) == 3
    assert root.get_attribute("data-epoch") == "4"


def test_one_epoch_is_a_page_that_stands_still(offline, tmp_path, history):
    root = open_replay(offline, write(tmp_path, bpv.History(history.records[:1])))
    assert root.locator(".bpv-where").inner_text() == "epoch 1 of 1"
    assert root.get_by_role("button", name="Forward", exact=True).is_disabled()
    root.get_by_role("button", name="Play", exact=True).click()
    offline.page.locator('.bpv-replay[data-playing="false"]').wait_for()


def test_a_run_that_diverged_says_so(offline, tmp_path):
    rates = bpv.schedules.StepDecay(0.1, every=2, factor=1e8)
    line = bpv.datasets.line()
    history = bpv.History.collect(bpv.fit(bpv.MLP((1, 1), seed=0), line, bpv.SGD(rates), epochs=10))
    root = open_replay(offline, write(tmp_path, history, line))
    assert "diverged" in root.locator(".bpv-message").inner_text()
    root.get_by_label("Log scale").check()
    offline.page.keyboard.press("End")
    at(offline, history[-1].epoch)


@pytest.mark.parametrize("name", NAMES)
def test_titles_made_of_markup_appear_as_they_are(offline, tmp_path, history, name):
    open_replay(offline, write(tmp_path, history, title=name))
    assert offline.page.title() == name
    assert offline.page.locator("h1").inner_text() == name
    assert offline.page.evaluate(f"window.{MARK} === undefined")


@pytest.mark.parametrize("offline", [{"scheme": "dark"}], indirect=True)
def test_it_is_dark_where_the_system_is_dark_unless_it_was_exported_light(offline, tmp_path, history):
    root = open_replay(offline, write(tmp_path, history))
    assert root.get_attribute("data-theme") == "dark"
    dark = root.locator(".bpv-card-curves canvas").last.evaluate("canvas => canvas.toDataURL()")
    offline.page.emulate_media(color_scheme="light")
    offline.page.locator('.bpv-replay[data-theme="light"]').wait_for()
    assert root.locator(".bpv-card-curves canvas").last.evaluate("canvas => canvas.toDataURL()") != dark
    assert open_replay(offline, write(tmp_path, history, theme="light")).get_attribute("data-theme") == "light"


def test_paper_shows_the_last_epoch_and_the_screen_stays(offline, tmp_path, history):
    root = open_replay(offline, write(tmp_path, history, start=NETWORK))
    offline.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert root.get_attribute("data-epoch") == str(EPOCHS)
    offline.page.emulate_media(media="print")
    assert not root.get_by_role("button", name="Play", exact=True).is_visible()
    offline.page.emulate_media(media="screen")
    offline.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    at(offline, 0)


@pytest.mark.parametrize("offline", [{"scheme": "light"}, {"scheme": "dark"}], indirect=True, ids=str)
def test_no_barrier_for_those_who_hear_the_page(offline, tmp_path, history):
    open_replay(offline, write(tmp_path, history, start=NETWORK))
    offline.page.keyboard.press("ArrowRight")
    at(offline, 1)
    assert findings(offline.page, "html") == []


def test_in_a_frame_that_may_only_run_scripts(offline, tmp_path, history):
    made = bpv.replay(history, TRAINED, HELD)
    path = tmp_path / "around.html"
    path.write_text(f"<!DOCTYPE html><title>around</title>{made.to_iframe()}", encoding="utf-8")
    made.close()
    offline.open(path, explorers=0)
    inside = offline.page.frame_locator("iframe").locator(".bpv-replay[data-epoch]")
    inside.wait_for()
    # The estimate has room for everything.
    height = offline.page.locator("iframe").evaluate("frame => frame.clientHeight")
    assert inside.evaluate("root => root.getBoundingClientRect().bottom") <= height


def test_what_plays_keeps_its_pace(offline, tmp_path, history):
    """Ten seconds at speed 1, whatever the number of frames; here at speed 4, and on a busy machine."""
    root = open_replay(offline, write(tmp_path, history, start=NETWORK, speed=4.0))
    started = time.monotonic()
    root.get_by_role("button", name="Play", exact=True).click()
    offline.page.locator(f'.bpv-replay[data-epoch="{EPOCHS}"]').wait_for()
    assert time.monotonic() - started >= 0.9  # 12 frames of at most 400 ms, four times as fast
