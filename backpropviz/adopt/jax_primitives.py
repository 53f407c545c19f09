"""JAX's primitives in operations of the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz import ops
from backpropviz.adopt.aten.elementwise import OF_ONE, OF_TWO
from backpropviz.adopt.aten.matrices import solve_triangle
from backpropviz.adopt.aten.places import filled, grid_of, running_sum
from backpropviz.adopt.aten.reductions import logcumsumexp
from backpropviz.adopt.jax_equations import only_singular_values
from backpropviz.errors import AdoptionError
from backpropviz.ops.indices import index_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def _binary(function: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    return lambda x, y, **_settings: function(x, y)


def _unary(function: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda x, **_settings: function(x)


def _integer_pow(x: Any, y: int, **_settings: Any) -> Any:
    return x * x if y == 2 else 1.0 / x if y == -1 else x ** float(y)


def _broadcast(x: Any, shape: Sequence[int], broadcast_dimensions: Sequence[int], **_settings: Any) -> Any:
    placed = [1] * len(shape)
    for place, size in zip(broadcast_dimensions, np.shape(x), strict=True):
        placed[place] = size
    aligned = x if tuple(placed) == np.shape(x) else np.reshape(x, tuple(placed))
    return aligned if np.shape(aligned) == tuple(shape) else np.broadcast_to(aligned, tuple(shape))


def _dot(x: Any, y: Any, dimension_numbers: Any, **_settings: Any) -> Any:
    """Multiply and add over axes, after batch axes come first in both."""
    (over_x, over_y), (batch_x, batch_y) = dimension_numbers

    def arranged(each: Any, batch: Sequence[int], over: Sequence[int], last: bool) -> tuple[Any, list[int], list[int]]:  # noqa: FBT001
        shape = np.shape(each)
        free = [axis for axis in range(len(shape)) if axis not in (*batch, *over)]
        order = (*batch, *free, *over) if last else (*batch, *over, *free)
        moved = each if order == tuple(range(len(shape))) else np.transpose(each, order)
        lead = [shape[axis] for axis in batch]
        rows, inner = int(np.prod([shape[a] for a in free])), int(np.prod([shape[a] for a in over]))
        flat = tuple(lead + ([rows, inner] if last else [inner, rows]))
        return (moved if np.shape(moved) == flat else np.reshape(moved, flat)), lead, [shape[a] for a in free]

    left, lead, rows = arranged(x, batch_x, over_x, last=True)
    right, _, columns = arranged(y, batch_y, over_y, last=False)
    total, shape = left @ right, tuple(lead + rows + columns)
    return total if np.shape(total) == shape else np.reshape(total, shape)


def _reduced(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, axes, **_settings: function(x, axis=tuple(axes)) if axes else x


def _select(which: Any, *cases: Any, **_settings: Any) -> Any:
    found = cases[0]
    for place, case in enumerate(cases[1:], 1):
        found = np.where(np.greater_equal(which, float(place)) if len(cases) > 2 else which, case, found)
    return found


def _slice(x: Any, start_indices: Any, limit_indices: Any, strides: Any, **_settings: Any) -> Any:
    steps = strides or (1,) * len(start_indices)
    return x[tuple(slice(a, b, s) for a, b, s in zip(start_indices, limit_indices, steps, strict=True))]


def _dynamic_slice(x: Any, *starts: Any, slice_sizes: Sequence[int], **_settings: Any) -> Any:
    sizes = np.shape(x)
    first = [int(np.clip(_fixed(at), 0, n - m)) for at, n, m in zip(starts, sizes, slice_sizes, strict=True)]
    return x[tuple(slice(at, at + m) for at, m in zip(first, slice_sizes, strict=True))]


def _fixed(index: Any) -> Any:
    if not isinstance(index, np.ndarray | np.generic | int):
        raise AdoptionError("A place depends on the inputs, and a graph has its places fixed. Compute it before.")
    return index


def _dynamic_update(x: Any, update: Any, *starts: Any, **_settings: Any) -> Any:
    sizes, shape = np.shape(x), np.shape(update)
    first = [int(np.clip(_fixed(at), 0, n - m)) for at, n, m in zip(starts, sizes, shape, strict=True)]
    place = tuple(slice(at, at + m) for at, m in zip(first, shape, strict=True))
    kept = np.ones(sizes)
    kept[place] = 0.0
    return x * kept + ops.scatter(update, index=index_text(place), shape=tuple(sizes))


def _gather(x: Any, indices: Any, **settings: Any) -> Any:
    """Find by JAX itself which entry goes where, and pick those."""
    import jax  # noqa: PLC0415  only in the middle of adopting one of its functions

    kept = {key: value for key, value in settings.items() if key != "fill_value"}
    if "FILL_OR_DROP" in str(kept.get("mode")):
        kept["mode"] = jax.lax.GatherScatterMode.CLIP  # where nothing lies outside, the same
    numbers = np.arange(int(np.prod(np.shape(x)))).reshape(np.shape(x))
    places = np.asarray(jax.lax.gather_p.bind(numbers, _fixed(indices), fill_value=None, **kept))
    return np.reshape(x, (-1,))[places]


def _spaced(x: Any, gaps: Sequence[int], value: float = 0.0) -> Any:
    """Put so many equal entries between the entries of each axis."""
    if not any(gaps) or not np.size(x):
        return x
    place = tuple(slice(0, None, gap + 1) for gap in gaps)
    sizes = tuple(size + (size - 1) * gap for size, gap in zip(np.shape(x), gaps, strict=True))
    spread = ops.scatter(x, index=index_text(place), shape=sizes)
    if not value:
        return spread
    between = np.full(sizes, value)
    between[place] = 0.0
    return spread + between


def _pad(x: Any, value: Any, padding_config: Any, **_settings: Any) -> Any:
    before, after, inner = (tuple(each[side] for each in padding_config) for side in range(3))
    number = float(_fixed(value))
    return filled(_spaced(x, inner, number), before, after, number)


def _convolution(
    x: Any, kernel: Any, window_strides: Any, padding: Any, dimension_numbers: Any, **settings: Any
) -> Any:
    if settings.get("batch_group_count", 1) != 1:
        raise AdoptionError("A convolution in groups of the batch has no counterpart here. Write one for each group.")
    gaps = [each - 1 for each in settings.get("lhs_dilation") or (1,) * len(padding)]
    images = filled(
        _spaced(np.transpose(x, tuple(dimension_numbers.lhs_spec)), (0, 0, *gaps)),
        tuple(low for low, _ in padding),
        tuple(high for _, high in padding),
        0.0,
    )
    found = ops.convolution(
        images,
        np.transpose(kernel, tuple(dimension_numbers.rhs_spec)),
        stride=tuple(window_strides),
        dilation=tuple(settings.get("rhs_dilation") or (1,) * len(window_strides)),
        groups=settings.get("feature_group_count", 1),
    )
    return np.transpose(found, tuple(np.argsort(dimension_numbers.out_spec).tolist()))


def _window(x: Any, window_dimensions: Any, window_strides: Any, padding: Any, **_settings: Any) -> Any:
    low, high = (tuple(each[side] for each in padding) for side in (0, 1))
    return ops.windows(filled(x, low, high, 0.0), size=tuple(window_dimensions), stride=tuple(window_strides))


def _window_sum(x: Any, **settings: Any) -> Any:
    slid = _window(x, **settings)
    return np.sum(slid, axis=tuple(range(np.ndim(slid) - np.ndim(x), np.ndim(slid))))


def _window_max(x: Any, window_dimensions: Any, window_strides: Any, padding: Any, **_settings: Any) -> Any:
    low, high = (tuple(each[side] for each in padding) for side in (0, 1))
    whole = filled(x, low, high, -np.inf)
    return ops.max_pool(whole, tuple(window_dimensions), tuple(window_strides))


def _logistic(x: Any, **_settings: Any) -> Any:
    return ops.sigmoid(x)


def _cumulative(function: Callable[[Any, int], Any]) -> Callable[..., Any]:
    def run(x: Any, axis: int, reverse: bool, **_settings: Any) -> Any:  # noqa: FBT001  the primitive's own
        if not reverse:
            return function(x, axis)
        turned = (*(slice(None),) * axis, slice(None, None, -1))
        return function(x[turned], axis)[turned]

    return run


def _sorted(*operands: Any, dimension: int, drawn: Any, **_settings: Any) -> list[Any]:
    """Take entries from the places that the order of the first operands gives, which is held."""
    return [each[grid_of(drawn, dimension)] for each in operands]


def _largest(x: Any, drawn: Any, **settings: Any) -> list[Any]:
    axis = settings.get("axis", -1) % np.ndim(x)
    return [x[grid_of(drawn, axis)], drawn]


def _order(*operands: Any, dimension: int, num_keys: int, **_settings: Any) -> Any:
    return np.lexsort([np.asarray(each) for each in reversed(operands[:num_keys])], axis=dimension)


def _order_of_largest(x: Any, k: int, **settings: Any) -> Any:
    return np.take(np.argsort(-x, axis=settings.get("axis", -1), kind="stable"), np.arange(k), settings.get("axis", -1))


def _running_order(function: Callable[..., Any], far: float) -> Callable[..., Any]:
    """Give where the largest or smallest entry so far stands."""

    def places(x: Any, axis: int, reverse: bool, **_settings: Any) -> Any:  # noqa: FBT001  the primitive's own
        moved = np.flip(np.moveaxis(x, axis, -1), -1) if reverse else np.moveaxis(x, axis, -1)
        seen = np.where(np.tri(moved.shape[-1], dtype=bool), np.expand_dims(moved, -2), far)
        found = function(seen, axis=-1)
        return np.moveaxis(moved.shape[-1] - 1 - np.flip(found, -1) if reverse else found, -1, axis)

    return places


JAX_ORDERS: Mapping[str, Callable[..., Any]] = {
    "sort": _order,
    "top_k": _order_of_largest,
    "cummax": _running_order(np.argmax, -np.inf),
    "cummin": _running_order(np.argmin, np.inf),
}
"""By name: gives, of numbers, the places that entries are taken from, which a handler then has as ``drawn``."""


def _triangular(a: Any, b: Any, **settings: Any) -> Any:
    matrix, lower = (np.swapaxes(a, -1, -2) if settings["transpose_a"] else a), settings["lower"]
    upper = bool(lower) == bool(settings["transpose_a"])
    return solve_triangle(matrix, b, upper, settings["left_side"], settings["unit_diagonal"])


JAX_PRIMITIVES: Mapping[str, Callable[..., Any]] = {
    **{name: _unary(function) for name, function in OF_ONE.items()},
    **{name: _binary(function) for name, function in OF_TWO.items()},
    "add": _binary(lambda x, y: x + y),
    "add_any": _binary(lambda x, y: x + y),
    "sub": _binary(lambda x, y: x - y),
    "div": _binary(lambda x, y: x / y),
    "max": _binary(np.maximum),
    "min": _binary(np.minimum),
    "pow": _binary(lambda x, y: x**y),
    "integer_pow": _integer_pow,
    "cbrt": _unary(np.cbrt),
    "round": _unary(np.round),
    "rem": _binary(lambda x, y: x - np.trunc(x / y) * y),
    "logistic": _logistic,
    "clamp": lambda low, x, high, **_settings: ops.clip(x, low, high),
    "and": _binary(lambda x, y: x * y),
    "or": _binary(np.maximum),
    "not": _unary(lambda x: np.equal(x, 0.0)),
    "is_finite": _unary(lambda x: np.less(abs(x), np.inf)),
    "select_n": _select,
    "reshape": lambda x, new_sizes, **_settings: np.reshape(x, tuple(new_sizes)),
    "squeeze": lambda x, dimensions, **_settings: np.reshape(
        x, tuple(size for axis, size in enumerate(np.shape(x)) if axis not in dimensions)
    ),
    "expand_dims": lambda x, dimensions, **_settings: np.expand_dims(x, tuple(dimensions)),
    "broadcast_in_dim": _broadcast,
    "transpose": lambda x, permutation, **_settings: np.transpose(x, tuple(permutation)),
    "rev": lambda x, dimensions, **_settings: x[
        tuple(slice(None, None, -1 if axis in dimensions else None) for axis in range(np.ndim(x)))
    ],
    "concatenate": lambda *parts, dimension, **_settings: np.concatenate(list(parts), axis=dimension),
    "split": lambda x, sizes, axis, **_settings: [
        x[(*(slice(None),) * axis, slice(int(end) - size, int(end)))]
        for size, end in zip(sizes, np.cumsum(sizes), strict=True)
    ],
    "slice": _slice,
    "dynamic_slice": _dynamic_slice,
    "dynamic_update_slice": _dynamic_update,
    "gather": _gather,
    "pad": _pad,
    "dot_general": _dot,
    "conv_general_dilated": _convolution,
    "reduce_sum": _reduced(np.sum),
    "reduce_max": _reduced(np.max),
    "reduce_min": _reduced(np.min),
    "reduce_prod": _reduced(np.prod),
    "reduce_window_sum": _window_sum,
    "reduce_window_max": _window_max,
    "reduce_window_min": lambda x, **settings: -_window_max(-x, **settings),
    "reduce_or": _reduced(np.max),
    "reduce_and": _reduced(np.min),
    "cumsum": _cumulative(running_sum),
    "cumprod": _cumulative(lambda x, axis: np.cumprod(x, axis=axis)),
    "cumlogsumexp": _cumulative(logcumsumexp),
    "sort": _sorted,
    "top_k": _largest,
    **{name: lambda x, axis, drawn, **_settings: x[grid_of(drawn, axis)] for name in ("cummax", "cummin")},
    "stack": lambda *parts, axis, **_settings: np.stack(list(parts), axis=axis),
    "cholesky": _unary(np.linalg.cholesky),
    "svd": only_singular_values,
    "triangular_solve": _triangular,
    **{name: _unary(lambda x: x) for name in ("copy", "copy_p", "reduce_precision", "real")},
    "convert_element_type": lambda x, new_dtype, **_settings: (
        np.not_equal(x, 0.0) if np.dtype(new_dtype).kind == "b" else x  # whole numbers are held before
    ),
    "optimization_barrier": lambda *given, **_settings: list(given),
}
"""By name: called with a primitive's arguments and settings."""
