"""One notebook for all load tests: opening it takes longer than some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jupyter_lab import lab_with_nothing_open
from load_notebook import CELLS, LARGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_lab import Lab


@pytest.fixture(scope="module")
def loaded(lab_page, jupyter) -> Iterator[Lab]:
    """JupyterLab with four views: two of one explorer, one of an array graph, one of 1,000 nodes."""
    with lab_with_nothing_open(lab_page, jupyter) as lab:
        lab.open(CELLS, "load.ipynb")
        lab.run_all()
        lab.explorer(LARGE)
        yield lab
