"""Windows that slide over an array, and their way back: what convolution and pooling are made of."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import ShapeError
from backpropviz.ops.counting import counted
from backpropviz.ops.indices import index_text
from backpropviz.ops.op import Structured
from backpropviz.ops.roles import MOVER
from backpropviz.ops.stand_ins import applier_for, is_symbolic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropviz.ops.axes import Shape
Steps = tuple[int, ...]

_SOURCE = "Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning"


def places_of(sizes: Shape, size: Shape, stride: Steps, dilation: Steps) -> Shape:
    """Give how many windows fit along each axis.

    Examples
    --------
    >>> places_of((28, 28), (5, 5), (1, 1), (1, 1)), places_of((7,), (2,), (2,), (3,))
    ((24, 24), (2,))
    """
    return tuple(
        (length - (window - 1) * apart - 1) // step + 1
        for length, window, step, apart in zip(sizes, size, stride, dilation, strict=True)
    )


def _all_steps(size: Shape, stride: Steps | None, dilation: Steps | None) -> tuple[Steps, Steps]:
    ones = (1,) * len(size)
    return (ones if stride is None else tuple(stride)), (ones if dilation is None else tuple(dilation))


def _windows_shape(shape: Shape, size: Shape = (), stride: Steps | None = None, dilation: Steps | None = None) -> Shape:
    strides, dilations = _all_steps(size, stride, dilation)
    first = len(shape) - len(size)
    if first < 0:
        raise ShapeError(
            f"slot 0 has shape {shape}, and the window {tuple(size)} needs {len(size)} axes to slide over.",
            slot=0,
            expected=len(size),
            actual=shape,
        )
    places = places_of(shape[first:], size, strides, dilations)
    if min(places, default=1) < 1 or min(size, default=1) < 1:
        span = tuple((window - 1) * apart + 1 for window, apart in zip(size, dilations, strict=True))
        raise ShapeError(
            f"slot 0 has shape {shape}: a window that spans {span} does not fit into its last axes {shape[first:]}.",
            slot=0,
            expected=span,
            actual=shape,
        )
    return (*shape[:first], *places, *size)


def _targets(size: Shape, places: Shape, stride: Steps, dilation: Steps) -> Iterator[tuple[Shape, tuple[slice, ...]]]:
    """For each entry of a window: its place in there, and where it lies in the array as the window slides."""
    for offset in itertools.product(*map(range, size)):
        yield (
            offset,
            tuple(
                slice(k * apart, k * apart + (count - 1) * step + 1, step)
                for k, apart, count, step in zip(offset, dilation, places, stride, strict=True)
            ),
        )


def _windows(x: Any, size: Shape = (), stride: Steps | None = None, dilation: Steps | None = None) -> Any:
    strides, dilations = _all_steps(size, stride, dilation)
    shape = _windows_shape(x.shape, size, strides, dilations)
    if not size:
        return x
    if is_symbolic(x):
        places = shape[x.ndim - len(size) : x.ndim]
        parts = [x[(Ellipsis, *target)] for _, target in _targets(size, places, strides, dilations)]
        return np.reshape(np.stack(parts, axis=-1), shape)
    axes = tuple(range(x.ndim - len(size), x.ndim))
    span = tuple((window - 1) * apart + 1 for window, apart in zip(size, dilations, strict=True))
    picked: tuple[Any, ...] = (..., *(slice(None, None, step) for step in (*strides, *dilations)))
    # A view: whoever puts the windows in another order, as a convolution does, copies them once and not twice.
    return np.lib.stride_tricks.sliding_window_view(x, span, axis=axes)[picked]


def _added(
    x: Any, shape: Shape = (), size: Shape = (), stride: Steps | None = None, dilation: Steps | None = None
) -> Any:
    strides, dilations = _all_steps(size, stride, dilation)
    rank = len(size)
    whole = (*x.shape[: x.ndim - 2 * rank], *shape)
    targets = _targets(size, x.shape[x.ndim - 2 * rank : x.ndim - rank], strides, dilations)
    applier = applier_for((x,))
    if applier is not None:
        parts = [
            applier("scatter", x[(Ellipsis, *offset)], index=index_text((Ellipsis, *target)), shape=whole)
            for offset, target in targets
        ]
        return sum(parts[1:], parts[0])
    out = np.zeros(whole, dtype=x.dtype)
    for offset, target in targets:
        place: tuple[Any, ...] = (..., *target)
        out[place] += x[(Ellipsis, *offset)]
    return out


def _added_shape(
    given: Shape,
    shape: Shape = (),
    size: Shape = (),
    stride: Steps | None = None,
    dilation: Steps | None = None,
) -> Shape:
    rank = len(size)
    whole = (*given[: max(len(given) - 2 * rank, 0)], *shape)
    expected = _windows_shape(whole, size, stride, dilation)
    if given != expected:
        raise ShapeError(
            f"slot 0 has shape {given}, expected {expected}: {counted(math.prod(size), 'entry', 'entries')} "
            f"for each window of {whole}.",
            slot=0,
            expected=expected,
            actual=given,
        )
    return whole


def _slid(x: Any, size: Shape, stride: Steps | None, dilation: Steps | None) -> Any:
    applier = applier_for((x,))
    if applier is None:
        return _windows(x, size, stride, dilation)
    return applier("windows", x, size=size, stride=stride, dilation=dilation)


def _gathered(x: Any, shape: Shape, size: Shape, stride: Steps | None, dilation: Steps | None) -> Any:
    applier = applier_for((x,))
    if applier is None:
        return _added(x, shape, size, stride, dilation)
    return applier("overlap_add", x, shape=shape, size=size, stride=stride, dilation=dilation)


OPS = (
    Structured(
        name="windows",
        arity=1,
        value=_windows,
        shape_rule=_windows_shape,
        vjp_rules=(
            lambda g, _out, x, size=(), stride=None, dilation=None: _gathered(
                g, np.shape(x)[np.ndim(x) - len(size) :], size, stride, dilation
            ),
        ),
        jvp_rules=(lambda t, _out, _x, size=(), stride=None, dilation=None: _slid(t, size, stride, dilation),),
        formulas=("the sum of g over the windows that an entry is in",),
        symbol="▦",
        role=MOVER,
        latex=r"\operatorname{{windows}}\left({0}\right)",
        parameters={"size": (), "stride": None, "dilation": None},
        source=_SOURCE,
    ),
    Structured(
        name="overlap_add",
        arity=1,
        value=_added,
        shape_rule=_added_shape,
        vjp_rules=(
            lambda g, _out, _x, shape=(), size=(), stride=None, dilation=None: _slid(g, size, stride, dilation),  # noqa: ARG005  the op's parameters
        ),
        jvp_rules=(
            lambda t, _out, _x, shape=(), size=(), stride=None, dilation=None: _gathered(
                t, shape, size, stride, dilation
            ),
        ),
        formulas=("g at the place that an entry was added to",),
        symbol="▦⁺",
        role=MOVER,
        latex=r"\operatorname{{overlap}}\left({0}\right)",
        parameters={"shape": (), "size": (), "stride": None, "dilation": None},
        source=_SOURCE,
    ),
)
