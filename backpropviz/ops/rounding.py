"""Rounding and remainders: steps, between which no gradient or the whole gradient passes."""

from __future__ import annotations

from typing import Any

import numpy as np

from backpropviz.ops.op import Condition, Elementwise, Interval, Kink, Rule
from backpropviz.ops.roles import BLOCKER, GATE, SCALER


def _at_a_step(out: Any, x: Any) -> Condition:
    return ["equal", out, x]


def _rounding(name: str, value: Rule, symbol: str, latex: str, kinks: tuple[Kink, ...]) -> Elementwise:
    return Elementwise(
        name=name,
        arity=1,
        value=value,
        partials=lambda _out, _x: (0.0,),
        formulas=("0",),
        symbol=symbol,
        role=BLOCKER,
        latex=latex,
        kinks=kinks,
        analytic=False,
        blocks=True,
    )


_STEP = Kink(
    _at_a_step, "Rounding jumps at whole numbers; the convention used is gradient 0 there, as everywhere.", "step"
)

OPS = (
    _rounding("floor", np.floor, "⌊x⌋", r"\left\lfloor {0} \right\rfloor", (_STEP,)),
    _rounding("ceil", np.ceil, "⌈x⌉", r"\left\lceil {0} \right\rceil", (_STEP,)),
    _rounding("round", np.rint, "round", r"\operatorname{{round}}\left({0}\right)", ()),
    Elementwise(
        name="mod",
        arity=2,
        value=np.mod,
        partials=lambda _out, x, y: (1.0, -np.floor(x / y)),
        formulas=("1", "-floor(x/y)"),
        symbol="mod",
        role=SCALER,
        latex=r"{0} \bmod {1}",
        domain=(Interval(-3.0, 3.0), Interval(0.4, 3.0)),
        kinks=(
            Kink(
                lambda out, _x, _y: ["zero", out],
                "A remainder jumps where nothing remains: the convention used is the slope of the side that begins "
                "there.",
                "step",
            ),
        ),
        analytic=False,
        source="Knuth (1997), The Art of Computer Programming, volume 1, section 1.2.4",
    ),
    Elementwise(
        name="copysign",
        arity=2,
        value=np.copysign,
        partials=lambda _out, x, y: (np.sign(x) * np.copysign(1.0, y), 0.0),
        formulas=("sign(x)*copysign(1, y)", "0"),
        symbol="±",
        role=GATE,
        latex=r"\operatorname{{copysign}}\left({0}, {1}\right)",
        domain=(Interval(0.2, 3.0), Interval(0.2, 3.0)),
        kinks=(
            Kink(lambda _out, x, _y: ["zero", x], "|x| has a kink at 0: the convention used here is slope 0 there."),
        ),
        analytic=False,
        source="IEEE 754, section 5.5.1",
    ),
)
