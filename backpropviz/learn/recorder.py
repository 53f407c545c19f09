"""Keeping a run while it trains, so cheaply that the training does not notice."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.errors import DivergenceError
from backpropviz.learn.choices import check_steps
from backpropviz.learn.examples import targets_for
from backpropviz.learn.history import History
from backpropviz.learn.measure import measure
from backpropviz.learn.reporting import epoch_record
from backpropviz.learn.schedules import rate_of

if TYPE_CHECKING:
    from backpropviz.graph import Graph
    from backpropviz.graph.node import Array
    from backpropviz.learn.examples import Examples
    from backpropviz.learn.measure import Measurement
    from backpropviz.learn.network import Network
    from backpropviz.learn.records import EpochRecord
    from backpropviz.learn.training import Training

_MOST = 240
_FEWEST = 4
_MEMORY = 48_000_000  # bytes for all that is kept of a large network


@dataclass(slots=True)
class _Snapshot:
    """An epoch as it was: three rows of numbers are copied, all else is worked out when somebody asks."""

    epoch: int
    step: int
    rate: float
    seconds: float
    l2: float
    parameters: Array
    gradient: Array
    before: Array
    record: EpochRecord | None = field(default=None, repr=False)


class Recorder:
    """Takes the steps of a run, and keeps its epochs.

    A copy of the parameters is kept after each epoch; losses, norms and shares are worked out from the copies once
    they are asked for. When a run gets long, every other epoch is dropped, then every other of those: at most 240 are
    kept, fewer of a large network. The newest epoch is kept too while the run stands right after it.

    Parameters
    ----------
    training : Training
        The run; steps that are taken past this recorder are not seen.

    Examples
    --------
    >>> import backpropviz as bpv
    >>> recorder = Recorder(bpv.Training(bpv.MLP((2, 4, 1), output="sigmoid"), bpv.datasets.xor()))
    >>> recorder.step(3)
    >>> recorder.history.column("epoch")
    [1, 2, 3]
    """

    def __init__(self, training: Training) -> None:
        self._training = training
        self.start: Network = training.network
        numbers = sum(value.size for value in self.start.parameters.values())
        self._most = max(_FEWEST, min(_MOST, _MEMORY // (3 * 8 * numbers)))
        self._apart = 1
        self._kept: list[_Snapshot] = []
        self._divergence = ""
        self._elapsed = 0.0
        self._graphs: dict[tuple[float, int], Graph] = {}

    def step(self, count: int = 1, last: int = 0) -> None:
        """Take some steps.

        Parameters
        ----------
        count : int
            How many.
        last : int
            An epoch that is kept in any case, since the run may stop there.

        Raises
        ------
        DivergenceError
            As :meth:`Training.step` does; what is kept stays, and the history tells of it.
        """
        check_steps(count)
        training = self._training
        self._divergence = ""
        while count > 0:
            due = (training.epoch // self._apart + 1) * self._apart
            if training.epoch < last < due:
                due = last
            # The run is stopped for a moment only where an epoch ends that is kept.
            remaining = round(len(training.train.features) * (1.0 - training.epoch_progress))
            left = -(-remaining // training.batch_size) + (due - training.epoch - 1) * training.steps_per_epoch
            now = min(count, left)
            started = time.perf_counter()
            try:
                training.step(now)
            except DivergenceError as fault:
                self._divergence = fault.message
                raise
            self._elapsed += time.perf_counter() - started
            count -= now
            if now == left:
                self._keep()

    @property
    def history(self) -> History:
        """The epochs that are kept, as records with their networks."""
        training = self._training
        newest = self._kept[-1].epoch if self._kept else 0
        if training.epoch > newest and training.epoch_progress == 0.0 and not self._divergence:
            self._keep()
        records = [self._record(kept) for kept in self._kept]
        # The last update before a divergence may have made the loss infinite.
        return History(tuple(record for record in records if math.isfinite(record.loss)), self._divergence)

    def _keep(self) -> None:
        training = self._training
        work = training._workspace  # noqa: SLF001  three rows to copy; what is public is made of them at some cost
        # Somebody may have set the run back.
        while self._kept and self._kept[-1].epoch >= training.epoch:
            self._kept.pop()
        since = training.epoch - (self._kept[-1].epoch if self._kept else 0)
        # Kept out of turn, because the run stood there: it has gone on since.
        if self._kept and self._kept[-1].epoch % self._apart:
            self._kept.pop()
        self._kept.append(
            _Snapshot(
                epoch=training.epoch,
                step=training.steps,
                rate=rate_of(training.optimizer.learning_rate, training.epoch - 1),
                seconds=self._elapsed / max(1, since),
                l2=training.l2,
                parameters=work.parameters.numbers.copy(),
                gradient=work.gradient.numbers.copy(),
                before=work.before.numbers.copy(),
            )
        )
        self._elapsed = 0.0
        if len(self._kept) > self._most:
            self._apart *= 2
            newest = self._kept[-1]
            self._kept = [kept for kept in self._kept if kept.epoch % self._apart == 0 or kept is newest]

    def _record(self, kept: _Snapshot) -> EpochRecord:
        if kept.record is None:
            kept.record = self._record_of(kept)
        return kept.record

    def _record_of(self, kept: _Snapshot) -> EpochRecord:
        after, before, gradient = (self._named(row) for row in (kept.parameters, kept.before, kept.gradient))
        network = self.start.with_l2(kept.l2).with_parameters(after)
        training = self._training
        with np.errstate(all="ignore"):
            trained = self._measured(network, training.train)
            held_out = None if training.validation is None else self._measured(network, training.validation)
            return epoch_record(
                network,
                trained,
                held_out,
                gradient,
                before,
                epoch=kept.epoch,
                step=kept.step,
                learning_rate=kept.rate,
                seconds=kept.seconds,
            )

    def _measured(self, network: Network, examples: Examples) -> Measurement:
        targets = targets_for(network, examples)
        place = network.l2, len(targets)
        if place not in self._graphs:
            self._graphs[place] = network.graph(len(targets))
        return measure(network, examples.features, targets, self._graphs[place])

    def _named(self, row: Array) -> dict[str, Array]:
        named = {}
        start = 0
        for name, value in self.start.parameters.items():
            named[name] = row[start : start + value.size].reshape(value.shape)
            start += value.size
        return named
