"""Layers import one way, files stay short, names say something."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "backpropviz"
FRONT_END = ROOT / "web" / "src"

# What each layer stands on; whatever those stand on is allowed as well.
STANDS_ON: dict[str, set[str]] = {
    "errors": set(),
    "static": set(),
    "ops": {"errors"},
    "graph": {"ops"},
    "lecture_examples": {"graph"},
    "autodiff": {"graph"},
    "steps": {"autodiff"},
    "exercises": {"steps"},
    "charts": {"steps"},
    "adopt": {"autodiff"},
    "learn": {"autodiff", "charts"},
    "scene": {"steps"},
    "export": {"scene", "charts", "static"},
    "runs": {"learn", "export"},
    "widgets": {"runs", "exercises", "export"},
}


def below(layer: str) -> set[str]:
    """Every layer that `layer` may import."""
    return STANDS_ON[layer].union(*(below(other) for other in STANDS_ON[layer]))


HEAVY = {"plotly", "ipywidgets", "anywidget", "sympy", "IPython", "traitlets"}
# Runs source that is written from node numbers and a fixed table of functions; its own test reads that source.
GENERATES_CODE = {"backpropviz/autodiff/fast/source.py"}
SAYS_NOTHING = {"util", "utils", "helper", "helpers", "common", "misc", "core"}


def imports(path: Path):
    """Modules a file imports when it runs; imports for annotations alone do not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def sources():
    return sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path):
    layer = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if layer in {"__init__", "cli", "__main__"}:
        return
    allowed = below(layer) | {layer}
    for module in imports(path):
        parts = module.split(".")
        if parts[0] == "backpropviz" and len(parts) > 1 and (PACKAGE / parts[1]).exists():
            assert parts[1] in allowed, f"{layer} imports {module}"
        if layer != "widgets":
            assert parts[0] not in HEAVY - {"sympy", "plotly"}, f"{layer} imports {module}"


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        return sources()
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_no_file_is_long():
    long = {
        str(path.relative_to(ROOT)): count
        for path in tracked()
        if path.suffix in {".py", ".js", ".mjs", ".ts", ".css"}
        and "vendor" not in path.parts
        and path.parent != PACKAGE / "static"
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}


def test_every_name_says_something():
    assert [str(path) for path in sources() if path.stem in SAYS_NOTHING or path.parent.name in SAYS_NOTHING] == []


def test_user_text_is_never_run():
    banned = re.compile(r"\beval\(|\bexec\(|innerHTML|sympify\(|parse_expr\(|new Function\(")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.js"), *FRONT_END.rglob("*.ts")]
        if "vendor" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if banned.search(line) and path.relative_to(ROOT).as_posix() not in GENERATES_CODE
    ]
    assert found == []


def test_importing_the_package_loads_no_widget_or_plotting_library():
    check = f"import sys, backpropviz; print(sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_names_of_the_front_end_are_unique_and_free_of_outside_addresses():
    names: dict[str, str] = {}
    for path in sorted(FRONT_END.rglob("*.ts")):
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"^(?:export )?(?:async )?(?:function\*?|const|let|class) (\w+)", text, re.MULTILINE):
            assert name not in names, f"{name} in {path.name} and {names[name]}"
            names[name] = path.name
        assert not re.search(r"https?://(?!www\.w3\.org)", text), path.name


def test_no_two_test_files_share_a_name():
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
