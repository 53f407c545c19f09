"""Showing a widget, and what stands in its place where there is no kernel."""

from __future__ import annotations

import os
import re
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.charts.theme import LIGHT
from backpropviz.export.misfit_picture import misfit_picture
from backpropviz.export.shown_graph import SHOWN_GRAPH_TYPE
from backpropviz.export.svg import to_svg
from backpropviz.scene.nodes import drawn_nodes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.errors import ShapeError
    from backpropviz.export.shown_graph import ShownGraph
    from backpropviz.graph import Graph

DISPLAY = "BACKPROPVIZ_DISPLAY"
"""Environment variable: ``iframe`` shows self-contained pages instead of widgets, for converted notebooks."""
_MOST_MARKS = 400
"""A picture of more marks would weigh down every notebook that holds it, and show nothing."""
_MOST_LEFT_BEHIND = 300_000
"""Characters of a page that is left behind in a notebook."""
_STILL = 860.0
"""How wide a still picture may be, in px: a notebook does not make what is wider smaller, but cuts it off."""


def display_graph(widget: Any, shown_graph: ShownGraph) -> None:
    """Display a widget, and beside it a still picture that the live widget hides.

    A notebook that is re-opened, or rendered on a web site, has no live widget: there the picture stays. Where the
    environment variable ``BACKPROPVIZ_DISPLAY`` is ``iframe``, a self-contained page is displayed instead of both.
    """
    import IPython.display  # noqa: PLC0415  only notebooks display

    display: Any = IPython.display.display  # without types

    described = {SHOWN_GRAPH_TYPE: shown_graph.to_plain(), "text/plain": repr(widget)}
    if os.environ.get(DISPLAY) == "iframe":
        display({"text/html": shown_graph.to_iframe(), **described}, raw=True)
        return
    _display_live(widget)
    _display_still(widget, shown_graph, None, described)


def display_unsolved(widget: Any, shown_graph: ShownGraph, page: str) -> None:
    """Display an exercise, and beside it a picture with the inputs alone; or its `page`, where pages go."""
    import IPython.display  # noqa: PLC0415  only notebooks display

    display: Any = IPython.display.display  # without types
    if os.environ.get(DISPLAY) == "iframe":
        display({"text/html": page, "text/plain": repr(widget)}, raw=True)
        return
    _display_live(widget)
    _display_still(widget, shown_graph, len(shown_graph.graph.inputs), {"text/plain": repr(widget)})


def _display_still(widget: Any, shown_graph: ShownGraph, step: int | None, described: Mapping[str, Any]) -> None:
    """Display a picture of a step, None for the last, or a sentence where it is too large; the live widget hides it."""
    import IPython.display  # noqa: PLC0415  only notebooks display

    display: Any = IPython.display.display  # without types
    look = shown_graph.look
    # What is too large is not drawn only to be counted; of a network, a mark stands for many nodes.
    may_be_small = look.drawing == "network" or len(drawn_nodes(shown_graph.graph)) <= _MOST_MARKS
    if may_be_small and len(shown_graph.scene.marks) <= _MOST_MARKS:
        picture = to_svg(shown_graph, step, theme=LIGHT, widest=_STILL)
        svg = picture.replace("<svg ", f'<svg id="{_marked(widget)}" ', 1)
        display({"image/svg+xml": _short_in_json(svg), **described}, raw=True)
        display({"text/html": _without_complaint(widget.still_id), "text/plain": ""}, raw=True)
        return
    _marked(widget)
    note = f"A graph of {len(shown_graph.graph):,} nodes, too many for a picture here. Run this cell to show it."
    display(_standing_in(widget, widget, note, ""), raw=True)


def _short_in_json(svg: str) -> str:
    r"""Write a picture for a notebook, which is JSON: a double quote and a new line take two signs there.

    Examples
    --------
    >>> _short_in_json('<g fill="red">\n<text>x</text>\n</g>')
    "<g fill='red'><text>x</text></g>"

    A value with a single quote in it stays as it is:

    >>> print(_short_in_json("<g font-family=\"'DejaVu Sans'\" fill=\"red\"></g>"))
    <g font-family="'DejaVu Sans'" fill='red'></g>
    """

    def requoted(attribute: re.Match[str]) -> str:
        return attribute[0] if "'" in attribute[1] else f"='{attribute[1]}'"

    tags = re.sub(r"<[^>]*>", lambda tag: re.sub(r'="([^"]*)"', requoted, tag[0]), svg)
    return tags.replace(">\n<", "><")


def display_misfit(graph: Graph, point: Mapping[str, Any], fault: ShapeError) -> None:
    """Display where arguments do not fit together, in a notebook: the error that follows says the same in words.

    Parameters
    ----------
    graph : Graph
        What was to be run.
    point : mapping of str to number or array
        Value of every input.
    fault : ShapeError
        Which node refused, and why.
    """
    import IPython  # noqa: PLC0415  only notebooks display

    shell: Any = IPython.get_ipython()
    # A terminal shows no pictures, and what is too large to be drawn says so elsewhere.
    if fault.node is None or getattr(shell, "kernel", None) is None or len(graph) > _MOST_MARKS:
        return
    display: Any = IPython.display.display
    values = {name: np.asarray(value, dtype=np.float64) for name, value in point.items()}
    svg = misfit_picture(graph, values, fault, widest=_STILL)
    display({"image/svg+xml": _short_in_json(svg), "text/plain": fault.message}, raw=True)


def display_with_page(widget: Any, note: str, page: str = "", *, marking: Any = None) -> None:
    """Display a widget, and beside it a sentence and perhaps a page, which the live widget hides.

    Where a notebook is re-opened, Jupyter says no more than that a widget cannot be displayed.

    Parameters
    ----------
    widget : DOMWidget
        The live one.
    note : str
        What to do where it does not live; text, not HTML.
    page : str
        A frame with a page that needs no kernel; one of more than 300 kB is left out, since it would weigh down the
        notebook.
    marking : DOMWidget, optional
        The part of the widget that has the trait ``still_id``; by default the widget itself.
    """
    import IPython.display  # noqa: PLC0415  only notebooks display

    _display_live(widget)
    marking = marking or widget
    _marked(marking)
    bundle = _standing_in(widget, marking, note, page)
    IPython.display.display(bundle, raw=True, display_id=marking.still_id)  # type: ignore[no-untyped-call]


def leave_page(widget: Any, note: str, page: str) -> None:
    """Put another sentence and page in the place of those that were displayed beside a widget."""
    import IPython.display  # noqa: PLC0415  only notebooks display

    bundle = _standing_in(widget, widget, note, page)
    IPython.display.update_display(bundle, display_id=widget.still_id, raw=True)  # type: ignore[no-untyped-call]


def _standing_in(widget: Any, marking: Any, note: str, page: str) -> dict[str, str]:
    left = page if len(page) <= _MOST_LEFT_BEHIND else ""
    html = f'<div id="{marking.still_id}"><p>{escape(note)}</p>{left}</div>{_without_complaint(marking.still_id)}'
    return {"text/html": html, "text/plain": f"{widget!r} {note}"}


def _display_live(widget: Any) -> None:
    import IPython.display  # noqa: PLC0415  only notebooks display

    bundle = widget._repr_mimebundle_()
    content, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    IPython.display.display(content, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]


def _without_complaint(still_id: str) -> str:
    """Write a style sheet that hides "Loading widget..." and "Error displaying widget" where something stands in below.

    JupyterLab writes these sentences where a saved widget stood, and nothing in the saved output can forbid it; a live
    view has elements, a sentence has none. The output that brings the style sheet takes no room itself.
    """
    below = f':is(img[src*="{still_id}"], [id="{still_id}"])'
    complaint = f".jp-OutputArea-child:has(+ .jp-OutputArea-child {below}) .jp-OutputArea-output:not(:has(*))"
    itself = ".jp-OutputArea-child:has(.bpv-without-complaint):not(:has(p))"
    return f'<style class="bpv-without-complaint">{complaint},{itself}{{display:none}}</style>'


def _marked(widget: Any) -> str:
    """Tell the page what stands in for the widget, by the name that it gets here."""
    widget.still_id = f"bpv-still-{widget.model_id}"
    return str(widget.still_id)
