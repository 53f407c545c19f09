"""The formula stays as it was typed; its steps are one press away, and Ctrl + Z takes back."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_the_box_keeps_the_formula_and_shows_its_steps_when_asked(lab):
    lab.open(["from backpropviz import explore\nexplore('exp(x*z) + x*z', x=2, z=3)"])
    lab.run_all()
    explorer = lab.explorer()
    box = explorer.root.get_by_label("Expression")
    turn = explorer.root.get_by_role("button", name="As steps")
    assert box.input_value() == "exp(x*z) + x*z"
    turn.click()
    assert turn.get_attribute("aria-pressed") == "true"
    assert "= exp(" in box.input_value()
    turn.click()
    assert box.input_value() == "exp(x*z) + x*z"


def test_the_former_formula_and_its_inputs_come_back(lab):
    explorer = lab.show(["from backpropviz import explore\nexplore('x*z', x=2, z=3)"])
    explorer.root.get_by_role("button", name="What if").wait_for()  # what takes back comes with the study aids
    explorer.root.locator('input[type=range][aria-label="x"]').fill("2.5")
    box = explorer.root.get_by_label("Expression")
    box.fill("x + w")
    box.press("Enter")
    explorer.root.locator('[data-node="w"]').first.wait_for()
    explorer.root.locator(".bpv-stage").click(position={"x": 5, "y": 5})
    lab.page.keyboard.press("Control+z")
    explorer.root.locator('[data-input="z"]').wait_for()
    assert box.input_value() == "x*z"
    assert explorer.root.get_by_label("x value").input_value() == "2.5"
    lab.page.keyboard.press("Control+z")
    explorer.wait(lambda: explorer.root.get_by_label("x value").input_value() == "2", "the first number")
