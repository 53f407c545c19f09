"""Outputs and losses as gates, in the form of whole arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backpropviz.graph import GraphBuilder
    from backpropviz.graph.builder import Reference

_FUSED = {"binary_cross_entropy": "binary_cross_entropy_with_logits", "cross_entropy": "cross_entropy_with_logits"}


def add_prediction(builder: GraphBuilder, scores: Reference, output: str) -> Reference:
    """Turn scores into predictions, node ``p``; the identity adds nothing."""
    return scores if output == "identity" else builder.apply(output, scores, name="p")


def add_misfit(
    builder: GraphBuilder, scores: Reference, targets: Reference, *, output: str, loss: str, outputs: int
) -> Reference:
    """Compare predictions with targets, averaged over the batch.

    The cross-entropies take scores rather than probabilities: together with the sigmoid or softmax they are one gate,
    which stays exact for scores of ±1000.
    """
    if loss in _FUSED:
        return builder.apply(_FUSED[loss], scores, targets)
    # The gate averages over all entries; the loss of one example is the sum over its outputs.
    mean = builder.apply("squared_error", add_prediction(builder, scores, output), targets)
    factor = outputs * misfit_of_one(loss, outputs)[1]
    return mean if factor == 1.0 else builder.apply("multiply", builder.constant(factor), mean)


def misfit_of_one(loss: str, outputs: int) -> tuple[str, float]:
    """Say how the misfit of one example is computed.

    Returns
    -------
    op : str
        Of predictions, or of scores where it is fused with the link before it, and targets.
    factor : float
        By which the sum of what it gives is multiplied.
    """
    if loss in _FUSED:
        # Of several sigmoid outputs each is a question of its own: what is minimised is their mean.
        return _FUSED[loss], 1.0 / outputs if loss == "binary_cross_entropy" else 1.0
    return "squared_error", 0.5 if loss == "half_squared_error" else 1.0


def add_penalty(
    builder: GraphBuilder, misfit: Reference, weights: Iterable[Reference], l2: float, *, skip_first_row: bool
) -> Reference:
    """Add l2/2 times the sum of all squared weights; a bias in the first row is left out of it."""
    squares = []
    for weight in weights:
        free = builder.apply("getitem", weight, index="1:") if skip_first_row else weight
        squares.append(builder.apply("sum", builder.apply("square", free)))
    total = builder.apply("add", *squares) if len(squares) > 1 else squares[0]
    penalty = builder.apply("multiply", builder.constant(l2 / 2.0), total, name="penalty")
    builder.name(misfit, "misfit")
    return builder.apply("add", misfit, penalty)
