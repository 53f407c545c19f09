"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from backpropviz.errors import ExportError


def write_whole(path: str | Path, content: str | bytes) -> Path:
    """Write a file under a temporary name beside its place, then rename it.

    A reader sees the old file or the new one, never half of one; when anything fails, the old file stays.

    Parameters
    ----------
    path : str or Path
        Where; ``~`` is the home folder. The folder must exist.
    content : str or bytes
        Text is written as UTF-8.

    Raises
    ------
    ExportError
        Where it cannot be written.
    """
    if not isinstance(path, str | os.PathLike):
        raise ExportError(f"A file is named by a text or a Path; not by {path!r}.", actual=path)
    target = Path(path).expanduser()
    temporary = None
    try:
        as_bytes = content.encode() if isinstance(content, str) else content
        if target.is_dir():
            raise IsADirectoryError(f"{target} is a folder")
        descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(as_bytes)
        # mkstemp lets only the owner read; a page is made to be read.
        Path(temporary).chmod(_permissions(target))
        Path(temporary).replace(target)
    except (OSError, ValueError) as fault:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        reason = getattr(fault, "strerror", None) or str(fault)
        raise ExportError(
            f"{target} was not written: {reason}. Choose a folder that exists and that you may write to.",
            actual=str(target),
        ) from fault
    return target


class WrittenText(str):
    """A text that stands in a file; the last line of a cell tells where, and does not fill the screen with it."""

    __slots__ = ("path",)

    path: Path

    def __repr__(self) -> str:
        return f"<{len(self.encode()) / 1000:.0f} kB written to {self.path}>"


def written_text(path: str | Path | None, text: str) -> str:
    """Give a text, and write it where a path is given; see :func:`write_whole`."""
    if path is None:
        return text
    written = WrittenText(text)
    written.path = write_whole(path, text)
    return written


def _permissions(target: Path) -> int:
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
