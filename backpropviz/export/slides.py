"""A notebook as one offline file of slides."""

from __future__ import annotations

import importlib
import re
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from backpropviz.errors import ExportError, MissingLibraryError
from backpropviz.export.notebooks import widgets_to_pages
from backpropviz.export.page import json_text
from backpropviz.export.slide_room import make_room
from backpropviz.ops import choose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

THEMES = ("white", "black")
TRANSITIONS = ("none", "fade", "slide")
_SLIDE_TYPES = {"slide", "subslide", "fragment", "skip", "notes"}
_HEADING = re.compile(r"\s*#{1,2}\s")
_OUTSIDE = re.compile(
    r"""<(?:script|img|iframe|video|audio|source|embed|object)\b[^>]*?\b(?:src|data)\s*=\s*["']?((?:https?:)?//[^"'\s>]+)"""
    r"""|<link\b[^>]*?\bhref\s*=\s*["']?((?:https?:)?//[^"'\s>]+)"""
    r"""|\burl\(\s*["']?((?:https?:)?//[^"')\s]+)|@import\s+["']((?:https?:)?//[^"']+)""",
    re.IGNORECASE,
)
_EMBEDDED = re.compile(r'srcdoc="[^"]*"')


@dataclass(frozen=True, slots=True)
class DeckOptions:
    """How a deck looks.

    Parameters
    ----------
    title : str
        Of the browser's tab; default the first heading.
    theme : {"white", "black"}
        Light or dark.
    transition : {"none", "fade", "slide"}
        Between slides.
    code : bool
        Whether code is shown.
    style : str
        CSS of your own, after all other.
    width, height : int
        Of a slide, in px; it is scaled to the screen.
    """

    title: str = ""
    theme: str = "white"
    transition: str = "none"
    code: bool = True
    style: str = ""
    width: int = 1280
    height: int = 720


@dataclass(frozen=True, slots=True)
class Deck:
    """A finished deck.

    Parameters
    ----------
    html : str
        The whole file.
    pages : int
        How many explorers play in it.
    slides : int
        How many slides there are.
    warnings : tuple of str
        What is not as the notebook has it: mathematics that was not understood, addresses outside.
    """

    html: str
    pages: int
    slides: int
    warnings: tuple[str, ...]


def load_ahead() -> None:
    """Load the converter, which takes a second or two, while something else is waited for."""

    def load() -> None:
        with suppress(ImportError):  # make_deck says what is missing
            importlib.import_module("backpropviz.export.deck_exporter")

    threading.Thread(target=load, daemon=True).start()


def make_deck(notebook: Any, options: DeckOptions | None = None, *, folder: str | Path = ".") -> Deck:
    """Turn a notebook, with the outputs it has, into slides.

    Code that stands beside a graph is folded, and a graph whose numbers would be smaller than 20 px beside other things
    begins a slide of its own. Where no cell says what slide it belongs to (``slideshow`` in its metadata), a slide
    begins at every heading of the first or second level.

    Raises
    ------
    InputError
        For an unknown theme or transition.
    ExportError
        Where the notebook cannot be converted.
    MissingLibraryError
        Where nbconvert is not installed.
    """
    options = options or DeckOptions()
    for name, allowed in (("theme", THEMES), ("transition", TRANSITIONS)):
        choose(name, getattr(options, name), allowed)
    try:
        from backpropviz.export.deck_exporter import DeckExporter  # noqa: PLC0415  an optional extra
    except ImportError as fault:
        raise MissingLibraryError(
            'Slides are made with nbconvert. Install it with: pip install "backpropviz[slides]"'
        ) from fault
    dark = options.theme == "black"
    pages = widgets_to_pages(notebook, theme="dark" if dark else "light", present=True)
    _arrange(notebook)
    make_room(notebook, options.height, code=options.code)
    exporter = DeckExporter(template_folder=str(files("backpropviz.export").joinpath("templates")))
    try:
        html, _ = exporter.from_notebook_node(
            notebook, resources={"deck": _resources(notebook, options), "metadata": {"path": str(folder)}}
        )
    except Exception as fault:
        raise ExportError(f"The notebook cannot be turned into slides: {type(fault).__name__}: {fault}") from fault
    warnings = [f"Mathematics not understood, shown as written: {tex}" for tex in exporter.unknown]
    warnings += [f"Loaded from the network, so missing without one: {address}" for address in outside_addresses(html)]
    return Deck(str(html), pages, _slide_count(notebook), tuple(dict.fromkeys(warnings)))


def outside_addresses(html: str) -> Iterator[str]:
    """Find what a browser would fetch from a server to show a page; links, which wait for a click, do not count."""
    inside = " ".join(unescape(found) for found in _EMBEDDED.findall(html))
    for text in (_EMBEDDED.sub("", html), inside):
        for found in _OUTSIDE.finditer(text):
            yield next(group for group in found.groups() if group)


def _arrange(notebook: Any) -> None:
    """Begin slides at headings, where the notebook does not say where they begin."""
    if any(cell.metadata.get("slideshow", {}).get("slide_type") in _SLIDE_TYPES for cell in notebook.cells):
        return
    for index, cell in enumerate(notebook.cells):
        begins = index == 0 or (cell.cell_type == "markdown" and _HEADING.match(cell.source))
        cell.metadata["slideshow"] = {"slide_type": "slide" if begins else "-"}


def _slide_count(notebook: Any) -> int:
    kinds = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in notebook.cells]
    return max(1, sum(kind in {"slide", "subslide"} for kind in kinds))


def _resources(notebook: Any, options: DeckOptions) -> dict[str, Any]:
    settings = {
        "width": options.width,
        "height": options.height,
        "transition": options.transition,
        "slideNumber": "c/t",
    }
    return {
        "title": options.title or _first_heading(notebook) or "Slides",
        "dark": options.theme == "black",
        "code": options.code,
        "reset": _bundled("vendor/reveal/reset.css"),
        "reveal": _bundled("vendor/reveal/reveal.css"),
        "theme": _bundled(f"vendor/reveal/{options.theme}.css"),
        "style": _bundled("templates/deck.css"),
        # The end of the style element is the one thing that CSS of one's own must not contain.
        "own_style": re.sub(r"</(?=style)", r"<\\/", options.style, flags=re.IGNORECASE),
        "licence": _bundled("vendor/reveal/LICENSE").replace("--", "- -"),
        "reveal_code": _in_script(_bundled("vendor/reveal/reveal.js")),
        "notes_code": _in_script(_bundled("vendor/reveal/notes.js")),
        "settings": json_text(settings),
        "code_of_deck": _bundled("templates/deck.js"),
    }


def _first_heading(notebook: Any) -> str:
    for cell in notebook.cells:
        found = re.search(r"^\s*#+\s+(.+)$", cell.source, re.MULTILINE) if cell.cell_type == "markdown" else None
        if found:
            return str(found[1]).strip()
    return ""


def _in_script(code: str) -> str:
    """Write code so that no text in it ends the script element around it."""
    return re.sub(r"</(?=script)", r"<\\/", code, flags=re.IGNORECASE).replace("<!--", r"<\!--")


@cache
def _bundled(name: str) -> str:
    return files("backpropviz.export").joinpath(name).read_text(encoding="utf-8")
