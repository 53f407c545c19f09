"""What every network is: parameters, and the graphs they are used in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff import evaluate
from backpropviz.errors import InputError
from backpropviz.graph import GraphBuilder
from backpropviz.learn.choices import check_number
from backpropviz.learn.objective import add_misfit, add_penalty, add_prediction
from backpropviz.ops.counting import counted
from backpropviz.ops.real_array import real_array

if TYPE_CHECKING:
    from typing import Self

    from backpropviz.autodiff import Tape
    from backpropviz.graph import Graph
    from backpropviz.graph.builder import Reference
    from backpropviz.graph.node import Array


class Network(ABC):
    """A network as a value: its wiring and its parameters, which training replaces rather than changes.

    Attributes
    ----------
    parameters : dict of str to array
        Weights and biases by the names of their nodes; read-only arrays.
    output, loss : str
        What becomes of the scores, and what is minimised.
    l2 : float
        Strength of the penalty l2/2·Σw² on all weights, biases excepted.
    input_count, output_count : int
        Features of an example, and scores.
    penalised : tuple of str
        Names of the parameters that the penalty counts.
    """

    parameters: Mapping[str, Array]
    output: str
    loss: str
    l2: float

    # -- what a kind of network says of itself ---------------------------------------------------------------

    @property
    @abstractmethod
    def input_count(self) -> int:
        """Features of one example."""

    @property
    @abstractmethod
    def output_count(self) -> int:
        """Scores of one example."""

    @property
    @abstractmethod
    def penalised(self) -> tuple[str, ...]:
        """Names of the parameters that the penalty counts."""

    @property
    @abstractmethod
    def hidden(self) -> Mapping[str, str]:
        """Activation of every hidden layer or unit, by the name of its node."""

    @property
    def bias_in_first_row(self) -> bool:
        """Whether the first row of each weight matrix is a bias."""
        return False

    @abstractmethod
    def add_scores(self, builder: GraphBuilder, batch: int | None) -> Reference:
        """Add the gates from the features to the scores, node ``o``."""

    # -- graphs ----------------------------------------------------------------------------------------------

    def graph(self, batch: int | None = None) -> Graph:
        """Give the loss as a graph of whole arrays.

        Parameters
        ----------
        batch : int, optional
            Number of examples. The features are then the input ``X``, shape (batch, features); without it they are
            the one example ``x``, shape (features,). The targets are the input ``y``.

        Returns
        -------
        Graph
            With output ``loss``; the parameters are inputs.

        Examples
        --------
        >>> from backpropviz import MLP
        >>> print(MLP((2, 3, 1)).graph().program().replace("; ", chr(10)))
        xW1 = x @ W1
        t1 = xW1 + b1
        h1 = tanh(t1)
        h1W2 = h1 @ W2
        o = h1W2 + b2
        loss = squared_error(o, y)
        """
        _check_batch(batch)
        builder = GraphBuilder()
        scores = self.add_scores(builder, batch)
        targets = builder.input("y")
        misfit = add_misfit(builder, scores, targets, output=self.output, loss=self.loss, outputs=self.output_count)
        if self.l2:
            weights = [builder.input(name) for name in self.penalised]
            misfit = add_penalty(builder, misfit, weights, self.l2, skip_first_row=self.bias_in_first_row)
        builder.name(misfit, "loss")
        return builder.build(misfit)

    def prediction_graph(self, batch: int | None = None) -> Graph:
        """Give the prediction as a graph of whole arrays: the part of :meth:`graph` before the loss."""
        _check_batch(batch)
        builder = GraphBuilder()
        return builder.build(add_prediction(builder, self.add_scores(builder, batch), self.output))

    # -- numbers ---------------------------------------------------------------------------------------------

    def run(self, features: object) -> Tape:
        """Run the prediction graph, and keep every node's value.

        Parameters
        ----------
        features : array, shape (examples, features) or (features,)

        Returns
        -------
        Tape
            ``tape.primals["h1"]`` are the activations of the first hidden layer, ``tape.primals["o"]`` the scores.

        Raises
        ------
        InputError
            Where the number of features is not the network's.
        """
        given = real_array(features, "The features")
        if given.ndim not in (1, 2) or given.shape[-1] != self.input_count:
            raise InputError(
                f"The features have shape {given.shape}; this network takes "
                f"{counted(self.input_count, 'feature')}, so shape (examples, {self.input_count}), or "
                f"({self.input_count},) for one example.",
                expected=("examples", self.input_count),
                actual=given.shape,
            )
        one = given.ndim == 1
        graph = self.prediction_graph(None if one else len(given))
        return evaluate(graph, {"x" if one else "X": given, **self.parameters}, {})

    def predict(self, features: object) -> Any:
        """Predict.

        Parameters
        ----------
        features : array, shape (examples, features) or (features,)

        Returns
        -------
        array, shape (examples, outputs), or (examples,) for a network of one output
            Values for the identity, probabilities for sigmoid and softmax.
        """
        predictions = np.asarray(self.run(features).value)
        return predictions[..., 0] if self.output_count == 1 else predictions

    def classify(self, features: object) -> Any:
        """Give the number of the most probable class; for one output, whether its score is positive, as 0 or 1."""
        tape = self.run(features)
        scores = np.asarray(tape.primals["o"])
        return (scores[..., 0] > 0).astype(int) if self.output_count == 1 else np.argmax(scores, axis=-1)

    def loss_at(self, features: object, targets: object) -> float:
        """Give the loss, with its penalty, at examples of shapes as in :meth:`graph`."""
        given = np.asarray(features, dtype=np.float64)
        one = given.ndim == 1
        point = {"x" if one else "X": given, "y": targets, **self.parameters}
        return float(evaluate(self.graph(None if one else len(given)), point, {}).value)

    @property
    def penalty(self) -> float:
        """What the weights cost, whatever the examples: l2/2·Σw²."""
        skipped = int(self.bias_in_first_row)
        return 0.5 * self.l2 * sum(float(np.sum(self.parameters[name][skipped:] ** 2)) for name in self.penalised)

    # -- other networks --------------------------------------------------------------------------------------

    def with_parameters(self, parameters: Mapping[str, object]) -> Self:
        """Give the same network with some parameters replaced.

        Raises
        ------
        InputError
            For a parameter that it does not have, or of another shape.
        """
        for name in parameters:
            if name not in self.parameters:
                known = ", ".join(self.parameters)
                raise InputError(f"The network has no parameter {name!r}. Parameters: {known}.", node=name)
        return replace(self, parameters={**self.parameters, **parameters})  # type: ignore[type-var]  # dataclasses

    def with_l2(self, l2: float) -> Self:
        """Give the same network with another penalty."""
        return replace(self, l2=l2)  # type: ignore[type-var]  # every kind of network is a dataclass


def checked_parameters(given: Mapping[str, object], shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    """Give parameters as read-only float64 arrays of these shapes.

    Raises
    ------
    InputError
        Where one is missing or has another shape.
    """
    if not isinstance(given, Mapping):
        raise InputError(f"Parameters are given by name, as in {{'W1': ...}}; not as {given!r}.", actual=given)
    checked = {}
    for name, shape in shapes.items():
        value = np.array(given.get(name, np.nan), dtype=np.float64)
        if name not in given or value.shape != shape:
            what = f"has shape {value.shape}" if name in given else "is missing"
            raise InputError(f"Parameter {name!r} {what}; expected shape {shape}.", node=name, expected=shape)
        value.flags.writeable = False
        checked[name] = value
    return checked


def check_strength(l2: float) -> None:
    """Refuse a penalty that is negative or no number."""
    check_number("l2 is the strength of a penalty, 0 or more", l2, least=0)


def _check_batch(batch: int | None) -> None:
    if batch is not None and (not isinstance(batch, (int, np.integer)) or batch < 1):
        raise InputError(f"A batch holds at least one example; batch is {batch!r}.", actual=batch)
