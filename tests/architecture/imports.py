"""Who imports whom in the package: when it runs, for annotations alone, and by names in strings."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "backpropviz"


@cache
def sources() -> dict[str, Path]:
    """Give every file of the package by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        found[".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")] = path
    return found


def tracked() -> list[Path]:
    """Give the files of the repository, or those of the package where there is none."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        return list(sources().values())
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def imported(path: Path) -> Iterator[tuple[str, str]]:
    """Give (module, name) of each import of a file; the name is empty where a whole module is imported.

    An import by a string counts: any text in the file that is the dotted name of a module of the package. A docstring
    is longer than such a name, so it never counts.
    """
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in sources():
            yield node.value, ""


def home(module: str, name: str) -> str:
    """Find the file that defines what is imported: packages hand on names of others."""
    while True:
        if f"{module}.{name}" in sources() and name not in _handed_on(module):
            return f"{module}.{name}"
        if name not in _handed_on(module):
            return module
        module = _handed_on(module)[name]


@cache
def _handed_on(package: str) -> dict[str, str]:
    path = sources().get(package)
    if path is None or path.name != "__init__.py":
        return {}
    return {
        name: module
        for module, name in imported(path)
        if module in sources() and name and f"{module}.{name}" not in sources()
    }
