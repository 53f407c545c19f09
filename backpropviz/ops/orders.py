"""What goes along one axis in order: running sums, and entries by size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.ops.axes import Shape, along_axes, positions
from backpropviz.ops.op import Structured
from backpropviz.ops.roles import COLLECTOR, ROUTER

if TYPE_CHECKING:
    from collections.abc import Callable


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


OPS = (
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
