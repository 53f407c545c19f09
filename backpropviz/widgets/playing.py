"""A playground from a few words, as they are written in a shell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import InputError
from backpropviz.learn import datasets
from backpropviz.learn.mlp import MLP
from backpropviz.learn.optimisers import read_optimizer
from backpropviz.ops import choose
from backpropviz.widgets.playground import Playground, playground

if TYPE_CHECKING:
    from backpropviz.learn.examples import Examples

_SETS = ("xor", "moons", "circles", "spiral", "blobs", "line", "sine", "digits")
_MOST_CLASSES = 20


def playground_of(
    sizes: str,
    data: str | Examples,
    *,
    activation: str = "tanh",
    optimizer: str = "sgd",
    learning_rate: float | None = None,
    batch_size: int = 10,
    l2: float = 0.0,
    seed: int = 0,
    **settings: Any,
) -> Playground:
    """Make a playground from words.

    Parameters
    ----------
    sizes : str
        Units per layer, as in ``2-8-1``.
    data : str or Examples
        Name of a set, or examples. Targets that are whole numbers from 0 are classes; then the output is a sigmoid, or
        a softmax where there is more than one.
    activation, optimizer : str
    learning_rate : float, optional
        Default: the optimiser's.
    batch_size : int
        At most; a smaller set gives all it has.
    l2 : float
    seed : int
        Of weights, shuffles and data.
    **settings : object
        As of :func:`backpropviz.playground`.

    Raises
    ------
    InputError, DatasetError
        For words that are not known, and examples that do not fit the network.
    """
    examples = _made(data, seed) if isinstance(data, str) else data
    read = _read_sizes(sizes)
    mlp = MLP(read, activation, output=_output(examples, read[-1]), l2=l2, seed=seed)
    rule: Any = read_optimizer(optimizer)
    if learning_rate is not None:
        rule = replace(rule, learning_rate=learning_rate)
    held_out = 0.25
    trained = len(examples.features) - round(held_out * len(examples.features))
    return playground(
        mlp, examples, rule, batch_size=min(batch_size, trained), seed=seed, held_out=held_out, **settings
    )


def _made(name: str, seed: int) -> Examples:
    if name not in _SETS and "." in name:
        raise InputError(f"There is no data set {name!r}. A table of your own is read with --csv {name}.", actual=name)
    choose("data set", name, _SETS)
    return datasets.digits() if name == "digits" else getattr(datasets, name)(seed=seed)


def _read_sizes(text: str) -> tuple[int, ...]:
    parts = text.split("-")
    if not all(part.isdecimal() for part in parts):
        raise InputError(f"{text!r} is not a list of sizes, as in 2-8-1: features first, outputs last.", actual=text)
    return tuple(int(part) for part in parts)


def _output(examples: Examples, outputs: int) -> str:
    targets = examples.targets
    levels = np.unique(targets)
    are_classes = len(levels) <= _MOST_CLASSES and np.array_equal(levels, np.arange(len(levels)))
    if not are_classes:
        return "identity"
    return "sigmoid" if outputs == 1 else "softmax"
