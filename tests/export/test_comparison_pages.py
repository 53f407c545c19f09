"""A comparison as a page: its tables and charts as text, nothing to run, nothing to fetch."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

import backpropviz as bpv
from backpropviz.charts.logarithmic_chart import Line, chart


def test_it_has_every_table_and_chart_and_nothing_that_runs(tmp_path):
    comparison = bpv.compare("exp(x*z) + x*z/ln(x)", x=2, z=3)
    text = comparison.to_html(tmp_path / "comparison.html")
    assert (tmp_path / "comparison.html").read_text(encoding="utf-8") == text
    assert [table["title"] for table in comparison.content()["tables"]] == re.findall("<caption>(.*?)</caption>", text)
    assert len(re.findall("<svg ", text)) == 2
    assert "default-src 'none'" in text
    assert not re.search(r"<script|\son\w+=|https?:", text.replace("http://www.w3.org/2000/svg", ""))


def test_a_graph_without_inputs_has_costs_but_no_errors():
    text = bpv.compare("2*3").to_html()
    (title,) = re.findall('class="title"[^>]*>(.*?)<', text)
    assert title.startswith("Cost of the gradient")


def test_names_are_text():
    builder = bpv.graph.GraphBuilder()
    graph = builder.build(builder.apply("sin", builder.input("<b>x</b>")))
    text = bpv.compare(graph, {"<b>x</b>": 1.0}).to_html()
    assert "&lt;b&gt;x&lt;/b&gt;" in text
    assert "<b>" not in text


def _drawn(text):
    picture = ET.fromstring(text)  # noqa: S314  our own text
    assert picture.get("role") == "img"
    return picture


def test_a_power_law_is_a_straight_line_between_its_ends():
    powers = [(10.0**k, 10.0 ** (-2 * k)) for k in range(5)]
    line = next(
        each for each in _drawn(chart("t", "x", "y", [Line("a", powers, "value")])) if "line" in each.get("class")
    )
    places = [tuple(map(float, pair.split(","))) for pair in line.get("d")[1:].split("L")]
    steps = [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(places)]
    assert all(step == pytest.approx(steps[0], abs=0.2) for step in steps)
    assert steps[0][0] > 0
    assert steps[0][1] > 0  # downwards


def test_numbers_without_a_place_are_left_out_and_names_stand_apart():
    lines = [
        Line("first", [(1.0, 0.0), (10.0, 5.0), (100.0, 5.0), (1e3, float("inf"))], "value"),
        Line("second", [(10.0, 5.0), (100.0, 5.0)], "gradient", dashed=True),
        Line("a single point", [(10.0, 5.0)], "muted"),
    ]
    picture = _drawn(chart("t", "x", "y", lines))
    drawn = [each for each in picture if each.get("class", "").startswith("line")]
    assert [each.get("d").count(",") for each in drawn] == [2, 2]
    assert [each.get("stroke-dasharray") is not None for each in drawn] == [False, True]
    heights = {
        each.text: float(each.get("y")) for each in picture if each.text in {"first", "second", "a single point"}
    }
    assert set(heights) == {"first", "second"}
    assert abs(heights["first"] - heights["second"]) >= 12
    assert chart("t", "x", "y", lines[2:]) == ""
