"""A network that trains in JupyterLab: played, paused, changed by hand, opened, reset."""

from __future__ import annotations

import pytest
from painted import wait_until

pytestmark = pytest.mark.browser

TRAIN = """import backpropviz as bpv
mlp = bpv.MLP((2, 3, 1), output="sigmoid")
trainer = bpv.train(mlp, bpv.datasets.moons(), bpv.SGD(0.1), batch_size=10, epochs_per_second=0)
trainer"""


class TrainerRoot:
    """What a person does with a trainer."""

    def __init__(self, lab) -> None:
        self.page = lab.page
        self.root = lab.page.locator(".bpv-trainer").last
        self.root.wait_for()
        self.wait(lambda: self.read("training-step") is not None, "the first picture")

    def read(self, name):
        return self.root.get_attribute(f"data-{name}")

    def press(self, name):
        self.root.get_by_role("button", name=name, exact=True).first.click()

    def steps(self):
        return int(self.read("training-step"))

    def wait(self, condition, what):
        wait_until(self.page, condition, what)


def painted_curve(root):
    """The canvas with the curves, as a picture."""
    return root.locator(".bpv-card-curves canvas").first.evaluate("canvas => canvas.toDataURL()")


def test_a_reopened_notebook_says_what_to_do(lab):
    lab.open([TRAIN], name="reopened.ipynb")
    lab.run_all()
    TrainerRoot(lab)
    note = lab.page.get_by_text("Run this cell to train it.")
    note.wait_for(state="attached")
    note.wait_for(state="hidden")
    lab.command("docmanager:save")
    lab.page.wait_for_function("!window.jupyterapp.shell.currentWidget.context.model.dirty")
    lab.page.evaluate("window.jupyterapp.serviceManager.sessions.shutdownAll()")
    lab.page.goto(f"{lab.address}/lab/tree/reopened.ipynb?reset")
    note.wait_for(state="visible")


def test_four_trainers_in_one_notebook_all_show_their_curves(lab):
    lab.open([TRAIN + f"\ntrainer.step({20 * number})\ntrainer" for number in range(1, 5)])
    lab.run_all()
    roots = lab.page.locator(".bpv-trainer")
    for number in range(4):
        root = roots.nth(number)
        root.wait_for()
        root.scroll_into_view_if_needed()
        root.locator(".bpv-card-curves canvas").first.wait_for()
        blue = """canvas => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let count = 0;
          for (let at = 0; at < data.length; at += 4) count += data[at + 2] > data[at] + 60 && data[at + 3] > 200;
          return count;
        }"""
        curve = root.locator(".bpv-card-curves canvas").first

        def is_drawn(curve=curve, blue=blue):
            return curve.evaluate(blue) >= 100

        wait_until(lab.page, is_drawn, f"the curve of trainer {number + 1}")


def test_plays_is_changed_by_hand_opened_and_reset(lab):
    told = "print('kernel', trainer.network.parameters['W1'][0, 1], trainer.training.steps, trainer.running)"
    lab.open([TRAIN, told])
    lab.run(0)
    trainer = TrainerRoot(lab)
    assert trainer.steps() == 0
    trainer.press("One step")
    trainer.wait(lambda: trainer.steps() == 1, "one step")

    trainer.press("Train")
    trainer.wait(lambda: trainer.steps() > 200, "training")
    first = painted_curve(trainer.root)
    trainer.wait(lambda: painted_curve(trainer.root) != first, "a longer curve")
    frames = int(trainer.read("frames"))
    trainer.wait(lambda: int(trainer.read("frames")) > frames + 5, "pictures one after the other")

    rate = trainer.root.get_by_label("Learning rate", exact=True)
    rate.fill("0.02")
    rate.press("Enter")
    trainer.press("Pause")
    trainer.wait(lambda: trainer.read("running") == "false", "the pause")
    steps = trainer.steps()
    lab.page.wait_for_timeout(400)
    assert trainer.steps() == steps

    trainer.root.locator('[data-edge="1,0,1"]').dispatch_event("click")
    field = trainer.root.get_by_label("Weight value")
    field.wait_for()
    field.fill("2.5")
    field.press("Enter")
    effect = trainer.root.locator(".bpv-weight-effect")
    trainer.wait(lambda: "→" in effect.inner_text(), "the effect on the loss")
    lab.wait_until_told(1, f"kernel 2.5 {steps} False")

    trainer.press("Open one step")
    opened = lab.explorer()
    opened.press("Last step")
    opened.wait_step(opened.last_step())
    assert "update" in opened.text(".bpv-explanation")
    assert opened.numbers("value")["w12"] != 2.5
    batch = trainer.root.locator(".bpv-batch")
    batch.get_by_text(f"The batch of step {steps + 1}:").click()
    number = batch.locator("th button").first.inner_text()
    batch.locator("th button").first.click()  # another example of the batch; the table stays unfolded
    trainer.root.get_by_text(f"One step of example {number}, gate by gate").wait_for()
    batch.locator("th button").first.wait_for(state="visible")
    trainer.root.get_by_role("button", name="Close", exact=True).click()
    opened.root.wait_for(state="detached")

    trainer.press("Reset")
    trainer.wait(lambda: trainer.steps() == 0, "the first weights")


def test_running_the_cell_again_and_again_leaves_one_run(lab):
    play = TRAIN + "\ntrainer.play()\ntrainer"
    tasks = (
        "import gc, asyncio, ipywidgets; from backpropviz.runs.slices import TrainingLoop; gc.collect(); "
        "print('loops', sum(each.running for each in gc.get_objects() if isinstance(each, TrainingLoop)), "
        "'trainers', sum(isinstance(each, bpv.Trainer) for each in ipywidgets.widgets.widget._instances.values()))"
    )
    lab.open([play, tasks])
    for _ in range(6):
        lab.run(0)
        lab.page.wait_for_timeout(60)
    TrainerRoot(lab)
    lab.wait_until_told(1, "loops 1 trainers 1")


def test_a_rate_too_large_ends_in_a_message(lab):
    lab.open([TRAIN.replace("SGD(0.1)", "SGD(1e6)")])
    lab.run_all()
    trainer = TrainerRoot(lab)
    trainer.press("Train")
    strip = trainer.root.locator(".bpv-message")
    strip.get_by_text("smaller learning rate").wait_for()
    trainer.wait(lambda: trainer.read("playing") == "false", "the end of the run")
    assert "NaN" not in trainer.root.inner_text()


def test_a_restarted_kernel_is_told(lab):
    lab.open([TRAIN])
    lab.run_all()
    trainer = TrainerRoot(lab)
    trainer.press("Train")
    trainer.wait(lambda: trainer.steps() > 50, "training")
    lab.page.evaluate("window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart()")
    trainer.root.get_by_text("not connected").wait_for()
    # JupyterLab itself complains of what it had asked the old kernel.
    lab.page.evaluate("window.jupyterapp.serviceManager.sessions.shutdownAll()")
    lab.page.wait_for_timeout(500)
    lab.faults[:] = [fault for fault in lab.faults if "Canceled future" not in fault]
