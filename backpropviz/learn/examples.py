"""Examples to learn from: features and targets, checked at the door."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from backpropviz.autodiff.input_values import own_copy
from backpropviz.errors import DatasetError, InputError
from backpropviz.graph.node import Array  # noqa: TC001  fields of a NamedTuple
from backpropviz.learn.choices import check_number, generator_of
from backpropviz.learn.network import Network
from backpropviz.ops.counting import counted


class Examples(NamedTuple):  # noqa: PLW1641  arrays have no hash
    """Features and targets; unpacks as ``X, y``.

    Attributes
    ----------
    features : array, shape (examples, features)
    targets : array, shape (examples,) or (examples, outputs)
        Values, or class numbers from 0.
    """

    features: Array
    targets: Array

    def split(self, held_out: float = 0.25, seed: int = 0) -> tuple[Examples, Examples]:
        """Shuffle, and give a share of the examples apart.

        Parameters
        ----------
        held_out : float
            Share of the second part, between 0 and 1.
        seed : int
            Of the shuffling.

        Returns
        -------
        train, held_out : Examples
            To train on, and held out; both have at least one example.

        Raises
        ------
        DatasetError
            Where one part would be empty.
        """
        check_number("held_out is a share, between 0 and 1", held_out)
        total = len(self.features)
        count = round(total * held_out)
        if not 0 < count < total:
            raise DatasetError(
                f"Holding out {held_out:g} of {counted(total, 'example')} leaves one part empty.", actual=held_out
            )
        order = generator_of(seed).permutation(total)
        train, apart = order[: total - count], order[total - count :]
        return (
            Examples(self.features[train], self.targets[train]),
            Examples(self.features[apart], self.targets[apart]),
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple) and len(other) == 2 and all(map(np.array_equal, self, other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __repr__(self) -> str:
        return f"Examples(features {np.shape(self.features)}, targets {np.shape(self.targets)})"


def read_examples(given: object) -> Examples:
    """Check features and targets, whatever they will be used for.

    Parameters
    ----------
    given : pair of array-likes
        Features, shape (examples, features) or (examples,) for one feature; targets, one row each.

    Raises
    ------
    DatasetError
        Where there are no examples, the numbers of rows differ, or an entry is not a finite number: the row is named.
    """
    if not isinstance(given, (tuple, list)) or len(given) != 2:
        raise DatasetError(
            f"The examples are a pair (X, y), not {type(given).__name__}. X has shape (examples, features), y one "
            "row per example."
        )
    read_x, read_y = _numbers(given[0], "X"), _numbers(given[1], "y")
    if read_x.ndim == 1:
        read_x = read_x[:, None]
    if read_x.ndim != 2:
        raise DatasetError(
            f"X has shape {read_x.shape}; expected (examples, features). Flatten images with X.reshape(len(X), -1).",
            expected="(examples, features)",
            actual=read_x.shape,
        )
    if read_y.ndim not in (1, 2) or len(read_y) != len(read_x):
        raise DatasetError(
            f"X has {counted(len(read_x), 'row')}, and y has shape {read_y.shape}; expected ({len(read_x)},) or "
            f"({len(read_x)}, outputs).",
            expected=len(read_x),
            actual=read_y.shape,
        )
    if not read_x.size:
        raise DatasetError(f"There are no examples: X has shape {read_x.shape}. Give at least one row.")
    for values, name in ((read_x, "X"), (read_y, "y")):
        bad = ~np.isfinite(values)
        if bad.any():
            place = tuple(int(index) for index in np.argwhere(bad)[0])
            column = f", column {place[1]}" if len(place) > 1 else ""
            more = int(bad.any(axis=1).sum() if bad.ndim > 1 else bad.sum()) - 1
            others = f" ({counted(more, 'more row')} too)" if more else ""
            raise DatasetError(
                f"{name} is not a finite number at row {place[0]}{column}: {values[place]}{others}. Drop the row or "
                "fill the gap.",
                row=place[0],
                actual=float(values[place]),
            )
    # Their own, once: a run reads them thousands of times, and the caller's arrays may change meanwhile.
    return Examples(own_copy(read_x), own_copy(read_y))


def targets_for(network: Network, examples: Examples) -> Array:
    """Give the targets in the shape and coding that the network's loss takes.

    Returns
    -------
    array, shape (examples, outputs)
        Classes one-hot: 1 in the column of the class, 0 elsewhere.

    Raises
    ------
    DatasetError
        Where features, targets and network do not fit: wrong sizes, or labels out of range with their row.
    """
    if not isinstance(network, Network):
        raise InputError(f"A network is a value such as MLP((2, 8, 1)); not {network!r}.", actual=network)
    features, targets = examples
    outputs = network.output_count
    if features.shape[1] != network.input_count:
        raise DatasetError(
            f"X has {counted(features.shape[1], 'feature')}, but the network takes {network.input_count}. "
            f"Change the first of its sizes to {features.shape[1]}, or give other columns.",
            expected=network.input_count,
            actual=features.shape[1],
        )
    classes = network.loss == "cross_entropy" or (network.output == "softmax" and targets.ndim == 1)
    if classes and targets.ndim == 2 and targets.shape[1] == 1:
        targets = targets[:, 0]
    if classes and targets.ndim == 1:
        whole = (targets == np.floor(targets)) & (targets >= 0) & (targets < outputs)
        _refuse_rows(~whole, targets, f"a whole number from 0 to {outputs - 1}, one of {outputs} classes")
        return np.asarray(targets[:, None] == np.arange(outputs), dtype=np.float64)
    if targets.ndim == 1 and outputs == 1:
        targets = targets[:, None]
    if targets.shape != (len(features), outputs):
        raise DatasetError(
            f"y has shape {targets.shape}, but the network has {counted(outputs, 'output')}; expected "
            f"({len(features)}, {outputs}). Change the last of its sizes, or the targets.",
            expected=(len(features), outputs),
            actual=targets.shape,
        )
    if network.loss == "binary_cross_entropy":
        _refuse_rows(((targets < 0) | (targets > 1)).any(axis=1), targets, "0 or 1, or a probability between")
    if network.loss == "cross_entropy":
        wrong = (targets < 0).any(axis=1) | (np.abs(targets.sum(axis=1) - 1.0) > 1e-6)
        _refuse_rows(wrong, targets, "probabilities of the classes, which sum to 1")
    return targets


def _numbers(values: Any, name: str) -> Array:
    array = np.asarray(values)
    if array.dtype.kind in "OUSM":
        try:
            return np.asarray(array, dtype=np.float64)
        except (TypeError, ValueError):
            hint = (
                "Number the classes: names, y = np.unique(y, return_inverse=True)."
                if name == "y"
                else "Turn every column into numbers, all rows of equal length."
            )
            raise DatasetError(f"{name} holds something that is not a number. {hint}", actual=array.dtype) from None
    if array.dtype.kind == "c":
        raise DatasetError(f"{name} holds complex numbers; expected real ones.", actual=array.dtype)
    return np.ascontiguousarray(array, dtype=np.float64)


def _refuse_rows(wrong: Any, targets: Array, expected: str) -> None:
    if wrong.any():
        row = int(np.argmax(wrong))
        more = int(wrong.sum()) - 1
        others = f" ({counted(more, 'more row')} too)" if more else ""
        raise DatasetError(
            f"The label of row {row} is {np.asarray(targets[row]).tolist()}; expected {expected}{others}.",
            row=row,
            expected=expected,
            actual=targets[row],
        )
