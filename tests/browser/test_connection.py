"""What a view says and still does when its kernel is gone."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_a_restarted_kernel_is_told_and_the_view_plays_on(lab):
    lab.open(["from backpropviz import explore\nexplore('x*z + exp(x)', x=1, z=2)"])
    lab.run_all()
    explorer = lab.explorer()
    told = explorer.root.locator(".bpv-connection")
    assert told.is_hidden()
    lab.page.evaluate("window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart()")
    told.wait_for(state="visible")
    assert told.inner_text() == "not connected"
    assert explorer.root.get_by_label("Expression").is_hidden()

    explorer.press("Last step")
    explorer.wait_step(explorer.last_step())
    explorer.slider("x").focus()
    lab.page.keyboard.press("ArrowRight")
    x = float(explorer.slider("x").input_value())
    assert x > 1
    explorer.wait(lambda: explorer.numbers("value")["x"] == x, "the slider's value on the picture")
    assert explorer.numbers("gradient")["z"] == pytest.approx(x)
    # JupyterLab itself complains of what it had asked the old kernel, some of it when the new one ends.
    lab.page.evaluate("window.jupyterapp.serviceManager.sessions.shutdownAll()")
    lab.page.wait_for_timeout(500)
    lab.faults[:] = [fault for fault in lab.faults if "Canceled future" not in fault]
