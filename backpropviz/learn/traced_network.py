"""Networks given by a Python function: whatever can be traced can be trained."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import InputError
from backpropviz.graph import CONSTANT, INPUT
from backpropviz.graph.closing.grouping import basis_of
from backpropviz.graph.tracing.python_functions import trace
from backpropviz.learn.choices import OUTPUTS, loss_for
from backpropviz.learn.network import Network, check_strength, checked_parameters
from backpropviz.ops import choose
from backpropviz.ops.counting import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backpropviz.graph import Graph, GraphBuilder
    from backpropviz.graph.builder import Reference
    from backpropviz.graph.node import Array

_EXAMPLES = "X"
_OF_THE_LOSS = frozenset({"o", "p", "y", "loss"})
"""Names that scores, predictions, targets and the loss have in every network."""


@dataclass(frozen=True, eq=False, repr=False)
class TracedNetwork(Network):
    """A network whose scores a function computes from examples and parameters.

    Parameters
    ----------
    scores : callable
        Called as ``scores(X, **parameters)`` with examples as rows, shape (examples, features); gives one row of scores
        each. It is traced for each number of examples, so it may ask for shapes.
    parameters : mapping of str to array
        Where to start. What has two axes or more counts as weights, the rest as biases.
    features : int
        Of one example.
    output, loss, l2
        As for :class:`backpropviz.MLP`.

    Raises
    ------
    InputError
        Where the scores of one example are no row, or for an output, loss or l2 that there is not.

    Examples
    --------
    >>> import numpy as np
    >>> start = {"W": np.full((2, 1), 0.5), "b": np.zeros(1)}
    >>> network = TracedNetwork(lambda X, W, b: X @ W + b, start, 2, output="sigmoid")
    >>> print(network.graph(4).program())
    v1 = X @ W; o = v1 + b; loss = binary_cross_entropy_with_logits(o, y)
    """

    scores: Callable[..., Any]
    parameters: Mapping[str, Array]
    features: int
    output: str = "identity"
    loss: str = None  # type: ignore[assignment]  # replaced by the output's usual loss
    l2: float = 0.0
    _width: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        choose("output", self.output, OUTPUTS)
        object.__setattr__(self, "loss", loss_for(self.output, self.loss))
        check_strength(self.l2)
        shapes = {name: np.shape(value) for name, value in self.parameters.items()}
        object.__setattr__(self, "parameters", checked_parameters(self.parameters, shapes))
        found = np.shape(self._traced(1).evaluate({_EXAMPLES: np.zeros((1, self.features)), **self.parameters}).value)
        if len(found) != 2 or found[0] != 1:
            raise InputError(
                f"The scores of one example have shape {found}; they are one row, shape (1, outputs).", actual=found
            )
        object.__setattr__(self, "_width", found[1])

    @property
    def input_count(self) -> int:
        """Features of one example."""
        return self.features

    @property
    def output_count(self) -> int:
        """Scores of one example."""
        return self._width

    @property
    def sizes(self) -> tuple[int, int]:
        """Features and scores: what lies between is not told."""
        return self.features, self._width

    @property
    def activations(self) -> tuple[str, ...]:
        """Nothing is known of what lies between."""
        return ()

    @property
    def penalised(self) -> tuple[str, ...]:
        """Names of the parameters with two axes or more."""
        return tuple(name for name, value in self.parameters.items() if value.ndim > 1)

    @property
    def hidden(self) -> Mapping[str, str]:
        """Nothing is known of what lies between."""
        return {}

    def add_scores(self, builder: GraphBuilder, batch: int | None) -> Reference:
        """Add the gates that the function traced to."""
        graph = basis_of(self._traced(batch))
        places: dict[str, Reference] = {}
        for node in graph.nodes:
            op = graph.op(node)
            if op == INPUT:
                places[node] = builder.input(node)
            elif op == CONSTANT:
                places[node] = builder.constant(graph.node(node).value)
            else:
                arguments = (places[argument] for argument in graph.arguments(node))
                name = "o" if node == graph.output else None if node in _OF_THE_LOSS else node
                places[node] = builder.apply(op, *arguments, name=name, **graph.parameters(node))
        return places[graph.output]

    def _traced(self, batch: int | None) -> Graph:
        names = tuple(self.parameters)
        shapes: dict[str, tuple[int, ...]] = {name: value.shape for name, value in self.parameters.items()}
        if batch is None:
            one = (self.features,)
            return trace(
                lambda x, *given: self._called(x.reshape(1, -1), given)[0], "x", *names, shapes={"x": one, **shapes}
            )
        whole = {_EXAMPLES: (batch, self.features), **shapes}
        return trace(lambda rows, *given: self._called(rows, given), _EXAMPLES, *names, shapes=whole)

    def _called(self, rows: Any, given: tuple[Any, ...]) -> Any:
        return self.scores(rows, **dict(zip(self.parameters, given, strict=True)))

    def __repr__(self) -> str:
        count = sum(value.size for value in self.parameters.values())
        sizes = f"{counted(self.features, 'feature')}, {counted(count, 'parameter')}"
        return f"TracedNetwork({sizes}, output={self.output!r})"
