"""A recorded run in JupyterLab: played by the browser alone, steered from both sides."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

RECORD = """import backpropviz as bpv
moons = bpv.datasets.moons()
network = bpv.MLP((2, 8, 1), output="sigmoid", seed=1)
history = bpv.History.collect(bpv.fit(network, moons, bpv.SGD(0.5), epochs=30))
replay = bpv.replay(history, moons, start=network, speed=4)
replay"""
TRAINED = """trainer = bpv.train(network, moons, bpv.SGD(0.5))
for _ in range(5): trainer.run_epoch()
trainer.replay()"""


def test_it_plays_with_no_message_per_frame_and_both_sides_steer(lab):
    told = "print('kernel', replay.epoch, replay.playing, history[29].loss)"
    lab.open([RECORD, told, "replay.epoch = 7", "replay.playing = True", TRAINED])
    lab.run(0)
    root = lab.page.locator(".bpv-replay[data-epoch]").first
    root.wait_for()
    lab.page.evaluate(
        """() => {
          const send = WebSocket.prototype.send;
          window.sent = 0;
          WebSocket.prototype.send = function (...given) { window.sent += 1; return send.apply(this, given); };
        }"""
    )
    root.get_by_role("button", name="Play", exact=True).click()
    lab.page.locator('.bpv-replay[data-epoch="30"][data-playing="false"]').wait_for()
    # One says that it plays, one that it has ended, which is sent after it is seen; Lab itself sends a few.
    lab.page.wait_for_function("window.sent >= 2")
    assert lab.page.evaluate("window.sent") <= 8
    lab.wait_until_told(1, f"kernel 30 False {root.get_attribute('data-loss')}")

    lab.run(2)
    lab.page.locator('.bpv-replay[data-epoch="7"]').first.wait_for()
    root.locator(".bpv-card-network").click()
    root.get_by_label("Epoch", exact=True).press("ArrowRight")
    lab.page.locator('.bpv-replay[data-epoch="8"]').first.wait_for()
    lab.run(3)
    lab.page.locator('.bpv-replay[data-epoch="30"][data-playing="false"]').first.wait_for()

    lab.run(4)
    lab.page.locator('.bpv-replay[data-epoch="0"][data-frames="6"]').wait_for()


def test_running_the_cell_again_leaves_one_replay(lab):
    count = (
        "import gc, ipywidgets; gc.collect(); "
        "print('replays', sum(isinstance(each, bpv.Replay) for each in ipywidgets.widgets.widget._instances.values()))"
    )
    lab.open([RECORD, count])
    for _ in range(5):
        lab.run(0)
        lab.page.wait_for_timeout(60)
    lab.page.locator(".bpv-replay[data-epoch]").wait_for()
    lab.wait_until_told(1, "replays 1")
