"""Starting a trainer from a network and examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropviz.errors import InputError
from backpropviz.learn.mlp import MLP
from backpropviz.learn.splitting import training_of
from backpropviz.widgets.trainer import Trainer

if TYPE_CHECKING:
    from backpropviz.learn.optimizer_step import Optimizer


def train(
    mlp: MLP,
    data: object,
    optimizer: Optimizer | str | float | None = None,
    *,
    epochs: int = 0,
    batch_size: int | str | None = None,
    seed: int = 0,
    validation: object = None,
    held_out: float = 0.25,
    **settings: Any,
) -> Trainer:
    """Show a network learning, ready to train.

    Parameters
    ----------
    mlp : MLP
        Where to start; it stays as it is.
    data : pair (X, y)
        Examples; see :class:`backpropviz.MLP` for how they must fit the network.
    optimizer : SGD, RMSProp or Adam, str or float, optional
        ``SGD(0.1)`` by default; also ``"rmsprop"``, ``"adam"``, or a learning rate for :class:`SGD`.
    epochs : int
        After which the run stops by itself; 0, the default, for never: it trains until it is paused.
    batch_size : int or "all", optional
        Examples per step; 32 by default, or all where there are fewer.
    seed : int
        Of the shuffles, and of the choice of held-out examples.
    validation : pair (X, y), optional
        Held-out examples.
    held_out : float
        Share of `data` that is held out where `validation` is not given and there are at least 20 examples; 0 trains on
        all.
    **settings : object
        Any trait of :class:`backpropviz.widgets.trainer_state.TrainerState`, as ``log_scale=True``,
        ``epochs_per_second=0`` for full speed rather than 30 epochs a second, or ``steps_per_second=50`` to watch
        single steps.

    Returns
    -------
    Trainer
        A widget; a cell that ends with it shows it.

    Raises
    ------
    DatasetError
        For examples that cannot be learned from, or do not fit the network.
    InputError
        For a network of another kind, or settings that do not fit.

    Examples
    --------
    >>> import backpropviz as bpv
    >>> trainer = bpv.train(bpv.MLP((2, 8, 1), output="sigmoid"), bpv.datasets.moons(), bpv.SGD(0.5), epochs=50)
    >>> trainer.run_epoch()
    >>> trainer.training.epoch
    1
    """
    if not isinstance(mlp, MLP):
        kind = type(mlp).__name__
        raise InputError(f"train() shows an MLP, with layers; this is {kind}. See fit() for others.", actual=mlp)
    training = training_of(mlp, data, optimizer, batch_size, seed, validation, held_out)
    return Trainer(training, epochs=epochs, **settings)
