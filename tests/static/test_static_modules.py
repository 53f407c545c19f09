"""The files of the page as one module: joined without a bundler, and the engine without a page."""

from __future__ import annotations

import re

import pytest

from backpropviz.static import module_text, read_text

ENGINE = ("special.js", "ops.js", "engine.js", "replay.js", "format.js", "narration.js")


@pytest.mark.parametrize("name", ENGINE)
def test_engine_knows_no_page(name):
    assert not re.search(r"\b(document|window|navigator|requestAnimationFrame)\b", read_text(name))


def test_joined_module_is_one_module():
    text = module_text()
    assert not re.search(r"^(import|export (?!default))", text, re.MULTILINE)
    assert text.count("export default") == 1


def test_joined_module_loads(javascript):
    # base64 through TextEncoder, since the text has signs beyond Latin-1
    body = """
      const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
      const module = await import(`data:text/javascript;base64,${btoa(bytes)}`);
      return [Object.keys(module), typeof module.default.render];"""
    assert javascript(body, text=module_text()) == [["default"], "function"]
