"""The trainer: a network that learns before one's eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropviz.charts.training_chart import run_figure
from backpropviz.errors import DivergenceError, InputError
from backpropviz.learn.unit_form import read_unit
from backpropviz.ops.counting import counted
from backpropviz.runs.live_run import LiveRun
from backpropviz.runs.training_show import TrainingShow
from backpropviz.widgets.callbacks import guarded, report
from backpropviz.widgets.live_view import free_with_cell
from backpropviz.widgets.opened_step import batch_to_plain, open_step
from backpropviz.widgets.replay import Replay
from backpropviz.widgets.trainer_state import TrainerState
from backpropviz.widgets.trainer_view import TrainerView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropviz.export.training_pages import RecordedRun
    from backpropviz.learn.history import History
    from backpropviz.learn.mlp import MLP
    from backpropviz.learn.training import Training
    from backpropviz.runs.loss_curves import CurvePoint


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
        look = guarded(self, lambda: self._show.look())  # noqa: PLW0108  made below
        self._run = LiveRun(training, self, look, self._run_ended)
        super().__init__()
        self._show = TrainingShow(self, training)
        self.begin_with(training, self._show.plan.picture)
        self.begin_as(settings, TrainerState.class_trait_names())
        self._follow_settings()
        free_with_cell(self)

    @property
    def network(self) -> MLP:
        """The network with its present weights, as a value of its own."""
        return self._run.network

    @property
    def training(self) -> Training:
        """The run itself."""
        return self._run.training

    @property
    def running(self) -> bool:
        """Whether the training task lives."""
        return self._run.running

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
        with self._run.held():
            self._run.step(count)
            self._show.moved_on()
            self._show.refresh()
        self._leave_soon()

    def run_epoch(self) -> None:
        """Train to the end of the present epoch now; a divergence is as in :meth:`step`."""
        self.step(round(self.training.steps_per_epoch * (1 - self.training.epoch_progress)) or 1)

    def reset(self) -> None:
        """Pause, and go back to the first weights and the first shuffles."""
        self.playing = False
        with self._run.held():
            self._run.reset()
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
        with self._run.held():
            self._show.edit({"layer": layer, "source": source, "target": target}, value)

    def open_step(self, example: int | None = None, unit: Sequence[int] | None = None) -> Any:
        """Show one example's forward sweep, backward sweep and update, beneath the pictures.

        Parameters
        ----------
        example : int, optional
            Which example; the chosen one by default.
        unit : (int, int), optional
            Layer, counted from 1, and unit, counted from 0, whose gates are shown, whatever the size of the network; ()
            for all of it. The chosen one by default, at first all.

        Returns
        -------
        Explorer
            Of the loss of that example at the present weights.

        Raises
        ------
        InputError
            For a unit that is not there.
        """
        if example is not None:
            self.example = example
        chosen = self.unit if unit is None else read_unit(unit)
        plan, at, rate = self._show.plan, self.example, self.learning_rate
        features, target = plan.features[at], plan.targets[at]
        opened = open_step(self.network, features, target, learning_rate=rate, unit=chosen, theme=self.theme)
        self.unit = chosen
        with self._run.held():
            self.batch = batch_to_plain(self.training)
        before, self.opened = self.opened, opened  # without a gap, in which the page would move
        if before is not None:
            before.close()
        return opened

    def close_step(self) -> None:
        """Take the opened step away."""
        opened, self.opened, self.batch = self.opened, None, None
        if opened is not None:
            opened.close()

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
        return self._run.history()

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
        return Replay(self._run.recording(self.example), **{**self._look(), **settings})

    def _exported(self, title: str) -> RecordedRun:
        recording = self._run.recording(self.example)
        return recording.exported(title, epoch=recording.epochs[0], speed=1.0, **self._look())

    def _look(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("theme", "size", "log_scale")}

    def close(self) -> None:
        """End the run, and free the widget, what is shown inside it, and their layouts."""
        self._run.stop()
        with self._run.held():
            self.close_step()
            super().close()

    def __repr__(self) -> str:
        return f"<Trainer of {self.network!r} after {counted(self.training.steps, 'step')}>"

    # -- the run ---------------------------------------------------------------------------------------------

    def _run_ended(self, fault: BaseException | None) -> None:
        if fault is not None:
            report(self, fault)
        if isinstance(fault, DivergenceError):
            self._show.spoil()
            self.message = {"text": f"{fault} Then reset: the weights are spoilt."}
        self.playing = False

    def _play_or_pause(self, _change: object = None) -> None:
        if not self.playing:
            self._run.stop()
            self._show.stopped()
            if not self.message:
                self._leave()
            return
        if 0 < self.epochs <= self.training.epoch:
            self.epochs += self.epochs
        self.message = {}
        self._show.start_clock()
        try:
            self._run.start()
        except InputError:
            self.playing = False
            raise

    def _rebuild(self, _change: object) -> None:
        """Start again with another structure; settings stay, and so does whether it trains."""
        self._run.restructure(self.hidden, self.activation, self.l2)
        self.close_step()
        self.unit = []
        self._begin()

    def _begin(self) -> None:
        self.message = {}
        self._show.begin(self.training)
        self._show.refresh()
        self._leave_soon()

    def _change_setting(self, change: dict[str, Any]) -> None:
        name, value = change["name"], change["new"]
        setattr(self.training, name, value)
        self._show.curves.note_change(self.training, name, value)
        if name == "l2":  # a part of the loss that is shown
            self._show.refresh()
        else:
            self._show.want_pictures()

    # -- from the page ---------------------------------------------------------------------------------------

    def _follow_settings(self) -> None:
        follow: dict[str, Any] = dict.fromkeys(("learning_rate", "batch_size", "l2"), self._change_setting)
        follow |= dict.fromkeys(("activation", "hidden"), self._rebuild)
        follow |= {"playing": self._play_or_pause, "example": lambda _change: self._show.want_pictures()}
        for name, react in follow.items():
            self.observe(guarded(self, self._between_steps(react)), name)
        self.on_msg(guarded(self, self._between_steps(self._receive)))

    def _between_steps(self, react: Callable[..., None]) -> Callable[..., None]:
        """Make something happen only while no step is being taken."""

        def call(*arguments: Any) -> None:
            with self._run.held():
                react(*arguments)

        return call

    def _receive(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        match content:
            case {"kind": "ready"}:
                self._show.page_ready()
            case {"kind": "painted", "number": number}:
                self._show.painted(int(number))
            case {"kind": "step"}:
                self.step()
            case {"kind": "epoch"}:
                self.run_epoch()
            case {"kind": "reset"}:
                self.reset()
            case {"kind": "choose", "weight": weight}:
                self._show.choose(weight)
            case {"kind": "edit", "weight": weight, "value": value}:
                self._show.edit(weight, float(value))
            case {"kind": "open"}:
                self.open_step()
            case {"kind": "close"}:
                self.close_step()
