"""Tables as plain text, and the same as HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def text_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Align columns: the first to the left, numbers to the right.

    Examples
    --------
    >>> print(text_table(["mode", "sweeps"], [["reverse", "1"], ["forward", "10"]]))
    mode     sweeps
    -------  ------
    reverse       1
    forward      10
    """
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        first, *others = (
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "  ".join([first, *others]).rstrip()

    return "\n".join([line(head), "  ".join("-" * width for width in widths), *map(line, rows)])


def html_table(head: Iterable[str], rows: Iterable[Iterable[str]], title: str = "") -> str:
    """Write a table of texts; nothing in them is taken for markup.

    Parameters
    ----------
    head : sequence of str
        Titles of the columns.
    rows : sequence of sequence of str
        Cells; the first of a row names it.
    title : str, optional
        Stands above it.

    Examples
    --------
    >>> html_table(["mode"], [["x < y"]]).partition("</thead>")[2]
    '<tbody><tr><th scope="row">x &lt; y</th></tr></tbody></table>'
    """
    caption = f"<caption>{escape(title)}</caption>" if title else ""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines = []
    for first, *cells in rows:
        rest = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        lines.append(f'<tr><th scope="row">{escape(first)}</th>{rest}</tr>')
    return f"<table>{caption}<thead><tr>{top}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
