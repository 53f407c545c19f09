"""The text of a page: its size, its repeatability, its policy, and the file it is written to."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import numpy as np
import pytest
from large_graph import LARGE_POINT, large_graph

import backpropviz as bpv
from backpropviz.errors import ExportError, GraphError, InputError
from backpropviz.export.packing import characters, packed
from backpropviz.export.page import json_text
from backpropviz.export.shown_graph import Look, ShownGraph
from backpropviz.export.whole_files import write_whole
from backpropviz.static import read_packed

EXPRESSION = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"
POINT = {"x": 2.0, "z": 3.0}


def shown_graph(**look) -> ShownGraph:
    return ShownGraph(bpv.parse(EXPRESSION), POINT, look=Look(**look), typed=EXPRESSION)


def test_small_pages_are_small():
    size = len(shown_graph().to_html().encode())
    assert size <= 52_000, f"a page with one explorer of 9 nodes has {size:,} bytes"
    formula = ShownGraph(bpv.parse("x*y + z"), {"x": 2.0, "y": 3.0, "z": 1.0})
    assert len(formula.to_html().encode()) < size  # a sum of products need not be a network


@pytest.mark.parametrize(("study_aids", "most"), [(False, 98_000), (True, 110_000)])
def test_a_page_into_which_one_types_stays_below_98_kb_and_with_study_aids_below_110(study_aids, most):
    size = len(shown_graph().to_html(editable=True, study_aids=study_aids).encode())
    assert size <= most, f"an editable page has {size:,} bytes"


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda: ShownGraph(bpv.parse("w*x"), {"w": 1.0, "x": 2.0}, updates={"w": 0.1}), "updates of parameters"),
        (
            lambda: ShownGraph(bpv.parse("h = tanh(w*x + b)"), dict.fromkeys("wxb", 1.0), look=Look(drawing="network")),
            "computation graphs",
        ),
        (lambda: ShownGraph(bpv.parse("x*x"), {"x": np.ones(3)}), "arrays"),
        (lambda: ShownGraph(bpv.parse("a = x*y; a + 1").collapse(["a"]), {"x": 1.0, "y": 2.0}), "closed gates"),
    ],
)
def test_what_could_not_be_typed_makes_no_editable_page(made, reason):
    with pytest.raises(InputError, match=reason):
        made().to_html(editable=True)


def test_a_thousand_nodes_stay_below_400_kb():
    graph = large_graph()
    assert len(graph.nodes) >= 1_000
    assert len(ShownGraph(graph, LARGE_POINT).to_html().encode()) <= 400_000


def test_an_explorer_and_what_it_shows_give_one_page():
    assert bpv.explore(EXPRESSION, **POINT).to_html() == shown_graph().to_html()


def test_the_policy_allows_what_the_page_has_and_nothing_else():
    page = shown_graph().to_html()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for text in (
        *re.findall(r"<script>(.*?)</script>", page, re.DOTALL),
        re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1],
    ):
        assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy
    assert re.findall(r'(?:src|href)="([^"]*)"', page) == ["data:,"]
    assert "http" not in page.replace("http-equiv", "")


def test_packed_text_needs_no_escaping():
    text = "".join(map(chr, range(32, 2_000))) * 5
    assert not set(packed(text)) & set("<>&\"'\\\n")


def test_json_cannot_end_its_script():
    plain = {"</script><script>alert(1)</script>": ["<!--", "&amp;", "\u2028"]}
    text = json_text(plain)
    assert not set(text) & set("<>&\u2028")
    assert json.loads(text) == plain


def test_a_shown_graph_comes_back_from_its_description():
    import numpy as np  # noqa: PLC0415  this test alone

    graph = bpv.trace(lambda weights, x: np.sum(weights @ x))
    made = ShownGraph(
        graph, {"weights": np.array([[1.0, np.nan], [np.inf, -0.5]]), "x": np.array([1.0, 2.0])}, look=Look(step=3)
    )
    plain = json.loads(json.dumps(made.to_plain(), allow_nan=False))
    again = ShownGraph.from_plain(plain)
    assert again.to_html() == made.to_html()
    assert again.graph == graph
    for broken in ({}, [], None, {**plain, "point": {"x": {"shape": [2], "entries": [1]}}}, {**plain, "graph": {}}):
        with pytest.raises((InputError, GraphError)):
            ShownGraph.from_plain(broken)


@pytest.mark.parametrize("x", [-1.0, 0.0, float("nan"), float("inf")])
def test_numbers_that_are_none_can_be_exported(x):
    page = ShownGraph(bpv.parse("ln(x)*z"), {"x": x, "z": 2.0})
    assert "<main" in page.to_html()
    assert page.to_plain()["point"]["z"] == 2.0


def test_a_file_is_whole_or_not_there(tmp_path, monkeypatch):
    target = tmp_path / "page.html"
    target.write_text("before")
    with pytest.raises(ExportError, match="not written"):
        write_whole(tmp_path / "missing" / "page.html", "text")
    with pytest.raises(ExportError, match="folder"):
        write_whole(tmp_path, "text")
    with pytest.raises(ExportError, match="surrogates"):
        write_whole(target, "half a sign: \ud800")

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(ExportError, match="No space left"):
        write_whole(target, "after")
    monkeypatch.undo()
    assert target.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    write_whole(target, "after")
    assert target.read_text() == "after"


def program_of(page: str) -> str:
    return re.search(r'data-becomes="text/css module">([^<]+)<', page)[1]


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ("tanh(x)", "page"),
        ("gelu(x)", "array_page"),
        (" + ".join(f"sin({factor}*x)" for factor in range(2, 9)), "presented_page"),
    ],
    ids=["few nodes", "a function that few graphs have", "more than are read at once"],
)
def test_a_page_has_what_its_graph_needs(text, program):
    assert program_of(ShownGraph(bpv.parse(text), {"x": 2.0}).to_html()) == characters(read_packed(program))


def test_a_page_in_forward_mode_has_what_computes_tangents():
    explorer = bpv.explore("exp(x)*x", x=2)
    explorer.mode = "forward"
    assert program_of(explorer.to_html()) == characters(read_packed("presented_array_page"))


def test_a_written_page_does_not_fill_the_cell_that_wrote_it(tmp_path):
    explorer = bpv.explore("x*z")
    written = explorer.to_html(tmp_path / "page.html")
    assert written == explorer.to_html() == (tmp_path / "page.html").read_text(encoding="utf-8")
    assert repr(written).endswith(f"kB written to {tmp_path / 'page.html'}>")
    assert len(repr(explorer.to_latex(tmp_path / "picture.tex"))) < 200
