"""What a replay plays: the states of a recorded run, checked at the door."""

from __future__ import annotations

import math
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from backpropviz.errors import HistoryError, InputError
from backpropviz.learn.examples import Examples, read_examples, targets_for
from backpropviz.learn.history import History
from backpropviz.learn.measure import measure
from backpropviz.learn.mlp import MLP
from backpropviz.ops.counting import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropviz.graph.node import Array
    from backpropviz.learn.records import EpochRecord

_SCORES = ("loss", "accuracy", "validationLoss", "validationAccuracy")


class RecordedState(NamedTuple):
    """A state of a run: what its pictures are made of, and what is told beside them.

    Attributes
    ----------
    mlp : MLP
        With its weights.
    gradient_norms : dict of str to float
        Euclidean length of the gradient, by parameter.
    scores : dict
        Epoch, step, losses without the penalty on weights, and accuracies, as JSON can hold them.
    """

    mlp: MLP
    gradient_norms: Mapping[str, float]
    scores: dict[str, Any]

    @property
    def parameters(self) -> dict[str, Array]:
        """Weights and biases."""
        return dict(self.mlp.parameters)


class RunExamples(NamedTuple):
    """The examples of a run: those that it was trained on, and those held out, if any."""

    train: Examples
    validation: Examples | None


def recorded_states(history: object) -> list[RecordedState]:
    """Give the states after each epoch.

    Raises
    ------
    InputError
        For something else.
    HistoryError
        Where epochs or snapshots are missing, or several runs are mixed.
    """
    if not isinstance(history, History):
        raise InputError(
            f"replay() plays a History, not {type(history).__name__}. Collect one: "
            "bpv.History.collect(bpv.fit(network, examples)).",
            actual=history,
        )
    if not history.records:
        why = history.divergence or "Train for an epoch at least."
        raise HistoryError(f"There is nothing to replay: this history has no epochs. {why}")
    bare = [record.epoch for record in history if record.network is None]
    if bare:
        raise HistoryError(
            f"Nothing is known of the network after epoch {bare[0]} ({len(bare)} of "
            f"{counted(len(history), 'epoch has', 'epochs have')} no "
            "snapshot). Save the history with snapshots=True, which is the default, to replay it from a file.",
            expected=len(history),
            actual=len(history) - len(bare),
        )
    states: list[RecordedState] = []
    for record in history:
        network = record.network
        if not isinstance(network, MLP):
            raise InputError(
                f"replay() shows an MLP, with layers; epoch {record.epoch} has {type(network).__name__}.",
                actual=network,
            )
        if states and (network.sizes != states[0].mlp.sizes or record.epoch <= states[-1].scores["epoch"]):
            raise HistoryError(
                f"Epoch {record.epoch}, sizes {network.sizes}, follows epoch {states[-1].scores['epoch']}, sizes "
                f"{states[-1].mlp.sizes}: these are records of several runs. Replay one at a time."
            )
        states.append(
            RecordedState(network, record.gradient_norms, _scored(record.epoch, record.step, _scores(record)))
        )
    return states


def state_before(start: object, mlp: MLP, shown: RunExamples) -> RecordedState:
    """Measure the network before its first step; of its gradient nothing is known.

    Raises
    ------
    InputError
        Where the start is no network of the same sizes.
    """
    if not isinstance(start, MLP) or start.sizes != mlp.sizes:
        raise InputError(
            f"The start is not an MLP of sizes {mlp.sizes}. Give the network that fit() was given.",
            expected=mlp.sizes,
            actual=start,
        )
    train = measure(start, shown.train.features, targets_for(start, shown.train))
    scores = [train.misfit, train.accuracy]
    if shown.validation is not None:
        held_out = measure(start, shown.validation.features, targets_for(start, shown.validation))
        scores += [held_out.misfit, held_out.accuracy]
    return RecordedState(start, dict.fromkeys(start.penalised, math.nan), _scored(0, 0, scores))


def read_fitting(mlp: MLP, examples: object) -> Examples:
    """Read examples, and check that they fit the network of a run.

    Raises
    ------
    InputError, DatasetError
        Where they do not.
    """
    read = read_examples(examples)
    if read.features.shape[1] != mlp.input_count:
        raise InputError(
            f"The examples have {counted(read.features.shape[1], 'feature')}, but the network of this history takes "
            f"{mlp.input_count}. Give the examples that the run was trained on.",
            expected=mlp.input_count,
            actual=read.features.shape[1],
        )
    targets_for(mlp, read)
    return read


def _scores(record: EpochRecord) -> list[float | None]:
    return [record.misfit, record.accuracy, record.validation_misfit, record.validation_accuracy]


def _scored(epoch: int, step: int, scores: Sequence[float | None]) -> dict[str, Any]:
    finite = [None if score is None or not math.isfinite(score) else float(score) for score in scores]
    return {"epoch": epoch, "step": step, **dict(zip_longest(_SCORES, finite))}
