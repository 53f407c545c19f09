"""Losses of a run as it goes, thinned so that a long run stays quick to draw."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from backpropviz.learn.measure import Measurement
    from backpropviz.learn.training import Training

_MOST_POINTS = 600
_MOST_OUTLINE_POINTS = 120
_SAME_CHANGE = 0.01  # of the run: a slider on its way changes its setting once


class CurvePoint(NamedTuple):
    """What was measured at one moment.

    Attributes
    ----------
    epoch : float
        Epochs so far, with the share of the present one.
    loss, accuracy : float, float or None
        Of all training examples; the loss without the penalty on weights.
    validation_loss, validation_accuracy : float or None
        Of the held-out ones; None where there are none.
    penalty : float
        What the weights cost beside, whatever the examples are.
    """

    epoch: float
    loss: float
    accuracy: float | None
    validation_loss: float | None
    validation_accuracy: float | None
    penalty: float = 0.0


class TrainingCurves:
    """The points of a run, in the order in which they were measured.

    A run of any length keeps a few hundred points: when there are too many, every other one is dropped.

    Attributes
    ----------
    changes : list of (epoch, setting, value)
        What was set while the run was on its way.
    """

    def __init__(self) -> None:
        self.points: list[CurvePoint] = []
        self.changes: list[tuple[float, str, float]] = []
        self._apart = 0.0

    def add(self, epoch: float, found: Measurement, held_out: Measurement | None) -> CurvePoint:
        """Keep what was measured if it is finite and the run has moved on; give it as a point."""
        point = CurvePoint(
            epoch=epoch,
            loss=found.misfit,
            accuracy=found.accuracy,
            validation_loss=None if held_out is None else held_out.misfit,
            validation_accuracy=None if held_out is None else held_out.accuracy,
            penalty=found.penalty,
        )
        if math.isfinite(point.loss) and math.isfinite(point.validation_loss or 0.0):
            # An edited weight gives a new loss at the same epoch: the newest counts.
            while self.points and self.points[-1].epoch >= point.epoch:
                self.points.pop()
            # The newest point always ends the curve; the one before stays only where it is far enough from its own.
            if len(self.points) > 1 and self.points[-1].epoch - self.points[-2].epoch < self._apart:
                self.points.pop()
            self.points.append(point)
            if len(self.points) > _MOST_POINTS:
                self.points = self.points[:-1][::2] + self.points[-1:]
                self._apart = 2.0 * point.epoch / _MOST_POINTS
        return point

    def note_change(self, training: Training, setting: str, value: float) -> None:
        """Remember that a setting was changed while the run was on its way."""
        epoch = training.epoch + training.epoch_progress
        if training.steps == 0:
            return
        if self.changes:
            then, known, _ = self.changes[-1]
            if known == setting and epoch - then <= _SAME_CHANGE * epoch:
                self.changes.pop()
                epoch = then
        self.changes.append((epoch, setting, value))

    def numbers(self) -> npt.NDArray[np.float32]:
        """Give the points as rows of epoch, loss and loss of held-out examples, NaN where there are none."""
        rows = [(p.epoch, p.loss, math.nan if p.validation_loss is None else p.validation_loss) for p in self.points]
        return np.array(rows, dtype=np.float32).reshape(-1, 3)

    def outline(self) -> list[tuple[float, float]]:
        """Give the training loss in few points."""
        apart = -(-len(self.points) // _MOST_OUTLINE_POINTS)
        return [(point.epoch, point.loss) for point in [*self.points[:-1:apart], self.points[-1]]]

    @property
    def epochs(self) -> list[float]:
        """Where the points lie."""
        return [point.epoch for point in self.points]

    @property
    def losses(self) -> list[list[float]]:
        """Training losses and, where there are any, losses of held-out examples."""
        curves = [[point.loss for point in self.points]]
        if any(point.validation_loss is not None for point in self.points):
            curves.append([math.nan if each.validation_loss is None else each.validation_loss for each in self.points])
        return curves
