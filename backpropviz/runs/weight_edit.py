"""One weight or bias under the hand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.autodiff.input_values import single_number
from backpropviz.errors import InputError
from backpropviz.graph.notation.small_digits import lowered

if TYPE_CHECKING:
    from backpropviz.learn.mlp import MLP
    from backpropviz.learn.training import Training
    from backpropviz.schema.training import PlainChosenWeight


def finite(value: float | None) -> float | None:
    """Give what JSON can hold."""
    return value if value is not None and math.isfinite(value) else None


@dataclass(slots=True)
class ChosenWeight:
    """Where a number lies among the parameters, and the loss before it was changed.

    Attributes
    ----------
    name, index : str, tuple of int
        Which parameter, and which of its entries.
    title : str
        How it is called on the page.
    before : float or None
        Training loss before the change; None while nothing was changed since the last training step.
    """

    name: str
    index: tuple[int, ...]
    title: str
    before: float | None = None

    def value(self, training: Training) -> float:
        """Give its present value."""
        return float(training.parameters[self.name][self.index])

    def write(self, training: Training, value: float) -> None:
        """Change it."""
        changed = training.parameters[self.name].copy()
        changed[self.index] = single_number(value, "A weight")
        training.set_parameters({self.name: changed})

    def to_plain(self, training: Training, loss: float, *, running: bool) -> PlainChosenWeight:
        """Give what the page tells of it; the gradient of the whole training loss only while nothing moves."""
        gradient = None if running else float(training.measure().tape.reverse()[self.name][self.index])  # type: ignore[index]
        return {
            "title": self.title,
            "value": finite(self.value(training)),
            "gradient": finite(gradient),
            "loss": finite(loss),
            "before": finite(self.before),
        }


def choose_weight(mlp: MLP, layer: int, source: int, target: int) -> ChosenWeight:
    """Find a weight by its layer, counted from 1, and its units, counted from 0; source −1 is the bias.

    Raises
    ------
    InputError
        Where the network has no such weight.
    """
    whole = all(isinstance(each, int | np.integer) for each in (layer, source, target))
    known = whole and 1 <= layer <= mlp.layers
    if not (known and -1 <= source < mlp.sizes[layer - 1] and 0 <= target < mlp.sizes[layer]):
        raise InputError(
            f"The network {mlp.sizes} has no weight in layer {layer!r} from unit {source!r} to unit {target!r}. "
            "Layers count from 1, units from 0; unit −1 is the bias.",
            expected=mlp.sizes,
            actual=(layer, source, target),
        )
    if source < 0:
        title = f"bias of {_unit(mlp, layer, target)}"
        return (
            ChosenWeight("W" + str(layer), (0, target), title)
            if mlp.bias_in_first_row
            else ChosenWeight(f"b{layer}", (target,), title)
        )
    title = f"{_unit(mlp, layer - 1, source)} → {_unit(mlp, layer, target)}"
    return ChosenWeight(f"W{layer}", (source + mlp.bias_in_first_row, target), title)


def _unit(mlp: MLP, layer: int, unit: int) -> str:
    letter = "x" if layer == 0 else ("o" if layer == mlp.layers else f"h{layer}," if mlp.layers > 2 else "h")
    return letter + lowered(unit + 1)
