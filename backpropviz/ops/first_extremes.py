"""The largest entry along one axis, where the first of several that tie takes the whole gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from backpropviz.errors import ShapeError
from backpropviz.ops.axes import Shape, along_axes, positions, restored
from backpropviz.ops.op import Kink, Structured
from backpropviz.ops.roles import ROUTER
from backpropviz.ops.stand_ins import is_symbolic


def _shape(shape: Shape, axis: int = -1) -> Shape:
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
    np.put_along_axis(won, np.expand_dims(np.argmax(x, axis=axis), axis), 1.0, axis=axis)
    return won


OPS = (
    Structured(
        name="first_max",
        arity=1,
        value=along_axes(lambda x, axis=-1: np.max(x, axis=axis)),
        shape_rule=_shape,
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
)
