"""What the page of a trainer sees of a run, and when it sees it."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from backpropviz.learn.diagnosis import diagnose
from backpropviz.runs.loss_curves import TrainingCurves
from backpropviz.runs.network_pictures import TrainingPictures
from backpropviz.runs.pacing import UpdatePace
from backpropviz.runs.picture_plan import plan_training
from backpropviz.runs.weight_edit import ChosenWeight, choose_weight, finite

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from backpropviz.learn.mlp import MLP
    from backpropviz.learn.training import Training

_PICTURE_INTERVAL = 1 / 18
_DETAILS_INTERVAL = 0.128
_MEASURE_INTERVAL = 0.06
_EARLY_MEASURE_INTERVAL, _EARLY_POINTS = 0.02, 100  # the loss falls fastest at first
_SHARE = 0.06  # of the time, for each kind of update
_PICTURE_SHARE = 0.09
# Jupyter's server leaves Nagle's algorithm (RFC 896) on: what follows the kernel's "busy" waits for some 40 ms. With
# one picture at a time each would wait for that. And each answer makes the notebook redraw its whole window twice,
# for "busy" and for "idle"; so the page answers every third picture, and one more may be under way meanwhile.
_PICTURES_AHEAD = 4
_EARLIER_RUNS = 3
_PACE_WINDOW = 1.0


class TrainingPage(Protocol):
    """Where a run is shown: what a person has set there, and what it takes."""

    example: int
    epochs: int
    running: bool
    earlier: list[Any]
    points: Any
    plan: Any

    def hold_sync(self) -> AbstractContextManager[Any]:
        """Send several traits at once."""

    def send_frame(self, told: dict[str, Any], parts: dict[str, Any]) -> None:
        """Send one picture and the numbers beside it."""


class TrainingShow:
    """Pictures, curves and numbers of one trainer.

    Parameters
    ----------
    trainer : TrainingPage
        Such as the trainer, whose settings say what is shown.
    training : Training
        The run.
    """

    def __init__(self, trainer: TrainingPage, training: Training) -> None:
        self._trainer = trainer
        self._round = self._number = 0
        self._pictures_pace = UpdatePace(_PICTURE_INTERVAL, _PICTURE_SHARE, ahead=_PICTURES_AHEAD)
        # Curves, numbers and what stands beside the picture are read, not watched: they need fewer updates.
        self._details_pace = UpdatePace(_DETAILS_INTERVAL, _SHARE)
        self._measure_pace = UpdatePace(_EARLY_MEASURE_INTERVAL, _SHARE)
        self.curves = TrainingCurves()
        self.begin(training)

    def begin(self, training: Training) -> None:
        """Show another run, or the same from its start; the curve so far stays behind it."""
        mlp: MLP = training.network  # type: ignore[assignment]  # begun with one
        self.training = training
        self.chosen: ChosenWeight | None = None
        self.plan = plan_training(mlp, training)
        earlier = self._trainer.earlier
        if len(self.curves.points) > 1:
            earlier = [*earlier, self.curves.outline()][-_EARLIER_RUNS:]
        self.curves = TrainingCurves()
        self._mlp = mlp
        self._pictures = TrainingPictures(self.plan, mlp)
        self._wanted = self._edited = self._spoilt = False
        self.start_clock()
        self._pictures_pace.painted()  # what comes too late for its own run is not painted, and not answered
        self._round += 1
        with self._trainer.hold_sync():
            self._trainer.earlier = earlier
            self._trainer.points = self.plan.points()
            self._trainer.plan = self.plan.to_plain(mlp, self._round)
        self._measure()

    # -- while the training runs -----------------------------------------------------------------------------

    def start_clock(self) -> None:
        """Begin to count steps per second anew."""
        self._window = (time.perf_counter(), self.training.steps)
        self._pace = 0.0

    def look(self) -> None:
        """Send what is due; called between slices of training."""
        now = time.perf_counter()
        started, steps = self._window
        if now - started > _PACE_WINDOW:
            self._pace = (self.training.steps - steps) / (now - started)
            self._window = (now, self.training.steps)
        self.moved_on()
        if self._measure_pace.due(now):
            self._measure()
            early = len(self.curves.points) < _EARLY_POINTS
            self._measure_pace.interval = _EARLY_MEASURE_INTERVAL if early else _MEASURE_INTERVAL
            self._measure_pace.made(now)
        elif self._pictures_pace.due(now):
            self._send(detailed=self._details_pace.due(now))

    def moved_on(self) -> None:
        """Forget the loss before an edit: training has changed it since."""
        if self.chosen is not None:
            self.chosen.before = None

    def _measure(self) -> None:
        """Measure the present network, and look for what keeps it from learning."""
        training = self.training
        found = training.measure()
        epoch = training.epoch + training.epoch_progress
        self._measured = self.curves.add(epoch, found, training.measure_validation())
        with np.errstate(all="ignore"):
            self._findings = [asdict(finding) for finding in diagnose(training, found)]

    def spoil(self) -> None:
        """Leave the curves as they are from now on: what a diverged run measures would dwarf them."""
        self._spoilt = True

    def refresh(self) -> None:
        """Measure, and draw everything anew as soon as the page is ready for it."""
        if not self._spoilt:
            self._measure()
        self.want_pictures()

    def stopped(self) -> None:
        """Show at once that the run stands still; a person waits for it."""
        if not self._spoilt:
            self._measure()
        self._send()

    def want_pictures(self) -> None:
        """Send pictures now, or when the page has painted the last ones."""
        if self._pictures_pace.waiting and not self._pictures_pace.due(time.perf_counter()):
            self._wanted = True
        else:
            self._send()

    def painted(self, number: int) -> None:
        """Note that the page has painted a picture, and before it whatever was sent before it."""
        self._pictures_pace.painted(behind=max(0, self._number - number))
        if self._wanted:
            self._send()

    def page_ready(self) -> None:
        """Greet a page that has just been drawn: what was sent before, it has not seen."""
        self._pictures_pace.painted()
        self._send()

    # -- one weight ------------------------------------------------------------------------------------------

    def choose(self, place: dict[str, int] | None) -> None:
        """Show one weight's value, loss and gradient; None shows none."""
        self.chosen = None if place is None else choose_weight(self._mlp, **place)
        self.want_pictures()

    def edit(self, place: dict[str, int], value: float) -> None:
        """Change a weight, and show the effect at once."""
        chosen = choose_weight(self._mlp, **place)
        known = self.chosen
        same = known is not None and (known.name, known.index) == (chosen.name, chosen.index)
        chosen.before = known.before if same and known is not None else None
        if chosen.before is None:
            chosen.before = self.training.measure().loss
        chosen.write(self.training, value)
        self.chosen = chosen
        self._edited = True
        self.refresh()

    # -- sending ---------------------------------------------------------------------------------------------

    def _send(self, *, detailed: bool = True) -> None:
        started = time.perf_counter()
        trainer = self._trainer
        self._wanted = False
        self._number += 1
        parts = self._pictures.picture(self.training, trainer.example)
        if detailed:
            parts |= {**self._pictures.details(self.training), "losses": self.curves.numbers()}
        trainer.send_frame(self._frame_content(), parts)
        self._edited = False
        self._pictures_pace.made(started, waiting=True)
        if detailed:
            self._details_pace.made(started)

    def _frame_content(self) -> dict[str, Any]:
        trainer, training, measured = self._trainer, self.training, self._measured
        running = trainer.running
        epoch = training.epoch + training.epoch_progress
        per_second = self._pace / training.steps_per_epoch
        left = (trainer.epochs - epoch) / per_second if per_second > 0 and trainer.epochs else None
        label = int(self.plan.labels()[trainer.example]) if self.plan.picture == "images" else None
        weight = None
        if self.chosen is not None:
            weight = self.chosen.to_plain(training, measured.loss + measured.penalty, running=running)
        return {
            "round": self._round,
            "number": self._number,
            "running": running,
            "epoch": epoch,
            "steps": training.steps,
            "pace": self._pace,
            "left": left,
            "loss": finite(measured.loss),
            "penalty": finite(measured.penalty),
            "findings": self._findings,
            "accuracy": measured.accuracy,
            "validationAccuracy": measured.validation_accuracy,
            "reach": self._pictures.reach,
            "example": {"label": label, "isProbability": self._mlp.output != "identity"},
            "weight": weight,
            "edited": self._edited,
            "changes": self.curves.changes,
        }
