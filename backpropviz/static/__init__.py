"""What a notebook or a page runs: scripts and style sheets, built from ``web/`` by ``npm run build``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def read_text(*names: str) -> str:
    """Read built files, one after the other."""
    return "".join(files(__name__).joinpath(name).read_text(encoding="utf-8") for name in names)


@cache
def read_packed(name: str) -> bytes:
    """Read what the build has packed, in zlib's format: the program of a page, or one that a notebook gets by a trait.

    Parameters
    ----------
    name : str
        Name of the program, as in ``web/programs.mjs``: style, script and, where later parts of a notebook's view share
        some of it, that, with a NUL between them.
    """
    return files(__name__).joinpath(f"{name}.packed").read_bytes()
