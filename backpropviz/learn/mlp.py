"""Multi-layer perceptrons."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import InputError
from backpropviz.learn.choices import OUTPUTS, activation_names, generator_of, loss_for
from backpropviz.learn.initial import INITIAL, initial_weights
from backpropviz.learn.network import Network, check_strength, checked_parameters
from backpropviz.ops import choose
from backpropviz.ops.counting import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropviz.graph import Graph, GraphBuilder
    from backpropviz.graph.builder import Reference
    from backpropviz.graph.node import Array

BIASES = ("separate", "folded")


@dataclass(frozen=True, eq=False, repr=False)
class MLP(Network):
    """A multi-layer perceptron, t = x·W + b and h = σ(t) layer by layer.

    It is a value: training gives new networks (``history.network``, ``record.network``) and leaves this one as it is.

    Parameters
    ----------
    sizes : tuple of int
        Units per layer: features first, outputs last.
    activation : str or tuple of str
        Of the hidden layers: ``"identity"``, or an operation that is an activation, such as ``"tanh"``, ``"sigmoid"``,
        ``"relu"``, ``"leaky_relu"``, ``"softplus"``, ``"gelu"`` or one of your own; one name for all, or one per hidden
        layer.
    output : {"identity", "sigmoid", "softmax"}
        What the last layer does with its scores ``o``.
    loss : str, optional
        Mean over the examples of: ``"squared_error"`` Σₖ(pₖ − yₖ)², ``"half_squared_error"`` (half of it),
        ``"binary_cross_entropy"``, ``"cross_entropy"``. The usual one of the output by default: squared error, binary
        cross-entropy, cross-entropy. The cross-entropies act on scores and are also offered for the identity.
    l2 : float
        Strength of the penalty l2/2·Σw²; biases are not penalised.
    seed : int
        Of the first weights.
    initial : {"auto", "xavier", "he", "normal", "zeros"}
        How the first weights are drawn; see :func:`backpropviz.learn.initial.initial_weights`. Biases start at 0.
    bias : {"separate", "folded"}
        A vector ``b1`` per layer; or the first row of ``W1``, with a leading 1 put before each layer's values.
    parameters : mapping of str to array, optional
        ``W1``, shape (sizes[0], sizes[1]), ``b1``, shape (sizes[1],), and so on; drawn by default.

    Raises
    ------
    InputError
        For names that do not exist, with the nearest one; for sizes and shapes that do not fit.

    Examples
    --------
    >>> import backpropviz as bpv
    >>> mlp = bpv.MLP((2, 16, 1), output="sigmoid")
    >>> {name: value.shape for name, value in mlp.parameters.items()}
    {'W1': (2, 16), 'b1': (16,), 'W2': (16, 1), 'b2': (1,)}
    >>> bool(0 < mlp.predict([0.5, -0.5]) < 1)
    True
    """

    sizes: tuple[int, ...]
    activation: str | tuple[str, ...] = "tanh"
    output: str = "identity"
    loss: str = None  # type: ignore[assignment]  # replaced by the output's usual loss
    l2: float = 0.0
    seed: int = 0
    initial: str = field(default="auto", kw_only=True)
    bias: str = field(default="separate", kw_only=True)
    parameters: Mapping[str, Array] = field(default_factory=dict, kw_only=True)

    def __post_init__(self) -> None:
        sizes = _read_sizes(self.sizes)
        self._set("sizes", sizes)
        self._set("activation", _read_activations(self.activation, len(sizes) - 2))
        choose("output", self.output, OUTPUTS)
        self._set("loss", loss_for(self.output, self.loss))
        choose("initialisation", self.initial, INITIAL)
        choose("bias", self.bias, BIASES)
        check_strength(self.l2)
        if self.loss == "cross_entropy" and sizes[-1] < 2:
            raise InputError(
                f"Cross-entropy compares at least two classes, but sizes {sizes} end in {sizes[-1]}. Give one output "
                "per class, or take output='sigmoid' for two classes.",
                expected="2 or more",
                actual=sizes[-1],
            )
        given = self.parameters or self._drawn()
        self._set("parameters", checked_parameters(given, self._shapes()))

    # -- what it says of itself ------------------------------------------------------------------------------

    @property
    def layers(self) -> int:
        """Number of layers with weights."""
        return len(self.sizes) - 1

    @property
    def activations(self) -> tuple[str, ...]:
        """Activation of each hidden layer."""
        return tuple(self.activation)

    @property
    def input_count(self) -> int:
        """Features of one example."""
        return self.sizes[0]

    @property
    def output_count(self) -> int:
        """Scores of one example."""
        return self.sizes[-1]

    @property
    def penalised(self) -> tuple[str, ...]:
        """Names of the weight matrices."""
        return tuple(f"W{layer}" for layer in range(1, self.layers + 1))

    @property
    def hidden(self) -> Mapping[str, str]:
        """Activation of every hidden layer, by the name of its node."""
        return {
            (f"t{layer}" if activation == "identity" else f"h{layer}"): activation
            for layer, activation in enumerate(self.activations, 1)
        }

    @property
    def bias_in_first_row(self) -> bool:
        """Whether the first row of each weight matrix is a bias."""
        return self.bias == "folded"

    def weights(self, layer: int) -> tuple[Array, Array]:
        """Give the weights, shape (before, after), and biases, shape (after,), of a layer counted from 1."""
        matrix = self.parameters[f"W{layer}"]
        return (matrix[1:], matrix[0]) if self.bias_in_first_row else (matrix, self.parameters[f"b{layer}"])

    # -- graphs ----------------------------------------------------------------------------------------------

    def add_scores(self, builder: GraphBuilder, batch: int | None) -> Reference:
        """Add the gates from the features to the scores, node ``o``."""
        name = "x" if batch is None else "X"
        values = builder.input(name)
        for layer in range(1, self.layers + 1):
            stem = "o" if layer == self.layers else f"t{layer}"
            weight = f"W{layer}"
            if self.bias_in_first_row:
                ones = builder.constant(np.ones(1 if batch is None else (batch, 1)), name="ones")
                values = builder.apply(
                    "concatenate", ones, values, name=f"{name}_with_1", axis=0 if batch is None else 1
                )
                values = builder.apply("matmul", values, builder.input(weight), name=stem)
            else:
                product = builder.apply("matmul", values, builder.input(weight), name=f"{name}{weight}")
                values = builder.apply("add", product, builder.input(f"b{layer}"), name=stem)
            name = stem
            if layer < self.layers and self.activations[layer - 1] != "identity":
                name = f"h{layer}"
                values = builder.apply(self.activations[layer - 1], values, name=name)
        return values

    def scalar_graph(self, *, closed: bool = False) -> Graph:
        """Give the loss of one example as a graph of numbers: every weight, feature, label and bias is a node.

        Parameters
        ----------
        closed : bool
            Whether the loss is one gate, and the penalty another; ``graph.expand("loss")`` opens one again. The units
            stay as they are: see :func:`backpropviz.zoom` for those.

        Returns
        -------
        Graph
            Inputs ``x1``, ``x2``, ...; ``y`` (``y1``, ``y2``, ... for several outputs, one-hot for classes); weights
            ``w11``, ``w21``, ... into the first layer and ``a11``, ... into the second (from unit i to unit j), or
            ``w1_11``, ``w2_11``, ... for more layers; biases ``b11``, ``b12`` (layer, unit). Then sums ``t1``,
            units ``h1``, scores ``o1`` and ``loss``, which with a penalty is ``misfit`` + ``penalty``. See
            :meth:`scalar_point` for the numbers.
        """
        from backpropviz.learn.scalar_form import scalar_graph, with_closed_objective  # noqa: PLC0415  need this class

        graph = scalar_graph(self)
        return with_closed_objective(graph) if closed else graph

    def scalar_point(self, features: Sequence[float], targets: object) -> dict[str, float]:
        """Give the inputs of :meth:`scalar_graph` for one example and the present weights.

        Parameters
        ----------
        features : sequence of float, shape (features,)
        targets : number or sequence
            A value or class number, or one number per output.
        """
        from backpropviz.learn.scalar_form import scalar_point  # noqa: PLC0415  which needs this class

        return scalar_point(self, features, targets)

    def __repr__(self) -> str:
        penalty = f", l2={self.l2:g}" if self.l2 else ""
        hidden = self.activations[0] if len(set(self.activations)) == 1 else self.activations
        return f"MLP({self.sizes}, {hidden!r}, output={self.output!r}, loss={self.loss!r}{penalty}, seed={self.seed})"

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        shapes: dict[str, tuple[int, ...]] = {}
        for layer, (before, after) in enumerate(zip(self.sizes, self.sizes[1:], strict=False), 1):
            shapes[f"W{layer}"] = (before + self.bias_in_first_row, after)
            if not self.bias_in_first_row:
                shapes[f"b{layer}"] = (after,)
        return shapes

    def _drawn(self) -> dict[str, Array]:
        generator = generator_of(self.seed)
        drawn: dict[str, Array] = {}
        activations = (*self.activations, "identity")
        for layer, (before, after) in enumerate(zip(self.sizes, self.sizes[1:], strict=False), 1):
            weights = initial_weights(self.initial, activations[layer - 1], before, after, generator)
            if self.bias_in_first_row:
                drawn[f"W{layer}"] = np.vstack([np.zeros((1, after)), weights])
            else:
                drawn[f"W{layer}"], drawn[f"b{layer}"] = weights, np.zeros(after)
        return drawn


def _read_sizes(sizes: Sequence[int]) -> tuple[int, ...]:
    try:
        read = tuple(int(size) for size in sizes)
        fits = len(read) >= 2 and all(size >= 1 and size == given for size, given in zip(read, sizes, strict=True))
    except (TypeError, ValueError):
        fits = False
    if not fits:
        raise InputError(
            f"sizes are whole numbers from 1, features first and outputs last, as in (2, 16, 1); not {sizes!r}.",
            actual=sizes,
        )
    return read


def _read_activations(given: str | Sequence[str], hidden: int) -> tuple[str, ...]:
    one = isinstance(given, str) or not np.iterable(given)
    listed: Any = (given,) if one else given
    names: tuple[str, ...] = (*listed,) * hidden if one else (*listed,)
    for name in listed:
        choose("activation", name, activation_names())
    if len(names) != hidden:
        raise InputError(
            f"{counted(len(names), 'activation is', 'activations are')} given for "
            f"{counted(hidden, 'hidden layer')}. Give one name for all, or one per layer.",
            expected=hidden,
            actual=len(names),
        )
    return names
