"""Products over axes, whose gradients stay exact where factors are zero."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.ops.axes import Shape, along_axes, positions, reduced_shape, restored
from backpropviz.ops.op import Structured
from backpropviz.ops.roles import CROSS_AMPLIFIER, MIXER
from backpropviz.ops.stand_ins import applier_for

if TYPE_CHECKING:
    from backpropviz.ops.axes import Axis


def _others(x: Any, axis: Axis = None) -> Any:
    """Multiply, for each entry, all other entries along the axes.

    Dividing the product by the entry would fail at 0, so products from the left and from the right are joined.
    """
    rows, order = _as_rows(x, axis)
    ones = np.ones((*rows.shape[:-1], 1), dtype=rows.dtype)
    before = np.concatenate([ones, np.cumprod(rows[..., :-1], axis=-1)], axis=-1)[..., : rows.shape[-1]]
    after = np.concatenate([ones, np.cumprod(rows[..., :0:-1], axis=-1)], axis=-1)[..., ::-1][..., : rows.shape[-1]]
    return _from_rows(before * after, np.shape(x), order)


def _as_rows(x: Any, axis: Axis) -> tuple[Any, tuple[int, ...]]:
    """Bring the axes to the end and flatten them; also give the order in which axes then stand."""
    shape = np.shape(x)
    gone = positions(axis, len(shape), shape=shape)
    order = tuple(place for place in range(len(shape)) if place not in gone) + gone
    moved = np.transpose(x, order)
    kept = tuple(shape[place] for place in order[: len(shape) - len(gone)])
    return np.reshape(moved, (*kept, math.prod(shape[place] for place in gone))), order


def _from_rows(rows: Any, shape: Shape, order: tuple[int, ...]) -> Any:
    moved = np.reshape(rows, tuple(shape[place] for place in order))
    return np.transpose(moved, tuple(int(place) for place in np.argsort(order)))


def product_of_others(x: Any, axis: Axis = None) -> Any:
    """Give, for each entry, the product of all other entries along the axes; also of a traced array."""
    applier = applier_for((x,))
    return _others(x, axis) if applier is None else applier("product_of_others", x, axis=axis)


def _without_each(x: Any, axis: Axis) -> tuple[Any, Any, Any, tuple[int, ...]]:
    """Give for each entry the row without it, where a 1 stands in its place, and the products of others there."""
    rows, order = _as_rows(x, axis)
    size = np.shape(rows)[-1]
    same = np.eye(size)
    without = np.where(same, 1.0, rows[..., None, :])
    # Entry (i, j) multiplies all but i and j; entries with i = j would multiply all but i, and count nothing.
    return product_of_others(without, -1) * (1.0 - same), rows, same, order


def _others_vjp(g: Any, _out: Any, x: Any, axis: Axis = None) -> Any:
    pairs, _, _, order = _without_each(x, axis)
    received = np.sum(_as_rows(g, axis)[0][..., :, None] * pairs, axis=-2)
    return _from_rows(received, np.shape(x), order)


def _others_jvp(t: Any, _out: Any, x: Any, axis: Axis = None) -> Any:
    pairs, _, _, order = _without_each(x, axis)
    pushed = np.sum(_as_rows(t, axis)[0][..., None, :] * pairs, axis=-1)
    return _from_rows(pushed, np.shape(x), order)


OPS = (
    Structured(
        name="prod",
        arity=1,
        value=along_axes(lambda x, axis=None, keepdims=False: np.prod(x, axis=axis, keepdims=keepdims)),
        shape_rule=reduced_shape,
        vjp_rules=(
            lambda g, _out, x, axis=None, keepdims=False: restored(g, axis, keepdims) * product_of_others(x, axis),
        ),
        jvp_rules=(
            lambda t, _out, x, axis=None, keepdims=False: np.sum(
                t * product_of_others(x, axis), axis=axis, keepdims=keepdims
            ),
        ),
        formulas=("g·the product of the other entries",),
        symbol="Π",
        role=CROSS_AMPLIFIER,
        latex=r"\prod {0}",
        parameters={"axis": None, "keepdims": False},
        source="Griewank and Walther (2008), Evaluating Derivatives, section 3.3 (Speelpenning's product)",
    ),
    Structured(
        name="product_of_others",
        arity=1,
        value=_others,
        shape_rule=lambda shape, axis=None: (positions(axis, len(shape), shape=shape), shape)[1],
        vjp_rules=(_others_vjp,),
        jvp_rules=(_others_jvp,),
        formulas=("Σ g·the products without both entries",),
        symbol="Π others",
        role=MIXER,
        latex=r"\prod_{{\text{{others}}}} {0}",
        parameters={"axis": None},
        source="Griewank and Walther (2008), Evaluating Derivatives, section 3.3 (Speelpenning's product)",
    ),
)
