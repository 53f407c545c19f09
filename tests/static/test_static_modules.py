"""The built scripts of the page, and its story without a page."""

from __future__ import annotations

import re
import zlib
from importlib.resources import files
from pathlib import Path

import pytest

from backpropviz.static import read_packed, read_text

STORY = sorted((Path(__file__).parents[2] / "web" / "src" / "story").glob("*.ts"))


def script_of(name):
    """Of a notebook's view: what is packed, or what is sent as it is."""
    if files("backpropviz.static").joinpath(f"{name}.packed").is_file():
        return zlib.decompress(read_packed(name)).decode().split("\0")[1]
    return read_text(f"{name}.js")


@pytest.mark.parametrize("path", STORY, ids=lambda path: path.stem)
def test_the_story_knows_no_page(path):
    assert not re.search(r"\b(document|window|navigator|requestAnimationFrame)\b", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["launch", "exercise", "trainer", "replay", "tables"])
def test_a_widget_is_one_module(javascript, name):
    # base64 through TextEncoder, since the text has signs beyond Latin-1
    body = """
      const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
      const module = await import(`data:text/javascript;base64,${btoa(bytes)}`);
      return [Object.keys(module), typeof module.default.render];"""
    assert javascript(body, text=script_of(name)) == [["default"], "function"]


@pytest.mark.parametrize("kind", ["", "array_"])
@pytest.mark.parametrize("name", ["explorer", "aids"])
def test_parts_import_what_they_share_and_nothing_else(kind, name):
    assert re.findall(r'\}from"([^"]*)"', script_of(kind + name)) == [f"./{kind}shared.js"]
