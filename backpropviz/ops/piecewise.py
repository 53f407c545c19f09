"""Operations that choose: absolute value, maximum and minimum."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from backpropviz.ops.op import Condition, Elementwise, Interval, Kink
from backpropviz.ops.roles import GATE, ROUTER


def _shares(out: Any, *arguments: Any) -> tuple[Any, ...]:
    """One for the argument that won, shared equally among those that tie."""
    won = [np.where(np.equal(argument, out), 1.0, 0.0) for argument in arguments]
    count = reduce(lambda total, term: total + term, won)
    return tuple(term / count for term in won)


def _tie(out: Any, *arguments: Any) -> Condition:
    pairs = [
        ["all", ["equal", first, out], ["equal", second, out]]
        for index, first in enumerate(arguments)
        for second in arguments[index + 1 :]
    ]
    return ["any", *pairs]


def _tie_note(op: str, sign: str) -> str:
    return (
        f"A tie: {op} has a kink here. The convention used is to share the gradient equally among the tied arguments; "
        f"the indicators 1{{x {sign} y}} and 1{{y {sign} x}} of some lecture notes would count it once for each."
    )


OPS = (
    Elementwise(
        name="abs",
        arity=1,
        value=np.abs,
        partials=lambda _out, x: (np.sign(x),),
        formulas=("sign x",),
        symbol="|x|",
        role=GATE,
        latex=r"\left|{0}\right|",
        domain=(Interval(0.2, 3.0),),
        kinks=(
            Kink(lambda _out, x: ["zero", x], "|x| has a kink at 0: the convention used here is slope 0 at the kink."),
        ),
        analytic=False,
    ),
    Elementwise(
        name="max",
        arity=None,
        value=lambda *arguments: reduce(np.maximum, arguments),
        partials=_shares,
        formulas=("1 if largest, else 0",),
        symbol="max",
        role=ROUTER,
        latex=r"\max",
        domain=(Interval(-3.0, -0.2), Interval(0.2, 3.0)),
        kinks=(Kink(_tie, _tie_note("max", "≥"), "tie"),),
        analytic=False,
    ),
    Elementwise(
        name="min",
        arity=None,
        value=lambda *arguments: reduce(np.minimum, arguments),
        partials=_shares,
        formulas=("1 if smallest, else 0",),
        symbol="min",
        role=ROUTER,
        latex=r"\min",
        domain=(Interval(-3.0, -0.2), Interval(0.2, 3.0)),
        kinks=(Kink(_tie, _tie_note("min", "≤"), "tie"),),
        analytic=False,
    ),
)
