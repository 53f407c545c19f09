"""How wide a text is, near enough to leave room for it without a browser."""

from __future__ import annotations

import unicodedata

_NARROW = set("iljftI.,:;|'!()[]/ ")
_WIDE = set("mwMW@%—∞")


def text_width(text: str, size: float) -> float:
    """Estimate the width of a text in a sans-serif face.

    Returns
    -------
    float
        In px; a little more than most faces take.

    Examples
    --------
    >>> text_width("sin", 10.0) < text_width("softplus", 10.0)
    True
    """
    return size * sum(_width(character) for character in text)


def _width(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 0.9
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    return 0.62
