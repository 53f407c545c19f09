"""What only moves or repeats entries."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from backpropviz.errors import OutOfRangeError, ShapeError
from backpropviz.ops.axes import Shape, positions
from backpropviz.ops.broadcasting import broadcast_shape, unbroadcast
from backpropviz.ops.counting import counted
from backpropviz.ops.indices import is_basic, read_index
from backpropviz.ops.op import Structured
from backpropviz.ops.roles import MOVER
from backpropviz.ops.stand_ins import applier_for


def _reshaped(shape: Shape, to: Any) -> Shape:
    wanted = (to,) if isinstance(to, int) else tuple(to)
    size, known = math.prod(shape), math.prod(each for each in wanted if each != -1)
    open_axes = wanted.count(-1)
    fits = size == known if open_axes == 0 else open_axes == 1 and (size % known == 0 if known else False)
    if not fits:
        raise ShapeError(
            f"slot 0 has shape {shape}, that is {counted(size, 'entry, which does', 'entries, which do')} "
            f"not fill shape {wanted}.",
            slot=0,
            expected=wanted,
            actual=shape,
        )
    return tuple(size // known if each == -1 else each for each in wanted)


def _broadcast(shape: Shape, to: Any) -> Shape:
    wanted = (to,) if isinstance(to, int) else tuple(to)
    if broadcast_shape(shape, wanted) != wanted:
        raise ShapeError(
            f"slot 0 has shape {shape}, which does not broadcast to {wanted}.", slot=0, expected=wanted, actual=shape
        )
    return wanted


def _expanded(shape: Shape, axis: Any) -> Shape:
    axes = (axis,) if isinstance(axis, int) else tuple(axis)
    rank = len(shape) + len(axes)
    fresh = positions(axes, rank)
    sizes = iter(shape)
    return tuple(1 if place in fresh else next(sizes) for place in range(rank))


# -- picking entries -----------------------------------------------------------------------------------------


def _picked_shape(shape: Shape, index: str) -> Shape:
    try:
        picked: Shape = np.broadcast_to(np.float64(0.0), shape)[read_index(index)].shape
    except IndexError as cause:
        raise OutOfRangeError(
            f"the index [{index}] does not fit shape {shape}: {cause}.", slot=0, expected=shape, actual=index
        ) from None
    return picked


def _scatter(x: Any, index: str, shape: Shape) -> Any:
    """Put entries into zeros at the places an index names; entries that meet are added."""
    out = np.zeros(shape, dtype=x.dtype)
    if is_basic(index):
        out[read_index(index)] = x
    else:
        np.add.at(out, read_index(index), x)
    return out


def _scattered(x: Any, index: str, shape: Shape) -> Any:
    applier = applier_for((x,))
    return _scatter(x, index, shape) if applier is None else applier("scatter", x, index=index, shape=shape)


def _picked(x: Any, index: str) -> Any:
    applier = applier_for((x,))
    return x[read_index(index)] if applier is None else applier("getitem", x, index=index)


def _scatter_shape(given: Shape, index: str, whole: Shape) -> Shape:
    places = _picked_shape(whole, index)
    if given != places:
        raise ShapeError(
            f"slot 0 has shape {given}, expected {places}, the shape of [{index}].",
            slot=0,
            expected=places,
            actual=given,
        )
    return tuple(whole)


# -- joining -------------------------------------------------------------------------------------------------


def _joined_shape(*shapes: Shape, axis: int = 0) -> Shape:
    (place,) = positions(axis, len(shapes[0]), shape=shapes[0])
    first = shapes[0]
    for slot, shape in enumerate(shapes):
        if len(shape) != len(first) or shape[:place] + shape[place + 1 :] != first[:place] + first[place + 1 :]:
            fits = (*first[:place], "k", *first[place + 1 :])
            raise ShapeError(
                f"slot {slot} has shape {shape}, expected ({', '.join(map(str, fits))}), as slot 0 has shape {first}.",
                slot=slot,
                expected=fits,
                actual=shape,
            )
    return (*first[:place], sum(shape[place] for shape in shapes), *first[place + 1 :])


def _joined_vjp(slots: Any, g: Any, _out: Any, *parts: Any, axis: int = 0) -> list[Any]:
    axis = axis % np.ndim(parts[0])
    ends = np.cumsum([np.shape(part)[axis] for part in parts]).tolist()
    starts = [0, *ends]
    return [g[(slice(None),) * axis + (slice(starts[slot], ends[slot]),)] for slot in slots]


def _stacked_shape(*shapes: Shape, axis: int = 0) -> Shape:
    (place,) = positions(axis, len(shapes[0]) + 1)
    for slot, shape in enumerate(shapes):
        if shape != shapes[0]:
            raise ShapeError(
                f"slot {slot} has shape {shape}, expected {shapes[0]}, the shape of slot 0.",
                slot=slot,
                expected=shapes[0],
                actual=shape,
            )
    return (*shapes[0][:place], len(shapes), *shapes[0][place:])


def _stacked_vjp(slots: Any, g: Any, _out: Any, *parts: Any, axis: int = 0) -> list[Any]:
    axis = axis % (np.ndim(parts[0]) + 1)
    return [g[(slice(None),) * axis + (slot,)] for slot in slots]


def _mover(name: str, value: Any, shape_rule: Any, vjp: Any, jvp: Any, **facts: Any) -> Structured:
    return Structured(
        name=name,
        arity=1,
        value=value,
        shape_rule=shape_rule,
        vjp_rules=(vjp,),
        jvp_rules=(jvp,),
        role=MOVER,
        **facts,
    )


OPS = (
    _mover(
        "reshape",
        lambda x, shape=(-1,): np.reshape(x, shape),
        lambda given, shape=(-1,): _reshaped(given, shape),
        lambda g, _out, x, shape=(-1,): np.reshape(g, np.shape(x)),  # noqa: ARG005  the way back needs no target
        lambda t, _out, _x, shape=(-1,): np.reshape(t, shape),
        formulas=("g in the shape of x",),
        symbol="reshape",
        latex=r"\operatorname{{reshape}}\left({0}\right)",
        parameters={"shape": (-1,)},
    ),
    _mover(
        "broadcast_to",
        lambda x, shape=(): np.broadcast_to(x, shape),
        lambda given, shape=(): _broadcast(given, shape),
        lambda g, _out, x, shape=(): unbroadcast(g, np.shape(x)),  # noqa: ARG005  as above
        lambda t, _out, _x, shape=(): np.broadcast_to(t, shape),
        formulas=("g summed over the repeated axes",),
        symbol="repeat",
        latex=r"\operatorname{{broadcast}}\left({0}\right)",
        parameters={"shape": ()},
    ),
    _mover(
        "expand_dims",
        lambda x, axis=0: np.expand_dims(x, axis),
        lambda given, axis=0: _expanded(given, axis),
        lambda g, _out, x, axis=0: np.reshape(g, np.shape(x)),  # noqa: ARG005  as above
        lambda t, _out, _x, axis=0: np.expand_dims(t, axis),
        formulas=("g in the shape of x",),
        symbol="[None]",
        latex=r"\operatorname{{expand}}\left({0}\right)",
        parameters={"axis": 0},
    ),
    _mover(
        "getitem",
        lambda x, index="...": x[read_index(index)],
        lambda given, index="...": _picked_shape(given, index),
        lambda g, _out, x, index="...": _scattered(g, index, np.shape(x)),
        lambda t, _out, _x, index="...": _picked(t, index),
        formulas=("g put back at its places, 0 elsewhere",),
        symbol="x[i]",
        latex=r"{{{0}}}_{{[{index}]}}",
        parameters={"index": "..."},
    ),
    _mover(
        "scatter",
        lambda x, index="...", shape=(): _scatter(x, index, shape),
        lambda given, index="...", shape=(): _scatter_shape(given, index, shape),
        lambda g, _out, _x, index="...", shape=(): _picked(g, index),  # noqa: ARG005  as above
        lambda t, _out, _x, index="...", shape=(): _scattered(t, index, shape),
        formulas=("g at the same places",),
        symbol="scatter",
        latex=r"\operatorname{{scatter}}\left({0}\right)",
        parameters={"index": "...", "shape": ()},
    ),
    Structured(
        name="concatenate",
        arity=None,
        value=lambda *parts, axis=0: np.concatenate(parts, axis=axis),
        shape_rule=_joined_shape,
        vjp_together=_joined_vjp,
        jvp_together=lambda tangents, _out, *_parts, axis=0: np.concatenate(tangents, axis=axis),
        formulas=("its own part of g",),
        symbol="[x, y]",
        role=MOVER,
        latex=r"\operatorname{{concatenate}}",
        parameters={"axis": 0},
    ),
    Structured(
        name="stack",
        arity=None,
        value=lambda *parts, axis=0: np.stack(parts, axis=axis),
        shape_rule=_stacked_shape,
        vjp_together=_stacked_vjp,
        jvp_together=lambda tangents, _out, *_parts, axis=0: np.stack(tangents, axis=axis),
        formulas=("its own part of g",),
        symbol="[x; y]",
        role=MOVER,
        latex=r"\operatorname{{stack}}",
        parameters={"axis": 0},
    ),
)
