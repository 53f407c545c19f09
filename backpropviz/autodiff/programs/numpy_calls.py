"""NumPy's functions said in primitives, for arrays whose shapes are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import BackpropvizError
from backpropviz.ops.axes import positions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class NoProgramError(BackpropvizError, TypeError):
    """A rule asks for something that no primitive gives."""


def writer_of(*values: Any) -> Any:
    """Give where the first traced value writes its calls."""
    return next(value.writer for value in values if hasattr(value, "writer"))


def reshape(x: Any, shape: Any, order: str = "C") -> Any:
    """Fill another shape, in C order."""
    if order != "C":
        raise NoProgramError("Programs fill shapes in C order.")
    wanted = (shape,) if isinstance(shape, (int, np.integer)) else tuple(shape)
    filled = np.broadcast_to(0.0, x.shape).reshape(wanted).shape
    return x if filled == x.shape else x.writer.call("reshape", x, shape=plain_sizes(filled))


def transpose(x: Any, axes: Any = None) -> Any:
    """Order axes anew; without them, the other way round."""
    order = tuple(range(x.ndim))[::-1] if axes is None else tuple(int(axis) % x.ndim for axis in axes)
    return x if order == tuple(range(x.ndim)) else x.writer.call("transpose", x, axes=plain_sizes(order))


def _swapaxes(x: Any, first: int, second: int) -> Any:
    order = list(range(x.ndim))
    order[first], order[second] = order[second], order[first]
    return transpose(x, order)


def _moveaxis(x: Any, source: Any, destination: Any) -> Any:
    marked = np.moveaxis(np.empty(tuple(range(2, 2 + x.ndim))), source, destination).shape
    return transpose(x, [size - 2 for size in marked])


def reduced(primitive: str, x: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """Sum, or multiply, or choose, over axes."""
    axes = positions(axis, x.ndim)
    if not axes:
        return x
    return x.writer.call(primitive, x, axes=plain_sizes(axes), keepdims=bool(keepdims))


def _expand(x: Any, axis: Any) -> Any:
    return reshape(x, np.expand_dims(np.broadcast_to(0.0, x.shape), axis).shape)


def _squeeze(x: Any, axis: Any = None) -> Any:
    return reshape(x, np.squeeze(np.broadcast_to(0.0, x.shape), axis).shape)


def _broadcast(x: Any, shape: Any) -> Any:
    wanted = (shape,) if isinstance(shape, (int, np.integer)) else tuple(shape)
    return x if wanted == x.shape else x.writer.call("broadcast_to", x, shape=plain_sizes(wanted))


def _concatenate(parts: Sequence[Any], axis: int = 0) -> Any:
    return writer_of(*parts).call("concatenate", *parts, axis=int(axis) % np.ndim(parts[0]))


def _stack(parts: Sequence[Any], axis: int = 0) -> Any:
    return _concatenate([np.expand_dims(part, axis) for part in parts], axis % (np.ndim(parts[0]) + 1))


def _flip(x: Any, axis: Any = None) -> Any:
    turned = positions(axis, x.ndim)
    return x[tuple(slice(None, None, -1 if place in turned else None) for place in range(x.ndim))]


def _where(condition: Any, *branches: Any) -> Any:
    if len(branches) != 2:
        raise NoProgramError("np.where without values gives places, which are no numbers.")
    return writer_of(condition, *branches).call("where", condition, *branches)


def _dot(x: Any, y: Any) -> Any:
    if not np.ndim(x) or not np.ndim(y):
        return x * y
    if np.ndim(x) <= 2 and np.ndim(y) <= 2:
        return x @ y
    before, behind = np.shape(x)[:-1], (*np.shape(y)[:-2], *np.shape(y)[-1:]) if np.ndim(y) > 1 else ()
    inner = np.shape(x)[-1]
    columns = np.reshape(np.moveaxis(y, -2, 0), (inner, -1)) if np.ndim(y) > 1 else np.reshape(y, (inner, 1))
    return np.reshape(np.reshape(x, (-1, inner)) @ columns, (*before, *behind))


def _outer(x: Any, y: Any) -> Any:
    return np.reshape(x, (-1, 1)) * np.reshape(y, (1, -1))


def _filled(number: float) -> Callable[..., Any]:
    def like(x: Any, dtype: Any = None, shape: Any = None) -> Any:  # noqa: ARG001  as NumPy has it
        return np.full(np.shape(x) if shape is None else shape, number)

    return like


def _inverse(x: Any) -> Any:
    return x.writer.call("inverse", x)


TRANSLATIONS: Mapping[Any, Callable[..., Any]] = {
    np.where: _where,
    np.clip: lambda x, low, high: np.minimum(np.maximum(x, low), high),
    np.reshape: reshape,
    np.ravel: lambda x: reshape(x, -1),
    np.transpose: transpose,
    np.swapaxes: _swapaxes,
    np.moveaxis: _moveaxis,
    np.expand_dims: _expand,
    np.squeeze: _squeeze,
    np.broadcast_to: _broadcast,
    np.concatenate: _concatenate,
    np.stack: _stack,
    np.sum: lambda x, axis=None, keepdims=False: reduced("sum", x, axis, keepdims=keepdims),
    np.prod: lambda x, axis=None, keepdims=False: reduced("prod", x, axis, keepdims=keepdims),
    np.max: lambda x, axis=None, keepdims=False, initial=None: reduced("max", x, axis, keepdims=keepdims),  # noqa: ARG005  -inf changes nothing
    np.min: lambda x, axis=None, keepdims=False: reduced("min", x, axis, keepdims=keepdims),
    np.cumsum: lambda x, axis: x.writer.call("cumsum", x, axis=int(axis) % x.ndim),
    np.cumprod: lambda x, axis: x.writer.call("cumprod", x, axis=int(axis) % x.ndim),
    np.sort: lambda x, axis=-1: x.writer.call(
        "take_along_axis", x, x.writer.call("argsort", x, axis=int(axis) % x.ndim), axis=int(axis) % x.ndim
    ),
    np.flip: _flip,
    np.dot: _dot,
    np.outer: _outer,
    np.real: lambda x: x,
    np.iscomplexobj: lambda _x: False,
    np.zeros_like: _filled(0.0),
    np.ones_like: _filled(1.0),
    np.linalg.solve: lambda matrix, right: writer_of(matrix, right).call("solve", matrix, right),
    np.linalg.inv: _inverse,
    np.linalg.cholesky: lambda x: x.writer.call("cholesky", x),
}
"""What the functions that rules call are in primitives; ``x`` is traced."""


def plain_sizes(sizes: Sequence[int]) -> list[int]:
    """Sizes or axes as JSON has them."""
    return [int(size) for size in sizes]
