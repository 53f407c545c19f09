"""Making parts of a page small: compressed, as characters that need no escaping in HTML."""

from __future__ import annotations

import base64
import zlib

# The base85 of Python, with the three signs that HTML reads replaced by three it does not use.
_SAFE = str.maketrans("<>&", ",/.")


def packed(text: str) -> str:
    """Compress text and write the bytes as :func:`characters`.

    The result is the same for the same text, wherever Python is built with the same zlib.
    """
    return characters(zlib.compress(text.encode(), 9))


def characters(compressed: bytes) -> str:
    """Write bytes as base85, without ``<``, ``>``, ``&`` and quotes."""
    return base64.b85encode(compressed).decode("ascii").translate(_SAFE)
