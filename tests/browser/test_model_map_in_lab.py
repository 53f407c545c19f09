"""A model in JupyterLab: blocks to walk into and to search, the health of its gradients, source lines."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

# Two blocks of weights with a connection past them, as a framework's model comes along, without the framework.
MODEL = """
import numpy as np
import backpropviz as bpv
from backpropviz.adopt.adopted import Adopted
from backpropviz.adopt.draft import Draft

draft, rng = Draft(), np.random.default_rng(0)
x = draft.input("x", rng.normal(size=(8, 4)))
value = x
for layer in range(2):
    w, b = (draft.input(f"net.{layer}.{name}", rng.normal(size=size) / 2, learned=True)
            for name, size in (("weight", (4, 4)), ("bias", (4,))))
    with draft.call(f"linear_{layer}", f"net.{layer}", f"/home/me/model.py:{12 + layer}") as made:
        made.result = np.tanh(value @ w + b)
    value = made.result
with draft.call("add", "", "/home/me/model.py:20") as made:
    made.result = value = x + value
with draft.call("loss", "", "/home/me/model.py:21") as made:
    made.result = np.mean(value**2)
graph, modules, sources = draft.finish(made.result)
bpv.explore(Adopted(graph, draft.point, modules, sources, title="Net"))
"""


def nodes(explorer) -> set[str]:
    return set(explorer.root.evaluate("root => [...root.querySelectorAll('[data-node]')].map(e => e.dataset.node)"))


def test_a_model_is_walked_into_and_back(lab):
    explorer = lab.show([MODEL])
    assert "net" in nodes(explorer)
    assert not any("weight" in name for name in nodes(explorer))
    root = explorer.root
    root.get_by_role("button", name="Model map").click()
    root.get_by_role("button", name="net", exact=True).click()
    explorer.wait(lambda: {"net.0", "net.1"} <= nodes(explorer), "the blocks inside")
    crumbs = root.get_by_role("navigation").get_by_role("button")
    crumbs.nth(1).wait_for()  # the way in travels by itself, after the picture
    assert crumbs.all_text_contents() == ["whole model", "net"]
    root.get_by_label("Search a block").fill("NET.1")
    root.locator(".bpv-block-list").get_by_role("button", name="net.1").click()
    explorer.wait(lambda: "net.1.weight" in nodes(explorer), "the weights of the opened block")
    assert "net.0.weight" not in nodes(explorer)
    root.locator("nav [aria-current]", has_text="net.1").wait_for()
    root.get_by_role("button", name="whole model").click()
    explorer.wait(lambda: "net" in nodes(explorer), "the whole")


def test_the_health_of_a_model_is_shown(lab):
    lab.open([MODEL])
    lab.run_all()
    root = lab.explorer().root
    root.get_by_role("button", name="Gradient health").click()
    table = root.get_by_role("region", name="Gradient health").get_by_role("table")
    table.wait_for()
    rows = table.get_by_role("rowheader").all_text_contents()
    assert rows[:2] == ["net.0", "net.1"]
    notes = root.locator(".bpv-health-notes li").all_text_contents()
    assert notes[0] == "Nothing was found that keeps it from learning."
