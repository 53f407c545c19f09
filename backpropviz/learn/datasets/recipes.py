"""Which of the sets made by seed some examples are, so that a page makes them again and needs not carry them."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import signature
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.learn.datasets.made import blobs, circles, line, moons, sine, spiral, xor

if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropviz.learn.examples import Examples
    from backpropviz.learn.mlp import MLP

_OF_TWO_CLASSES = {"moons": moons, "circles": circles, "xor": xor}
_OF_CLASSES = {"spiral": spiral, "blobs": blobs}
_OF_VALUES = {"sine": sine, "line": line}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a set is made.

    Parameters
    ----------
    name : str
        Of its function in :mod:`backpropviz.datasets`.
    count : int
        Examples.
    noise : float
    seed : int
    """

    name: str
    count: int
    noise: float
    seed: int


def made_sets(network: MLP) -> dict[str, Callable[..., Examples]]:
    """Give the sets that a network can learn, by name.

    Examples
    --------
    >>> import backpropviz as bpv
    >>> sorted(made_sets(bpv.MLP((2, 3, 3), output="softmax")))
    ['blobs', 'spiral']
    """
    classes = classes_of(network)
    if network.input_count == 1 and network.output_count == 1 and network.output == "identity":
        return dict(_OF_VALUES)
    if network.input_count != 2 or (network.output_count > 1 and network.output != "softmax"):
        return {}
    return (_OF_TWO_CLASSES if classes == 2 else {}) | _OF_CLASSES


def classes_of(network: MLP) -> int:
    """Give the number of classes that a network tells apart: two with one output."""
    return max(2, network.output_count)


def recipe_of(network: MLP, examples: Examples, seed: int) -> Recipe | None:
    """Recognise examples made with the usual noise and a given seed, by making them again.

    Examples
    --------
    >>> import backpropviz as bpv
    >>> recipe_of(bpv.MLP((2, 3, 1), output="sigmoid"), bpv.datasets.moons(60), 0)
    Recipe(name='moons', count=60, noise=0.1, seed=0)
    """
    for name, make in made_sets(network).items():
        settings: dict[str, Any] = {"classes": classes_of(network)} if name in _OF_CLASSES else {}
        again = make(len(examples.features), seed=seed, **settings)
        if all(np.array_equal(*pair) for pair in zip(again, examples, strict=True)):
            return Recipe(name, len(examples.features), float(signature(make).parameters["noise"].default), seed)
    return None
