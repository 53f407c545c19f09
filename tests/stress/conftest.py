"""One notebook for all load tests: opening JupyterLab takes longer than any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jupyter_lab import Lab
from load_notebook import CELLS, LARGE

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def loaded(chromium, jupyter) -> Iterator[Lab]:
    """JupyterLab with four views: two of one explorer, one of an array graph, one of 1,000 nodes."""
    context = chromium.new_context(viewport={"width": 1400, "height": 950})
    page = context.new_page()
    page.set_default_timeout(30_000)
    lab = Lab(page, *jupyter)
    lab.open(CELLS, "load.ipynb")
    lab.run_all()
    lab.explorer(LARGE)
    yield lab
    page.evaluate("window.jupyterapp?.serviceManager.sessions.shutdownAll()")
    context.close()
    assert lab.faults == []
