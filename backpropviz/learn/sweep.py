"""Many runs beside each other: over learning rates, sizes and seeds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import InputError
from backpropviz.learn.examples import read_examples, targets_for
from backpropviz.learn.fit import fit
from backpropviz.learn.history import History
from backpropviz.learn.mlp import MLP
from backpropviz.learn.optimisers import read_optimizer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor

    from backpropviz.learn.optimizer_step import Optimizer
    from backpropviz.learn.schedules import Schedule


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of a sweep.

    Attributes
    ----------
    sizes : tuple of int
        Of the network.
    learning_rate : float or Schedule
    seed : int
        Of the first weights and of the shuffling.
    history : History
        What happened; ``history.divergence`` is not empty where the run diverged.
    """

    sizes: tuple[int, ...]
    learning_rate: float | Schedule
    seed: int
    history: History

    @property
    def label(self) -> str:
        """The settings in words, for a legend."""
        rate = f"{self.learning_rate:g}" if isinstance(self.learning_rate, (int, float)) else str(self.learning_rate)
        return f"{'-'.join(map(str, self.sizes))}, rate {rate}, seed {self.seed}"

    @property
    def final_loss(self) -> float:
        """Loss after the last epoch, on the held-out examples where there are any; infinite after divergence."""
        if self.history.divergence or not self.history.records:
            return float("inf")
        last = self.history[-1]
        return last.loss if last.validation_loss is None else last.validation_loss


@dataclass(frozen=True, slots=True)
class Sweep:
    """All runs of a sweep, in the order in which their settings were given."""

    trials: tuple[Trial, ...]

    def best(self) -> Trial:
        """Give the run of the smallest final loss; the earlier one of two equal ones."""
        return min(self.trials, key=lambda trial: trial.final_loss)

    def curves(self, column: str = "loss") -> dict[str, list[Any]]:
        """Give one quantity over the epochs of every run, by label: the lines of one chart."""
        return {trial.label: trial.history.column(column) for trial in self.trials}

    def table(self) -> str:
        """Write the final figures of every run as Markdown."""
        lines = ["| sizes | learning rate | seed | loss | accuracy |", "|---|---|---|---|---|"]
        for trial in self.trials:
            last = trial.history[-1] if trial.history.records and not trial.history.divergence else None
            loss = "diverged" if last is None else f"{trial.final_loss:.4g}"
            held_out = None if last is None else last.validation_accuracy
            accuracy = held_out if held_out is not None or last is None else last.accuracy
            shown = "" if accuracy is None else f"{accuracy:.4f}"
            lines.append(
                f"| {'-'.join(map(str, trial.sizes))} | {trial.learning_rate} | {trial.seed} | {loss} | {shown} |"
            )
        return "\n".join(lines)

    def __len__(self) -> int:
        return len(self.trials)

    def __iter__(self) -> Iterator[Trial]:
        return iter(self.trials)


def sweep(
    network: MLP,
    examples: object,
    *,
    sizes: Sequence[Sequence[int]] | None = None,
    learning_rates: Sequence[float | Schedule] | None = None,
    seeds: Sequence[int] | None = None,
    optimizer: Optimizer | str | float | None = None,
    epochs: int = 20,
    batch_size: int | str | None = None,
    validation: object = None,
    executor: Executor | None = None,
) -> Sweep:
    """Train one network per combination of sizes, learning rates and seeds.

    Parameters
    ----------
    network : MLP
        Activation, output, loss, penalty and initialisation of all; its weights are drawn anew for each seed.
    examples, validation : pair (X, y)
        As for :func:`backpropviz.fit`.
    sizes : sequence of tuple of int, optional
        By default those of `network`.
    learning_rates : sequence of float or Schedule, optional
        By default that of `optimizer`.
    seeds : sequence of int, optional
        By default that of `network`. Several seeds are restarts: the loss of a network has many local minima.
    optimizer : Optimizer, str or float, optional
        Its kind and other settings; ``SGD(0.1)`` by default.
    epochs, batch_size
        As for :func:`backpropviz.fit`.
    executor : concurrent.futures.Executor, optional
        Where to run; it stays open. By default a process pool of this machine. A thread pool serves, too, and so do
        executors with the same interface: ``ipyparallel.Client().executor()`` and Dask's
        ``distributed.Client().get_executor()`` spread the runs over a cluster. The results do not depend on it.

    Returns
    -------
    Sweep
        One trial per combination, sizes outermost, seeds innermost. A run that diverges is kept, with what it said.

    Raises
    ------
    DatasetError, InputError
        For settings that do not fit, before anything is run.

    Examples
    --------
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> import backpropviz as bpv
    >>> with ThreadPoolExecutor(2) as pool:
    ...     runs = bpv.sweep(
    ...         bpv.MLP((1, 1)), bpv.datasets.line(), learning_rates=[0.01, 0.1], epochs=5, executor=pool
    ...     )
    >>> runs.best().learning_rate
    0.1
    """
    if not isinstance(network, MLP):
        raise InputError(f"sweep() tries an MLP in several sizes; not {network!r}.", actual=network)
    if executor is not None and not hasattr(executor, "submit"):
        raise InputError(f"An executor is one of concurrent.futures; not {executor!r}.", actual=executor)
    chosen = read_optimizer(optimizer)
    train = read_examples(examples)
    held_out = None if validation is None else read_examples(validation)
    grid = list(
        product(
            [tuple(each) if np.iterable(each) else each for each in _listed("sizes", sizes, network.sizes)],
            _listed("learning_rates", learning_rates, chosen.learning_rate),
            _listed("seeds", seeds, network.seed),
        )
    )
    if not grid:
        raise InputError("A sweep needs at least one of each: sizes, learning rates, seeds.")
    works = []
    for shape, rate, seed in grid:
        fresh = replace(network, sizes=shape, seed=seed, activation=_activation(network), parameters={})
        targets_for(fresh, train)
        rule = replace(chosen, learning_rate=rate)  # type: ignore[type-var]  # optimisers are frozen dataclasses
        works.append((fresh, train, rule, epochs, batch_size, seed, held_out))
    fit(works[0][0], train, works[0][2], epochs, batch_size)  # says now what does not fit
    if executor is not None:
        histories = _run(executor, works)
    else:
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  slow to import, rarely needed

        with ProcessPoolExecutor() as pool:
            histories = _run(pool, works)
    return Sweep(
        tuple(Trial(shape, rate, seed, history) for (shape, rate, seed), history in zip(grid, histories, strict=True))
    )


def run_trial(
    network: MLP,
    examples: object,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int | str | None,
    seed: int,
    validation: object,
) -> History:
    """Train one network; a function of its own, so that it can travel to another process."""
    return History.collect(fit(network, examples, optimizer, epochs, batch_size, seed, validation))


def _run(executor: Executor, works: Sequence[tuple[Any, ...]]) -> list[History]:
    futures = [executor.submit(run_trial, *work) for work in works]
    return [future.result() for future in futures]


def _listed(name: str, given: Any, usual: Any) -> Sequence[Any]:
    if given is not None and (isinstance(given, str) or not np.iterable(given)):
        raise InputError(f"{name} lists what is tried, as in {name}=[{given!r}]; not {given!r}.", actual=given)
    return [usual] if given is None else list(given)


def _activation(network: MLP) -> str | tuple[str, ...]:
    """Keep one activation for all layers where there is one, whatever the number of layers."""
    kinds = set(network.activations)
    if len(kinds) == 1:
        return network.activations[0]
    return network.activations if kinds else "tanh"
