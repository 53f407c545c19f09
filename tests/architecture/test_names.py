"""One word for one thing: no public name stands twice in the package, and no file name in three folders."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from imports import PACKAGE, ROOT, sources

if TYPE_CHECKING:
    from collections.abc import Iterator

# A table that every file of a room has, and that the room gathers.
ONE_IN_EACH = {"OPS": "backpropviz/ops", "HANDLERS": "backpropviz/adopt/aten"}


def defined(tree: ast.Module) -> Iterator[str]:
    """Names that a file defines at its top, in branches for type checkers too."""
    blocks = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.If))]
    for node in (node for block in blocks for node in block):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (each.id for each in node.targets if isinstance(each, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def test_no_public_name_stands_twice():
    homes = defaultdict(set)
    for path in sources().values():
        for name in defined(ast.parse(path.read_text(encoding="utf-8"))):
            folder = path.parent.relative_to(ROOT).as_posix()
            if not name.startswith("_") and ONE_IN_EACH.get(name) != folder:
                homes[name].add(path.relative_to(PACKAGE).as_posix())
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


def test_no_file_name_stands_in_three_folders():
    folders = defaultdict(set)
    for path in sources().values():
        if path.name != "__init__.py":
            folders[path.stem].add(path.parent)
    assert {stem: places for stem, places in folders.items() if len(places) > 2} == {}


def test_a_class_of_the_trainer_is_styled_nowhere_else():
    """All style sheets meet in one notebook: the score of an exercise once stood in a column of the trainer's."""
    sheets = {path: path.read_text("utf-8") for path in (ROOT / "web" / "src").rglob("*.css")}
    bare = re.compile(r"^\.bpv \.(bpv-[\w-]+)(?:,| \{)$", re.MULTILINE)
    training = {name for path, text in sheets.items() if path.parent.name == "training" for name in bare.findall(text)}
    others = {
        name
        for path, text in sheets.items()
        if path.parent.name != "training"
        for name in re.findall(r"\.(bpv-[\w-]+)", text)
    }
    assert "bpv-score" in training
    assert sorted(training & others) == []
