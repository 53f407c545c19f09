"""Losses, fused with the link before them, so that they stay exact for scores of ±1000."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

from backpropviz.errors import InputError, OutOfRangeError, ShapeError
from backpropviz.ops.axes import Shape, spread, summed
from backpropviz.ops.broadcasting import broadcast_shape, unbroadcast
from backpropviz.ops.dispatch import Function
from backpropviz.ops.op import Structured
from backpropviz.ops.roles import SCALER
from backpropviz.ops.softmaxes import OPS as SOFTMAXES
from backpropviz.ops.softmaxes import log_softmax_of, softmax_of
from backpropviz.ops.stand_ins import is_symbolic

Reduction = Literal["mean", "sum", "none"]
"""What becomes of the losses of single entries or examples."""

_traced_softmax, _traced_log_softmax = (Function(op) for op in SOFTMAXES)


def _softmax(x: Any) -> Any:
    return _traced_softmax(x) if is_symbolic(x) else softmax_of(x)


def _log_softmax(x: Any) -> Any:
    return _traced_log_softmax(x) if is_symbolic(x) else log_softmax_of(x)


def _reduced(losses: Any, reduction: Reduction) -> Any:
    if reduction == "mean":
        return np.add.reduce(losses, axis=None) / np.float64(losses.size)
    if reduction == "sum":
        return np.add.reduce(losses, axis=None)
    if reduction == "none":
        return losses
    raise _unknown(reduction)


def _unknown(reduction: object) -> InputError:
    return InputError(f"reduction is 'mean', 'sum' or 'none', not {reduction!r}.", actual=reduction)


def _reduced_shape(shape: Shape, reduction: Reduction) -> Shape:
    if reduction not in ("mean", "sum", "none"):
        raise _unknown(reduction)
    return shape if reduction == "none" else ()


def _shares(g: Any, shape: Shape, reduction: Reduction) -> Any:
    """Gradient of each single loss."""
    return g / np.float64(math.prod(shape)) if reduction == "mean" else g


def _pair_shape(left: Shape, right: Shape) -> Shape:
    return broadcast_shape(left, right)


# -- squared error -------------------------------------------------------------------------------------------


def _squared_error(x: Any, y: Any, reduction: Reduction = "mean") -> Any:
    residuals = x - y
    return _reduced(residuals * residuals, reduction)


def _squared_slope(g: Any, x: Any, y: Any, reduction: Reduction) -> Any:
    residuals = x - y
    return 2.0 * _shares(g, np.shape(residuals), reduction) * residuals


def _squared_rate(along: Any, x: Any, y: Any, reduction: Reduction) -> Any:
    return _moved(2.0 * (x - y) * along, _pair_shape(np.shape(x), np.shape(y)), reduction)


def _moved(rates: Any, shape: Shape, reduction: Reduction) -> Any:
    if reduction == "none":
        return rates
    whole = np.sum(spread(rates, shape))
    return whole / np.float64(math.prod(shape)) if reduction == "mean" else whole


# -- binary cross-entropy ------------------------------------------------------------------------------------


def _binary(x: Any, y: Any, reduction: Reduction = "mean") -> Any:
    # ln(1 + eˣ) - x·y, where logaddexp never overflows.
    return _reduced(np.logaddexp(0.0, x) - x * y, reduction)


def _sigmoid(x: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-x))


def _binary_vjp_logits(g: Any, _out: Any, x: Any, y: Any, reduction: Reduction = "mean") -> Any:
    differences = _sigmoid(x) - y
    return unbroadcast(_shares(g, np.shape(differences), reduction) * differences, np.shape(x))


def _binary_vjp_targets(g: Any, _out: Any, x: Any, y: Any, reduction: Reduction = "mean") -> Any:
    shape = _pair_shape(np.shape(x), np.shape(y))
    return unbroadcast(spread(-_shares(g, shape, reduction) * x, shape), np.shape(y))


def _binary_jvp_logits(t: Any, _out: Any, x: Any, y: Any, reduction: Reduction = "mean") -> Any:
    return _moved((_sigmoid(x) - y) * t, _pair_shape(np.shape(x), np.shape(y)), reduction)


def _binary_jvp_targets(t: Any, _out: Any, x: Any, y: Any, reduction: Reduction = "mean") -> Any:
    return _moved(-x * t, _pair_shape(np.shape(x), np.shape(y)), reduction)


# -- cross-entropy over classes ------------------------------------------------------------------------------


def _cross_shape(logits: Shape, targets: Shape, reduction: Reduction = "mean") -> Shape:
    if not logits:
        raise ShapeError("slot 0 is a scalar, expected (classes,) or (batch, classes).", slot=0, actual=logits)
    if targets not in (logits, logits[:-1]):
        raise ShapeError(
            f"slot 1 has shape {targets}, expected {logits[:-1]}, one class number each, or {logits}, one probability "
            f"per class, since slot 0 has shape {logits}.",
            slot=1,
            expected=(logits[:-1], logits),
            actual=targets,
        )
    return _reduced_shape(logits[:-1], reduction)


def _class_numbers(logits: Any, targets: Any) -> Any:
    """Give labels as whole numbers, after a look at each."""
    labels = np.asarray(targets.real).astype(np.intp)
    classes = logits.shape[-1]
    if labels.size and not ((labels == targets.real).all() and labels.min() >= 0 and labels.max() < classes):
        flat = np.ravel(targets.real)
        wrong = next(float(each) for each in flat if not (0 <= each < classes and each == int(each)))
        raise OutOfRangeError(
            f"slot 1 holds the label {wrong:g}, expected a whole number from 0 to {classes - 1}, one of the {classes} "
            "classes of slot 0.",
            slot=1,
            expected=range(classes),
            actual=wrong,
        )
    return labels


def _cross(x: Any, y: Any, reduction: Reduction = "mean") -> Any:
    _cross_shape(x.shape, y.shape, reduction)
    if y.ndim == x.ndim:
        return _reduced(-summed(y * log_softmax_of(x), -1), reduction)
    if is_symbolic(x) or is_symbolic(y):
        return _reduced(-np.sum(_one_hot(x, y) * log_softmax_of(x), axis=-1), reduction)
    chosen = _class_numbers(x, y)[..., None]
    return _reduced(-np.take_along_axis(log_softmax_of(x), chosen, axis=-1)[..., 0], reduction)


def _one_hot(x: Any, y: Any) -> Any:
    """Give targets as probabilities per class."""
    if np.ndim(y) == np.ndim(x):
        return y
    return np.where(np.equal(y[..., None], np.arange(np.shape(x)[-1], dtype=np.float64)), 1.0, 0.0)


def _cross_vjp_logits(g: Any, _out: Any, x: Any, y: Any, reduction: Reduction = "mean") -> Any:
    shares = _shares(g, np.shape(x)[:-1], reduction)
    shares = shares[..., None] if reduction == "none" else shares
    if np.ndim(y) == np.ndim(x):
        return shares * (_softmax(x) * summed(y, -1, keepdims=True) - y)
    if is_symbolic(x) or is_symbolic(y):
        return shares * (_softmax(x) - _one_hot(x, y))
    # Only the entry of the right class differs from the probabilities. Rows may be a copy, so they are what is used.
    rows = softmax_of(x).reshape(-1, np.shape(x)[-1])
    rows[np.arange(len(rows)), y.astype(np.intp).ravel()] -= 1.0
    return shares * rows.reshape(np.shape(x))


def _cross_vjp_targets(g: Any, _out: Any, x: Any, y: Any, reduction: Reduction = "mean") -> Any:
    if np.ndim(y) != np.ndim(x):
        return y * 0.0  # class numbers do not move by a little
    shares = _shares(g, np.shape(x)[:-1], reduction)
    shares = shares[..., None] if reduction == "none" else shares
    return -shares * _log_softmax(x)


def _cross_jvp_logits(t: Any, _out: Any, x: Any, y: Any, reduction: Reduction = "mean") -> Any:
    targets = _one_hot(x, y)
    rates = (_softmax(x) * np.sum(targets, axis=-1, keepdims=True) - targets) * t
    return _moved(np.sum(rates, axis=-1), np.shape(x)[:-1], reduction)


def _cross_jvp_targets(t: Any, _out: Any, x: Any, y: Any, reduction: Reduction = "mean") -> Any:
    shape = np.shape(x)[:-1]
    if np.ndim(y) != np.ndim(x):
        return _moved(t * 0.0, shape, reduction)
    return _moved(-np.sum(t * _log_softmax(x), axis=-1), shape, reduction)


OPS = (
    Structured(
        name="squared_error",
        arity=2,
        value=_squared_error,
        shape_rule=lambda x, y, reduction="mean": _reduced_shape(_pair_shape(x, y), reduction),
        vjp_rules=(
            lambda g, _out, x, y, reduction="mean": unbroadcast(_squared_slope(g, x, y, reduction), np.shape(x)),
            lambda g, _out, x, y, reduction="mean": unbroadcast(-_squared_slope(g, x, y, reduction), np.shape(y)),
        ),
        jvp_rules=(
            lambda t, _out, x, y, reduction="mean": _squared_rate(t, x, y, reduction),
            lambda t, _out, x, y, reduction="mean": _squared_rate(-t, x, y, reduction),
        ),
        formulas=("g·2·(x − y)/n", "g·2·(y − x)/n"),
        symbol="(x−y)²",
        role=SCALER,
        latex=r"\operatorname{{SE}}\left({0}, {1}\right)",
        parameters={"reduction": "mean"},
        source="Legendre (1805), Nouvelles méthodes pour la détermination des orbites des comètes",
    ),
    Structured(
        name="binary_cross_entropy_with_logits",
        arity=2,
        value=_binary,
        shape_rule=lambda x, y, reduction="mean": _reduced_shape(_pair_shape(x, y), reduction),
        vjp_rules=(_binary_vjp_logits, _binary_vjp_targets),
        jvp_rules=(_binary_jvp_logits, _binary_jvp_targets),
        formulas=("g·(σ(x) − y)/n", "−g·x/n"),
        symbol="BCE",
        role=SCALER,
        latex=r"\operatorname{{BCE}}\left({0}, {1}\right)",
        parameters={"reduction": "mean"},
        analytic=False,
        source="Bishop (2006), Pattern Recognition and Machine Learning, section 4.3.2",
    ),
    Structured(
        name="cross_entropy_with_logits",
        arity=2,
        value=_cross,
        shape_rule=_cross_shape,
        vjp_rules=(_cross_vjp_logits, _cross_vjp_targets),
        jvp_rules=(_cross_jvp_logits, _cross_jvp_targets),
        formulas=("g·(softmax(x) − y)/n", "−g·ln softmax(x)/n"),
        symbol="CE",
        role=SCALER,
        latex=r"\operatorname{{CE}}\left({0}, {1}\right)",
        parameters={"reduction": "mean"},
        source="Bishop (2006), Pattern Recognition and Machine Learning, section 4.3.4",
    ),
)
