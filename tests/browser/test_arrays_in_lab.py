"""Arrays in a notebook: what is edited in the page reaches the kernel, and several explorers keep apart."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

SHOW = (
    "import numpy as np, backpropviz as bpv\n"
    "from IPython.display import display\n"
    "graph = bpv.trace(lambda x, w: np.sum(np.tanh(x @ w)))\n"
    "made = [bpv.explore(graph, x=np.ones((2, 3)), w=np.full((3, 2), 0.5 * k)) for k in range(4)]\n"
    "display(*made)"
)
READ = "print('kernel', *[float(each.point()['w'][2, 0]) for each in made], float(made[3].point()['w'][2, 1]))"
CELL = '.bpv-grid-value .bpv-cell[data-node="w"][data-entry="2,0"]'


def test_an_edited_entry_reaches_the_kernel_of_its_explorer_alone(lab):
    lab.open([SHOW, READ])
    lab.run(0)
    last = lab.explorer(3)
    last.press("Last step")
    last.root.locator(CELL).click()
    last.root.locator(".bpv-entry .bpv-field").fill("1/4")
    changed = lab.page.locator(f'{CELL}[data-value="0.25"]')
    changed.first.wait_for(state="attached")
    assert changed.count() == 1
    lab.wait_until_told(1, "kernel 0.0 0.5 1.0 0.25 1.5")
