"""What the variables of a traced function are called, and on which line each gate was written.

Whenever a gate is made, the frames between the tracer and :func:`trace` are looked at: their local variables say what
people call a value, and their current line where it comes from. They are read, never written, and nothing of what the
function does depends on it.
"""

from __future__ import annotations

import linecache
import sys
from typing import TYPE_CHECKING

from backpropviz.graph.naming import folded_name
from backpropviz.graph.text.functions import NUMBERS, functions
from backpropviz.graph.tracing.tracer import Tracer

if TYPE_CHECKING:
    from types import CodeType, FrameType

    from backpropviz.graph.builder import GraphBuilder, Reference

_NOT_THE_USERS = {"backpropviz", "numpy"}
_WRITTEN_TO_BE_READ = "__written_to_be_read__"
"""A module of this package that sets it is read like a user's: its functions are examples."""
_LONGEST_LINE = 120


class LocalNames:
    """Watches the functions that one trace runs through.

    Parameters
    ----------
    builder : GraphBuilder
        Whose gates are watched.
    root : frame or None
        Of the call that traces: frames outside it are nobody's business.

    Attributes
    ----------
    sources : dict of int to str
        Line on which each gate was written, as ``"line 3: h = np.tanh(x @ W)"``.
    """

    def __init__(self, builder: GraphBuilder, root: FrameType | None) -> None:
        self.sources: dict[Reference, str] = {}
        self._builder = builder
        self._taken = {*NUMBERS, *functions()}
        self._root = root
        self._users: dict[CodeType, bool] = {}
        self._names: dict[Reference, tuple[int, str]] = {}
        # Frames of the latest gate, outermost first, with the first gate that was made in each.
        self._chain: list[tuple[FrameType, Reference]] = []

    def note(self, reference: Reference) -> None:
        """See that a gate was made just now."""
        frames = self._frames()
        if not frames:
            return
        if self._chain and frames[-1] is self._chain[-1][0]:
            self._read(len(frames) - 1)
        else:
            # The function before may have ended since: what it called its values is read at last.
            self._read_all()
            began = dict(self._chain)
            self._chain = [(frame, began.get(frame, reference)) for frame in frames]
            self._read_all()
        if reference not in self.sources:
            self.sources[reference] = _line(frames[-1])

    def names(self) -> dict[Reference, str]:
        """Give what each gate is called, several perhaps the same; what an outer function calls it counts first."""
        self._read_all()
        self._chain = []
        return {reference: name for reference, (_, name) in sorted(self._names.items())}

    def _frames(self) -> list[FrameType]:
        frame: FrameType | None = sys._getframe(2)  # noqa: SLF001  the documented way to the caller's variables
        found = []
        while frame is not None and frame is not self._root:
            if self._is_the_users(frame):
                found.append(frame)
            frame = frame.f_back
        return found[::-1]

    def _is_the_users(self, frame: FrameType) -> bool:
        code = frame.f_code
        known = self._users.get(code)
        if known is None:
            package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
            known = self._users[code] = package not in _NOT_THE_USERS or _WRITTEN_TO_BE_READ in frame.f_globals
        return known

    def _read_all(self) -> None:
        for depth in range(len(self._chain)):
            self._read(depth)

    def _read(self, depth: int) -> None:
        frame, began = self._chain[depth]
        code = frame.f_code
        if code.co_name.startswith("<") and code.co_name != "<lambda>":
            return  # a comprehension's variables are nobody's names
        parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] if depth else ()
        for name, value in frame.f_locals.items():
            if type(value) is not Tracer or value.builder is not self._builder or not self._can_be_a_name(name):
                continue
            reference = value.reference
            # A helper's parameter is called otherwise where it is made.
            if name in parameters and reference < began:
                continue
            if reference not in self._names or depth < self._names[reference][0]:
                self._names[reference] = (depth, folded_name(name))

    def _can_be_a_name(self, name: str) -> bool:
        return name.isidentifier() and not name.startswith("_") and name not in self._taken


def numbered(names: dict[Reference, str], taken: set[str]) -> dict[Reference, str]:
    """Tell values of one name apart: a variable that held several is counted, ``h1``, ``h2``.

    Examples
    --------
    >>> numbered({3: "h", 5: "z", 7: "h"}, {"x", "h1"})
    {3: 'h2', 5: 'z', 7: 'h3'}
    """
    held = list(names.values())
    free = {name for name in held if held.count(name) == 1 and name not in taken}
    used = taken | free
    counts: dict[str, int] = {}
    result = {}
    for reference, name in names.items():
        told = name
        while name not in free and told in used | {name}:
            counts[name] = counts.get(name, 0) + 1
            told = f"{name}{counts[name]}"
        used.add(told)
        result[reference] = told
    return result


def _line(frame: FrameType) -> str:
    text = linecache.getline(frame.f_code.co_filename, frame.f_lineno, frame.f_globals).strip()
    if not text:
        return ""
    return f"line {frame.f_lineno}: {text if len(text) <= _LONGEST_LINE else text[: _LONGEST_LINE - 1] + '…'}"
