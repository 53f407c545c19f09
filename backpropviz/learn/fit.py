"""Training as a generator of records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.errors import InputError
from backpropviz.learn.training import Training

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropviz.learn.network import Network
    from backpropviz.learn.optimizer_step import Optimizer
    from backpropviz.learn.records import EpochRecord


def fit(
    network: Network,
    examples: object,
    optimizer: Optimizer | str | float | None = None,
    epochs: int = 20,
    batch_size: int | str | None = None,
    seed: int = 0,
    validation: object = None,
) -> Iterator[EpochRecord]:
    """Train, and tell of every epoch.

    Parameters
    ----------
    network : MLP or UnitNetwork
        Where to start. It is left as it is: each record has the network after its epoch, as ``record.network``.
    examples : pair (X, y)
        Features, shape (examples, features), and targets: values, shape (examples,) or (examples, outputs), or class
        numbers from 0.
    optimizer : Optimizer, str or float, optional
        ``SGD(0.1)`` by default; also ``"rmsprop"``, ``"adam"``, or a learning rate for :class:`SGD`.
    epochs : int
        How many.
    batch_size : int or "all", optional
        Examples per step; 32 by default. ``"all"`` is gradient descent on the whole set.
    seed : int
        Of the shuffling, which is done before every epoch. Same seed, same bits.
    validation : pair (X, y), optional
        Held-out examples to measure.

    Yields
    ------
    EpochRecord
        One per epoch; see :class:`backpropviz.History` to collect them.

    Raises
    ------
    DatasetError, InputError
        At once, for examples and settings that do not fit.
    DivergenceError
        In the epoch where the loss stops being finite or grows beyond measure.

    Examples
    --------
    >>> import backpropviz as bpv
    >>> mlp = bpv.MLP((2, 8, 1), output="sigmoid", seed=1)
    >>> *_, last = bpv.fit(mlp, bpv.datasets.xor(), bpv.SGD(1.0), epochs=300, batch_size="all")
    >>> last.network.classify([[0, 0], [0, 1], [1, 0], [1, 1]]).tolist()
    [0, 1, 1, 0]
    """
    if isinstance(epochs, bool) or not isinstance(epochs, int) or epochs < 0:
        raise InputError(f"epochs is a whole number, 0 or more; not {epochs!r}.", actual=epochs)
    training = Training(network, examples, optimizer, batch_size, seed, validation)
    # A generator of its own, so that what does not fit is said here and not at the first epoch.
    return (training.run_epoch() for _ in range(epochs))
