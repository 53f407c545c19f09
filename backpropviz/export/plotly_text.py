"""Text in a plotly figure, which plotly must not read as HTML, LaTeX or a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def plotly_text(text: str) -> str:
    """Write a text so that plotly shows it as it is: neither as HTML, nor as LaTeX, nor as a link.

    Examples
    --------
    >>> plotly_text('<a href="https://x">$y$</a>')
    '&lt;a href="https://x"&gt;&#36;y&#36;&lt;/a&gt;'
    """
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("$", "&#36;")):
        text = text.replace(sign, entity)
    return text


def texts_at(
    places: Iterable[tuple[float, float]],
    texts: Iterable[str],
    colour: str,
    *,
    size: float | None = None,
    form: str = "b",
    anchor: str | None = None,
) -> dict[str, Any]:
    """Write texts at their places, in px; `form` is the HTML element around each, none where it is empty."""
    points = list(places)
    start, end = (f"<{form}>", f"</{form}>") if form else ("", "")
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "text",
        "x": [x for x, _ in points],
        "y": [y for _, y in points],
        "text": [f"{start}{plotly_text(text)}{end}" if text else "" for text in texts],
        "textfont": {"color": colour} if size is None else {"color": colour, "size": size},
    }
    return trace if anchor is None else {**trace, "textposition": anchor}
