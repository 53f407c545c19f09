"""A network that learns in a page opened from a file, and how its controls are found."""

from __future__ import annotations

import backpropviz as bpv

MOONS = bpv.datasets.moons(200)
NETWORK = bpv.MLP((2, 8, 1), output="sigmoid")


def write(tmp_path, mlp=NETWORK, data=MOONS, optimizer=None, *, batch_size=10, title="", **settings):
    made = bpv.playground(mlp, data, optimizer or bpv.SGD(0.1), batch_size=batch_size, **settings)
    made.to_html(tmp_path / "play.html", title=title)
    made.close()
    return tmp_path / "play.html"


def open_playground(offline, path):
    offline.page.goto(path.as_uri())
    root = offline.page.locator(".bpv-trainer[data-training-step]")
    root.wait_for()
    return root


def press(root, name):
    root.get_by_role("button", name=name, exact=True).click()


def at_step(offline, step):
    offline.page.locator(f'.bpv-trainer[data-training-step="{step}"]').wait_for()
