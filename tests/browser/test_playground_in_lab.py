"""A network that learns in JupyterLab's page, and the kernel's widget that follows it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

PLAY = """import backpropviz as bpv
mlp = bpv.MLP((2, 8, 1), output="sigmoid")
playground = bpv.playground(mlp, bpv.datasets.moons(200), bpv.SGD(0.5), batch_size=10)
playground"""
SAY = "print(f'playing {playground.playing}, at rate {playground.learning_rate}, {playground.activation}')"


def test_a_playground_learns_in_the_notebook_and_the_kernel_follows(lab):
    lab.open([PLAY, SAY], name="playground.ipynb")
    lab.run_all()
    lab.page.get_by_text("playing False, at rate 0.5, tanh").wait_for()
    root = lab.page.locator(".bpv-trainer[data-training-step]")
    root.wait_for()
    root.get_by_role("button", name="Train", exact=True).click()
    enough = "root => Number(root.dataset.validationAccuracy) >= 0.95"
    lab.page.wait_for_function(enough, arg=root.element_handle(), timeout=60_000)
    lab.wait_until_told(1, "playing True, at rate 0.5, tanh")
    root.get_by_role("button", name="Pause", exact=True).click()
    root.get_by_label("Activation", exact=True).select_option("relu")
    lab.wait_until_told(1, "playing False, at rate 0.5, relu")
    assert lab.faults == []
