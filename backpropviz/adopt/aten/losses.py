"""Losses, with PyTorch's weights, reductions and ignored classes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz import ops
from backpropviz.ops.blocks.classes import class_shares

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_REDUCTIONS = ("none", "mean", "sum")


def _reduced(losses: Any, reduction: int) -> Any:
    return losses if reduction == 0 else np.mean(losses) if reduction == 1 else np.sum(losses)


def _cross_entropy(
    self: Any,
    target: Any,
    weight: Any = None,
    reduction: int = 1,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
) -> Any:
    axis = 0 if np.ndim(self) == 1 else 1
    return ops.cross_entropy(self, target, weight, ignore_index, label_smoothing, _REDUCTIONS[reduction], axis)


def _nll(self: Any, target: Any, weight: Any = None, reduction: int = 1, ignore_index: int = -100) -> Any:
    axis = 0 if np.ndim(self) == 1 else 1
    shares, total = class_shares(target, np.shape(self)[axis], weight, ignore_index)
    losses = -np.sum(np.moveaxis(self, axis, -1) * shares, axis=-1)
    return losses if reduction == 0 else np.sum(losses) / total if reduction == 1 else np.sum(losses)


def _huber(self: Any, target: Any, reduction: int = 1, delta: float = 1.0) -> Any:
    far = abs(self - target)
    return _reduced(np.where(np.less(far, delta), 0.5 * far * far, delta * (far - 0.5 * delta)), reduction)


def _smooth_l1(self: Any, target: Any, reduction: int = 1, beta: float = 1.0) -> Any:
    far = abs(self - target)
    if beta == 0:
        return _reduced(far, reduction)
    return _reduced(np.where(np.less(far, beta), 0.5 * far * far / beta, far - 0.5 * beta), reduction)


def _binary(self: Any, target: Any, weight: Any = None, reduction: int = 1) -> Any:
    # A logarithm below −100 counts as −100, so that a sure and wrong answer has a finite loss.
    logs = [np.where(np.greater(x, math.exp(-100.0)), np.log(x), -100.0) for x in (self, 1.0 - self)]
    losses = -(target * logs[0] + (1.0 - target) * logs[1])
    return _reduced(losses if weight is None else weight * losses, reduction)


def _binary_with_logits(self: Any, target: Any, weight: Any = None, pos_weight: Any = None, reduction: int = 1) -> Any:
    if weight is None and pos_weight is None:
        return ops.binary_cross_entropy_with_logits(self, target, reduction=_REDUCTIONS[reduction])
    positive = target if pos_weight is None else pos_weight * target
    losses = positive * ops.softplus(-self) + (1.0 - target) * ops.softplus(self)
    return _reduced(losses if weight is None else weight * losses, reduction)


def _divergence(self: Any, target: Any, reduction: int = 1, log_target: bool = False) -> Any:
    if log_target:
        return _reduced(np.exp(target) * (target - self), reduction)
    known = np.where(np.equal(target, 0.0), 1.0, target)
    return _reduced(target * np.log(known) - target * self, reduction)


def _multilabel_margin(self: Any, target: Any, reduction: int = 1) -> Any:
    count = np.shape(self)[-1]
    scores, wanted = np.reshape(self, (-1, count)), np.reshape(target, (-1, count))
    is_told = np.logical_and.accumulate(wanted >= 0, axis=1)  # classes up to the first -1
    hits = np.zeros(wanted.shape)
    np.add.at(hits, (np.nonzero(is_told)[0], wanted[is_told]), 1.0)
    gaps = 1.0 - np.expand_dims(scores, 2) + np.expand_dims(scores, 1)
    counted = hits[:, :, None] * (hits == 0.0)[:, None, :] / count
    losses = np.sum(np.where(np.greater(gaps, 0.0), gaps, 0.0) * counted, axis=(1, 2))
    return _reduced(losses if np.ndim(self) > 1 else losses[0], reduction)


HANDLERS: Mapping[str, Callable[..., Any]] = {
    "cross_entropy_loss": _cross_entropy,
    "nll_loss": _nll,
    "nll_loss_nd": _nll,
    "nll_loss2d": _nll,
    "mse_loss": lambda self, target, reduction=1: ops.squared_error(self, target, reduction=_REDUCTIONS[reduction]),
    "l1_loss": lambda self, target, reduction=1: _reduced(abs(self - target), reduction),
    "huber_loss": _huber,
    "smooth_l1_loss": _smooth_l1,
    "binary_cross_entropy": _binary,
    "binary_cross_entropy_with_logits": _binary_with_logits,
    "kl_div": _divergence,
    "multilabel_margin_loss": _multilabel_margin,
    "soft_margin_loss": lambda self, target, reduction=1: _reduced(ops.softplus(-target * self), reduction),
}
