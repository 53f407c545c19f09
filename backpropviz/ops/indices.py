"""Static indices as text: hashable, comparable, exchangeable as JSON, and read as people write them."""

from __future__ import annotations

import json
import operator
import re
from functools import lru_cache
from typing import Any

import numpy as np

from backpropviz.errors import InputError

_INTEGER = re.compile(r"[+-]?\d+")


def index_text(index: Any) -> str:
    """Write an index of integers, slices, None, ``...`` and integer or Boolean arrays.

    Raises
    ------
    InputError
        For anything else.

    Examples
    --------
    >>> index_text((slice(None), None, 0)), index_text([0, 2, 2]), index_text(slice(1, None, 2))
    (':, None, 0', '[0, 2, 2]', '1::2')
    """
    if not isinstance(index, tuple):
        return _item_text(index)
    parts = [_item_text(item) for item in index]
    return ", ".join(parts) if parts else "..."


def _item_text(item: Any) -> str:
    if item is None:
        return "None"
    if item is Ellipsis:
        return "..."
    if isinstance(item, slice):
        ends = [
            "" if end is None else str(operator.index(end))
            for end in (item.start, item.stop, *([] if item.step is None else [item.step]))
        ]
        return ":".join(ends)
    if isinstance(item, (bool, np.bool_)):
        raise InputError("A single True or False is no index here. Use None for a new axis.", actual=item)
    if isinstance(item, (list, np.ndarray)) and np.ndim(item) > 0:
        array = np.asarray(item)
        if array.dtype.kind == "b":
            places = array.nonzero()
            return ", ".join(json.dumps(place.tolist()) for place in places)
        if array.dtype.kind in "iu" or array.size == 0:
            return json.dumps(array.astype(np.intp).tolist())
        raise InputError("Index arrays must hold whole numbers or truth values.", actual=str(array.dtype))
    try:
        return str(operator.index(item))
    except TypeError:
        raise InputError(
            f"{item!r} is no index: whole numbers, slices, None, ... and arrays of whole numbers are.", actual=item
        ) from None


@lru_cache(maxsize=1024)
def read_index(text: str) -> tuple[Any, ...]:
    """Read :func:`index_text`'s text.

    Examples
    --------
    >>> read_index(":, None, 0")
    (slice(None, None, None), None, 0)
    """
    return tuple(_read_item(part) for part in _split(text))


@lru_cache(maxsize=1024)
def is_basic(text: str) -> bool:
    """Tell whether no array is in it, so that no entry can be meant twice."""
    return "[" not in text


def _split(text: str) -> list[str]:
    depth, parts = 0, [""]
    for character in text:
        depth += (character == "[") - (character == "]")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def _read_item(part: str) -> Any:
    if part == "None":
        return None
    if part == "...":
        return ...
    if _INTEGER.fullmatch(part):
        return int(part)
    try:
        if part.startswith("["):
            return np.array(json.loads(part), dtype=np.intp)
        if ":" in part:
            ends = [None if not end.strip() else int(end) for end in part.split(":")]
            return slice(*ends)
    except (TypeError, ValueError):
        pass
    raise InputError(f"{part!r} is no index. Write it as in ':, None, 0' or '[0, 2, 2]'.", actual=part)
