"""The page's types are those of the kernel."""

from __future__ import annotations

import runpy
from pathlib import Path

WRITER = Path(__file__).parents[2] / "web" / "write_types.py"


def test_the_page_has_the_types_of_the_kernel():
    writer = runpy.run_path(str(WRITER))
    assert writer["TARGET"].read_text(encoding="utf-8") == writer["specification_types"](), "run web/write_types.py"
