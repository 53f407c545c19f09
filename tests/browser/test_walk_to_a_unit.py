"""From an opened step of a large network to one of its units, in a page with nothing behind it."""

from __future__ import annotations

import pytest
from accessibility import findings
from learning_page import NETWORK, at_step, open_playground, press, write
from offline_page import numbers
from test_playground_pages import training_of

from backpropviz.runs.live_run import restructured

pytestmark = pytest.mark.browser


def test_each_unit_of_a_large_network_has_its_gates(offline, tmp_path):
    root = open_playground(offline, write(tmp_path))
    hidden = root.get_by_label("Hidden layers", exact=True)
    hidden.fill("16, 16")
    hidden.press("Enter")
    press(root, "One epoch")
    at_step(offline, 15)
    press(root, "Open one step")
    root.get_by_text("this network has 337: here is one unit of it").wait_for()
    opened = root.locator(".bpv-opened .bpv[data-steps]")
    opened.wait_for()
    layer, unit = (root.get_by_label(name, exact=True) for name in ("Layer", "Unit"))
    assert (layer.input_value(), unit.input_value()) == ("1", "0")
    layer.focus()
    layer.select_option("layer 2")
    assert layer.evaluate("select => select === document.activeElement")
    unit.select_option("unit 5")
    root.locator('.bpv-opened [aria-label*="t2_5"]').first.wait_for()
    opened.locator(".bpv-transport button:enabled").last.click()
    root.locator('.bpv-opened .bpv[data-step]:not([data-step="1"])').wait_for()
    training = training_of(restructured(NETWORK, [16, 16], "tanh", 0.0))
    training.step(15)
    mlp, train = training.network, training.train
    adjoints = mlp.scalar_graph().evaluate(mlp.scalar_point(train.features[0], train.targets[0])).reverse()
    shown = numbers(opened, "gradient")
    for name in ("w2_3_5", "b2_5", "t2_5", "h2_5", "w3_5_1"):
        assert shown[name] == pytest.approx(float(adjoints[name]), abs=1e-10)
    assert findings(offline.page, ".bpv-opened-head") == []
    press(root, "One epoch")  # the run goes on
    at_step(offline, 30)
    layer.select_option("whole network")
    root.get_by_text("this network has 337: here is one unit of it").wait_for()
    offline.page.set_viewport_size({"width": 360, "height": 640})
    assert offline.page.evaluate("document.documentElement.scrollWidth") <= 360
