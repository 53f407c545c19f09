"""Notebooks as they are kept: no outputs, short cells, prose between, links that lead somewhere, every example."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from lessons import FOLDER, PATHS, cells, read, source

EXAMPLES = Path(__file__).parents[1] / "reference" / "worked_examples.json"
each_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


@each_notebook
def test_nothing_is_stored_that_a_run_makes(path):
    for cell in cells(path, "code"):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
    metadata = read(path)["metadata"]
    assert metadata["kernelspec"]["name"] == "python3"
    assert "widgets" not in metadata


@each_notebook
def test_the_file_is_written_as_jupyter_writes_it(path):
    text = path.read_text(encoding="utf-8")
    assert text == json.dumps(read(path), indent=1, ensure_ascii=False) + "\n"
    identifiers = [cell["id"] for cell in cells(path)]
    assert len(set(identifiers)) == len(identifiers)


@each_notebook
def test_cells_are_short_and_prose_stands_between(path):
    for cell in cells(path, "code"):
        assert len(cell["source"]) <= 15, source(cell)
        assert all(len(line) <= 115 for line in source(cell).splitlines()), source(cell)
    kinds = [cell["cell_type"] for cell in cells(path)]
    assert kinds[0] == "markdown"
    runs = re.findall(r"c+", "".join(kind[0] for kind in kinds))
    assert max(map(len, runs), default=0) <= 2  # a picture and its twin may stand together


@each_notebook
def test_a_lesson_has_a_goal_and_its_sources(path):
    text = "\n".join(source(cell) for cell in cells(path, "markdown"))
    assert source(cells(path)[0]).startswith("# ")
    if path.stem[:2] not in {"00", "01", "11"}:
        assert "**Goal.**" in text
        assert "**Time.**" in text
        assert "## Where this comes from" in text
    assert not re.search(r"\b(utilize|leverage|delve|seamless|color|behavior|center)\b", text, re.IGNORECASE)


@each_notebook
def test_links_lead_to_files(path):
    text = "\n".join(source(cell) for cell in cells(path, "markdown"))
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        assert target.startswith("https://") or (path.parent / target).exists(), target


@each_notebook
def test_code_is_python(path):
    for cell in cells(path, "code"):
        ast.parse(re.sub(r"^%.*$", "", source(cell), flags=re.MULTILINE))


def test_the_gallery_names_every_notebook():
    gallery = "\n".join(source(cell) for cell in cells(FOLDER / "00_start.ipynb"))
    assert [path.name for path in PATHS[1:] if f"({path.name})" not in gallery] == []


def test_every_worked_example_of_the_lectures_appears():
    text = "\n".join(source(cell) for path in PATHS for cell in cells(path, "code"))
    missing = [example["id"] for example in json.loads(EXAMPLES.read_text()) if example["id"] not in text]
    assert missing == []
