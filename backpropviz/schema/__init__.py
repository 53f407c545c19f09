"""What travels between kernel and page, as types: the page's own are written from these by ``web/write_types.py``."""

from __future__ import annotations

from typing import NamedTuple


class PageType(NamedTuple):
    """What a type is in the page, where it is said more narrowly than Python can say it of a list.

    Parameters
    ----------
    text : str
        As TypeScript writes it.
    name : str
        What it is called there, for a type with a name of its own.
    """

    text: str
    name: str = ""
