"""What the documentation says is run, and where it points is looked up."""

from __future__ import annotations

import math
import re
import subprocess
import sys

import pytest
from documents import PAGES, ROOT, anchors, code, links, rows

import backpropviz as bpv
from backpropviz.graph.text.functions import functions
from backpropviz.ops import REGISTRY

DOCS = ROOT / "docs"
RUN = [ROOT / "README.md", *(DOCS / f"{name}.md" for name in ("how_to", "user_guide", "adding_an_operation"))]
RUN.append(DOCS / "adding_a_view_or_notebook.md")
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@each_page
def test_links_lead_somewhere(page):
    for target in links(page):
        if target.startswith(("https://", "http://")):
            assert target.startswith("https://"), target
            continue
        name, _, anchor = target.partition("#")
        file = page if not name else (page.parent / name).resolve()
        if file.parent == DOCS / "lessons" and file.suffix == ".ipynb":
            file = ROOT / "notebooks" / file.name  # the site's build copies them
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


@each_page
def test_lines_are_short_and_spelling_is_british(page):
    if page.name.startswith(("api_", "published_", "CHANGELOG")):
        return  # written by program, or by many
    text = page.read_text(encoding="utf-8")
    prose = re.sub(r"`[^`]*`|\]\([^)]*\)", "", text)
    long = [line for line in text.splitlines() if len(line) > 125 and not line.startswith(("|", "[!", "!["))]
    assert long == []
    assert not re.search(r"\b(color|behavior|center|neighbor|visualize|optimizer)s?\b", prose)


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.name)
def test_code_runs(page, tmp_path):
    """In a process of its own, since it may register operations, and in an empty folder, since it may write files."""
    script = tmp_path / "page.py"
    script.write_text("\n".join(code(page)), encoding="utf-8")
    done = subprocess.run([sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_the_tour_is_ten_lines_and_says_what_comes_out(tmp_path):
    (tour,) = code(ROOT / "README.md")
    assert len([line for line in tour.splitlines() if line]) == 10
    tape = bpv.parse("a = x*z; b = ln(x); y = exp(a) + a/b").evaluate(x=2, z=3)
    assert str(float(tape.primals["b"])).startswith("0.6931")


def test_a_wrong_rule_is_told_where_the_page_says_so(tmp_path):
    script = "\n".join(code(DOCS / "adding_an_operation.md"))
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "cube" in done.stdout
    assert "Correct the rule" in done.stdout


def _numbers(text):
    parts = (re.split("[:=]", part) for part in text.split(","))
    return {name.strip(): float(number) for name, number in parts}


@pytest.mark.parametrize("row", rows(DOCS / "conventions.md", "expression"), ids=lambda row: f"{row[0]} at {row[1]}")
def test_conventions_are_as_written(row):
    expression, point, gradient, _ = row
    found = bpv.gradient(bpv.parse(expression.strip("`")), _numbers(point))
    for name, expected in _numbers(gradient).items():
        number = float(found[name])
        assert math.isnan(number) if math.isnan(expected) else number == expected, name


def test_the_guide_lists_every_function_and_every_call_exists():
    text = (DOCS / "user_guide.md").read_text(encoding="utf-8")
    listed = re.search(r"these functions:\n(.*?)\. A program", text, re.DOTALL)[1]
    assert set(re.findall(r"\w+", listed)) - {"or"} == set(functions())
    for name in re.findall(r"\bbpv\.(\w+)", "".join(page.read_text(encoding="utf-8") for page in PAGES)):
        assert hasattr(bpv, name) or name == "name", name


def test_roles_are_as_the_glossary_has_them():
    for role, gates in rows(DOCS / "glossary.md", "role"):
        for name in re.findall(r"\b[a-z_0-9]+\b", gates):
            if name in REGISTRY:
                assert REGISTRY[name].role.name == role, name
    told = {role for role, _ in rows(DOCS / "glossary.md", "role")}
    assert {op.role.name for op in REGISTRY.values()} - told <= {"gradient blocker"}


def test_every_lesson_has_its_notes():
    text = (DOCS / "instructor_notes.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"))[1:]:
        assert f"## {path.stem[:2]} " in text, path.stem


def test_pictures_are_small_and_whole():
    for path in (DOCS / "pictures").iterdir():
        assert path.stat().st_size < 200_000, path.name
        start = path.read_bytes()[:6]
        whole = start.startswith((b"<svg", b"<?xml", b"GIF8", b"\x89PNG"))
        assert whole or (path.suffix == ".tex" and start.startswith(b"\\")), path.name
