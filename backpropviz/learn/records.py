"""What is told of an epoch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph.node import Array
    from backpropviz.learn.network import Network


@dataclass(frozen=True, slots=True)
class EpochRecord:
    """The state of a run after an epoch; what does not apply is None.

    Attributes
    ----------
    epoch, step : int
        Epochs and steps so far, counted from 1.
    loss : float
        Of all training examples under the parameters after the epoch, penalty included.
    penalty : float
        The part of the loss, of these and of held-out examples, that weights cost whatever the examples are.
    accuracy : float or None
        Share of training examples that are classified rightly; None where values are fitted.
    validation_loss, validation_accuracy : float or None
        The same for the held-out examples.
    learning_rate : float
        In this epoch.
    gradient_norms, weight_norms : dict of str to float
        Euclidean lengths by parameter: of the gradient of the last batch, and after the epoch.
    update_ratios : dict of str to float
        Length of the last update over the length of the parameter before it; about 0.001 is healthy.
    dead_units : dict of str to float, or None
        Share of the units of each ReLU layer that gave 0 for every example; None without such a layer.
    saturated_units : dict of str to float, or None
        Share of the activations of each tanh or sigmoid layer that are within 2 % of an end of their range, where
        the slope is nearly 0; None without such a layer.
    seconds : float
        Duration of the epoch, without the time to write this record.
    network : Network
        With these parameters; no part of a comparison.
    """

    epoch: int
    step: int
    loss: float
    penalty: float
    accuracy: float | None
    validation_loss: float | None
    validation_accuracy: float | None
    learning_rate: float
    gradient_norms: Mapping[str, float]
    weight_norms: Mapping[str, float]
    update_ratios: Mapping[str, float]
    dead_units: Mapping[str, float] | None
    saturated_units: Mapping[str, float] | None
    seconds: float = field(compare=False)
    network: Network | None = field(default=None, compare=False, repr=False)

    @property
    def misfit(self) -> float:
        """The loss of the training examples without its penalty."""
        return self.loss - self.penalty

    @property
    def validation_misfit(self) -> float | None:
        """The loss of the held-out examples without its penalty."""
        return None if self.validation_loss is None else self.validation_loss - self.penalty

    @property
    def parameters(self) -> Mapping[str, Array]:
        """Weights and biases after the epoch; empty where no snapshot was kept."""
        return {} if self.network is None else self.network.parameters
