"""Operations that only move, repeat or pick entries."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.adopt.aten.places import along, filled, grid_of, padded_sequences, spread_sizes
from backpropviz.adopt.aten.reductions import Unfollowed
from backpropviz.errors import AdoptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def _flatten(self: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    shape = np.shape(self)
    if not shape:
        return np.reshape(self, (1,))
    first, last = start_dim % len(shape), end_dim % len(shape)
    return np.reshape(self, (*shape[:first], int(np.prod(shape[first : last + 1])), *shape[last + 1 :]))


def _unflatten(self: Any, dim: int, sizes: Sequence[int]) -> Any:
    shape = np.shape(self)
    place = dim % len(shape)
    return np.reshape(self, (*shape[:place], *sizes, *shape[place + 1 :]))


def _transpose(self: Any, dim0: int, dim1: int) -> Any:
    return np.swapaxes(self, dim0, dim1) if np.ndim(self) else self


def _squeeze(self: Any, dim: int | Sequence[int] | None = None) -> Any:
    shape = np.shape(self)
    if not shape:
        return self
    chosen = range(len(shape)) if dim is None else [dim] if isinstance(dim, int) else dim
    gone = {each % len(shape) for each in chosen if shape[each] == 1}
    return np.reshape(self, tuple(size for place, size in enumerate(shape) if place not in gone))


def _unsqueeze(self: Any, dim: int) -> Any:
    return np.expand_dims(self, dim % (np.ndim(self) + 1))


def _expand(self: Any, size: Sequence[int]) -> Any:
    return np.broadcast_to(self, spread_sizes(np.shape(self), size))


def _broadcast_all(tensors: Sequence[Any]) -> tuple[Any, ...]:
    shape = np.broadcast_shapes(*(np.shape(each) for each in tensors))
    return tuple(each if np.shape(each) == shape else np.broadcast_to(each, shape) for each in tensors)


def _repeat(self: Any, repeats: Sequence[int]) -> Any:
    shape = (1,) * (len(repeats) - np.ndim(self)) + tuple(np.shape(self))
    for axis, count in enumerate(repeats):
        self = np.reshape(self, shape) if np.shape(self) != shape else self
        if count != 1:
            self = np.concatenate([self] * count, axis=axis) if count else self[along(axis, slice(0, 0))]
            shape = tuple(np.shape(self))
    return self


def _cat(tensors: Sequence[Any], dim: int = 0) -> Any:
    # Old code joins to an empty list of one axis, which adds nothing.
    parts = [each for each in tensors if np.shape(each) != (0,)] or list(tensors[:1])
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=dim)


def _pieces(self: Any, sizes: Sequence[int], dim: int) -> tuple[Any, ...]:
    ends = np.cumsum([0, *sizes]).tolist()
    axis = dim % np.ndim(self)
    return tuple(self[along(axis, slice(start, end))] for start, end in pairwise(ends))


def _split(self: Any, split_size: int | Sequence[int], dim: int = 0) -> tuple[Any, ...]:
    if not isinstance(split_size, int):
        return _pieces(self, split_size, dim)
    length = np.shape(self)[dim]
    if split_size == 0 or length == 0:
        return _pieces(self, [length], dim)
    return _pieces(self, [min(split_size, length - start) for start in range(0, length, split_size)], dim)


def _chunk(self: Any, chunks: int, dim: int = 0) -> tuple[Any, ...]:
    return _split(self, max(1, -(-np.shape(self)[dim] // chunks)), dim)


def _unbind(self: Any, dim: int = 0) -> tuple[Any, ...]:
    axis = dim % np.ndim(self)
    return tuple(self[along(axis, place)] for place in range(np.shape(self)[axis]))


def _select(self: Any, dim: int, index: int) -> Any:
    return self[along(dim % np.ndim(self), int(index))]


def _slice(self: Any, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1) -> Any:
    axis = dim % np.ndim(self)
    first, last, _ = slice(start, end).indices(np.shape(self)[axis])
    if (first, last, step) == (0, np.shape(self)[axis], 1):
        return self
    return self[along(axis, slice(first, max(first, last), step))]


def _narrow(self: Any, dim: int, start: int, length: int) -> Any:
    return _slice(self, dim, int(start), int(start) + length)


def _index(self: Any, indices: Sequence[Any]) -> Any:
    return self[tuple(slice(None) if each is None else np.asarray(each) for each in indices)]


def _index_select(self: Any, dim: int, index: Any) -> Any:
    places = np.atleast_1d(np.asarray(index))
    if not np.ndim(self):
        return self
    return self[along(dim % np.ndim(self), places)]


def _gather(self: Any, dim: int, index: Any, sparse_grad: bool = False) -> Any:
    places = np.asarray(index)
    if not places.size:
        return np.zeros(places.shape)
    if not np.ndim(self):
        return np.broadcast_to(self, places.shape)
    return self[grid_of(places, dim % np.ndim(self))]


def _ordered(
    self: Any, dim: int = -1, descending: bool = False, stable: bool = False, drawn: Any = None
) -> tuple[Any, Unfollowed]:
    """Take entries from the places that an order gives, which are held; and these places."""
    return _gather(self, dim % np.ndim(self), drawn) if np.ndim(self) else self, Unfollowed()


def _best_of(
    self: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True, drawn: Any = None
) -> tuple[Any, Unfollowed]:
    return _ordered(self, dim, drawn=drawn)


def _one_of(self: Any, k: int = 1, dim: int = -1, keepdim: bool = False, drawn: Any = None) -> tuple[Any, Unfollowed]:
    found, places = _ordered(self, dim, drawn=drawn)
    return found[along(dim % np.ndim(self), 0)] if np.ndim(self) and not keepdim else found, places


def _take_along(self: Any, indices: Any, dim: int | None = None) -> Any:
    if dim is None:
        return np.reshape(self, (-1,))[np.ravel(indices)]
    places, axis = np.asarray(indices), dim % np.ndim(self)
    shape = list(np.broadcast_shapes(*(_without(np.shape(each), axis) for each in (self, places))))
    ours, theirs = ([*shape[:axis], np.shape(each)[axis], *shape[axis:]] for each in (self, places))
    return _gather(np.broadcast_to(self, tuple(ours)), axis, np.broadcast_to(places, theirs))


def _without(shape: Sequence[int], axis: int) -> tuple[int, ...]:
    return (*shape[:axis], *shape[axis + 1 :])


def _flip(self: Any, dims: Sequence[int]) -> Any:
    turned = {each % np.ndim(self) for each in dims}
    return self[tuple(slice(None, None, -1 if axis in turned else None) for axis in range(np.ndim(self)))]


def _roll(self: Any, shifts: Any, dims: Any = ()) -> Any:
    moves = (shifts,) if isinstance(shifts, int) else tuple(shifts)
    axes = (dims,) if isinstance(dims, int) else tuple(dims)
    if not axes:
        return np.reshape(_roll(np.reshape(self, (-1,)), moves, (0,)), np.shape(self))
    for shift, axis in zip(moves, axes, strict=True):
        length = np.shape(self)[axis]
        if length and shift % length:
            place, cut = axis % np.ndim(self), length - shift % length
            parts = [self[along(place, slice(cut, None))], self[along(place, slice(0, cut))]]
            self = np.concatenate(parts, axis=place)
    return self


def _triangle(keep: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, diagonal=0: np.where(keep(np.ones(np.shape(self)[-2:]), diagonal), self, 0.0)


def _diagonal(self: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    moved = np.moveaxis(self, (dim1, dim2), (-2, -1))
    rows, columns = np.shape(moved)[-2:]
    length = max(0, min(rows + min(offset, 0), columns - max(offset, 0)))
    across = np.arange(length)
    return moved[(..., across - min(offset, 0), across + max(offset, 0))]


def _pad(self: Any, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Any:
    rank = len(pad) // 2
    low = tuple(pad[2 * k] for k in reversed(range(rank)))
    high = tuple(pad[2 * k + 1] for k in reversed(range(rank)))
    if mode == "constant":
        return filled(self, low, high, value or 0.0)
    if mode not in ("reflect", "replicate", "circular"):
        raise AdoptionError(f"Padding of mode {mode!r} is not known. Modes: constant, reflect, replicate, circular.")
    for axis, (before, after) in enumerate(zip(low, high, strict=True), np.ndim(self) - rank):
        self = self[along(axis, _outside(mode, np.shape(self)[axis], before, after))]
    return self


def _outside(mode: str, length: int, before: int, after: int) -> Any:
    """Give the places that entries are taken from, beyond the ends of an axis too."""
    if mode == "replicate":
        return np.clip(np.arange(-before, length + after), 0, length - 1)
    kept = np.arange(max(0, -before), length - max(0, -after))
    widths = (max(0, before), max(0, after))
    return np.pad(kept, widths, mode="reflect") if mode == "reflect" else np.pad(kept, widths, mode="wrap")


def _unfold(self: Any, dimension: int, size: int, step: int) -> Any:
    from backpropviz.ops import windows  # noqa: PLC0415  beside its only use

    if not np.ndim(self):
        return np.reshape(self, (1,))
    moved = windows(np.moveaxis(self, dimension, -1), size=(size,), stride=(step,))
    return np.moveaxis(moved, -2, dimension % np.ndim(self))


def _tile(self: Any, dims: Sequence[int]) -> Any:
    return _repeat(self, (1,) * max(0, np.ndim(self) - len(dims)) + tuple(dims))


HANDLERS: Mapping[str, Callable[..., Any]] = {
    "view": lambda self, size: np.reshape(self, tuple(size)),
    "_unsafe_view": lambda self, size: np.reshape(self, tuple(size)),
    "reshape": lambda self, shape: np.reshape(self, tuple(shape)),
    "view_as": lambda self, other: np.reshape(self, np.shape(other)),
    "reshape_as": lambda self, other: np.reshape(self, np.shape(other)),
    "ravel": lambda self: np.reshape(self, (-1,)),
    "flatten": _flatten,
    "unflatten": _unflatten,
    "transpose": _transpose,
    "swapaxes": lambda self, axis0, axis1: _transpose(self, axis0, axis1),
    "t": lambda self: np.transpose(self) if np.ndim(self) > 1 else self,
    "numpy_T": lambda self: np.transpose(self),
    "mT": lambda self: np.swapaxes(self, -1, -2),
    "permute": lambda self, dims: np.transpose(self, tuple(dims)) if len(dims) else self,
    "movedim": lambda self, source, destination: np.moveaxis(self, source, destination),
    "squeeze": _squeeze,
    "unsqueeze": _unsqueeze,
    "expand": _expand,
    "broadcast_to": _expand,
    "expand_as": lambda self, other: _expand(self, np.shape(other)),
    "broadcast_tensors": _broadcast_all,
    "fill": lambda self, value: np.broadcast_to(value, np.shape(self)),
    "zero": lambda self: np.zeros(np.shape(self)),
    "copy": lambda self, src: np.broadcast_to(src, np.shape(self)),
    "repeat": _repeat,
    "tile": _tile,
    "cat": _cat,
    "concat": _cat,
    "stack": lambda tensors, dim=0: np.stack(list(tensors), axis=dim),
    "hstack": lambda tensors: _cat(
        [each if np.ndim(each) else np.reshape(each, (1,)) for each in tensors], 0 if np.ndim(tensors[0]) < 2 else 1
    ),
    "split": _split,
    "split_with_sizes": lambda self, split_sizes, dim=0: _pieces(self, split_sizes, dim),
    "chunk": _chunk,
    "unbind": _unbind,
    "select": _select,
    "slice": _slice,
    "narrow": _narrow,
    "index": _index,
    "index_select": _index_select,
    "gather": _gather,
    "take_along_dim": _take_along,
    "topk": _best_of,
    **dict.fromkeys(("sort", "cummax", "cummin"), _ordered),
    **dict.fromkeys(("kthvalue", "mode", "median.dim"), _one_of),
    "masked_select": lambda self, mask, drawn=None: np.atleast_1d(
        np.broadcast_to(self, np.broadcast_shapes(np.shape(self), np.shape(mask)))
    )[drawn],
    "take": lambda self, index: np.reshape(self, (-1,))[np.asarray(index)],
    "flip": _flip,
    "fliplr": lambda self: _flip(self, [1]),
    "flipud": lambda self: _flip(self, [0]),
    "roll": _roll,
    "tril": _triangle(np.tril),
    "triu": _triangle(np.triu),
    "diagonal": _diagonal,
    "linalg_diagonal": lambda A, offset=0, dim1=-2, dim2=-1: _diagonal(A, offset, dim1, dim2),
    "pad": _pad,
    "constant_pad_nd": lambda self, pad, value=0: _pad(self, pad, "constant", value),
    "reflection_pad1d": lambda self, padding: _pad(self, padding, "reflect"),
    "reflection_pad2d": lambda self, padding: _pad(self, padding, "reflect"),
    "replication_pad1d": lambda self, padding: _pad(self, padding, "replicate"),
    "replication_pad2d": lambda self, padding: _pad(self, padding, "replicate"),
    "unfold": _unfold,
    "pad_sequence": padded_sequences,
}
