"""Codes that pages give to be pasted: the results of an exercise in one line each."""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

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
