"""What a trainer keeps of its run, and how the run leaves the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropviz.charts.training_chart import run_figure
from backpropviz.export.whole_files import written_text
from backpropviz.runs.frames import make_recording
from backpropviz.widgets.replay import Replay
from backpropviz.widgets.trainer_state import TrainerState

if TYPE_CHECKING:
    from pathlib import Path

    from backpropviz.export.recorded_run import RecordedRun
    from backpropviz.learn.history import History
    from backpropviz.learn.recorder import Recorder
    from backpropviz.learn.training import Training
    from backpropviz.runs.frames import Recording
    from backpropviz.runs.loss_curves import CurvePoint
    from backpropviz.runs.slices import TrainingLoop
    from backpropviz.runs.training_show import TrainingShow

_LOOK = ("theme", "size", "log_scale")


class RecordedTraining(TrainerState):
    """A trainer's state with its curves and its record."""

    _training: Training
    _recorder: Recorder
    _show: TrainingShow
    _loop: TrainingLoop

    @property
    def curve(self) -> tuple[CurvePoint, ...]:
        """Losses and accuracies measured so far."""
        return tuple(self._show.curves.points)

    def figure(self) -> Any:
        """Give the curves as a plotly figure of its own."""
        curves = self._show.curves
        return run_figure(curves.epochs, curves.losses, log_scale=self.log_scale)

    @property
    def history(self) -> History:
        """Every completed epoch with its network; of a long run every second, fourth and so on, at most 240.

        Only the parameters are copied while it trains: losses and the like are worked out when this is read.
        """
        with self._loop.held():
            return self._recorder.history

    def replay(self, **settings: Any) -> Replay:
        """Play the run so far, from the first weights on.

        Parameters
        ----------
        **settings : object
            Traits of the replay; theme, size and scale are those of the trainer.

        Raises
        ------
        HistoryError
            Where no epoch is completed yet.
        """
        return Replay(self._recording(), **{**self._look(), **settings})

    def to_html(self, path: str | Path | None = None, *, title: str = "") -> str:
        """Write a page in which the run so far is scrubbed back and forth, with neither kernel nor network.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it; without one the text is only returned.
        title : str, optional
            Heading of the page; default the network's sizes and the number of epochs.

        Raises
        ------
        HistoryError
            Where no epoch is completed yet.
        ExportError
            Where the file cannot be written; a file that was there stays.
        """
        return written_text(path, self._recorded_run(title).to_html())

    def _recorded_run(self, title: str) -> RecordedRun:
        recording = self._recording()
        return recording.exported(title, epoch=recording.epochs[0], speed=1.0, **self._look())

    def _look(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _LOOK}

    def _recording(self) -> Recording:
        training = self._training
        start: Any = self._recorder.start
        return make_recording(self.history, training.train, training.validation, start=start, example=self.example)
