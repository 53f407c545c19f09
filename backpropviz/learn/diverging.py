"""When training leaves all bounds: where, how fast, and what to try."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from backpropviz.errors import DivergenceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.autodiff import Tape
    from backpropviz.graph.node import Array
    from backpropviz.learn.measure import Measurement

GROWTH = 1e3
"""A loss this many times the first one (or 1, if that is larger) counts as divergence: it has no way back."""


_RECENT = 50
_LARGE = 5.0  # of a feature; scaled ones reach 3 or 4
_LONG = 1e6  # beyond, a factor is read more easily as a power of ten
_TOLD = 2.0  # a smaller growth says nothing


class LossWatch:
    """Looks at the loss of each step, and tells when there is no way back.

    Attributes
    ----------
    first : float
        The first loss it saw; NaN before.
    recent : deque of float
        The last 50 losses at most, the newest last.
    """

    def __init__(self) -> None:
        self.first = self._limit = math.nan
        self.recent: deque[float] = deque(maxlen=_RECENT)

    def diverges(self, loss: float) -> bool:
        """Note a loss, and say whether the run counts as divergent."""
        if not self.recent:
            self.first = loss
            self._limit = GROWTH * max(1.0, abs(loss)) if math.isfinite(loss) else GROWTH
        self.recent.append(loss)
        return not loss <= self._limit


class Growth(NamedTuple):
    """How much a loss grew from its lowest in some steps; written as a clause.

    Attributes
    ----------
    factor : float
        The last loss over the lowest before it.
    reached : float
        The last one that is finite.
    steps : int
        From the lowest to there.
    """

    factor: float
    reached: float
    steps: int

    def __str__(self) -> str:
        """Say it, as in "the loss grew 40-fold in 3 steps"."""
        times = float(f"{self.factor:.2g}")
        told = f"{times:,g}" if times < _LONG else f"{times:.1e}"
        return f"the loss grew {told}-fold in {self.steps} step{'s' if self.steps != 1 else ''}"


def growth(losses: Sequence[float]) -> Growth | None:
    """Say how much the loss grew in the last steps; None where it did not.

    Parameters
    ----------
    losses : sequence of float
        Of the last steps' batches, the newest last; what follows a finite loss and is not finite is left out.

    Examples
    --------
    >>> str(growth([0.7, 0.5, 2.0, 9.0, 20.0]))
    'the loss grew 40-fold in 3 steps'
    """
    finite = list(losses)
    while finite and not math.isfinite(finite[-1]):
        finite.pop()
    if len(finite) < 2 or not all(map(math.isfinite, finite)):
        return None
    lowest = min(range(len(finite)), key=lambda place: (finite[place], -place))
    reached = finite[-1]
    if lowest == len(finite) - 1 or finite[lowest] <= 0.0:
        return None
    return Growth(reached / finite[lowest], reached, len(finite) - 1 - lowest)


def unscaled(features: Array) -> str:
    """Advise to scale features, where they are large; empty where they are not."""
    largest = float(np.max(np.abs(features), initial=0.0))
    if largest <= _LARGE:
        return ""
    return (
        f"features of size about 1 (the largest here is {largest:,.4g}): subtract the mean, divide by the standard "
        "deviation"
    )


def divergence(tape: Tape, *, step: int, epoch: int, rate: float, losses: Sequence[float] = ()) -> DivergenceError:
    """Name the first node that is not finite, and say what to try.

    Parameters
    ----------
    tape : Tape
        Of the loss, on the batch and with the parameters of the step, every value kept.
    step, epoch : int
        Counted from 1.
    rate : float
        Learning rate of the step.
    losses : sequence of float
        Of the last steps' batches, this one included.
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
    advice += filter(None, [unscaled(np.asarray(tape.primals["X"]))])
    advice.append("smaller first weights")
    grown = growth(losses)
    if grown is not None and grown.factor >= _TOLD:
        what = (
            f"{what}; before, {grown}" if node != graph.output or not np.isfinite(loss) else f"{grown}, to {loss:.3g}"
        )
    return DivergenceError(
        f"Training diverged at step {step} (epoch {epoch}, learning rate {rate:g}): {what}. "
        f"Try {'; or '.join(advice)}.",
        step=step,
        epoch=epoch,
        node=node,
        learning_rate=rate,
    )


def require_finite(measured: Measurement, *, step: int, epoch: int, rate: float, losses: Sequence[float]) -> None:
    """Refuse a loss that the last update has made infinite or undefined; arguments as of :func:`divergence`."""
    if not math.isfinite(measured.loss):
        raise divergence(measured.tape, step=step, epoch=epoch, rate=rate, losses=(*losses, measured.loss))
