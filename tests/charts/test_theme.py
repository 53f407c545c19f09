"""The still pictures and the page share one set of colours, and text can be read on them."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from backpropviz.charts.theme import DARK, LIGHT

THEME = Path(__file__).parents[2] / "web" / "src" / "page" / "theme.css"
IN_THE_PAGE = {
    "paper": "paper",
    "ink": "ink",
    "muted": "muted",
    "faint": "line",
    "value": "value",
    "gradient": "slope",
    "current": "amber",
    "value_line": "value-trace",
    "gradient_line": "slope-trace",
    "input_fill": "input",
    "gate_fill": "gate",
    "constant_fill": "constant",
}


def page_colours(selector: str) -> dict[str, str]:
    style = THEME.read_text(encoding="utf-8")
    start = style.index(selector)
    return dict(re.findall(r"--bpv-([\w-]+): (#[0-9a-f]{6})", style[start : style.index("}", start)]))


def luminance(colour: str) -> float:
    parts = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("theme", "selector"), [(LIGHT, ".bpv {"), (DARK, '.bpv[data-theme="dark"]')])
def test_one_set_of_colours(theme, selector):
    page = page_colours(selector)
    assert asdict(theme) == {name: page[of] for name, of in IN_THE_PAGE.items()}


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_text_and_lines_stand_out(theme):
    for text in (theme.ink, theme.muted, theme.value, theme.gradient):
        assert contrast(text, theme.paper) >= 4.5
    for line in (theme.faint, theme.value_line, theme.gradient_line):
        assert contrast(line, theme.paper) >= 2.9
