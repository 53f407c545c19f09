"""What students sent: files and codes of one line, each with its place and what reads its record."""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from textwrap import shorten
from typing import Any

from backpropviz.errors import InputError

LARGEST_RECORD = 4_000_000
"""Bytes of one record of results, in a file or unpacked from a code; an exercise has some kB."""

_VERSION = "1"
_CODE = re.compile(r"(?<![\w-])bpv(\d{1,3})\.([\w-]*)", re.ASCII)
_AGAIN = "Ask for it again, on one line, or for the file that Save results gives."


@dataclass(frozen=True, slots=True)
class AnswerCode:
    """A code as it was found in a text.

    Parameters
    ----------
    name : str
        What stands before it: who sent it, where a form or spreadsheet has that.
    version : str
        Of the way in which it is packed.
    packed : str
        JSON text in zlib's format, in base64 for addresses (RFC 4648, section 5).
    """

    name: str
    version: str
    packed: str

    def record(self) -> Any:
        """Unpack the record of results, as a file of results holds it.

        Raises
        ------
        ValueError
            Where the code was cut off or changed, or another version wrote it.
        """
        if self.version != _VERSION:
            raise ValueError(
                f"another version of backpropviz wrote the code: it begins with bpv{self.version}., and this one reads "
                f"bpv{_VERSION}. Install the version with which the exercise was made."
            )
        unpacking = zlib.decompressobj()
        try:
            data = base64.urlsafe_b64decode(self.packed + "=" * (-len(self.packed) % 4))
            # A short code can unpack to gigabytes: no more is unpacked than a record may have.
            text = unpacking.decompress(data, LARGEST_RECORD)
        except binascii.Error:
            text = b""  # a number of signs that no whole code has
        except zlib.error as fault:
            raise ValueError(f"the code was changed on its way. {_AGAIN}") from fault
        if len(text) == LARGEST_RECORD:
            raise ValueError("it is too large for results of an exercise")
        if not unpacking.eof:
            raise ValueError(f"the code is cut off. {_AGAIN}")
        if unpacking.unused_data:
            raise ValueError(f"something was written right behind the code. {_AGAIN}")
        return json.loads(text)


def codes_in(line: str) -> Iterator[AnswerCode]:
    """Find the codes of a line, each with the name before it."""
    end = 0
    for found in _CODE.finditer(line):
        before = line[end : found.start()].strip(" \t,;:|\"'")
        yield AnswerCode(shorten(before, 60, placeholder=" …"), *found.groups())
        end = found.end()


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
        if path.is_dir() or path.name.startswith("._"):  # what macOS puts beside each file of an archive
            continue
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
