"""Operations that put or add entries into places of an array."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.adopt.aten.places import along, grid_of
from backpropviz.errors import AdoptionError
from backpropviz.ops import scatter
from backpropviz.ops.indices import index_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def _added(self: Any, index: Any, source: Any) -> Any:
    """Add a source to the places of an array; what falls on one place adds up."""
    places = np.zeros(np.shape(self))[index].shape
    source = source if np.shape(source) == places else np.broadcast_to(source, places)
    return self + scatter(source, index=index_text(index), shape=tuple(np.shape(self)))


def _without(self: Any, index: Any) -> Any:
    """Give 0 to the places of an array, whatever stands there."""
    is_kept = np.ones(np.shape(self), dtype=bool)
    is_kept[index] = False
    return np.where(is_kept, self, 0.0)


def _replaced(self: Any, index: Any, source: Any) -> Any:
    """Put a source into places of an array."""
    hits = np.zeros(np.shape(self))
    np.add.at(hits, index, 1.0)
    if hits.max(initial=0.0) > 1.0:
        raise AdoptionError(
            "Several entries are written to one place, and which one stays is not defined. Add them up, with "
            "scatter_add or accumulate=True."
        )
    return _added(_without(self, index), index, source)


def _slice_scatter(
    self: Any, src: Any, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Any:
    axis = dim % np.ndim(self)
    first, last, _ = slice(start, end).indices(np.shape(self)[axis])
    return _replaced(self, along(axis, slice(first, max(first, last), step)), src)


def _as_row(put: Callable[..., Any]) -> Callable[..., Any]:
    """Let a number stand for a row of one entry, as PyTorch does."""

    @wraps(put)
    def put_into(self: Any, dim: int, index: Any, **more: Any) -> Any:
        if np.ndim(self):
            return put(self, dim, index, **more)
        return np.reshape(put(np.reshape(self, (1,)), 0, np.reshape(index, (-1,)), **more), ())

    return put_into


def _onto(self: Any, dim: int, index: Any, src: Any, put: Callable[..., Any]) -> Any:
    places = np.asarray(index)
    if not places.size:
        return self
    if np.ndim(src):  # a source may be larger than what is taken of it
        cut = tuple(slice(0, size) for size in places.shape)
        src = src if np.shape(src) == places.shape else src[cut]
    return put(self, grid_of(places, dim % np.ndim(self)), src)


@_as_row
def _scatter(self: Any, dim: int, index: Any, src: Any = None, value: float | None = None) -> Any:
    return _onto(self, dim, index, value if src is None else src, _replaced)


@_as_row
def _scatter_reduce(self: Any, dim: int, index: Any, src: Any, reduce: str, include_self: bool = True) -> Any:
    if reduce not in ("sum", "mean"):
        raise AdoptionError(
            f"scatter_reduce with reduce={reduce!r} has no counterpart here. Take 'sum' or 'mean', or reduce groups "
            "of fixed size with amax or prod.",
            op="scatter_reduce",
        )
    places = np.asarray(index)
    grid = grid_of(places, dim % np.ndim(self))
    total = _onto(self if include_self else _without(self, grid), dim, index, src, _added)
    if reduce == "sum":
        return total
    counts = np.full(np.shape(self), 1.0 if include_self else 0.0)
    np.add.at(counts, grid, 1.0)
    return total / np.maximum(counts, 1.0)


def _index_put(self: Any, indices: Sequence[Any], values: Any, accumulate: bool = False) -> Any:
    index: list[Any] = [slice(None) if each is None else np.asarray(each) for each in indices]
    found: list[Any] = []
    for each in index:  # truth values stand for the places at which they hold
        found += list(np.nonzero(each)) if getattr(each, "dtype", None) == np.bool_ else [each]
    return (_added if accumulate else _replaced)(self, tuple(found), values)


HANDLERS: Mapping[str, Callable[..., Any]] = {
    "slice_scatter": _slice_scatter,
    "select_scatter": lambda self, src, dim, index: _replaced(self, along(dim % np.ndim(self), int(index)), src),
    "scatter": _scatter,
    "scatter_add": _as_row(lambda self, dim, index, src: _onto(self, dim, index, src, _added)),
    "scatter_reduce": _scatter_reduce,
    "index_put": _index_put,
    "_unsafe_index_put": _index_put,
    "index_add": _as_row(
        lambda self, dim, index, source, alpha=1: _added(
            self, along(dim % np.ndim(self), np.asarray(index)), source if alpha == 1 else alpha * source
        )
    ),
    "index_copy": _as_row(
        lambda self, dim, index, source: _replaced(self, along(dim % np.ndim(self), np.asarray(index)), source)
    ),
}
