"""What a notebook or a page runs: scripts and style sheets, built from ``web/`` by ``npm run build``."""

from __future__ import annotations

import json
import zlib
from functools import cache
from importlib.resources import files


@cache
def read_text(*names: str) -> str:
    """Read built files, one after the other.

    Parameters
    ----------
    *names : str
        File names, from this folder.
    """
    return "".join(files(__name__).joinpath(name).read_text(encoding="utf-8") for name in names)


@cache
def read_packed(name: str) -> bytes:
    """Read what the build has packed: style and script of a page, with a NUL between them, in zlib's format.

    Parameters
    ----------
    name : str
        Name of the page, as in ``web/build.mjs``.
    """
    return files(__name__).joinpath(f"{name}.packed").read_bytes()


@cache
def packed_program(script: str, *styles: str, shared: str = "") -> bytes:
    """Pack a view's script and style, which the page unpacks and starts.

    A notebook's server does not compress what it sends, and every view gets its own copy: packed, a view shows with a
    third of the bytes.

    Parameters
    ----------
    script : str
        File name of the module whose default export is the view.
    *styles : str
        File names of its style sheets.
    shared : str
        File name of a module that the script shares with parts that come later.

    Returns
    -------
    bytes
        JSON in zlib's format.
    """
    parts = {"script": read_text(script), "style": read_text(*styles)}
    if shared:
        parts["shared"] = read_text(shared)
    return zlib.compress(json.dumps(parts, ensure_ascii=False).encode(), 9)
