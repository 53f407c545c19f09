"""Sums, products, extremes and spreads over axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import ShapeError
from backpropviz.ops.axes import Shape, along_axes, count, reduced_shape, restored, spread
from backpropviz.ops.op import Kink, Structured
from backpropviz.ops.roles import ROUTER, SCALER, SPREADER
from backpropviz.ops.softmaxes import softmax_of
from backpropviz.ops.stand_ins import is_symbolic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.ops.axes import Axis
    from backpropviz.ops.op import Rule
    from backpropviz.ops.roles import Role

_OVER_AXES: Mapping[str, Any] = {"axis": None, "keepdims": False}


def _sum(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:  # noqa: FBT001, FBT002  as NumPy has it
    # np.sum gives the same, after checks that cost more than a short sum.
    return x.sum(axis, keepdims=keepdims) if isinstance(x, np.ndarray) else np.sum(x, axis=axis, keepdims=keepdims)


def _mean(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:  # noqa: FBT001, FBT002  as NumPy has it
    # np.mean warns of an empty array; 0/0 gives the same NaN, which is flagged.
    return _sum(x, axis, keepdims) / np.float64(count(np.shape(x), axis))


def _sum_vjp(g: Any, _out: Any, x: Any, axis: Axis = None, keepdims: bool = False) -> Any:  # noqa: FBT001, FBT002
    return spread(restored(g, axis, keepdims), np.shape(x))


def _mean_vjp(g: Any, _out: Any, x: Any, axis: Axis = None, keepdims: bool = False) -> Any:  # noqa: FBT001, FBT002
    share = g / np.float64(count(np.shape(x), axis))
    return spread(restored(share, axis, keepdims), np.shape(x))


# -- extremes ------------------------------------------------------------------------------------------------


def _shares(out: Any, x: Any, axis: Axis, keepdims: bool) -> Any:  # noqa: FBT001  a parameter, handed on
    """One for the entry that won, shared equally among those that tie."""
    won = np.where(np.equal(x, restored(out, axis, keepdims)), 1.0, 0.0)
    return won / np.sum(won, axis=axis, keepdims=True)


def _extreme_vjp(g: Any, out: Any, x: Any, axis: Axis = None, keepdims: bool = False) -> Any:  # noqa: FBT001, FBT002
    return restored(g, axis, keepdims) * _shares(out, x, axis, keepdims)


def _extreme_jvp(t: Any, out: Any, x: Any, axis: Axis = None, keepdims: bool = False) -> Any:  # noqa: FBT001, FBT002
    return np.sum(t * _shares(out, x, axis, keepdims), axis=axis, keepdims=keepdims)


def _nonempty_shape(shape: Shape, axis: Axis = None, keepdims: bool = False) -> Shape:  # noqa: FBT001, FBT002
    kept = reduced_shape(shape, axis, keepdims)
    if count(shape, axis) == 0:
        raise ShapeError(
            f"slot 0 has shape {shape}: an empty array has no largest or smallest entry. Expected at least one.",
            slot=0,
            expected="at least one entry",
            actual=shape,
        )
    return kept


# -- spreads -------------------------------------------------------------------------------------------------


def _deviations(x: Any, axis: Axis) -> Any:
    return x - _mean(x, axis, keepdims=True)


def _variance(x: Any, axis: Axis = None, keepdims: bool = False, ddof: int = 0) -> Any:  # noqa: FBT001, FBT002
    deviations = x - _mean(x, axis, keepdims=True)
    return _sum(deviations * deviations, axis, keepdims) / np.float64(count(np.shape(x), axis) - ddof)


def _variance_vjp(g: Any, _out: Any, x: Any, axis: Axis = None, keepdims: bool = False, ddof: int = 0) -> Any:  # noqa: FBT001, FBT002
    factor = 2.0 * g / np.float64(count(np.shape(x), axis) - ddof)
    return restored(factor, axis, keepdims) * _deviations(x, axis)


def _variance_jvp(t: Any, _out: Any, x: Any, axis: Axis = None, keepdims: bool = False, ddof: int = 0) -> Any:  # noqa: FBT001, FBT002
    along = np.sum(t * _deviations(x, axis), axis=axis, keepdims=keepdims)
    return 2.0 * along / np.float64(count(np.shape(x), axis) - ddof)


def _std_vjp(g: Any, out: Any, x: Any, axis: Axis = None, keepdims: bool = False, ddof: int = 0) -> Any:  # noqa: FBT001, FBT002
    factor = np.where(np.equal(out, 0.0), 0.0, g / (out * np.float64(count(np.shape(x), axis) - ddof)))
    return restored(factor, axis, keepdims) * _deviations(x, axis)


def _std_jvp(t: Any, out: Any, x: Any, axis: Axis = None, keepdims: bool = False, ddof: int = 0) -> Any:  # noqa: FBT001, FBT002
    along = np.sum(t * _deviations(x, axis), axis=axis, keepdims=keepdims)
    return np.where(np.equal(out, 0.0), 0.0, along / (out * np.float64(count(np.shape(x), axis) - ddof)))


def _spread_shape(shape: Shape, axis: Axis = None, keepdims: bool = False, ddof: int = 0) -> Shape:  # noqa: ARG001, FBT001, FBT002
    return reduced_shape(shape, axis, keepdims)


# -- log of a sum of exponentials ----------------------------------------------------------------------------


def _logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:  # noqa: FBT001, FBT002
    top = np.max(np.real(x), axis=axis, keepdims=True, initial=-np.inf)
    shift = np.where(np.isfinite(top), top, 0.0)
    total = np.log(np.sum(np.exp(x - shift), axis=axis, keepdims=True)) + shift
    return total if keepdims else total.reshape(reduced_shape(np.shape(x), axis))


def _softmax_of(out: Any, x: Any, axis: Axis, keepdims: bool) -> Any:  # noqa: FBT001  a parameter, handed on
    if is_symbolic(x) or is_symbolic(out):
        return np.exp(x - restored(out, axis, keepdims))
    return softmax_of(x, axis)  # exact to the last digit for scores of ±1000, where x - out is rounded


def _reduction(
    name: str,
    value: Rule,
    vjp: Rule,
    jvp: Rule,
    *,
    formula: str,
    symbol: str,
    role: Role,
    latex: str,
    **more: Any,
) -> Structured:
    facts: dict[str, Any] = {"shape_rule": reduced_shape, "parameters": _OVER_AXES} | more
    return Structured(
        name=name,
        arity=1,
        value=along_axes(value),
        vjp_rules=(vjp,),
        jvp_rules=(jvp,),
        formulas=(formula,),
        symbol=symbol,
        role=role,
        latex=latex,
        **facts,
    )


_TIE = "Where several entries tie, they share the gradient equally."
_WITH_DDOF: Mapping[str, Any] = {**_OVER_AXES, "ddof": 0}

OPS = (
    _reduction(
        "sum",
        _sum,
        _sum_vjp,
        lambda t, _out, _x, axis=None, keepdims=False: np.sum(t, axis=axis, keepdims=keepdims),
        formula="g for every entry",
        symbol="Σ",
        role=SPREADER,
        latex=r"\sum {0}",
    ),
    _reduction(
        "mean",
        _mean,
        _mean_vjp,
        lambda t, _out, _x, axis=None, keepdims=False: _mean(t, axis, keepdims),
        formula="g/n for every entry",
        symbol="mean",
        role=SPREADER,
        latex=r"\operatorname{{mean}}\left({0}\right)",
    ),
    _reduction(
        "reduce_max",
        lambda x, axis=None, keepdims=False: np.max(x, axis=axis, keepdims=keepdims),
        _extreme_vjp,
        _extreme_jvp,
        shape_rule=_nonempty_shape,
        analytic=False,
        formula="g for the largest entry, else 0",
        symbol="max",
        role=ROUTER,
        latex=r"\max {0}",
        kinks=(Kink(lambda out, _x: ["finite", out], _TIE),),
    ),
    _reduction(
        "reduce_min",
        lambda x, axis=None, keepdims=False: np.min(x, axis=axis, keepdims=keepdims),
        _extreme_vjp,
        _extreme_jvp,
        shape_rule=_nonempty_shape,
        analytic=False,
        formula="g for the smallest entry, else 0",
        symbol="min",
        role=ROUTER,
        latex=r"\min {0}",
        kinks=(Kink(lambda out, _x: ["finite", out], _TIE),),
    ),
    _reduction(
        "variance",
        _variance,
        _variance_vjp,
        _variance_jvp,
        shape_rule=_spread_shape,
        parameters=_WITH_DDOF,
        formula="g·2·(x − mean)/n",
        symbol="var",
        role=SCALER,
        latex=r"\operatorname{{Var}}\left({0}\right)",
    ),
    _reduction(
        "std",
        lambda x, axis=None, keepdims=False, ddof=0: np.sqrt(_variance(x, axis, keepdims, ddof)),
        _std_vjp,
        _std_jvp,
        shape_rule=_spread_shape,
        parameters=_WITH_DDOF,
        formula="g·(x − mean)/(n·out)",
        symbol="std",
        role=SCALER,
        latex=r"\operatorname{{std}}\left({0}\right)",
        kinks=(Kink(lambda out, _x: ["zero", out], "A spread has a kink at 0: the gradient 0 is used there."),),
    ),
    _reduction(
        "logsumexp",
        _logsumexp,
        lambda g, out, x, axis=None, keepdims=False: restored(g, axis, keepdims) * _softmax_of(out, x, axis, keepdims),
        lambda t, out, x, axis=None, keepdims=False: np.sum(
            t * _softmax_of(out, x, axis, keepdims), axis=axis, keepdims=keepdims
        ),
        formula="g·softmax(x)",
        symbol="lse",
        role=SPREADER,
        latex=r"\ln \sum e^{{{0}}}",
        source="Blanchard, Higham and Higham (2021), Accurately computing the log-sum-exp and softmax functions",
    ),
)
