"""Pages of tables: nothing on them moves, so nothing on them runs."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import TYPE_CHECKING, Any

from backpropviz.autodiff.text_table import html_table
from backpropviz.static import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def report_page(content: Mapping[str, Any]) -> str:
    """Write sentences and tables.

    Parameters
    ----------
    content : mapping
        ``heading``, ``notes`` and ``tables``, each with ``title``, ``head`` and ``rows`` of text.

    Returns
    -------
    str
        HTML that asks no server for anything and runs no script.
    """
    notes = "\n".join(f'<p class="note">{escape(note)}</p>' for note in content["notes"])
    tables = "\n".join(table(**each) for each in content["tables"])
    return still_page(content["heading"], f'{notes}\n<div class="row">{tables}</div>')


def still_page(title: str, body: str) -> str:
    """Put HTML of our own making into a page whose policy lets nothing run and nothing be fetched."""
    style = read_text("still_page.css")
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{hashed}'; img-src data:; base-uri 'none'; form-action 'none'"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<link rel="icon" href="data:,">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n<h1>{escape(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def table(title: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Write one titled table of text; it scrolls by itself where it is too wide."""
    return f'<div class="box">{html_table(head, rows, title)}</div>'
