"""The user's own examples: arrays, and tables of numbers as text, CSV and its kin."""

from __future__ import annotations

import csv as csv_module
import gzip
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.errors import DatasetError
from backpropviz.learn.examples import Examples, read_examples
from backpropviz.ops.counting import counted

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


_OTHER_DELIMITERS = {";": "';'", "\t": "'\\t'", "|": "'|'"}
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+")
_MISSING = {"", "?", "-", "na", "n/a", "null", "none", "missing"}


def arrays(features: object, targets: object) -> Examples:
    """Check arrays and give them as examples.

    Parameters
    ----------
    features : array-like, shape (examples, features) or (examples,)
    targets : array-like, shape (examples,) or (examples, outputs)
        Values, or class numbers from 0.

    Raises
    ------
    DatasetError
        For empty data, rows that do not match, and entries that are no finite numbers, with their row.

    Examples
    --------
    >>> arrays([[0, 1], [1, 0]], [0, 1])
    Examples(features (2, 2), targets (2,))
    """
    return read_examples((features, targets))


def csv(
    path: str | PathLike[str],
    target: int | str = -1,
    delimiter: str = ",",
    decimal: str = ".",
    encoding: str | None = None,
) -> Examples:
    """Read a table of numbers.

    Parameters
    ----------
    path : path
        Of a text file, gzipped or not, one example per line; a first line that is not numbers is taken as names.
    target : int or str
        Column of the targets, by place or by name; the last one by default. All others are features.
    delimiter : str
        Between columns.
    decimal : str
        Between the units and the tenths of a number, such as "," in tables of much of Europe.
    encoding : str, optional
        Of the file; default UTF-8, or UTF-16 where the file begins with its mark.

    Returns
    -------
    (X, y) : Examples
        X, shape (lines, columns − 1); y, shape (lines,).

    Raises
    ------
    DatasetError
        For a file that cannot be read; for a line that does not fit, with its row; for a column that is not there, or
        is there twice.
    """
    if isinstance(target, bool) or not isinstance(target, (int, str, np.integer)):
        raise DatasetError(f"target is the place or the name of one column; not {target!r}.", actual=target)
    text = _decoded(path, encoding)
    rows = [row for row in csv_module.reader(text.splitlines(), delimiter=delimiter) if row]
    names = (
        [name.strip() for name in rows.pop(0)]
        if rows and not any(_is_number(cell, decimal) for cell in rows[0])
        else []
    )
    if not rows:
        raise DatasetError(f"{path} has no lines of numbers.{_other_delimiter([names], delimiter)}")
    width = len(rows[0])
    chosen = names.index(target) if target in names else target
    if names and len(names) != width:
        raise DatasetError(
            f"{path}: the first line names {counted(len(names), 'column')}, but row 0 has {width}. Name each "
            f"column once, or leave the names out.{_other_delimiter([names, *rows], delimiter)}",
            row=0,
            expected=len(names),
            actual=width,
        )
    table = np.empty((len(rows), width))
    for index, row in enumerate(rows):
        if len(row) != width:
            raise DatasetError(
                f"{path}, row {index}: {counted(len(row), 'column')}, but row 0 has {width}.", row=index, expected=width
            )
        for column, cell in enumerate(row):
            if not _is_number(cell, decimal):
                raise DatasetError(
                    f"{path}, row {index}, column {column}: "
                    f"{_what_is_wrong(cell, [row], delimiter, is_target=chosen in (column, column - width))}",
                    row=index,
                    actual=cell,
                )
            table[index, column] = _number(cell, decimal)
    place = _column(target, names, width, _other_delimiter([names, *rows], delimiter))
    return read_examples((np.delete(table, place, axis=1), table[:, place]))


def _decoded(path: str | PathLike[str], encoding: str | None) -> str:
    content = read_content(path)
    marked = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    chosen = encoding or ("utf-16" if marked else "utf-8-sig")
    shown = chosen.removesuffix("-sig").upper()
    try:
        text = content.decode(chosen)
    except LookupError:
        raise DatasetError(f"There is no encoding {encoding!r}; usual ones are 'utf-8', 'latin-1', 'utf-16'.") from None
    except UnicodeDecodeError as fault:
        raise DatasetError(
            f"{path} is not {shown}: byte {fault.start} does not fit. Give the encoding, such as encoding='latin-1'.",
            expected=chosen,
        ) from None
    if "\0" in text:
        raise DatasetError(
            f"{path} is no text in {chosen.removesuffix('-sig').upper()}. Give the encoding, such as 'utf-16-le'."
        )
    return text


def _number(cell: str, decimal: str) -> float:
    if "_" in cell:
        raise ValueError(cell)  # Python reads 1_0 as 10; in a table it is a slip.
    return float(cell if decimal == "." else cell.replace(".", "x").replace(decimal, "."))


def _is_number(cell: str, decimal: str) -> bool:
    try:
        _number(cell, decimal)
    except ValueError:
        return False
    return True


def _what_is_wrong(cell: str, rows: list[list[str]], delimiter: str, *, is_target: bool) -> str:
    """Say of a cell that is no number what it may be, and what to do."""
    if cell.strip().lower() in _MISSING:
        return f"a value is missing ({cell!r}), so it is not a number. Fill it in, or leave the line out."
    other = _other_delimiter(rows, delimiter)
    if other:
        return f"{cell!r} is not a number.{other}"
    if _GROUPED.fullmatch(cell.strip()):
        plain = cell.strip().replace(",", "")
        return f"{cell!r} is not a number. Write {plain}, or give decimal=',' where the comma stands before the tenths."
    if _DECIMAL_COMMA.fullmatch(cell.strip()):
        return f"{cell!r} is not a number; it has a decimal comma. Give decimal=','."
    advice = "Number the classes from 0." if is_target else "Leave its column out, or put numbers in its place."
    return f"{cell!r} is not a number. {advice}"


def _other_delimiter(rows: list[list[str]], delimiter: str) -> str:
    """Advise another delimiter where one stands inside the cells of every row."""
    filled = [row for row in rows if row]
    for sign, shown in _OTHER_DELIMITERS.items():
        if sign != delimiter and filled and all(any(sign in cell for cell in row) for row in filled):
            return f" Its columns seem to be parted by {shown}: give delimiter={shown}."
    return ""


def _column(target: int | str, names: list[str], width: int, advice: str) -> int:
    if isinstance(target, str):
        if target not in names:
            known = ", ".join(names) or "none are named"
            raise DatasetError(f"There is no column {target!r}. Columns: {known}.{advice}")
        if names.count(target) > 1:
            places = ", ".join(str(place) for place, name in enumerate(names) if name == target)
            raise DatasetError(
                f"{names.count(target)} columns are called {target!r}. Choose one by its place: {places}."
            )
        return names.index(target)
    if width < 2:
        raise DatasetError(
            f"The table has one column; features and targets need two or more.{advice}", expected=2, actual=width
        )
    if not -width <= target < width:
        raise DatasetError(f"There is no column {target}; the table has {width}.", expected=width, actual=target)
    return target % width
