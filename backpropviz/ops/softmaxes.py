"""Scores as probabilities, stable for scores of any size."""

from __future__ import annotations

from typing import Any

import numpy as np

from backpropviz.ops.axes import Axis, along_axes, positions, summed
from backpropviz.ops.op import Structured
from backpropviz.ops.roles import MIXER

_SOURCE = "Bridle (1990), Probabilistic interpretation of feedforward classification network outputs"


def shifted(x: Any, axis: Axis) -> Any:
    """Subtract the largest score, which changes no probability, so that no exponential overflows."""
    return x - np.max(x.real, axis=axis, keepdims=True, initial=-np.inf)


def softmax_of(x: Any, axis: Axis = -1) -> Any:
    """Give probabilities of scores, along axes."""
    powers = np.exp(shifted(x, axis))
    return powers / summed(powers, axis, keepdims=True)


def log_softmax_of(x: Any, axis: int = -1) -> Any:
    """Give logarithms of the probabilities of scores, along one axis."""
    moved = shifted(x, axis)
    return moved - np.log(summed(np.exp(moved), axis, keepdims=True))


def _same_shape(shape: tuple[int, ...], axis: int = -1) -> tuple[int, ...]:
    positions(axis, len(shape), shape=shape)
    return shape


def _softmax_vjp(g: Any, out: Any, _x: Any, axis: int = -1) -> Any:
    return out * (g - np.sum(g * out, axis=axis, keepdims=True))


OPS = (
    Structured(
        name="softmax",
        arity=1,
        value=along_axes(softmax_of),
        shape_rule=_same_shape,
        vjp_rules=(_softmax_vjp,),
        # Its Jacobian, diag(p) - p pᵀ, is symmetric: forwards and backwards are one rule.
        jvp_rules=(_softmax_vjp,),
        formulas=("out·(g − Σ g·out)",),
        symbol="softmax",
        role=MIXER,
        latex=r"\operatorname{{softmax}}\left({0}\right)",
        parameters={"axis": -1},
        source=_SOURCE,
    ),
    Structured(
        name="log_softmax",
        arity=1,
        value=along_axes(log_softmax_of),
        shape_rule=_same_shape,
        vjp_rules=(lambda g, out, _x, axis=-1: g - np.exp(out) * np.sum(g, axis=axis, keepdims=True),),
        jvp_rules=(lambda t, out, _x, axis=-1: t - np.sum(np.exp(out) * t, axis=axis, keepdims=True),),
        formulas=("g − exp(out)·Σ g",),
        symbol="log softmax",
        role=MIXER,
        latex=r"\ln \operatorname{{softmax}}\left({0}\right)",
        parameters={"axis": -1},
        source=_SOURCE,
    ),
)
