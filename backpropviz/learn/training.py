"""One training run, step by step: the one place of this layer whose state changes."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.autodiff import evaluate
from backpropviz.autodiff.input_values import own_copy
from backpropviz.learn.choices import check_steps, generator_of
from backpropviz.learn.diverging import LossWatch, divergence, require_finite
from backpropviz.learn.examples import read_examples, targets_for
from backpropviz.learn.measure import Measurement, measure
from backpropviz.learn.optimisers import read_optimizer
from backpropviz.learn.reporting import epoch_record
from backpropviz.learn.schedules import Schedule, check_rate, rate_of
from backpropviz.learn.workspace import Snapshot, Workspace, read_batch_size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph.node import Array
    from backpropviz.learn.network import Network
    from backpropviz.learn.optimizer_step import Optimizer
    from backpropviz.learn.records import EpochRecord


class Training:
    """Mini-batch training on the network's own graph, a few steps at a time.

    The shuffled examples are cut into batches; each step gathers one, runs both sweeps of ``network.graph(batch)`` in
    reused buffers, and lets the optimiser update all parameters in place. Same network, examples, settings and seed:
    the same bits, however the steps are sliced. Everything may be changed between steps.

    Parameters
    ----------
    network : Network
        Where to start; never changed.
    examples : pair (X, y)
        To train on; see :func:`backpropviz.learn.examples.read_examples`.
    optimizer : Optimizer, str or float, optional
        ``SGD(0.1)`` by default.
    batch_size : int or "all", optional
        Examples per step, from 1 to all of them; 32 by default, or all where there are fewer.
    seed : int
        Of the shuffling.
    validation : pair (X, y), optional
        Held-out examples, measured with every record.

    Attributes
    ----------
    epoch, steps, examples_seen : int
        Completed so far.
    batch_loss : float
        Loss of the last step's batch, before its update; NaN before the first step.
    watch : LossWatch
        The losses of the last steps' batches.

    Raises
    ------
    DatasetError, InputError
        For examples and settings that do not fit.

    Examples
    --------
    >>> import backpropviz as bpv
    >>> training = Training(bpv.MLP((2, 4, 1), output="sigmoid"), bpv.datasets.xor(), batch_size=4)
    >>> training.step(5)
    >>> training.steps, training.epoch, training.examples_seen
    (5, 5, 20)
    """

    def __init__(
        self,
        network: Network,
        examples: object,
        optimizer: Optimizer | str | float | None = None,
        batch_size: int | str | None = None,
        seed: int = 0,
        validation: object = None,
    ) -> None:
        self.train = read_examples(examples)
        self._targets = own_copy(targets_for(network, self.train))
        self._classes = np.argmax(self._targets, axis=1)  # every epoch asks for them
        self.validation = None if validation is None else read_examples(validation)
        if self.validation is not None:
            self._validation_targets = own_copy(targets_for(network, self.validation))
        self._first = self._network = network
        self.optimizer: Optimizer = read_optimizer(optimizer)
        self._batch_size = read_batch_size(batch_size, len(self._targets))
        self.seed = seed
        self._begin()

    # -- what it is doing ------------------------------------------------------------------------------------

    @property
    def network(self) -> Network:
        """The network with the present parameters, as a value of its own."""
        return self._network.with_parameters(self._workspace.parameters.copies())

    @property
    def parameters(self) -> dict[str, Array]:
        """Present weights and biases: views that change with the next step."""
        return dict(self._workspace.parameters.views)

    @property
    def gradients(self) -> dict[str, Array]:
        """Gradient of the last step's batch by parameter: views that change with the next step."""
        return dict(self._workspace.gradient.views)

    @property
    def gradient_norms(self) -> dict[str, float]:
        """Euclidean length of the last gradient, by parameter; NaN before the first step."""
        gradient = self._workspace.gradient
        return gradient.norms() if self.steps else dict.fromkeys(gradient.views, np.nan)

    def __repr__(self) -> str:
        return f"<Training of {self._first!r}, at step {self.steps}>"

    @property
    def epoch_progress(self) -> float:
        """Share of the present epoch that is done, from 0 up to below 1."""
        return self._position / len(self._targets)

    @property
    def steps_per_epoch(self) -> int:
        """Steps from shuffle to shuffle."""
        return -(-len(self._targets) // self._batch_size)

    # -- settings that may change between steps --------------------------------------------------------------

    @property
    def learning_rate(self) -> float:
        """Learning rate of the present epoch; setting it replaces a schedule."""
        return rate_of(self.optimizer.learning_rate, self.epoch)

    @learning_rate.setter
    def learning_rate(self, rate: float | Schedule) -> None:
        check_rate(rate)
        self.optimizer = replace(self.optimizer, learning_rate=rate)  # type: ignore[type-var]  # a frozen dataclass

    @property
    def batch_size(self) -> int:
        """Examples per step."""
        return self._batch_size

    @batch_size.setter
    def batch_size(self, size: int | str) -> None:
        self._batch_size = read_batch_size(size, len(self._targets))

    @property
    def l2(self) -> float:
        """Strength of the penalty."""
        return self._network.l2

    @l2.setter
    def l2(self, strength: float) -> None:
        self._network = self._network.with_l2(strength)
        self._workspace.forget_batches()
        self.watch = LossWatch()

    def set_parameters(self, parameters: Mapping[str, object]) -> None:
        """Overwrite some parameters, as when a weight is edited while the run is paused."""
        checked = self._network.with_parameters(parameters).parameters
        for name in parameters:
            self._workspace.parameters.views[name][...] = checked[name]
        self.watch = LossWatch()

    # -- running ---------------------------------------------------------------------------------------------

    def step(self, count: int = 1) -> None:
        """Take steps, across the ends of epochs where they fall.

        Raises
        ------
        DivergenceError
            Where the loss stops being finite or grows beyond measure; the update that would follow is not made.
        """
        check_steps(count)
        with np.errstate(all="ignore"):
            for remaining in range(count, 0, -1):
                self._step(keep_before=remaining == 1)

    def run_epoch(self) -> EpochRecord:
        """Take steps to the end of the present epoch, and tell of it."""
        started, epoch, rate = time.perf_counter(), self.epoch, self.learning_rate
        with np.errstate(all="ignore"):
            while self.epoch == epoch:
                self._step(keep_before=self._position + self._batch_size >= len(self._targets))
        seconds = time.perf_counter() - started
        network = self.network
        trained = self._measured(network, self.train.features, self._targets)
        require_finite(trained, step=self.steps, epoch=self.epoch, rate=rate, losses=self.watch.recent)
        return epoch_record(
            network,
            trained,
            self.measure_validation(),
            self._workspace.gradient.views,
            self._workspace.before.views,
            epoch=self.epoch,
            step=self.steps,
            learning_rate=rate,
            seconds=seconds,
        )

    def measure(self) -> Measurement:
        """Measure the present network on all training examples."""
        return self._measured(self.network, self.train.features, self._targets)

    def measure_validation(self) -> Measurement | None:
        """Measure the present network on the held-out examples; None where there are none."""
        held = self.validation
        return None if held is None else self._measured(self.network, held.features, self._validation_targets)

    def reset(self, seed: int | None = None) -> None:
        """Go back to the first parameters, with the same shuffles; or with those of another seed."""
        self.seed = self.seed if seed is None else seed
        self._network = self._first.with_l2(self.l2)
        self._begin()

    def snapshot(self) -> Snapshot:
        """Keep the state, so that :meth:`restore` can go on from here with the same bits."""
        work = self._workspace
        return Snapshot(
            parameters=work.parameters.copies(),
            state=tuple(row.copies() for row in work.state),
            counts=(self.epoch, self.steps, self.examples_seen, self._position, work.updates),
            order=self._order.copy(),
            generator=self._generator.bit_generator.state,
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a state of this run."""
        self._workspace.parameters.fill(snapshot.parameters)
        self._workspace.remember(len(snapshot.state))
        for row, one in zip(self._workspace.state, snapshot.state, strict=True):
            row.fill(one)
        self.epoch, self.steps, self.examples_seen, self._position, self._workspace.updates = snapshot.counts
        self._order = snapshot.order.copy()
        self._generator.bit_generator.state = snapshot.generator

    # -- inside ----------------------------------------------------------------------------------------------

    def _measured(self, network: Network, features: Array, targets: Array) -> Measurement:
        classes = self._classes if targets is self._targets else None
        return measure(network, features, targets, self._workspace.graph_for(network, len(features)), classes)

    def _begin(self) -> None:
        self._workspace = Workspace(self._network, self.optimizer.remembered)
        self._generator = generator_of(self.seed)
        self.epoch = self.steps = self.examples_seen = self._position = 0
        self.batch_loss, self.watch = float("nan"), LossWatch()
        self._order = np.arange(len(self._targets), dtype=np.intp)

    def _step(self, *, keep_before: bool) -> None:
        work, optimizer, targets = self._workspace, self.optimizer, self._targets
        start, total = self._position, len(targets)
        if start == 0 and self._batch_size < total:
            self._order = self._generator.permutation(total)
        if len(work.state) != optimizer.remembered:
            work.remember(optimizer.remembered)  # an optimiser of another kind begins anew
        chosen = self._order[start : start + self._batch_size]
        count = len(chosen)
        batch = work.batches.get(count)
        if batch is None:
            batch = work.add_batch(self._network, self.train.features[chosen], targets[chosen])
        else:
            # Clipping, which never happens, lets NumPy write into place without a copy in between.
            self.train.features.take(chosen, 0, batch.features, mode="clip")
            targets.take(chosen, 0, batch.targets, mode="clip")
        batch.sweeps.run()
        self.batch_loss = loss = batch.sweeps.value()
        rate = rate_of(optimizer.learning_rate, self.epoch)
        if self.watch.diverges(loss):
            tape = evaluate(batch.graph, {"X": batch.features, "y": batch.targets, **work.parameters.views}, {})
            raise divergence(tape, step=self.steps + 1, epoch=self.epoch + 1, rate=rate, losses=self.watch.recent)
        if keep_before:
            np.copyto(work.before.numbers, work.parameters.numbers)
        work.updates += 1
        optimizer.advance(
            work.parameters.numbers, work.gradient.numbers, work.state_numbers, work.scratch, rate, work.updates
        )
        self.steps, self.examples_seen = self.steps + 1, self.examples_seen + count
        self._position = start + count
        if self._position >= total:
            self._position = 0
            self.epoch += 1
