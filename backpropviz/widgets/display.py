"""Showing a widget together with a picture for places without a kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def display_with_picture(widget: Any, svg: str) -> None:
    """Display a widget, and beside it a still picture that the live widget hides.

    A notebook that is re-opened, or rendered on a web site, has no live widget: there the picture stays.

    Parameters
    ----------
    widget : DOMWidget
        The live one.
    svg : str
        The picture.
    """
    from IPython.display import display  # noqa: PLC0415  only notebooks display

    bundle = widget._repr_mimebundle_()
    content, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    show: Callable[..., None] = display  # IPython has no types
    show(content, metadata=metadata, raw=True)
    marked = svg.replace("<svg ", f'<svg id="bpv-still-{widget.model_id}" ', 1)
    show({"image/svg+xml": marked, "text/plain": repr(widget)}, raw=True)
