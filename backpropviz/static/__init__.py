"""Hand-written JavaScript and CSS, joined into one ES module without a bundler."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from importlib.resources import files

VIEW, AIDS = "view", "aids"
_OF_AIDS = frozenset({"aids.css", "exercise.css", "nudge.css", "tables.css", "trace.css"})
_IMPORT = re.compile(r'^import \{[^}]*\} from "(\.\.?/[\w./-]+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


@cache
def module_text(entry: str = "widget.js") -> str:
    """Join a module and all it imports into the text of one module.

    Files are put in the order of their imports, import lines dropped and ``export`` taken off, so their top-level
    names must differ; a test checks that they do.

    Parameters
    ----------
    entry : str
        File name, from this folder, of the module whose default export is kept.

    Returns
    -------
    str
        The text of an ES module without imports.
    """
    ordered: list[str] = []
    waiting = [(entry, False)]
    seen: set[str] = set()
    while waiting:
        name, finished = waiting.pop()
        if finished:
            ordered.append(name)
        elif name not in seen:
            seen.add(name)
            waiting.append((name, True))
            # reversed, so that the first import is joined first
            waiting.extend((found, False) for found in reversed(_imported(name)))
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", read_text(name))).strip() + "\n" for name in ordered)


@cache
def style_text(folder: str = "", *, of: str = "") -> str:
    """Join the style sheets, in alphabetical order, and after them those of a sub-folder.

    Parameters
    ----------
    folder : str
        The sub-folder.
    of : {"", "view", "aids"}
        Only those of the view, or only those of the study aids.
    """
    sheets = []
    for place in ("", folder) if folder else ("",):
        names = sorted(entry.name for entry in files(__name__).joinpath(place).iterdir() if entry.name.endswith(".css"))
        wanted = [name for name in names if not of or (name in _OF_AIDS) == (of == AIDS)]
        sheets += [read_text(posixpath.join(place, name)) for name in wanted]
    return "\n".join(sheets)


@cache
def read_text(name: str) -> str:
    """Read one file of this folder."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def _imported(name: str) -> list[str]:
    """Names, from this folder, of the files that a file imports."""
    folder = posixpath.dirname(name)
    return [posixpath.normpath(posixpath.join(folder, found)) for found in _IMPORT.findall(read_text(name))]
