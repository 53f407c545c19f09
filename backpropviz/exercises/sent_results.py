"""What students sent: files and codes, each with its place and what reads its record."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from backpropviz.errors import InputError
from backpropviz.exercises.answer_codes import LARGEST_RECORD, codes_in

Sent = tuple[str, Callable[[], Any]]
"""Where it stands, and what reads its record or says with a ``ValueError`` or ``OSError`` why not."""

_LARGEST_TEXT = 64_000_000  # bytes of a file of codes, of which each has some kB
_NO_CODE = "there is no code here: a code begins with bpv1. and stands on one line"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # what Excel calls Unicode text


def sent_in(folder: str | Path) -> Iterator[Sent]:
    """Give what stands in a folder and its folders: files of results, and files of codes line by line.

    Raises
    ------
    InputError
        Where there is no such folder.
    """
    if next(codes_in(str(folder)), None):
        raise InputError("This is a code and no folder. Give codes in a list, as answers([code]).")
    place = Path(folder).expanduser()
    if not place.is_dir():
        raise InputError(f"{place} is no folder. Give the folder into which what was sent was put, or a list of codes.")
    for path in sorted(place.rglob("*")):
        name = path.relative_to(place).as_posix()
        if path.suffix.lower() == ".json":
            yield name, partial(_record_in, path)
        elif path.suffix.lower() == ".txt":
            yield from _of_text(path, name)


def sent_codes(codes: Iterable[str]) -> Iterator[Sent]:
    """Give the codes of a list, by their number from 1."""
    for number, code in enumerate(codes, 1):
        if isinstance(code, str):
            yield from _of_line(code, f"code {number}")
        else:  # as an empty cell of a table is
            yield f"code {number}", partial(_refuse, f"it is {type(code).__name__} and no text")


def _of_text(path: Path, name: str) -> Iterator[Sent]:
    try:
        lines = _lines_of(path)
    except (OSError, ValueError) as fault:
        yield name, partial(_refuse, str(fault))
        return
    if any(next(codes_in(line), None) for line in lines):
        for number, line in enumerate(lines, 1):
            yield from _of_line(line, f"{name}, line {number}")
    else:  # not a file of codes: one word for all of its lines
        yield name, partial(_refuse, _NO_CODE)


def _of_line(line: str, place: str) -> Iterator[Sent]:
    found = False
    for code in codes_in(line):
        found = True
        yield f"{place} ({code.name})" if code.name else place, code.record
    if not found and line.strip():
        yield place, partial(_refuse, _NO_CODE)


def _lines_of(path: Path) -> list[str]:
    """Read lines as an editor counts them; codes are ASCII in whatever a spreadsheet writes."""
    text = _bytes_of(path, _LARGEST_TEXT)
    encoding = "utf-16" if text.startswith(_UTF_16) else "utf-8-sig"
    return re.split(r"\r\n|\r|\n", text.decode(encoding, errors="replace"))


def _record_in(path: Path) -> Any:
    return json.loads(_bytes_of(path, LARGEST_RECORD).decode("utf-8"))


def _bytes_of(path: Path, largest: int) -> bytes:
    if path.stat().st_size > largest:
        raise ValueError("it is too large for results of an exercise")
    return path.read_bytes()


def _refuse(reason: str) -> Any:
    raise ValueError(reason)
