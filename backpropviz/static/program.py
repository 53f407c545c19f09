"""The program of a view as it travels to a notebook: without comments, compressed, script and style together."""

from __future__ import annotations

import json
import re
import zlib
from functools import cache

from backpropviz.static import module_text, style_text
from backpropviz.static.shrinking import shrunk

_DOC_COMMENT = re.compile(r"^[ \t]*/\*\*.*?\*/[ \t]*\n", re.DOTALL | re.MULTILINE)
_STYLE_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@cache
def packed_program(entry: str = "widget.js", *, of: str = "") -> bytes:
    """Pack a view's module and style for ``launch.js``, which unpacks and starts them in the page.

    A notebook's server does not compress what it sends, and every view gets its own copy: shortened and packed, a view
    shows with a fifth of the bytes.

    Parameters
    ----------
    entry : str
        File name of the module whose default export is the view.
    of : {"", "view", "aids"}
        Which style sheets come along; see :func:`backpropviz.static.style_text`.

    Returns
    -------
    bytes
        JSON in zlib's format.
    """
    script = shrunk(without_comments(module_text(entry)))
    parts = {"script": script, "style": without_style_comments(style_text(of=of))}
    return zlib.compress(json.dumps(parts, ensure_ascii=False).encode(), 9)


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
