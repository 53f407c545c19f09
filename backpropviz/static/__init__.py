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
        Name of the program, as in ``web/programs.mjs``. Of a page it is the style and the script, with a NUL between
        them; of a notebook's view JSON with ``style``, ``script`` and, where later parts share some of it, ``shared``.
    """
    return files(__name__).joinpath(f"{name}.packed").read_bytes()
