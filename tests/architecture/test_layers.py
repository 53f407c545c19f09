"""Layers import one way, files stay short, names say something."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import networkx as nx
import pytest
from imports import PACKAGE, ROOT, home, imported, sources, tracked

FRONT_END = ROOT / "web" / "src"

# What each layer stands on; whatever those stand on is allowed as well.
STANDS_ON: dict[str, set[str]] = {
    "errors": set(),
    "static": set(),
    "schema": set(),
    "ops": {"errors"},
    "graph": {"ops"},
    "lecture_examples": {"graph"},
    "autodiff": {"graph"},
    "steps": {"autodiff", "schema"},
    "exercises": {"charts"},
    "charts": {"steps"},
    "adopt": {"autodiff"},
    "checkup": {"export"},
    "learn": {"checkup"},
    "scene": {"steps"},
    "export": {"scene", "charts", "static"},
    "runs": {"learn"},
    "widgets": {"runs", "exercises", "adopt"},
}


def below(layer: str) -> set[str]:
    """Every layer that `layer` may import."""
    return STANDS_ON[layer].union(*(below(other) for other in STANDS_ON[layer]))


HEAVY = {"plotly", "ipywidgets", "anywidget", "sympy", "IPython", "traitlets"}
# Runs source that is written from node numbers and a fixed table of functions; its own test reads that source.
GENERATES_CODE = {"backpropviz/autodiff/fast/source.py"}
# One class with many public methods that are documented where they are called: cut in two, it would be mixins.
DOCUMENTED_WHOLE = {"backpropviz/widgets/explorer.py"}
SAYS_NOTHING = {"util", "utils", "helper", "helpers", "common", "misc", "core"}


# graph: what enters it from above is plugged in by name, at the latest when a graph first needs numbers.
PLUGGED_IN = {("backpropviz.graph.engine", "backpropviz.autodiff")}
WITHOUT_LAYER = {"backpropviz", "backpropviz.cli", "backpropviz.__main__"}


@pytest.mark.parametrize("name", sources())
def test_imports_go_one_way(name):
    if name in WITHOUT_LAYER:
        return
    layer = name.split(".")[1]
    allowed = below(layer) | {layer}
    for module, _ in imported(sources()[name]):
        parts = module.split(".")
        if parts[0] == "backpropviz" and len(parts) > 1 and (name, module) not in PLUGGED_IN:
            assert parts[1] in allowed, f"{name} imports {module}"
        if layer != "widgets":
            assert parts[0] not in HEAVY - {"sympy", "plotly"}, f"{name} imports {module}"


def test_no_two_files_import_each_other():
    graph = nx.DiGraph()
    for name, path in sources().items():
        for module, member in imported(path):
            found = home(module, member)
            if module in sources() and path.name != "__init__.py" and (name, module) not in PLUGGED_IN:
                graph.add_edge(name, found)
    circles = [sorted(circle) for circle in nx.strongly_connected_components(graph) if len(circle) > 1]
    assert circles == []


def test_no_two_modules_of_the_front_end_import_each_other():
    graph = nx.DiGraph()
    for path in FRONT_END.rglob("*.ts"):
        for found in re.findall(
            r'^(?:import|export) [^"]*?from "(\.[^"]+)\.js"', path.read_text("utf-8"), re.MULTILINE
        ):
            graph.add_edge(path.with_suffix(""), (path.parent / found).resolve())
    assert graph.number_of_edges() > 100
    assert [circle for circle in nx.strongly_connected_components(graph) if len(circle) > 1] == []


def test_no_file_is_long():
    long = {
        str(path.relative_to(ROOT)): count
        for path in tracked()
        if path.suffix in {".py", ".js", ".mjs", ".ts", ".css"}
        and "vendor" not in path.parts
        and path.parent not in {PACKAGE / "static", FRONT_END / "types"}  # written by program
        and (count := _length(path)) > 300
    }
    assert long == {}


def _length(path):
    text = path.read_text(encoding="utf-8")
    length = len(text.splitlines())
    if path.relative_to(ROOT).as_posix() in DOCUMENTED_WHOLE:
        documented = (ast.FunctionDef, ast.ClassDef)
        found = [
            ast.get_docstring(node, clean=False) for node in ast.walk(ast.parse(text)) if isinstance(node, documented)
        ]
        length -= sum(len(docstring.splitlines()) for docstring in found if docstring)
    return length


def test_every_name_says_something():
    names = {part for path in sources().values() for part in (path.stem, path.parent.name)}
    assert names & SAYS_NOTHING == set()


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
