"""What a person sets of a training run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

from backpropviz.errors import InputError
from backpropviz.learn.choices import activation_names
from backpropviz.learn.workspace import sizes_up_to
from backpropviz.ops import choose
from backpropviz.ops.counting import counted
from backpropviz.runs.live_run import MIXED, activation_of

if TYPE_CHECKING:
    from backpropviz.learn.training import Training


class TrainerState(traitlets.HasTraits):
    """Settings of a run; all of them act while it runs.

    Attributes
    ----------
    playing : bool
        Whether it trains.
    learning_rate : float, per step
    batch_size : int
        Examples per step.
    l2 : float
        Strength of the penalty on weights.
    activation : str
        Of the hidden layers; changing it starts again from first weights.
    hidden : list of int
        Sizes of the hidden layers; changing them starts again from first weights.
    epochs : int
        Where the run stops by itself; 0 is nowhere: it trains until it is paused.
    epochs_per_second : float
        No faster than this, so that one can watch; 0 is as fast as possible.
    steps_per_second : float
        The same in steps, to watch them one by one; 0 leaves it to `epochs_per_second`.
    log_scale : bool
        Whether the loss is drawn on a logarithmic axis.
    example : int
        The chosen example: training examples first, then held-out ones.
    message : dict
        What went wrong, shown in a strip; empty when nothing did.
    """

    # What the page changes fast is not echoed back to it: an echo would overtake the page's next change.
    playing = traitlets.Bool(False).tag(sync=True, echo_update=False)
    learning_rate = traitlets.Float(0.1).tag(sync=True, echo_update=False)
    batch_size = traitlets.Int(32).tag(sync=True)
    l2 = traitlets.Float(0.0).tag(sync=True)
    activation = traitlets.Unicode("tanh").tag(sync=True)
    activations = traitlets.List(traitlets.Unicode(), help="What may be chosen.").tag(sync=True)
    hidden = traitlets.List(traitlets.Int()).tag(sync=True)
    epochs = traitlets.Int(0).tag(sync=True)
    epochs_per_second = traitlets.Float(30.0).tag(sync=True)
    steps_per_second = traitlets.Float(0.0).tag(sync=True)
    log_scale = traitlets.Bool(False).tag(sync=True)
    example = traitlets.Int(0).tag(sync=True, echo_update=False)
    message = traitlets.Dict().tag(sync=True)

    _examples_count: int = 0
    _trained_count: int = 0

    def begin_with(self, training: Training, picture: str) -> None:
        """Take what a run begins with; of images a held-out one is chosen, where there is one."""
        mlp: Any = training.network
        held_out = 0 if training.validation is None else len(training.validation.features)
        self._trained_count = len(training.train.features)
        self._examples_count = self._trained_count + held_out
        for name in ("learning_rate", "batch_size", "l2"):
            self.set_trait(name, getattr(training, name))
        self.set_trait("activation", activation_of(mlp))
        self.set_trait("hidden", list(mlp.sizes[1:-1]))
        if picture == "images" and held_out:
            self.example = self._trained_count

    @traitlets.default("activations")
    def _known_activations(self) -> list[str]:
        return list(activation_names())

    @traitlets.validate("learning_rate", "l2", "epochs_per_second", "steps_per_second")
    def _valid_strength(self, proposal: Any) -> float:
        value = float(proposal["value"])
        if not 0.0 <= value < float("inf"):
            what = proposal["trait"].name.replace("_", " ")
            raise InputError(f"The {what} is a number, 0 or more; not {value!r}.", actual=value)
        return value

    @traitlets.validate("batch_size")
    def _valid_batch_size(self, proposal: Any) -> int:
        size, total = int(proposal["value"]), self._trained_count
        if total and not 1 <= size <= total:
            raise InputError(
                f"The batch size is {size}; of {counted(total, 'training example')} it is {sizes_up_to(total)}.",
                expected=(1, total),
                actual=size,
            )
        return size

    @traitlets.validate("activation")
    def _valid_activation(self, proposal: Any) -> str:
        name = str(proposal["value"])
        return name if name == MIXED else choose("activation", name, activation_names())

    @traitlets.validate("hidden")
    def _valid_hidden(self, proposal: Any) -> list[int]:
        sizes = [int(size) for size in proposal["value"]]
        if any(size < 1 for size in sizes):
            raise InputError(f"A hidden layer has at least one unit; sizes are {sizes}.", actual=sizes)
        return sizes

    @traitlets.validate("epochs")
    def _valid_epochs(self, proposal: Any) -> int:
        if proposal["value"] < 0:
            raise InputError(
                f"epochs is where the run stops, or 0 to train until it is paused; not {proposal['value']}.",
                actual=proposal["value"],
            )
        return int(proposal["value"])

    @traitlets.validate("example")
    def _valid_example(self, proposal: Any) -> int:
        return max(0, min(int(proposal["value"]), max(0, self._examples_count - 1)))
