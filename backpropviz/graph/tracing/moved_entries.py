"""NumPy's functions that pick, repeat, turn and join entries, as gates that do."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import TraceError
from backpropviz.graph.tracing.numpy_names import ARRAY_FUNCTIONS
from backpropviz.graph.tracing.tracer import Tracer, apply_op
from backpropviz.ops.axes import positions
from backpropviz.ops.counting import counted
from backpropviz.ops.indices import index_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _at(axis: int, pick: Any) -> tuple[Any, ...]:
    return (*(slice(None),) * axis, pick)


def _place(x: Any, axis: Any) -> int:
    return positions(operator.index(axis), np.ndim(x))[0]


def _ravelled(x: Any, axis: Any) -> tuple[Any, int]:
    return (np.reshape(x, -1), 0) if axis is None else (x, _place(x, axis))


def _take(a: Any, indices: Any, axis: Any = None, **options: Any) -> Any:
    if any(value is not None for key, value in options.items() if key != "mode"):
        raise TraceError("np.take cannot be traced with out=…. Leave it out.", op="take")
    x, place = _ravelled(a, axis)
    size, wanted, mode = np.shape(x)[place], np.asarray(indices), options.get("mode", "raise")
    if mode != "raise":
        wanted = np.clip(wanted, 0, size - 1) if mode == "clip" else wanted % size
    return x[_at(place, wanted if wanted.ndim else int(wanted))]


def _take_along_axis(arr: Any, indices: Any, axis: Any = -1) -> Any:
    x, place = _ravelled(arr, axis)
    shape = np.shape(indices)
    grid = [np.broadcast_to(each, shape) for each in np.ogrid[tuple(map(slice, shape))]]
    grid[place] = np.asarray(indices)
    return x[tuple(grid)]


def _flip(m: Any, axis: Any = None) -> Any:
    turned = positions(axis if axis is None or isinstance(axis, tuple) else operator.index(axis), np.ndim(m))
    return m[tuple(slice(None, None, -1) if each in turned else slice(None) for each in range(np.ndim(m)))]


def _rot90(m: Any, k: int = 1, axes: Any = (0, 1)) -> Any:
    for _ in range(k % 4):
        m = np.flip(np.swapaxes(m, axes[0], axes[1]), axes[0])
    return m


def _roll(a: Any, shift: Any, axis: Any = None) -> Any:
    if axis is None:
        return np.reshape(_roll(np.reshape(a, -1), shift, 0), np.shape(a))
    for by, along in np.broadcast(shift, axis):
        place = _place(a, int(along))
        a = a[_at(place, np.roll(np.arange(np.shape(a)[place]), int(by)))]
    return a


def _repeat(a: Any, repeats: Any, axis: Any = None) -> Any:
    x, place = _ravelled(a, axis)
    return x[_at(place, np.repeat(np.arange(np.shape(x)[place]), repeats))]


def _tile(A: Any, reps: Any) -> Any:  # noqa: N803  NumPy's name
    times = tuple(reps) if np.ndim(reps) else (int(reps),)
    x = np.reshape(A, (1,) * (len(times) - np.ndim(A)) + np.shape(A))
    times = (1,) * (np.ndim(x) - len(times)) + times
    for place, count in enumerate(times):
        if count != 1:
            x = x[_at(place, np.tile(np.arange(np.shape(x)[place]), count))]
    return x


def _pad(array: Any, pad_width: Any, mode: str = "constant", **options: Any) -> Any:
    ends_as: Any = mode
    widths = np.broadcast_to(pad_width, (np.ndim(array), 2)).tolist()
    fill = options.pop("constant_values", 0.0)
    if options or not isinstance(mode, str) or mode not in ("constant", "edge", "reflect", "symmetric", "wrap"):
        raise TraceError(
            "np.pad is traced with mode 'constant' and constant_values, 'edge', 'reflect', 'symmetric' or 'wrap'. "
            "Write np.concatenate for the rest.",
            op="pad",
        )
    fills = None if isinstance(fill, Tracer) else np.broadcast_to(fill, (np.ndim(array), 2))
    for place, (before, behind) in enumerate(widths):
        shape = np.shape(array)
        if mode != "constant":
            array = array[_at(place, np.pad(np.arange(shape[place]), (before, behind), mode=ends_as))]
        elif before or behind:
            ends = (fill, fill) if fills is None else fills[place]
            blocks = [
                np.broadcast_to(end, (*shape[:place], width, *shape[place + 1 :])) * 1.0
                for end, width in zip(ends, (before, behind), strict=True)
            ]
            array = np.concatenate([blocks[0], array, blocks[1]], axis=place)
    return array


# -- joining and parting -------------------------------------------------------------------------------------


def _at_least(rank: int, shape: Callable[[tuple[int, ...]], tuple[int, ...]]) -> Callable[..., Any]:
    def raised(*arrays: Any) -> Any:
        made = [x if np.ndim(x) >= rank else np.reshape(x, shape(np.shape(x))) for x in arrays]
        return made[0] if len(made) == 1 else tuple(made)

    return raised


_at_least_1 = _at_least(1, lambda _shape: (1,))
_at_least_2 = _at_least(2, lambda shape: (1, *shape) if shape else (1, 1))
_at_least_3 = _at_least(3, lambda shape: (1, *shape, 1)[-3:] if len(shape) < 2 else (*shape, 1))


def _listed(arrays: Any) -> Sequence[Any]:
    return list(arrays)


def _hstack(tup: Any, **_options: Any) -> Any:
    parts = [_at_least_1(part) for part in _listed(tup)]
    return np.concatenate(parts, axis=0 if np.ndim(parts[0]) == 1 else 1)


def _vstack(tup: Any, **_options: Any) -> Any:
    return np.concatenate([_at_least_2(part) for part in _listed(tup)])


def _dstack(tup: Any) -> Any:
    return np.concatenate([_at_least_3(part) for part in _listed(tup)], axis=2)


def _column_stack(tup: Any) -> Any:
    columns = [np.reshape(part, (-1, 1)) if np.ndim(part) < 2 else part for part in _listed(tup)]
    return np.concatenate(columns, axis=1)


def _array_split(ary: Any, indices_or_sections: Any, axis: Any = 0) -> list[Any]:
    place = _place(ary, axis)
    parts = np.array_split(np.arange(np.shape(ary)[place]), indices_or_sections)
    return [ary[_at(place, slice(int(part[0]), int(part[-1]) + 1) if part.size else slice(0, 0))] for part in parts]


def _split(ary: Any, indices_or_sections: Any, axis: Any = 0) -> list[Any]:
    size = np.shape(ary)[_place(ary, axis)]
    if not np.ndim(indices_or_sections) and size % indices_or_sections:
        raise TraceError(
            f"{counted(size, 'entry does', 'entries do')} not part into {indices_or_sections} equal pieces. "
            "Write np.array_split, or the places.",
            op="split",
        )
    return _array_split(ary, indices_or_sections, axis)


def _meshgrid(*xi: Any, indexing: str = "xy", sparse: bool = False, copy: bool = True) -> Any:  # noqa: ARG001  as NumPy has it
    rank = len(xi)
    order = [1, 0, *range(2, rank)] if indexing == "xy" and rank > 1 else list(range(rank))
    grids = [np.reshape(x, [-1 if place == along else 1 for place in range(rank)]) for x, along in zip(xi, order)]  # noqa: B905
    whole = np.broadcast_shapes(*(np.shape(grid) for grid in grids))
    return tuple(grid if sparse else np.broadcast_to(grid, whole) for grid in grids)


# -- diagonals and triangles ---------------------------------------------------------------------------------


def _diagonal_places(shape: tuple[int, ...], offset: int) -> tuple[Any, ...]:
    rows, columns = np.arange(shape[0])[:, None], np.arange(shape[1])[None, :]
    return tuple((columns - rows == offset).nonzero())


def _diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    x = np.moveaxis(a, (axis1, axis2), (-2, -1)) if np.ndim(a) > 2 or (axis1, axis2) != (0, 1) else a
    return x[(..., *_diagonal_places(np.shape(x)[-2:], offset))]


def _diag(v: Any, k: int = 0) -> Any:
    if np.ndim(v) != 1:
        return _diagonal(v, k)
    size = np.shape(v)[0] + abs(k)
    return apply_op("scatter", v, index=index_text(_diagonal_places((size, size), k)), shape=(size, size))


def _triangle(keep: Callable[..., Any]) -> Callable[..., Any]:
    def part(m: Any, k: int = 0) -> Any:
        rows, columns = np.shape(m)[-2:]
        return np.where(keep(np.ones((rows, columns)), k) == 1.0, m, 0.0)

    return part


def _trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, **_options: Any) -> Any:
    return np.sum(_diagonal(a, offset, axis1, axis2), axis=-1)


# -- choosing ------------------------------------------------------------------------------------------------


def _select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    chosen = default
    for condition, choice in reversed(list(zip(condlist, choicelist, strict=True))):
        chosen = np.where(condition, choice, chosen)
    return chosen


def _nan_to_num(x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:  # noqa: ARG001, FBT001, FBT002  as NumPy has it
    largest = float(np.finfo(np.float64).max)
    kept = np.where(np.equal(x, np.inf), largest if posinf is None else posinf, x)
    kept = np.where(np.equal(x, -np.inf), -largest if neginf is None else neginf, kept)
    return np.where(np.not_equal(x, x), nan, kept)


def _diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    place = _place(a, axis)
    one = tuple(1 if each == place else size for each, size in enumerate(np.shape(a)))
    ends = [each if each is None or np.ndim(each) else np.broadcast_to(each, one) for each in (prepend, append)]
    joined = [each for each in (ends[0], a, ends[1]) if each is not None]
    a = np.concatenate(joined, axis=place) if len(joined) > 1 else a
    for _ in range(n):
        a = a[_at(place, slice(1, None))] - a[_at(place, slice(None, -1))]
    return a


# -- in order ------------------------------------------------------------------------------------------------


def _along(op: str) -> Callable[..., Any]:
    def walk(a: Any, axis: Any = None if op == "cumsum" else -1, **options: Any) -> Any:
        options.pop("kind", None)  # equal numbers may change places
        if any(value is not None for value in options.values()):
            raise TraceError(f"np.{op} is traced with an axis alone. Leave the rest out.", op=op)
        x, place = (np.reshape(a, -1), -1) if axis is None else (a, operator.index(axis))
        return apply_op(op, x, **({} if place == -1 else {"axis": place}))

    return walk


def _cumprod(a: Any, axis: Any = None, **_options: Any) -> Any:
    """Multiply each beginning anew: then an entry that is 0 has its right gradient."""
    x, place = _ravelled(a, axis)
    moved = np.expand_dims(np.moveaxis(x, place, -1), -2)
    size = np.shape(x)[place]
    return np.moveaxis(np.prod(np.where(np.tri(size) == 1.0, moved, 1.0), axis=-1), -1, place)


ARRAY_FUNCTIONS |= {
    np.cumsum: _along("cumsum"),
    np.sort: _along("sort"),
    np.cumprod: _cumprod,
    np.take: _take,
    np.take_along_axis: _take_along_axis,
    np.flip: _flip,
    np.fliplr: lambda m: _flip(m, 1),
    np.flipud: lambda m: _flip(m, 0),
    np.rot90: _rot90,
    np.roll: _roll,
    np.repeat: _repeat,
    np.tile: _tile,
    np.pad: _pad,
    np.atleast_1d: _at_least_1,
    np.atleast_2d: _at_least_2,
    np.atleast_3d: _at_least_3,
    np.hstack: _hstack,
    np.vstack: _vstack,
    np.dstack: _dstack,
    np.column_stack: _column_stack,
    np.array_split: _array_split,
    np.split: _split,
    np.hsplit: lambda ary, parts: _split(ary, parts, 0 if np.ndim(ary) == 1 else 1),
    np.vsplit: lambda ary, parts: _split(ary, parts, 0),
    np.dsplit: lambda ary, parts: _split(ary, parts, 2),
    np.meshgrid: _meshgrid,
    np.diagonal: _diagonal,
    np.diag: _diag,
    np.diagflat: lambda v, k=0: _diag(np.reshape(v, -1), k),
    np.tril: _triangle(np.tril),
    np.triu: _triangle(np.triu),
    np.trace: _trace,
    np.select: _select,
    np.nan_to_num: _nan_to_num,
    np.diff: _diff,
    np.ptp: lambda a, axis=None, **options: np.max(a, axis=axis, **options) - np.min(a, axis=axis, **options),
}
