"""The trainer: a network that learns before one's eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropviz.charts.training_chart import run_figure
from backpropviz.errors import DivergenceError, InputError
from backpropviz.export.whole_files import written_text
from backpropviz.learn.recorder import Recorder
from backpropviz.learn.training import Training
from backpropviz.runs.frames import make_recording
from backpropviz.runs.slices import TrainingLoop
from backpropviz.runs.training_show import TrainingShow
from backpropviz.widgets.guard import guarded, report
from backpropviz.widgets.lifetime import adopt
from backpropviz.widgets.opened_step import open_step
from backpropviz.widgets.replay import Replay
from backpropviz.widgets.trainer_state import TrainerState, activation_of, restructured
from backpropviz.widgets.trainer_view import TrainerView

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from backpropviz.export.recorded_run import RecordedRun
    from backpropviz.learn.history import History
    from backpropviz.learn.mlp import MLP
    from backpropviz.runs.frames import Recording
    from backpropviz.runs.loss_curves import CurvePoint

_LOOK = ("theme", "size", "log_scale")

_NO_EVENT_LOOP = "Nothing trains in the background here: no event loop runs. Use trainer.step() or trainer.run_epoch()."


class Trainer(TrainerState, TrainerView):
    """A widget that trains a network and shows it learning.

    Made by :func:`backpropviz.train`. What the page can do is a trait or a method: ``trainer.playing = True``,
    ``trainer.learning_rate = 0.3``, ``trainer.run_epoch()``, ``trainer.set_weight(1, 0, 2, 0.5)``.

    Parameters
    ----------
    training : Training
        The run, with an MLP.
    **settings : object
        Any trait of :class:`TrainerState`.
    """

    def __init__(self, training: Training, **settings: Any) -> None:
        self._first: MLP = training.network  # type: ignore[assignment]  # train() takes nothing else
        self._training = training
        self._recorder = Recorder(training)
        look = guarded(self, lambda: self._show.look())  # noqa: PLW0108  made below
        self._loop = TrainingLoop(self._advance, self._limit, look, self._loop_ended)
        held_out = 0 if training.validation is None else len(training.validation.features)
        self._trained_count = len(training.train.features)
        self._examples_count = self._trained_count + held_out
        super().__init__()
        for name in ("learning_rate", "batch_size", "l2"):
            self.set_trait(name, getattr(training, name))
        self.set_trait("activation", activation_of(self._first))
        self.set_trait("hidden", list(self._first.sizes[1:-1]))
        self._show = TrainingShow(self, training)
        if self._show.plan.picture == "images":
            self.example = self._trained_count if held_out else 0
        for name, value in settings.items():
            setattr(self, name, value)
        self._follow_settings()
        adopt(self)

    # -- what people call ------------------------------------------------------------------------------------

    @property
    def network(self) -> MLP:
        """The network with its present weights, as a value of its own."""
        return self._training.network  # type: ignore[return-value]  # as above

    @property
    def training(self) -> Training:
        """The run itself."""
        return self._training

    @property
    def running(self) -> bool:
        """Whether the training task lives."""
        return self._loop.running

    def play(self) -> None:
        """Train until paused, or until ``epochs`` are done where they are not 0."""
        self.playing = True

    def pause(self) -> None:
        """Stop after the present slice of a few steps."""
        self.playing = False

    def step(self, count: int = 1) -> None:
        """Take some steps now.

        Raises
        ------
        DivergenceError
            Where the loss leaves all bounds; see :class:`backpropviz.learn.training.Training`.
        """
        with self._loop.held():
            self._recorder.step(count)
            self._show.moved_on()
            self._show.refresh()

    def run_epoch(self) -> None:
        """Train to the end of the present epoch now.

        Raises
        ------
        DivergenceError
            Where the loss leaves all bounds.
        """
        self.step(round(self._training.steps_per_epoch * (1 - self._training.epoch_progress)) or 1)

    def reset(self) -> None:
        """Pause, and go back to the first weights and the first shuffles."""
        self.playing = False
        self.message = {}
        with self._loop.held():
            self._training.reset()
            self._begin()

    def set_weight(self, layer: int, source: int, target: int, value: float) -> None:
        """Change one weight, at any time.

        Parameters
        ----------
        layer : int
            Counted from 1.
        source, target : int
            Units before and in that layer, counted from 0; `source` −1 stands for the bias.
        value : float

        Raises
        ------
        InputError
            Where the network has no such weight.
        """
        with self._loop.held():
            self._show.edit({"layer": layer, "source": source, "target": target}, value)

    def open_step(self, example: int | None = None) -> Any:
        """Show one example's forward sweep, backward sweep and update, beneath the pictures.

        Parameters
        ----------
        example : int, optional
            Which example; the chosen one by default.

        Returns
        -------
        Explorer
            Of the loss of that example at the present weights.
        """
        if example is not None:
            self.example = example
        plan = self._show.plan
        opened = open_step(
            self.network,
            plan.features[self.example],
            plan.targets[self.example],
            learning_rate=self.learning_rate,
            theme=self.theme,
        )
        self.close_step()
        self.opened = opened
        return opened

    def close_step(self) -> None:
        """Take the opened step away."""
        opened, self.opened = self.opened, None
        if opened is not None:
            opened.close()

    # -- what is kept of the run -----------------------------------------------------------------------------

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

    # -- in the notebook -------------------------------------------------------------------------------------

    def close(self) -> None:
        """End the run, and free the widget, what is shown inside it, and their layouts."""
        self._loop.cancel()
        with self._loop.held():
            self.close_step()
            super().close()

    def __repr__(self) -> str:
        return f"<Trainer of {self._training.network!r} after {self._training.steps} steps>"

    # -- the run ---------------------------------------------------------------------------------------------

    def _advance(self, count: int) -> bool:
        """Take steps; tell whether there are more to take."""
        self._recorder.step(count, last=self.epochs)
        return self.epochs == 0 or self._training.epoch < self.epochs

    def _limit(self) -> float:
        """Give the largest number of steps per second; 0 for as many as possible."""
        return self.steps_per_second or self.epochs_per_second * self._training.steps_per_epoch

    def _loop_ended(self, fault: BaseException | None) -> None:
        if fault is not None:
            report(self, fault)
        if isinstance(fault, DivergenceError):
            self._show.spoil()
            self.message = {"text": f"{fault} Then reset: the weights are spoilt."}
        self.playing = False

    def _play_or_pause(self, _change: object = None) -> None:
        if not self.playing:
            self._loop.cancel()
            self._show.stopped()
            if self.still_id and self._training.epoch and not self.message:
                self.leave_run(self._recorded_run("").to_iframe())
            return
        if 0 < self.epochs <= self._training.epoch:
            self.epochs += self.epochs
        self.message = {}
        self._show.start_clock()
        try:
            self._loop.start()
        except RuntimeError:
            self.playing = False
            raise InputError(_NO_EVENT_LOOP) from None

    def _rebuild(self, _change: object) -> None:
        """Start again with another structure; settings stay, and so does whether it trains."""
        mlp = restructured(self._first, self.hidden, self.activation, self.l2)
        old = self._training
        self._training = Training(mlp, old.train, old.optimizer, old.batch_size, old.seed, old.validation)
        self.message = {}
        self.close_step()
        self._begin()

    def _begin(self) -> None:
        self._recorder = Recorder(self._training)
        self._show.begin(self._training)
        self._show.refresh()

    def _change_setting(self, change: dict[str, Any]) -> None:
        name, value = change["name"], change["new"]
        setattr(self._training, name, value)
        self._show.curves.note_change(self._training, name, value)
        if name == "l2":  # a part of the loss that is shown
            self._show.refresh()
        else:
            self._show.want_pictures()

    # -- from the page ---------------------------------------------------------------------------------------

    def _follow_settings(self) -> None:
        show = self._show
        follow: dict[str, Any] = {
            "playing": self._play_or_pause,
            "learning_rate": self._change_setting,
            "batch_size": self._change_setting,
            "l2": self._change_setting,
            "activation": self._rebuild,
            "hidden": self._rebuild,
            "example": lambda _change: show.want_pictures(),
        }
        for name, react in follow.items():
            self.observe(guarded(self, self._between_steps(react)), name)
        self.on_msg(guarded(self, self._between_steps(self._receive)))

    def _between_steps(self, react: Callable[..., None]) -> Callable[..., None]:
        """Make something happen only while no step is being taken."""

        def call(*arguments: Any) -> None:
            with self._loop.held():
                react(*arguments)

        return call

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the page sends; what does not fit is reported in the strip and changes nothing."""
        try:
            # Before anything is set: traitlets would take an error of ours for no reason to put the old values back.
            for name, value in sync_data.items():
                if name in TrainerState.class_trait_names():
                    self.traits()[name]._validate(self, value)  # noqa: SLF001  what assigning would do
            super().set_state(sync_data)
        except Exception as fault:  # noqa: BLE001  a message from the page has no caller to raise to
            report(self, fault)
            self.send_state([name for name in sync_data if self.has_trait(name)])

    def _receive(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        show = self._show
        match content.get("kind"):
            case "painted":
                show.painted(int(content.get("number", 0)))
            case "ready":
                show.page_ready()
            case "step":
                self.step()
            case "epoch":
                self.run_epoch()
            case "reset":
                self.reset()
            case "choose":
                show.choose(content.get("weight"))
            case "edit":
                show.edit(content["weight"], float(content["value"]))
            case "open":
                self.open_step()
            case "close":
                self.close_step()
