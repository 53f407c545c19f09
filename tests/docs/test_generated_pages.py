"""Pages that are written by program are those that the program writes now."""

from __future__ import annotations

import pytest
from pages import COMMAND, ROOT, written_pages

WRITTEN = written_pages()


@pytest.mark.parametrize("name", WRITTEN)
def test_the_page_is_current(name):
    kept = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert kept == WRITTEN[name], f"docs/{name} is out of date. Run: {COMMAND}"
