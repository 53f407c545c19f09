"""Cross-entropy over classes with weights, labels to be ignored, and smoothed labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.ops.dispatch import Function
from backpropviz.ops.registry import REGISTRY
from backpropviz.ops.stand_ins import is_symbolic

if TYPE_CHECKING:
    from backpropviz.ops.losses import Reduction

_log_softmax, _fused = (Function(REGISTRY[name]) for name in ("log_softmax", "cross_entropy_with_logits"))


def class_shares(
    labels: Any, classes: int, weight: Any = None, ignore_index: int | None = None, label_smoothing: float = 0.0
) -> tuple[Any, float]:
    """Give how much each log-probability counts, and what the sum is divided by for a mean.

    Parameters
    ----------
    labels : array of int, any shape
        Class numbers from 0.
    classes : int
        How many there are.
    weight, ignore_index, label_smoothing
        As in :func:`cross_entropy`.

    Returns
    -------
    shares : array, shape (*labels.shape, classes)
    total : float
        Sum of the weights of the labels that count.
    """
    labels = np.asarray(labels).astype(np.intp)
    counts = np.ones(labels.shape) if ignore_index is None else np.where(labels == ignore_index, 0.0, 1.0)
    weights = np.ones(classes) if weight is None else np.asarray(weight, dtype=np.float64)
    safe = np.where(counts > 0.0, labels, 0)
    hot = np.eye(classes)[safe]
    shares = weights * ((1.0 - label_smoothing) * hot + label_smoothing / classes)
    return shares * counts[..., None], float(np.sum(weights[safe] * counts))


def cross_entropy(
    logits: Any,
    labels: Any,
    weight: Any = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    reduction: Reduction = "mean",
    axis: int = -1,
) -> Any:
    """Give how surprised a softmax of scores is by the right classes.

    Parameters
    ----------
    logits : array
        Scores, with one axis for the classes.
    labels : array of int, of the other axes' shape, or shares of the shape of `logits`
        Which class is right, from 0; or how likely each is.
    weight : array, shape (classes,), optional
        How much a label of each class counts; the mean is over these weights.
    ignore_index : int, optional
        A label that does not count.
    label_smoothing : float
        Share of the label that goes to all classes alike, from 0 to 1.
    reduction : {"mean", "sum", "none"}
        What becomes of the losses of single examples.
    axis : int
        Axis of the classes.

    References
    ----------
    Szegedy et al. (2016), Rethinking the Inception architecture for computer vision, section 7.

    Examples
    --------
    >>> float(cross_entropy(np.zeros((2, 4)), [1, -1], ignore_index=-1)) == float(np.log(4))
    True
    """
    classes = np.shape(logits)[axis]
    scores = np.moveaxis(logits, axis, -1) if axis not in (-1, np.ndim(logits) - 1) else logits
    if np.ndim(labels) == np.ndim(logits):
        likely = np.moveaxis(labels if is_symbolic(labels) else np.asarray(labels, dtype=np.float64), axis, -1)
        shares = (1.0 - label_smoothing) * likely + label_smoothing / classes
        shares = shares if weight is None else shares * np.asarray(weight, dtype=np.float64)
        total = float(np.prod(np.shape(scores)[:-1]))
    else:
        numbers = np.asarray(labels).astype(np.intp)
        if weight is None and not label_smoothing and (ignore_index is None or not (numbers == ignore_index).any()):
            return _fused(scores, numbers.astype(np.float64), reduction=reduction)
        shares, total = class_shares(numbers, classes, weight, ignore_index, label_smoothing)
    losses = -np.sum(_log_softmax(scores) * shares, axis=-1)
    if reduction == "none":
        return losses
    return np.sum(losses) if reduction == "sum" else np.sum(losses) / np.float64(total)
