"""Pages that are written by program are those that the program writes now."""

from __future__ import annotations

import re

import pytest
from pages import COMMAND, ROOT, written_pages

import backpropviz as bpv

WRITTEN = written_pages()


@pytest.mark.parametrize("name", WRITTEN)
def test_the_page_is_current(name):
    kept = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert kept == WRITTEN[name], f"docs/{name} is out of date. Run: {COMMAND}"


def test_every_public_name_is_in_the_reference():
    missing = [name for name in bpv.__all__ if name != "__version__" and f"[`{name}`]" not in WRITTEN["api.md"]]
    assert missing == []


def test_everything_public_says_what_it_does():
    rows = re.findall(r"^\| \[`([^`]+)`\][^|]*\| (.*) \|$", WRITTEN["api.md"], re.MULTILINE)
    assert [name for name, summary in rows if len(summary) < 10] == []


def test_no_markup_of_docstrings_is_left():
    for name, text in WRITTEN.items():
        assert not re.search(r":(func|class|meth|attr|mod|data):`", text), name
