"""Choosing by a condition, comparing, clipping, and the sign: where gradients pass whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.ops.op import Condition, Elementwise, Interval, Kink
from backpropviz.ops.roles import BLOCKER, GATE, ROUTER

if TYPE_CHECKING:
    from backpropviz.ops.op import Rule


def _where_partials(_out: Any, condition: Any, _x: Any, _y: Any) -> tuple[Any, Any, Any]:
    return 0.0, np.where(condition, 1.0, 0.0), np.where(condition, 0.0, 1.0)


def _clip_partials(_out: Any, x: Any, low: Any, high: Any) -> tuple[Any, Any, Any]:
    # Where low exceeds high, the result is high, as NumPy has it.
    over = np.where(np.greater(np.maximum(x, low), high), 1.0, 0.0)
    under = np.where(np.less(x, low), 1.0 - over, 0.0)
    return 1.0 - over - under, under, over


def _at_a_bound(_out: Any, x: Any, low: Any, high: Any) -> Condition:
    return ["any", ["equal", x, low], ["equal", x, high]]


def _comparison(name: str, value: Rule, sign: str, latex: str) -> Elementwise:
    return Elementwise(
        name=name,
        arity=2,
        value=lambda x, y: np.where(value(x, y), 1.0, 0.0),
        partials=lambda _out, _x, _y: (0.0, 0.0),
        formulas=("0",),
        symbol=sign,
        role=BLOCKER,
        latex=f"[{{0}} {latex} {{1}}]",
        domain=(Interval(-3.0, -0.2), Interval(0.2, 3.0)),
        kinks=(Kink(lambda _out, x, y: ["equal", x, y], "A comparison jumps where both sides are equal."),),
        analytic=False,
        blocks=True,
    )


OPS = (
    Elementwise(
        name="where",
        arity=3,
        value=lambda condition, x, y: np.where(np.not_equal(condition, 0.0), x, y),
        partials=_where_partials,
        formulas=("0", "1 where chosen, else 0", "0 where chosen, else 1"),
        symbol="where",
        role=ROUTER,
        latex=r"\operatorname{{where}}\left({0}, {1}, {2}\right)",
        analytic=False,
        blocks=True,
    ),
    Elementwise(
        name="clip",
        arity=3,
        value=np.clip,
        partials=_clip_partials,
        formulas=("1 between the bounds, else 0", "1 where it binds, else 0"),
        symbol="clip",
        role=GATE,
        latex=r"\operatorname{{clip}}\left({0}, {1}, {2}\right)",
        domain=(Interval(-0.8, 0.8), Interval(-2.0, -1.0), Interval(1.0, 2.0)),
        kinks=(
            Kink(_at_a_bound, "A bound is a kink: the convention used here is to let the gradient pass to x there."),
        ),
        analytic=False,
        blocks=True,
    ),
    Elementwise(
        name="sign",
        arity=1,
        value=np.sign,
        partials=lambda _out, _x: (0.0,),
        formulas=("0",),
        symbol="sign",
        role=BLOCKER,
        latex=r"\operatorname{{sign}} {0}",
        domain=(Interval(0.2, 3.0),),
        kinks=(Kink(lambda _out, x: ["zero", x], "The sign jumps at 0."),),
        analytic=False,
        blocks=True,
    ),
    _comparison("greater", np.greater, ">", ">"),
    _comparison("greater_equal", np.greater_equal, "≥", r"\ge"),
    _comparison("less", np.less, "<", "<"),
    _comparison("less_equal", np.less_equal, "≤", r"\le"),
    _comparison("equal", np.equal, "=", "="),
    _comparison("not_equal", np.not_equal, "≠", r"\ne"),
)
