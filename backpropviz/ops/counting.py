"""How many there are, in words."""

from __future__ import annotations


def counted(count: int, one: str, several: str = "") -> str:
    """Say how many there are.

    Examples
    --------
    >>> counted(1, "row"), counted(3, "entry", "entries")
    ('1 row', '3 entries')
    """
    return f"{count:,} {one if count == 1 else several or one + 's'}"
