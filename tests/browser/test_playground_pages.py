"""Networks that learn in pages opened from files, with nothing behind them."""

from __future__ import annotations

import numpy as np
import pytest
from accessibility import findings
from learning_page import MOONS, NETWORK, at_step, open_playground, press, write
from offline_page import numbers

import backpropviz as bpv
from backpropviz.ops import conv2d, linear, max_pool
from backpropviz.runs.live_run import restructured

pytestmark = pytest.mark.browser


def training_of(mlp=NETWORK, data=MOONS, optimizer=None, *, batch_size=10):
    train, held_out = bpv.datasets.arrays(*data).split(0.25, 0)
    return bpv.Training(mlp, train, optimizer or bpv.SGD(0.1), batch_size, 0, held_out)


def loss_of(root):
    return float(root.get_attribute("data-loss"))


def learn_until(offline, root, share, seconds):
    press(root, "Train")
    enough = "([root, share]) => Number(root.dataset.validationAccuracy) >= share"
    offline.page.wait_for_function(enough, arg=[root.element_handle(), share], timeout=1000 * seconds)
    press(root, "Pause")
    offline.page.locator('.bpv-trainer[data-running="false"]').wait_for()


def in_sight(root, *cards):
    """On a projector: what learns, and the loss beside it."""
    for card in cards:
        assert root.locator(f".bpv-card-{card}").evaluate("card => card.getBoundingClientRect().bottom") <= 720


def test_moons_are_learned(offline, tmp_path):
    path = write(tmp_path)
    assert path.stat().st_size <= 110_000
    offline.page.set_viewport_size({"width": 1280, "height": 720})
    root = open_playground(offline, path)
    in_sight(root, "picture", "network", "curves")
    learn_until(offline, root, 0.97, 60)
    steps = int(root.get_attribute("data-training-step"))
    training = training_of()
    training.step(steps)
    assert loss_of(root) == pytest.approx(training.measure().misfit, abs=1e-10)


def test_a_spiral_is_learned(offline, tmp_path):
    network = bpv.MLP((2, 16, 16, 1), output="sigmoid")
    root = open_playground(
        offline, write(tmp_path, network, bpv.datasets.spiral(), bpv.Adam(0.01), epochs_per_second=0)
    )
    learn_until(offline, root, 0.95, 90)


def test_digits_are_learned(offline, tmp_path):
    pytest.importorskip("sklearn")
    network = bpv.MLP((64, 72, 10), output="softmax")
    path = write(tmp_path, network, bpv.datasets.digits(), bpv.SGD(0.3), batch_size=32, epochs_per_second=0)
    assert path.stat().st_size <= 250_000
    learn_until(offline, open_playground(offline, path), 0.95, 90)


def test_kernels_are_learned(offline, tmp_path):
    pytest.importorskip("sklearn")
    digits, drawn = bpv.datasets.digits(), np.random.default_rng(0)
    start = {"k": drawn.normal(0, 0.3, (8, 1, 3, 3)), "w": drawn.normal(0, 0.1, (10, 72))}

    def scores(x, k, w):
        found = max_pool(np.maximum(conv2d(x.reshape(-1, 1, 8, 8), k), 0), 2)
        return linear(found.reshape(x.shape[0], 72), w)

    network = bpv.TracedNetwork(scores, start, 64, output="softmax")
    some = digits.features[:400], digits.targets[:400]
    path = write(tmp_path, network, some, bpv.SGD(0.1, momentum=0.9), batch_size=25)
    assert path.stat().st_size <= 130_000
    offline.page.set_viewport_size({"width": 1280, "height": 720})
    root = open_playground(offline, path)
    in_sight(root, "picture", "curves")
    kernels = root.get_by_role("img", name="Weights of the hidden units")
    before = kernels.evaluate("canvas => canvas.toDataURL()")
    learn_until(offline, root, 0.85, 60)
    assert kernels.evaluate("canvas => canvas.toDataURL()") != before
    assert root.get_by_label("Hidden layers", exact=True).count() == 0
    assert findings(offline.page, ".bpv") == []
    steps = int(root.get_attribute("data-training-step"))
    offline.page.evaluate("location.hash = '#v=1&hidden=3&batch_size=5&learning_rate=0.05'")
    root.get_by_text("its hidden layers cannot be set here").wait_for()
    press(root, "One step")
    at_step(offline, steps + 1)


def test_every_control_trains_as_the_kernel_does(offline, tmp_path):
    root = open_playground(offline, write(tmp_path))
    training = training_of()

    def same():
        at_step(offline, training.steps)
        assert loss_of(root) == pytest.approx(training.measure().misfit, abs=1e-10)

    press(root, "One step")
    training.step()
    same()
    press(root, "One epoch")
    training.step(14)
    same()
    for label, value, name in (
        ("Learning rate", "0.5", "learning_rate"),
        ("Batch size", "15", "batch_size"),
        ("L2 penalty", "0.01", "l2"),
    ):
        field = root.get_by_role("textbox", name=label, exact=True)
        field.fill(value)
        field.press("Enter")
        setattr(training, name, int(value) if name == "batch_size" else float(value))
        press(root, "One epoch")
        training.step(15 if name == "learning_rate" else 10)
        same()
    root.locator('[data-unit="1,2"]').click()
    field = root.get_by_role("textbox", name="Weight value", exact=True)
    field.fill("0.75")
    field.press("Enter")
    biases = training.parameters["b1"].copy()
    biases[2] = 0.75
    training.set_parameters({"b1": biases})
    press(root, "One step")
    training.step()
    same()
    root.get_by_role("combobox", name="Activation").select_option("relu")
    field = root.get_by_role("textbox", name="Hidden layers", exact=True)
    field.fill("6, 4")
    field.press("Enter")
    at_step(offline, 0)
    press(root, "One epoch")
    training = training_of(bpv.MLP((2, 6, 4, 1), "relu", "sigmoid", l2=0.01), optimizer=bpv.SGD(0.5), batch_size=15)
    training.step(10)
    same()
    press(root, "Reset")
    training.reset()
    same()


def test_a_deck_pauses_the_page_of_a_slide_that_is_left(offline, tmp_path):
    framed = bpv.playground(NETWORK, MOONS, batch_size=10).to_iframe()
    deck = tmp_path / "deck.html"
    deck.write_text(f"<!DOCTYPE html><title>Deck</title>{framed}", encoding="utf-8")
    offline.page.goto(deck.as_uri())
    frame = offline.page.frame_locator("iframe")
    root = frame.locator(".bpv-trainer[data-training-step]")
    root.wait_for()
    press(root, "Train")
    frame.locator('.bpv-trainer[data-playing="true"]').wait_for()
    offline.page.evaluate("document.querySelector('iframe').contentWindow.postMessage('slide:stop', '*')")
    frame.locator('.bpv-trainer[data-playing="false"]').wait_for()


def test_a_step_is_opened_down_to_its_gates_and_the_run_goes_on(offline, tmp_path):
    offline.page.set_viewport_size({"width": 1280, "height": 720})
    root = open_playground(offline, write(tmp_path))
    press(root, "One epoch")
    at_step(offline, 15)
    press(root, "Open one step")
    opened = root.locator(".bpv-opened .bpv[data-steps]")
    opened.wait_for()
    # Brought into sight: from its head to what plays it.
    near = """root => root.querySelector('.bpv-opened-head').getBoundingClientRect().top > -2
      && root.querySelector('.bpv-opened .bpv-transport').getBoundingClientRect().bottom <= 720"""
    offline.page.wait_for_function(near, arg=root.element_handle())
    opened.locator(".bpv-transport button:enabled").last.click()
    root.locator('.bpv-opened .bpv[data-step]:not([data-step="0"])').wait_for()
    training = training_of()
    training.step(15)
    loss = training.network.loss_at(training.train.features[0], training.train.targets[:1])
    assert numbers(opened, "value")["loss"] == pytest.approx(loss, abs=1e-10)
    press(root, "Close")
    opened.wait_for(state="detached")
    press(root, "One step")
    at_step(offline, 16)
    example = root.get_by_label("Example", exact=True)
    example.fill("999")
    example.press("Enter")
    press(root, "Open one step")
    root.get_by_text("One step of example 199, gate by gate").wait_for()
    hidden = root.get_by_label("Hidden layers", exact=True)
    hidden.fill("3")
    hidden.press("Enter")  # another network: what was opened is none of its steps
    opened.wait_for(state="detached")
    press(root, "One epoch")
    at_step(offline, 15)
    press(root, "Open one step")
    opened.wait_for()
    opened.locator(".bpv-transport button:enabled").last.click()
    root.locator('.bpv-opened .bpv[data-step]:not([data-step="1"])').wait_for()
    training = training_of(restructured(NETWORK, [3], "tanh", 0.0))
    training.step(15)
    held_out = training.validation
    loss = training.network.loss_at(held_out.features[49], held_out.targets[49:50])
    assert numbers(opened, "value")["loss"] == pytest.approx(loss, abs=1e-10)
    root.get_by_text("The batch of step 16: 10 of 150 examples").click()
    first = root.locator(".bpv-batch th button").first
    title = first.get_attribute("title")
    first.click()  # another example of the batch
    root.get_by_text(f"One step of {title.removeprefix('Open the gates of ')}, gate by gate").wait_for()


def test_a_race_on_the_landscape_of_the_loss(offline, tmp_path):
    root = open_playground(offline, write(tmp_path, landscape=True))
    root.locator(".bpv-landscape summary").click()
    for _ in range(2):
        press(root, "One step of the race (s)")
    plot = root.get_by_role("group", name="Map of the loss; arrow keys read it")
    plot.press("s")
    root.locator(".bpv-race").get_by_text("3 steps", exact=True).wait_for()
    losses = root.locator(".bpv-racer-loss").all_inner_texts()
    for told, rule in zip(losses, [bpv.SGD(0.1), bpv.SGD(0.1, momentum=0.9), bpv.Adam(0.02)], strict=True):
        training = training_of(optimizer=rule)
        training.step(3)
        assert float(told) == pytest.approx(training.measure().misfit, abs=5e-4)
    plot.press("ArrowRight")
    plot.press("ArrowUp")
    root.get_by_text("At 0.125, 0.125: loss ").wait_for()
    root.get_by_label("Learning rate 1", exact=True).fill("1e6")
    root.get_by_label("Learning rate 1", exact=True).press("Enter")
    root.get_by_label("Speed of the race").select_option("full speed")
    for kind in ("two weights", "down the gradient", "along the paths"):
        plot.press(" ")
        root.get_by_text("diverged at step").wait_for()
        root.get_by_label("Slice", exact=True).select_option(kind)
    root.get_by_text("The two directions in which the paths go farthest").wait_for()
    root.get_by_role("button", name="Pause the race").click()
    assert findings(offline.page, ".bpv") == []
    press(root, "Race from the start again (r)")
    root.locator(".bpv-race").get_by_text("0 steps", exact=True).wait_for()
    # A link sets the controls, and what is set on them stands in the next one.
    offline.page.evaluate("location.hash = '#v=1&racers=Adam:0.05,nobody:0,SGD:0.3&slice=weights,3,1'")
    root.get_by_label("Weight across").wait_for()
    assert root.get_by_label("Optimiser 1").input_value() == "Adam"
    assert root.get_by_label("Optimiser 2").input_value() == "nobody"
    assert root.get_by_label("Learning rate 3", exact=True).input_value() == "0.3"
    assert [root.get_by_label(f"Weight {way}").input_value() for way in ("across", "up")] == ["3", "1"]
    assert int(root.get_attribute("data-training-step")) == 0
