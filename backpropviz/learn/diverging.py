"""When training leaves all bounds: where, and what to try."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backpropviz.errors import DivergenceError

if TYPE_CHECKING:
    from backpropviz.autodiff import Tape

GROWTH = 1e3
"""A loss this many times the first one (or 1, if that is larger) counts as divergence: it has no way back."""


def limit_for(first: float) -> float:
    """Give the loss from which on a run that began with the loss `first` counts as divergent."""
    return GROWTH * max(1.0, abs(first)) if np.isfinite(first) else GROWTH


def divergence(tape: Tape, *, step: int, epoch: int, rate: float) -> DivergenceError:
    """Name the first node that is not finite, and say what to try.

    Parameters
    ----------
    tape : Tape
        Of the loss, on the batch and with the parameters of the step, every value kept.
    step, epoch : int
        Counted from 1.
    rate : float
        Learning rate of the step.
    """
    graph = tape.graph
    node = tape.non_finite
    loss = float(tape.value)
    if node is None:
        node, what = graph.output, f"the loss has grown to {loss:.3g}"
    elif node in graph.inputs:
        what = f"{node} is not finite, after an update that was too large"
    else:
        what = f"node {node} ({graph.op(node)}) is the first that is not finite, and the loss is {loss:g}"
    advice = [f"a smaller learning rate, such as {min(rate / 10, 0.1):.2g}"] if rate else []
    largest = float(np.max(np.abs(tape.primals["X"]), initial=0.0))
    if largest > 10:
        advice.append(
            f"features of size about 1 (the largest here is {largest:.3g}): subtract the mean, divide by the "
            "standard deviation"
        )
    advice.append("smaller first weights")
    return DivergenceError(
        f"Training diverged at step {step} (epoch {epoch}, learning rate {rate:g}): {what}. "
        f"Try {'; or '.join(advice)}.",
        step=step,
        epoch=epoch,
        node=node,
        learning_rate=rate,
    )
