"""First weights, drawn by seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backpropviz.ops import REGISTRY, choose
from backpropviz.ops.registry import activation_ops
from backpropviz.ops.roles import GATE

if TYPE_CHECKING:
    import numpy.typing as npt

INITIAL = ("auto", "xavier", "he", "normal", "zeros")
"""How first weights may be drawn."""

_NORMAL_DEVIATION = 0.1


def cutting() -> tuple[str, ...]:
    """Give the activations that cut off a part of their argument, as ReLU does."""
    return tuple(name for name in activation_ops() if REGISTRY[name].role is GATE)


def initial_weights(
    how: str, activation: str, inputs: int, outputs: int, generator: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Draw the weights between two layers.

    Parameters
    ----------
    how : {"auto", "xavier", "he", "normal", "zeros"}
        Xavier: uniform within ±√(6/(inputs + outputs)), which keeps the size of values and gradients from layer to
        layer for tanh. He: normal with variance 2/inputs, which makes up for what ReLU cuts off. Normal: deviation
        0.1. Zeros: all units of a layer then compute the same and receive the same gradient, for ever; try it.
        Auto: He where the layer's activation cuts off a part, as ReLU and leaky ReLU do, otherwise Xavier.
    activation : str
        Of the layer that the weights lead to.
    inputs, outputs : int
        Units on either side.
    generator : numpy.random.Generator
        Where the numbers come from.

    References
    ----------
    Glorot and Bengio (2010), Understanding the difficulty of training deep feedforward neural networks.
    He, Zhang, Ren and Sun (2015), Delving deep into rectifiers.
    """
    choose("initialisation", how, INITIAL)
    if how == "auto":
        how = "he" if activation in cutting() else "xavier"
    if how == "zeros":
        return np.zeros((inputs, outputs))
    if how == "xavier":
        limit = np.sqrt(6.0 / (inputs + outputs))
        return generator.uniform(-limit, limit, (inputs, outputs))
    deviation = np.sqrt(2.0 / inputs) if how == "he" else _NORMAL_DEVIATION
    return generator.normal(0.0, deviation, (inputs, outputs))
