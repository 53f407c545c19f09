"""What goes along one axis in order: running sums, entries by size, and the first of the largest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import ShapeError
from backpropviz.ops.axes import Shape, along_axes, positions, restored
from backpropviz.ops.op import Kink, Structured
from backpropviz.ops.roles import COLLECTOR, ROUTER
from backpropviz.ops.stand_ins import is_symbolic

if TYPE_CHECKING:
    from collections.abc import Callable


_FEW = 32  # entries that are gone through one by one


def _same_shape(shape: Shape, axis: int = -1) -> Shape:
    positions(axis, len(shape), shape=shape)
    return shape


def _along_last(rule: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Let a rule that works along the last axis work along any."""

    def turned(flow: Any, _out: Any, x: Any, axis: int = -1) -> Any:
        return np.moveaxis(rule(np.moveaxis(flow, axis, -1), np.moveaxis(x, axis, -1)), -1, axis)

    return turned


def _came_from(x: Any) -> Any:
    """Tell, for each place in order (rows), which entry stands there (columns); of equal ones the first comes first."""
    count = np.shape(x)[-1]
    one, other = np.expand_dims(x, -1), np.expand_dims(x, -2)
    earlier = np.arange(count)[:, None] > np.arange(count)
    before = np.where(np.less(other, one), 1.0, np.where(np.equal(other, one), 1.0 * earlier, 0.0))
    rank = np.expand_dims(np.sum(before, axis=-1), -2)
    return np.equal(rank, np.arange(count, dtype=np.float64)[:, None])


def _sorted_back(g: Any, x: Any) -> Any:
    return np.sum(np.where(_came_from(x), np.expand_dims(g, -1), 0.0), axis=-2)


def _sorted_along(t: Any, x: Any) -> Any:
    return np.sum(np.where(_came_from(x), np.expand_dims(t, -2), 0.0), axis=-1)


def _without_axis(shape: Shape, axis: int = -1) -> Shape:
    (place,) = positions(axis, len(shape), shape=shape)
    if shape[place] == 0:
        raise ShapeError(
            f"slot 0 has shape {shape}: no entry of axis {axis} can be the largest. Expected at least one.",
            slot=0,
            expected="at least one entry",
            actual=shape,
        )
    return shape[:place] + shape[place + 1 :]


def _won(out: Any, x: Any, axis: int) -> Any:
    """One for the entry that won, 0 for all others."""
    if is_symbolic(x) or is_symbolic(out):
        ties = np.moveaxis(np.where(np.equal(x, restored(out, axis, keepdims=False)), 1.0, 0.0), axis, -1)
        count = np.shape(ties)[-1]
        # Entries that tie are counted from the first; that one alone has the number 1.
        numbered = ties @ np.triu(np.ones((count, count)))
        return np.moveaxis(ties * np.equal(numbered, 1.0), -1, axis)
    won = np.zeros(np.shape(x))
    if np.shape(x)[axis] > _FEW or np.isnan(out).any():
        np.put_along_axis(won, np.expand_dims(np.argmax(x, axis=axis), axis), 1.0, axis=axis)
        return won
    # Few entries, as those of a pooling window: all windows at once for each is a tenth of the time.
    rows, places, still_open = np.moveaxis(x, axis, 0), np.moveaxis(won, axis, 0), np.ones(np.shape(out), dtype=bool)
    for entry, row in enumerate(rows):
        first = np.equal(row, out) & still_open
        places[entry] = first
        still_open ^= first
    return won


OPS = (
    Structured(
        name="first_max",
        arity=1,
        value=along_axes(lambda x, axis=-1: np.max(x, axis=axis)),
        shape_rule=_without_axis,
        vjp_rules=(lambda g, out, x, axis=-1: restored(g, axis, keepdims=False) * _won(out, x, axis),),
        jvp_rules=(lambda t, out, x, axis=-1: np.sum(t * _won(out, x, axis), axis=axis),),
        formulas=("g for the first of the largest entries, else 0",),
        symbol="max",
        role=ROUTER,
        latex=r"\max {0}",
        parameters={"axis": -1},
        kinks=(
            Kink(lambda out, _x: ["finite", out], "Where several entries tie, the first of them takes the gradient."),
        ),
        analytic=False,
        source="Boureau, Ponce and LeCun (2010), A theoretical analysis of feature pooling in visual recognition",
    ),
    Structured(
        name="cumsum",
        arity=1,
        value=along_axes(lambda x, axis=-1: np.cumsum(x, axis)),
        shape_rule=_same_shape,
        vjp_rules=(lambda g, _out, _x, axis=-1: np.flip(np.cumsum(np.flip(g, axis), axis), axis),),
        jvp_rules=(lambda t, _out, _x, axis=-1: np.cumsum(t, axis),),
        formulas=("g summed from the end",),
        symbol="Σ…",
        role=COLLECTOR,
        latex=r"\operatorname{{cumsum}}\left({0}\right)",
        parameters={"axis": -1},
    ),
    Structured(
        name="sort",
        arity=1,
        value=lambda x, axis=-1: np.sort(x, axis),
        shape_rule=_same_shape,
        vjp_rules=(_along_last(_sorted_back),),
        jvp_rules=(_along_last(_sorted_along),),
        formulas=("g put back where the entries came from",),
        symbol="sort",
        role=ROUTER,
        latex=r"\operatorname{{sort}}\left({0}\right)",
        parameters={"axis": -1},
        analytic=False,
        source="Paszke et al. (2019), PyTorch: sort passes gradients by its own permutation",
    ),
)
