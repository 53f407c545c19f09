"""Bytes of a data file, gzipped or not."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

from backpropviz.errors import DatasetError

if TYPE_CHECKING:
    from os import PathLike

_GZIP = b"\x1f\x8b"


def read_content(path: str | PathLike[str]) -> bytes:
    """Read a file; what is gzipped is unpacked.

    Raises
    ------
    DatasetError
        For a file that is not there, cannot be read, or is a damaged archive.
    """
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError:
        raise DatasetError(f"There is no file {path}. Paths are taken from {Path.cwd()}.", actual=str(path)) from None
    except OSError as fault:
        raise DatasetError(f"{path} cannot be read: {fault.strerror}.", actual=str(path)) from None
    if not content.startswith(_GZIP):
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError):
        raise DatasetError(f"{path} is a damaged gzip file. Download it again.") from None
