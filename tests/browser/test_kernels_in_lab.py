"""A weight of a kernel in a notebook: chosen in its block's panel, it says what it met, and its sum stands beside."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

MODEL = """
import numpy as np
import backpropviz as bpv
from backpropviz import ops
from backpropviz.adopt.adopted import Adopted
from backpropviz.adopt.draft import Draft

draft, rng = Draft(), np.random.default_rng(0)
x = draft.input("x", rng.normal(size=(1, 1, 28, 28)))
w = draft.input("conv1.weight", rng.normal(size=(2, 1, 3, 3)) / 3, learned=True)
b = draft.input("conv1.bias", np.zeros(2), learned=True)
with draft.call("conv2d", "conv1", "/home/me/model.py:12") as made:
    made.result = ops.conv2d(x, w, b)
value = made.result
with draft.call("max_pool2d", "", "/home/me/model.py:13") as made:
    made.result = ops.max_pool(value, 2)
value = made.result
with draft.call("loss", "", "/home/me/model.py:14") as made:
    made.result = np.mean(value**2)
graph, modules, sources = draft.finish(made.result)
bpv.explore(Adopted(graph, draft.point, modules, sources, title="Net"))
"""


def test_a_weight_of_a_kernel_says_how_many_windows_it_met(lab):
    explorer = lab.show([MODEL])
    explorer.press("Last step")
    root = explorer.root
    root.get_by_role("button", name="Weights").click()
    cell = root.locator('.bpv-weights .bpv-grid-slope [data-node="conv1.weight"][data-entry="1,0,1,2"]')
    cell.click(force=True)
    told = root.locator(".bpv-entry", has_text="conv1.weight[1,0,1,2]")
    told.wait_for()
    assert "conv1.weight[1,0,1,2] met 676 windows in conv1." in told.inner_text()
    rest = told.locator("tbody tr").last.locator("td")
    assert rest.first.inner_text() == "and 664 more"
    # What is left of a sum is no product: no sign of one stands before it.
    assert rest.last.evaluate("cell => getComputedStyle(cell, '::before').content") == "none"
    met = root.locator(".bpv-stage .bpv-entry-met").first
    assert met.evaluate("frame => parseFloat(getComputedStyle(frame).strokeWidth)") < 1  # hundreds, and all are read
