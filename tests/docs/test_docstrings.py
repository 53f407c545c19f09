"""Examples in docstrings give what they say."""

from __future__ import annotations

import doctest
import importlib

import pytest
from documents import ROOT

WITH_EXAMPLES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((ROOT / "backpropviz").rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_give_what_they_say(name):
    tested = doctest.testmod(importlib.import_module(name), verbose=False)
    assert tested.attempted > 0
    assert tested.failed == 0
