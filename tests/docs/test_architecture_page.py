"""The architecture page names what is there: every folder once, and in its walks only files that hold what it says."""

from __future__ import annotations

import re

import pytest
from documents import ROOT
from rooms_picture import rooms_picture

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
WALKED = re.findall(r"`((?:backpropviz|web|tests)/[\w/]+\.(?:py|ts))`(?:: `(\w+)`)?", PAGE)


def folders(*parts):
    return {path.name for path in ROOT.joinpath(*parts).iterdir() if path.is_dir() and not path.name.startswith("_")}


def test_every_folder_has_its_row():
    named = set(re.findall(r"^\| `([\w/]+)` \|", PAGE, re.MULTILINE))
    package = {
        f"backpropviz/{name}"
        for name in folders("backpropviz")
        if (ROOT / "backpropviz" / name / "__init__.py").exists()
    }
    front_end = {f"web/src/{name}" for name in folders("web", "src") if name != "types"}
    assert named == package | front_end


@pytest.mark.parametrize(("path", "name"), WALKED)
def test_every_stop_of_a_walk_is_there(path, name):
    text = (ROOT / path).read_text(encoding="utf-8")
    assert not name or re.search(rf"\b{name}\b", text), name


def test_the_walks_have_their_stops():
    assert len(WALKED) >= 20


def test_the_picture_is_current():
    drawn = (ROOT / "docs" / "pictures" / "rooms.svg").read_text(encoding="utf-8")
    assert drawn == rooms_picture(), "Run: python tests/docs/rooms_picture.py"
