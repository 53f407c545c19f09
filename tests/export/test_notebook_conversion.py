"""Notebooks on their way to slides, where things go wrong."""

from __future__ import annotations

import json
import subprocess
import sys

import nbformat
import pytest
from sample_deck import sample_notebook, write_notebook

import backpropviz as bpv
from backpropviz.cli import main
from backpropviz.errors import ExportError, InputError
from backpropviz.export.mathml import mathml
from backpropviz.export.notebooks import WIDGET_TYPE, read_notebook, widgets_to_pages
from backpropviz.export.shown_graph import SHOWN_GRAPH_TYPE, ShownGraph
from backpropviz.export.slide_room import make_room
from backpropviz.export.slides import DeckOptions, make_deck, outside_addresses


def with_saved_explorer():
    """A notebook as JupyterLab saves it after an explorer was shown."""
    shown_graph = ShownGraph(bpv.parse("x*z"), {"x": 2.0, "z": 3.0})
    output = nbformat.v4.new_output
    notebook = sample_notebook([("markdown", "# Saved"), ("code", "bpv.explore(...)")])
    notebook.cells[1].outputs = [
        output("display_data", {WIDGET_TYPE: {"model_id": "a"}, "text/plain": "Explorer"}),
        output(
            "display_data",
            {SHOWN_GRAPH_TYPE: shown_graph.to_plain(), "image/svg+xml": "<svg/>", "text/plain": "Explorer"},
        ),
        output("display_data", {WIDGET_TYPE: {"model_id": "b"}, "text/plain": "Somebody's slider"}),
    ]
    notebook.metadata["widgets"] = {"state": {}}
    return notebook


def test_a_command_loads_no_grammars_of_addresses(tmp_path):
    notebook = write_notebook(tmp_path / "deck.ipynb", [("markdown", "# One slide")])
    code = "import sys; from backpropviz.cli import main; "
    code += f"print(main(['slides', {str(notebook)!r}, '-o', {str(tmp_path / 'deck.html')!r}, '--no-execute']), "
    code += "'rfc3987_syntax' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 False"


def test_a_saved_explorer_becomes_a_page_without_running_anything():
    notebook = with_saved_explorer()
    assert widgets_to_pages(notebook, theme="light") == 1
    page, other = notebook.cells[1].outputs
    assert set(page.data) == {"text/html", "text/plain"}
    assert "srcdoc=" in page.data["text/html"]
    assert set(other.data) == {"text/plain"}
    assert "widgets" not in notebook.metadata
    nbformat.validate(notebook)


def test_a_saved_explorer_that_was_tampered_with_is_refused():
    notebook = with_saved_explorer()
    notebook.cells[1].outputs[1].data[SHOWN_GRAPH_TYPE]["graph"]["nodes"][0]["op"] = "system"
    with pytest.raises(ExportError, match="saved explorer"):
        widgets_to_pages(notebook)


def test_what_is_folded_away_in_a_notebook_is_in_slides_too():
    text = "<details><summary>Answers</summary>\n\n1. H<sub>2</sub>O\n\n</details>"
    html = make_deck(sample_notebook([("markdown", text)])).html
    folded = html.partition("<details><summary>Answers</summary>")[2].partition("</details>")[0]
    assert "<li>H<sub>2</sub>O</li>" in folded


def test_slides_begin_where_the_notebook_says_or_at_headings():
    notebook = sample_notebook(
        [("markdown", "text"), ("markdown", "# One"), ("markdown", "### Not"), ("markdown", "## Two")]
    )
    assert make_deck(notebook).slides == 3
    notebook = sample_notebook([("markdown", "# One"), ("markdown", "# Two")])
    notebook.cells[0].metadata["slideshow"] = {"slide_type": "slide"}
    assert make_deck(notebook).slides == 1
    assert "<title>One</title>" in make_deck(notebook).html


def test_what_a_deck_would_fetch_is_told():
    deck = make_deck(
        sample_notebook([("markdown", "# A\n\n![far](https://example.org/far.png) [link](https://example.org)")])
    )
    assert deck.warnings == ("Loaded from the network, so missing without one: https://example.org/far.png",)
    page = "<p style='background:url(//a.b/c)'><script src=https://d.e/f></script><a href='https://g'>"
    assert sorted(outside_addresses(page)) == ["//a.b/c", "https://d.e/f"]


def test_a_failing_cell_leaves_nothing_behind(tmp_path, capfd, kernels):
    notebook = write_notebook(tmp_path / "bad.ipynb", [("markdown", "# A"), ("code", "1/0")])
    target = tmp_path / "bad.html"
    assert main(["slides", str(notebook), "-o", str(target)]) == 1
    told = capfd.readouterr().err
    assert "Cell 2 of the notebook fails: ZeroDivisionError: division by zero" in told
    assert "without encryption" not in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.ipynb"]


def test_a_cell_that_takes_too_long_is_stopped(tmp_path, capsys, kernels):
    notebook = write_notebook(tmp_path / "slow.ipynb", [("code", "import time\ntime.sleep(60)")])
    assert main(["slides", str(notebook), "-o", str(tmp_path / "slow.html"), "--seconds", "2"]) == 1
    assert "Cell 1 of the notebook took longer than 2 s" in capsys.readouterr().err
    assert not (tmp_path / "slow.html").exists()


@pytest.mark.parametrize(
    "content", ["", "not json", "{}", json.dumps({"cells": 3, "nbformat": 4, "nbformat_minor": 5}), "\x00"]
)
def test_what_is_no_notebook_is_named(tmp_path, content):
    path = tmp_path / "file.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ExportError, match=r"file\.ipynb is not a notebook"):
        read_notebook(path)


def test_a_missing_file_is_named(tmp_path, capsys):
    assert main(["slides", str(tmp_path / "none.ipynb")]) == 1
    assert "none.ipynb cannot be read: No such file" in capsys.readouterr().err
    assert main(["slides", str(write_notebook(tmp_path / "a.ipynb")), "--css", str(tmp_path / "none.css")]) == 1
    assert "none.css" in capsys.readouterr().err


def test_unknown_themes_are_refused():
    with pytest.raises(InputError, match="Write 'white' or 'black'"):
        make_deck(sample_notebook(), DeckOptions(theme="league"))


def test_a_style_cannot_end_its_element():
    deck = make_deck(sample_notebook([("markdown", "# A")]), DeckOptions(style="</style><script>alert(1)</script>"))
    assert "</style><script>alert(1)" not in deck.html


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"\frac{\partial y}{\partial x}", "<mfrac>"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "<mtable"),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "<mtable"),
        (r"\log{\left(x \right)}", 'stretchy="false"'),
        (r"\ln x", '<mspace width="0.17em">'),
        (r"\text{<img src=x onerror=alert(1)>}", "&lt;img"),
        ("", ""),
    ],
)
def test_mathematics_becomes_mathml(tex, expected):
    assert expected in mathml(tex)


def test_mathematics_cannot_reach_outside():
    told: list[str] = []
    made = mathml(
        r"\href{javascript:alert(1)}{x}\style{background:url(//a.b)}{y}\class{c}{z}\nonsense", unknown=told.append
    )
    assert not {"href", "style=", "class", "javascript", "url("} & set(made.replace(">", " ").replace('"', " ").split())
    assert "javascript" not in made
    assert told == [r"\nonsense"]


def test_a_fragment_whose_graph_would_be_small_is_a_slide_of_its_own():
    shown = nbformat.v4.new_output("display_data", {"text/html": '<div class="bpv-frame-holder"></div>'})
    kinds = {"slide": "## Backward\n\nOne line.\n\nAnother line.", "fragment": "a", "skip": "long\n" * 40}
    title, code, left_out = [
        nbformat.v4.new_markdown_cell(source, metadata={"slideshow": {"slide_type": kind}})
        if kind != "fragment"
        else nbformat.v4.new_code_cell(source, outputs=[shown], metadata={"slideshow": {"slide_type": kind}})
        for kind, source in kinds.items()
    ]
    make_room(nbformat.v4.new_notebook(cells=[title, code, left_out]), 720)
    types = [cell.metadata["slideshow"]["slide_type"] for cell in (title, code, left_out)]
    assert types == ["slide", "slide", "skip"]


def test_code_beside_a_graph_is_folded_also_where_it_comes_as_a_fragment():
    shown = nbformat.v4.new_output("display_data", {"text/html": '<div class="bpv-frame-holder"></div>'})
    title = nbformat.v4.new_markdown_cell("## Forward", metadata={"slideshow": {"slide_type": "slide"}})
    code = nbformat.v4.new_code_cell("a\nb\nc", outputs=[shown], metadata={"slideshow": {"slide_type": "fragment"}})
    make_room(nbformat.v4.new_notebook(cells=[title, code]), 720)
    assert code.metadata == {"slideshow": {"slide_type": "fragment"}, "backpropviz": {"folded": True}}
