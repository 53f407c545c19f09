"""A run while it is watched: it trains in the background, is recorded, and begins anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from backpropviz.errors import InputError
from backpropviz.learn.recorder import Recorder
from backpropviz.learn.training import Training
from backpropviz.runs.frames import make_recording
from backpropviz.runs.slices import TrainingLoop

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from backpropviz.learn.history import History
    from backpropviz.learn.mlp import MLP
    from backpropviz.runs.frames import Recording

MIXED = "mixed"
"""Called so: the activation of a network whose layers have different ones."""
_NO_EVENT_LOOP = "Nothing trains in the background here: no event loop runs. Use trainer.step() or trainer.run_epoch()."


class RunLimits(Protocol):
    """Where a run stops by itself, and how fast it may go; 0 sets no limit."""

    epochs: int
    epochs_per_second: float
    steps_per_second: float


class LiveRun:
    """A training run with what trains it and what records it.

    Parameters
    ----------
    training : Training
        With an MLP.
    limits : RunLimits
        Read anew before every slice of steps, such as the traits of a trainer.
    look : callable
        Called between slices.
    ended : callable
        Called with the error that ended the training, or None.
    """

    def __init__(
        self,
        training: Training,
        limits: RunLimits,
        look: Callable[[], None],
        ended: Callable[[BaseException | None], None],
    ) -> None:
        self._first = training.network
        self._limits = limits
        self._loop = TrainingLoop(self._advance, self.limit, look, ended)
        self._begin(training)

    def _begin(self, training: Training) -> None:
        self.training = training
        self._recorder = Recorder(training)

    @property
    def network(self) -> MLP:
        """The network with its present weights."""
        return self.training.network  # type: ignore[return-value]  # begun with one

    @property
    def running(self) -> bool:
        """Whether it trains in the background."""
        return self._loop.running

    def held(self) -> AbstractContextManager[None]:
        """Keep the training still for a moment."""
        return self._loop.held()

    def start(self) -> None:
        """Train in the background.

        Raises
        ------
        InputError
            Where no event loop runs, as in a plain Python prompt.
        """
        try:
            self._loop.start()
        except RuntimeError:
            raise InputError(_NO_EVENT_LOOP) from None

    def stop(self) -> None:
        """Train no more in the background."""
        self._loop.cancel()

    def step(self, count: int) -> None:
        """Take some steps now; see :meth:`backpropviz.learn.recorder.Recorder.step`."""
        self._recorder.step(count)

    def reset(self) -> None:
        """Go back to the first weights and the first shuffles."""
        self.training.reset()
        self._begin(self.training)

    def restructure(self, hidden: list[int], activation: str, l2: float) -> None:
        """Begin with other hidden layers; all else stays."""
        old = self.training
        mlp = restructured(self._first, hidden, activation, l2)  # type: ignore[arg-type]  # as above
        self._begin(Training(mlp, old.train, old.optimizer, old.batch_size, old.seed, old.validation))

    def history(self) -> History:
        """Give the epochs so far."""
        with self.held():
            return self._recorder.history

    def recording(self, example: int) -> Recording:
        """Draw the run so far; `example` is shown first where the examples are images."""
        start: Any = self._recorder.start
        return make_recording(
            self.history(), self.training.train, self.training.validation, start=start, example=example
        )

    def limit(self) -> float:
        """Give the largest number of steps per second; 0 for as many as possible."""
        limits = self._limits
        return limits.steps_per_second or limits.epochs_per_second * self.training.steps_per_epoch

    def _advance(self, count: int) -> bool:
        """Take steps; tell whether there are more to take."""
        last = self._limits.epochs
        self._recorder.step(count, last=last)
        return last == 0 or self.training.epoch < last


def activation_of(mlp: MLP) -> str:
    """Give the one activation of a network, or say that there are several."""
    names = set(mlp.activations)
    return names.pop() if len(names) == 1 else (MIXED if names else "tanh")


def restructured(first: MLP, hidden: list[int], activation: str, l2: float) -> MLP:
    """Give a network with other hidden layers; where they are those of the first network, with its first weights."""
    sizes = (first.sizes[0], *hidden, first.sizes[-1])
    if sizes == first.sizes and activation == activation_of(first):
        return replace(first, l2=l2)
    if activation != MIXED:
        return replace(first, sizes=sizes, activation=activation, l2=l2, parameters=None)  # type: ignore[arg-type]
    if len(sizes) != len(first.sizes):
        raise InputError(
            f"The layers of this network have different activations, so it keeps {len(first.sizes) - 2} hidden layers. "
            "Choose one activation for all first.",
            expected=len(first.sizes) - 2,
            actual=len(hidden),
        )
    return replace(first, sizes=sizes, l2=l2, parameters=None)  # type: ignore[arg-type]
