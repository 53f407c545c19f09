"""The built scripts of the page, and its story without a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backpropviz.static import read_text

STORY = sorted((Path(__file__).parents[2] / "web" / "src" / "story").glob("*.ts"))


@pytest.mark.parametrize("path", STORY, ids=lambda path: path.stem)
def test_the_story_knows_no_page(path):
    assert not re.search(r"\b(document|window|navigator|requestAnimationFrame)\b", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["launch.js", "exercise.js", "trainer.js", "replay.js", "tables.js"])
def test_a_widget_is_one_module(javascript, name):
    # base64 through TextEncoder, since the text has signs beyond Latin-1
    body = """
      const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
      const module = await import(`data:text/javascript;base64,${btoa(bytes)}`);
      return [Object.keys(module), typeof module.default.render];"""
    assert javascript(body, text=read_text(name)) == [["default"], "function"]


@pytest.mark.parametrize("kind", ["", "array_"])
@pytest.mark.parametrize("name", ["explorer.js", "aids.js"])
def test_parts_import_what_they_share_and_nothing_else(kind, name):
    assert re.findall(r'\}from"([^"]*)"', read_text(kind + name)) == [f"./{kind}shared.js"]
