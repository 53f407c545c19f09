"""A notebook's explorer that began with numbers takes what arrays need when they come."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

BEGIN = 'import numpy as np\nimport backpropviz as bpv\nmade = bpv.explore("x*x", x=2)\nmade'
SHOW = "made.show(lambda v: np.sum(np.tanh(v)), v=[1.0, 2.0])"


@pytest.mark.parametrize("is_shown", [True, False], ids=["after the study aids", "before there is a picture"])
def test_an_explorer_of_numbers_shows_arrays(lab, is_shown):
    explorer = lab.show([BEGIN, SHOW] if is_shown else [BEGIN.removesuffix("made") + SHOW + "\nmade"])
    explorer.root.locator(".bpv-tile").first.wait_for()
    explorer.press("Last step")
    explorer.wait_step(explorer.last_step())
    assert explorer.root.locator(".bpv-message").is_hidden()
    assert explorer.root.get_by_text("Trace table").count() > 0
