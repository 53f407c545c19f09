"""Making parts of a page small: comments out, compressed, as characters that need no escaping in HTML."""

from __future__ import annotations

import base64
import re
import zlib

_DOC_COMMENT = re.compile(r"^[ \t]*/\*\*.*?\*/[ \t]*\n", re.DOTALL | re.MULTILINE)
_STYLE_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# The base85 of Python, with the three signs that HTML reads replaced by three it does not use.
_SAFE = str.maketrans("<>&", ",/.")


def without_comments(script: str) -> str:
    """Take whole-line comments and indentation off JavaScript.

    Only lines that are nothing but a comment go, so that no text in quotes can be mistaken for one; template
    literals of ours never span lines, which a test checks.
    """
    kept = (line.strip() for line in _DOC_COMMENT.sub("", script).splitlines())
    return "\n".join(line for line in kept if line and not line.startswith("//")) + "\n"


def without_style_comments(style: str) -> str:
    """Take comments and indentation off CSS."""
    kept = (line.strip() for line in _STYLE_COMMENT.sub("", style).splitlines())
    return "\n".join(line for line in kept if line) + "\n"


def packed(text: str) -> str:
    """Compress text and write the bytes as base85, without ``<``, ``>``, ``&`` and quotes.

    The result is the same for the same text, wherever Python is built with the same zlib.
    """
    return base64.b85encode(zlib.compress(text.encode(), 9)).decode("ascii").translate(_SAFE)
