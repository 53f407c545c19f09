"""Names made of markup appear as they are written, and run nothing, in everything that leaves the notebook."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hostile import MARK, NAMES, hostile_graph
from painted import wait_until_painted, wait_until_still
from sample_deck import sample_notebook

import backpropviz as bpv
from backpropviz.cli import main
from backpropviz.export.plotly_figure import to_figure
from backpropviz.export.raster import to_png
from backpropviz.export.shown_graph import Look, ShownGraph
from backpropviz.export.slides import make_deck
from backpropviz.export.svg import svg_picture
from backpropviz.export.tikz import to_latex

pytestmark = pytest.mark.browser


def shown_graph(**look) -> ShownGraph:
    graph, point = hostile_graph()
    return ShownGraph(graph, point, look=Look(**look), title=NAMES[1])


def harmless(page) -> bool:
    """Nothing ran, in the page or in a frame on it."""
    return all(frame.evaluate(f"window.{MARK} === undefined") for frame in page.frames)


@pytest.mark.parametrize("study_aids", [False, True])
def test_in_a_page(offline, tmp_path, study_aids):
    path = tmp_path / "<img src=x onerror=alert(1)>.html"
    path.write_text(shown_graph().to_html(study_aids=study_aids), encoding="utf-8")
    root = offline.open(path)
    assert offline.page.title() == NAMES[1]
    assert offline.page.locator("h1").inner_text() == NAMES[1]
    seen = root.evaluate("root => [...root.querySelectorAll('[data-node]')].map((each) => each.dataset.node)")
    assert set(NAMES) <= set(seen)
    for button in root.locator(".bpv-aid-button").all():
        if button.is_visible():
            button.click()
    for name in NAMES:
        root.evaluate(
            "(root, name) => [...root.querySelectorAll('[data-node]')].find((e) => e.dataset.node === name)"
            ".dispatchEvent(new MouseEvent('click', { bubbles: true }))",
            name,
        )
        wait_until_painted(offline.page)
        assert name in root.locator(".bpv-explanation").text_content()
    offline.page.keyboard.press("End")
    offline.page.wait_for_timeout(200)
    assert harmless(offline.page)


def test_in_a_frame_and_in_a_deck(offline, tmp_path):
    graph_cell = ("code", "shown")
    notebook = sample_notebook([("markdown", "# A"), graph_cell])
    import nbformat  # noqa: PLC0415  this test alone

    notebook.cells[1].outputs = [
        nbformat.v4.new_output("display_data", {"text/html": shown_graph().to_iframe(), "text/plain": "x"})
    ]
    path = tmp_path / "deck.html"
    path.write_text(make_deck(notebook).html, encoding="utf-8")
    offline.open(path, explorers=0)
    offline.page.frame_locator("iframe").locator(".bpv[data-steps]").wait_for()
    assert harmless(offline.page)


def test_in_an_svg_opened_by_itself_and_in_a_page(offline, tmp_path):
    shown = shown_graph()
    svg = svg_picture(shown.scene, shown.timeline)
    texts = {element.text for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")}  # noqa: S314
    assert {name for index, name in enumerate(NAMES) if index % 2 == 0} <= texts
    path = tmp_path / "picture.svg"
    path.write_text(svg, encoding="utf-8")
    offline.open(path, explorers=0)
    assert harmless(offline.page)
    (tmp_path / "around.html").write_text(f"<!DOCTYPE html><meta charset=utf-8>{svg}", encoding="utf-8")
    offline.open(tmp_path / "around.html", explorers=0)
    assert harmless(offline.page)
    assert to_png(shown).startswith(b"\x89PNG")


def test_in_a_plotly_figure(offline, tmp_path):
    path = tmp_path / "figure.html"
    to_figure(shown_graph()).write_html(path, include_plotlyjs=True, auto_play=False)
    offline.open(path, explorers=0)
    offline.page.locator(".main-svg").first.wait_for()
    wait_until_still(offline.page.locator("body"))
    texts = offline.page.locator(".main-svg text").all_text_contents()
    for name in NAMES:
        assert any(name in text for text in texts), name
    assert offline.page.locator(".main-svg a").count() == 0
    assert harmless(offline.page)


def test_in_latex():
    text = to_latex(shown_graph())
    for command in (r"\input{", r"\href{", "\\input\\"):
        assert command not in text
    assert r"input\{/etc/passwd\}" in text


def test_in_error_texts(offline, tmp_path, capsys):
    hostile = NAMES[0]
    assert main(["html", "x*z", f"{hostile}=1"]) == 1
    assert main(["html", hostile, "x=1"]) == 1
    assert main(["slides", str(tmp_path / hostile.replace("/", ""))]) == 1
    told = capsys.readouterr().err
    assert hostile in told
    traits = {"message": {"text": hostile, "source": hostile, "start": 2, "end": 5, "hint": NAMES[1]}}
    page = shown_graph().page()
    path = tmp_path / "page.html"
    path.write_text(type(page)(page.title, page.specification, {**page.traits, **traits}).to_html(), encoding="utf-8")
    root = offline.open(path)
    assert hostile in root.locator(".bpv-message").text_content()
    assert harmless(offline.page)


def test_a_hostile_name_is_refused_where_names_are_read():
    with pytest.raises(bpv.errors.BackpropvizError):
        bpv.parse(f"{NAMES[0]}*z")
