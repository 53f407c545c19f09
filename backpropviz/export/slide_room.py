"""Room for the graphs of a deck: code folds, and a graph that would be too small begins a slide of its own."""

from __future__ import annotations

import itertools
import math
from typing import Any

SMALLEST_TYPE = 20.0
"""Height, in px of the slide, below which the numbers of a picture are not read from the last row."""
TYPE_SHARE = 0.038
"""Size of the numbers as a share of the height of their picture's page; web/src/page/presenting.ts has the same."""
_PAGE = "bpv-frame-holder"
_HEADING, _LINE, _GAP, _FOLDED, _CODE_LINE, _OTHER = 62, 38, 16, 40, 28, 300
_LETTERS = 85
"""Of a line of text across a slide."""
_BEGINNINGS = {"slide", "subslide"}


def make_room(notebook: Any, height: int, *, code: bool = True) -> None:
    """Fold code beside graphs, and begin slides where graphs would be too small.

    Parameters
    ----------
    notebook : NotebookNode
        With pages in place of widgets; every cell says what slide it belongs to. It is changed.
    height : int
        Of a slide, in px.
    code : bool
        Whether code is shown at all.
    """
    spare = height - SMALLEST_TYPE / TYPE_SHARE
    for every in _slides(notebook.cells):
        kind = every[0].metadata["slideshow"].get("slide_type", "slide")
        slide = [cell for cell in every if _kind(cell) != "skip"]
        graphs = [cell for cell in slide if _has_page(cell)]
        for cell in graphs:
            cell.metadata["backpropviz"] = {"folded": True}
        if not graphs or (len(graphs) == 1 and sum(_height(cell, code=code) for cell in slide) <= spare):
            continue
        for before, cell in itertools.pairwise(slide):
            # What would come as a fragment comes as a slide: with as many keys pressed.
            is_headed = not _has_page(before) and slide.index(before) == 0 and _height(before, code=code) <= spare / 2
            if (_has_page(cell) and not is_headed) or (_has_page(before) and _kind(cell) != "notes"):
                cell.metadata["slideshow"] = {"slide_type": kind if kind in _BEGINNINGS else "slide"}


def _slides(cells: list[Any]) -> list[list[Any]]:
    slides: list[list[Any]] = []
    for cell in cells:
        if not slides or _kind(cell) in _BEGINNINGS:
            slides.append([])
        cell.metadata.setdefault("slideshow", {})
        slides[-1].append(cell)
    return slides


def _kind(cell: Any) -> str:
    return str(cell.metadata.get("slideshow", {}).get("slide_type", ""))


def _has_page(cell: Any) -> bool:
    return any(_is_page(output) for output in cell.get("outputs", ()))


def _is_page(output: Any) -> bool:
    return _PAGE in str(output.get("data", {}).get("text/html", ""))


def _height(cell: Any, *, code: bool) -> float:
    """Estimate what a cell takes beside its pages, in px."""
    if _kind(cell) == "notes":
        return 0
    if cell.cell_type != "code":
        return sum(_line_height(line) for line in cell.source.splitlines() if line.strip())
    folded = _has_page(cell)
    own = 0 if not code else _FOLDED if folded else _GAP + _CODE_LINE * len(cell.source.splitlines())
    return own + sum(_output_height(output) for output in cell.outputs if not _is_page(output))


def _line_height(line: str) -> float:
    return _HEADING if line.lstrip().startswith("#") else _GAP + _LINE * math.ceil(len(line) / _LETTERS)


def _output_height(output: Any) -> float:
    text = output.get("text") or output.get("data", {}).get("text/plain", "")
    is_text = output.output_type == "stream" or set(output.get("data", {})) == {"text/plain"}
    return _CODE_LINE * len(str(text).splitlines()) if is_text else _OTHER
