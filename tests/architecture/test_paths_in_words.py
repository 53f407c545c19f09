"""Comments, docstrings and pages name files, modules and members that are there."""

from __future__ import annotations

import importlib
import re
from pathlib import PurePosixPath

import pytest
from imports import ROOT, sources, tracked

WRITTEN_ABOUT = [
    path.relative_to(ROOT).as_posix()
    for path in tracked()
    if path.suffix in {".py", ".md"} and path.name != "CHANGELOG.md" and "vendor" not in path.parts
]
FILE = re.compile(r"(?<![\w./-])((?:[\w-]+/)+[\w-]+\.(?:py|ts|js|mjs|css|md|json|toml))\b")
MEMBER = re.compile(r":(?:func|class|mod|meth|data|attr):`~?(backpropviz[\w.]*)`")


@pytest.fixture(scope="module")
def endings():
    paths = [PurePosixPath(path.relative_to(ROOT).as_posix()) for path in tracked()]
    return {"/".join(path.parts[place:]) for path in paths for place in range(len(path.parts))}


def member_exists(name: str) -> bool:
    module = name
    while module not in sources():
        module = module.rpartition(".")[0]
    found = importlib.import_module(module)
    for part in name.removeprefix(module).split(".")[1:]:
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True


@pytest.mark.parametrize("place", WRITTEN_ABOUT)
def test_what_words_name_is_there(place, endings):
    text = (ROOT / place).read_text(encoding="utf-8")
    missing = [name for name in FILE.findall(text) if not place.startswith("tests/") and name not in endings]
    missing += [name for name in MEMBER.findall(text) if not member_exists(name)]
    assert missing == []
