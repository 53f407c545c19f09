"""The lessons, run and brought to the site with every picture playing."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from docutils import nodes
from docutils.parsers.rst import Directive
from playing import unpacked
from sphinx.util import logging

import backpropviz
from backpropviz.export.notebooks import read_notebook, run_notebook

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DOCS = Path(__file__).parents[1]
NOTEBOOKS = DOCS.parent / "notebooks"
LESSONS = DOCS / "lessons"
RUN = DOCS.parent / ".site_cache"
"""Run notebooks, kept from build to build as long as neither they nor the package change."""
_LISTED = re.compile(r"^\| \[(\d+) (.+?)\]\((\w+)\.ipynb\) \| (.+?) \|$", re.MULTILINE)
"""A lesson in the table of the first."""
_TIME = re.compile(r"\*\*Time\.\*\* (\d+ minutes)")
_LINK = re.compile(r"\]\((?:\.\./docs/)([\w/]+)\.md(#[\w-]+)?\)")

_SHOWN = ("text/html", "image/svg+xml", "image/png", "text/latex", "text/plain")
"""What a page of the site can hold of an output."""

log = logging.getLogger(__name__)


def _package_state() -> str:
    """Name the state of the package's sources."""
    digest = hashlib.sha256()
    folder = Path(backpropviz.__file__).parent
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.js"), *folder.rglob("*.css")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _run(path: Path, state: str) -> Any:
    kept = RUN / f"{path.stem}-{hashlib.sha256(path.read_bytes() + state.encode()).hexdigest()[:16]}.ipynb"
    if kept.exists():
        return read_notebook(kept)
    with tempfile.TemporaryDirectory() as folder:
        # A copy, since a lesson may write files beside itself.
        beside = shutil.copytree(NOTEBOOKS, Path(folder) / "notebooks")
        notebook = run_notebook(read_notebook(path), beside)
    for old in RUN.glob(f"{path.stem}-*.ipynb"):
        old.unlink()
    RUN.mkdir(exist_ok=True)
    kept.write_text(nbformat.writes(notebook), encoding="utf-8")
    return notebook


def _brought(notebook: Any, name: str) -> int:
    """Turn a run notebook into one of the site: pictures in files of their own, links to the site's pages."""
    count = 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _LINK.sub(lambda found: f"](../{found[1]}.md{found[2] or ''})", cell.source)
            continue
        for output in cell.get("outputs", ()):
            if "data" in output:
                output.data = {kind: output.data[kind] for kind in _SHOWN if kind in output.data}
            html = output.get("data", {}).get("text/html")
            if html and "srcdoc=" in html:
                count += 1
                output.data["text/html"] = unpacked(html, f"{name}-{count}", depth=1)
    notebook.metadata.pop("widgets", None)
    notebook.metadata["hide-toc"] = "true"  # the room is the pictures'
    return count


def bring(_app: Sphinx) -> None:
    """Run the lessons, two at a time, and write them where Sphinx reads them."""
    # The kernels import the package from this clone.
    paths = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(DOCS.parent), *([paths] if paths else [])])
    LESSONS.mkdir(exist_ok=True)
    state = _package_state()
    lessons = sorted(NOTEBOOKS.glob("*.ipynb"))
    with ThreadPoolExecutor(2) as pool:
        for path, notebook in zip(lessons, pool.map(lambda path: _run(path, state), lessons), strict=True):
            pictures = _brought(notebook, path.stem)
            text = nbformat.writes(notebook) + "\n"
            target = LESSONS / path.name
            if not target.exists() or target.read_text(encoding="utf-8") != text:
                target.write_text(text, encoding="utf-8")
            log.info("%s: %d pictures play", path.stem, pictures)


class Lessons(Directive):
    """``lessons``: a card for every lesson, from the table with which the first begins."""

    def run(self) -> list[nodes.Node]:
        """Write the cards."""
        start = read_notebook(NOTEBOOKS / "00_start.ipynb").cells[0].source
        cards = "".join(_card(*found) for found in _LISTED.findall(start))
        return [nodes.raw("", f'<ul class="cards">\n{cards}</ul>\n', format="html")]


def _card(number: str, title: str, name: str, about: str) -> str:
    time = _TIME.search(read_notebook(NOTEBOOKS / f"{name}.ipynb").cells[0].source)
    told = escape(f"{about[0].upper()}{about[1:]}")
    if time:
        told += " · " + time[1].replace(" ", "&nbsp;")
    return f'<li><a href="{name}.html"><b><i>{number}</i>{escape(title)}</b><span>{told}</span></a></li>\n'


def setup(app: Sphinx) -> dict[str, Any]:
    """Bring the lessons before anything is read."""
    app.connect("builder-inited", bring)
    app.add_directive("lessons", Lessons)
    return {"parallel_read_safe": True}
