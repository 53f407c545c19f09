"""The html command: pages, exit codes, and what it says."""

from __future__ import annotations

import runpy
import sys

import pytest

from backpropviz.cli import main
from backpropviz.export.shown_graph import ShownGraph
from backpropviz.graph import parse


def test_it_writes_the_page_that_the_explorer_writes(tmp_path, capsys):
    target = tmp_path / "out.html"
    assert main(["html", "x*z + ln(x)", "x=2", "z=3", "-o", str(target)]) == 0
    shown = ShownGraph(parse("x*z + ln(x)"), {"x": 2.0, "z": 3.0}, typed="x*z + ln(x)")
    assert target.read_text(encoding="utf-8") == shown.to_html()
    assert "Wrote" in capsys.readouterr().out
    assert main(["html", "x*z + ln(x)", "-o", str(target)]) == 0  # no value is given: 2 and 3 fit
    assert target.read_text(encoding="utf-8") == shown.to_html()


def test_values_may_be_fractions(tmp_path):
    target = tmp_path / "out.html"
    assert main(["html", "-o", str(target), "--", "-x", "x=-3/4"]) == 0
    assert '"x":-0.75' in target.read_text(encoding="utf-8")


def test_a_number_that_overflows_is_no_infinity(tmp_path, capsys):
    assert main(["html", "x*y", "x=1e999", "y=1", "-o", str(tmp_path / "out.html")]) == 1
    assert "x=1e999 is beyond the largest number" in capsys.readouterr().err


def test_its_options_reach_the_page(tmp_path):
    target = tmp_path / "out.html"
    options = [
        "--title",
        "A <title>",
        "--range",
        "x=0:4",
        "--mode",
        "forward",
        "--theme",
        "dark",
        "--large",
        "--study-aids",
    ]
    assert main(["html", "x*x", "x=−2", *options, "-o", str(target)]) == 0
    page = target.read_text(encoding="utf-8")
    for part in (
        "<title>A &lt;title&gt;</title>",
        'data-theme="dark"',
        '"size":"large"',
        '"mode":"forward"',
        '"x":-2.0',
    ):
        assert part in page


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["x*z", "x=2"], "No value for input 'z'"),
        (["x*z", "x=2", "z=three"], "'three' is not a number"),
        (["x*z", "x=2", "z=3", "x=4"], "x is given twice: 2 and 4"),
        (["x*z", "x=2", "z"], "not of the form NAME=NUMBER"),
        (["x*z", "x=2", "z=3", "w=4"], "w"),
        (["2x", "x=2"], "at character"),
        (["x*x", "x=2", "--range", "x=4:0"], "low must be below high"),
        (["x*x", "x=2", "-o", "missing/folder/out.html"], "was not written"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_written(tmp_path, monkeypatch, capsys, arguments, told):
    monkeypatch.chdir(tmp_path)
    assert main(["html", *arguments]) == 1
    assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["html", "slides", "lab"])
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert "usage: backpropviz" in capsys.readouterr().out


def test_a_graph_without_numbers_is_exported(tmp_path):
    assert main(["html", "ln(x)/z", "x=-1", "z=nan", "-o", str(tmp_path / "out.html")]) == 0


def test_the_command_is_a_module_too(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["backpropviz", "--version"])
    with pytest.raises(SystemExit, match="0"):
        runpy.run_module("backpropviz", run_name="__main__")
    assert capsys.readouterr().out.startswith("backpropviz 0.")
