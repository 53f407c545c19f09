"""Networks wired at will: units with arbitrary parents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from backpropviz.errors import GraphError, InputError
from backpropviz.learn.choices import OUTPUTS, activation_names, generator_of, loss_for
from backpropviz.learn.network import Network, check_strength, checked_parameters
from backpropviz.ops import choose
from backpropviz.ops.counting import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph import GraphBuilder
    from backpropviz.graph.builder import Reference
    from backpropviz.graph.node import Array


@dataclass(frozen=True, eq=False, repr=False)
class UnitNetwork(Network):
    """Units vᵢ = σᵢ(wᵢ·v_Pa(i) + bᵢ) over any directed acyclic graph.

    Parameters
    ----------
    wiring : networkx.DiGraph
        An edge from each parent to its unit. Nodes without parents are the features, in the order in which they were
        added. A unit's node attribute ``activation`` overrides `activation`.
    outputs : tuple of str, optional
        The units whose sums are the scores; by default those that are nobody's parent. Their own activation is left
        to `output`.
    activation : str
        Of units that do not say their own.
    output, loss, l2, seed
        As for :class:`backpropviz.MLP`.
    parameters : mapping of str to array, optional
        ``w_name``, shape (parents,), in the order of the edges, and ``b_name``, shape (), for each unit.

    Raises
    ------
    GraphError
        For a cycle, a repeated name, or an output that is no unit.

    Examples
    --------
    >>> import networkx as nx
    >>> wiring = nx.DiGraph([("x1", "h"), ("x2", "h"), ("x1", "out"), ("h", "out")])
    >>> network = UnitNetwork(wiring, output="sigmoid")
    >>> {name: value.shape for name, value in network.parameters.items()}
    {'w_h': (2,), 'b_h': (), 'w_out': (2,), 'b_out': ()}

    References
    ----------
    Domke, Automatic Differentiation and Neural Networks, lecture notes.
    """

    wiring: Any
    outputs: tuple[str, ...] = ()
    activation: str = "tanh"
    output: str = "identity"
    loss: str = None  # type: ignore[assignment]  # replaced by the output's usual loss
    l2: float = 0.0
    seed: int = 0
    parameters: Mapping[str, Array] = field(default_factory=dict, kw_only=True)

    def __post_init__(self) -> None:
        wiring = _read_wiring(self.wiring)
        object.__setattr__(self, "wiring", wiring)
        units = self.units
        outputs = tuple(map(str, self.outputs)) or tuple(unit for unit in units if not wiring.out_degree(unit))
        for name in outputs:
            if name not in units:
                raise GraphError(f"The output {name!r} is no unit. Units: {', '.join(units) or 'none'}.", node=name)
        object.__setattr__(self, "outputs", outputs)
        for unit in units:
            choose("activation", self.activation_of(unit), activation_names())
        choose("output", self.output, OUTPUTS)
        object.__setattr__(self, "loss", loss_for(self.output, self.loss))
        check_strength(self.l2)
        if self.loss == "cross_entropy" and len(outputs) < 2:
            raise InputError("Cross-entropy compares at least two classes, but there is one output.", expected="2+")
        given = self.parameters or self._drawn()
        shapes: dict[str, tuple[int, ...]] = {}
        for unit in units:
            shapes |= {f"w_{unit}": (wiring.in_degree(unit),), f"b_{unit}": ()}
        object.__setattr__(self, "parameters", checked_parameters(given, shapes))

    @property
    def features(self) -> tuple[str, ...]:
        """Nodes without parents, in the order of the columns of X."""
        return tuple(name for name in self.wiring if not self.wiring.in_degree(name))

    @property
    def units(self) -> tuple[str, ...]:
        """Nodes with parents, parents first."""
        return tuple(
            name
            for name in nx.lexicographical_topological_sort(self.wiring, key=list(self.wiring).index)
            if self.wiring.in_degree(name)
        )

    def activation_of(self, unit: str) -> str:
        """Give what a unit does with its weighted sum."""
        return str(self.wiring.nodes[unit].get("activation", self.activation))

    @property
    def input_count(self) -> int:
        """Features of one example."""
        return len(self.features)

    @property
    def output_count(self) -> int:
        """Scores of one example."""
        return len(self.outputs)

    @property
    def penalised(self) -> tuple[str, ...]:
        """Names of the weight vectors."""
        return tuple(f"w_{unit}" for unit in self.units)

    @property
    def hidden(self) -> Mapping[str, str]:
        """Activation of every hidden unit, by its name."""
        return {unit: self.activation_of(unit) for unit in self.units if unit not in self.outputs}

    def add_scores(self, builder: GraphBuilder, batch: int | None) -> Reference:
        """Add the gates from the features to the scores, node ``o``."""
        one = batch is None
        whole = builder.input("x" if one else "X")
        values: dict[str, Reference] = {}
        sums: dict[str, Reference] = {}
        for column, name in enumerate(self.features):
            values[name] = builder.apply("getitem", whole, name=name, index=str(column) if one else f":, {column}")
        axis = 0 if one else 1
        for unit in self.units:
            parents = builder.apply("stack", *(values[parent] for parent in self.wiring.pred[unit]), axis=axis)
            product = builder.apply("matmul", parents, builder.input(f"w_{unit}"))
            sums[unit] = builder.apply("add", product, builder.input(f"b_{unit}"), name=f"t_{unit}")
            activation = self.activation_of(unit)
            # An output may also be a parent; then its activation counts for its children only.
            plain = activation == "identity" or not self.wiring.out_degree(unit)
            values[unit] = sums[unit] if plain else builder.apply(activation, sums[unit], name=unit)
        return builder.apply("stack", *(sums[name] for name in self.outputs), axis=axis, name="o")

    def __repr__(self) -> str:
        sizes = f"{counted(len(self.features), 'feature')}, {counted(len(self.units), 'unit')}"
        return f"UnitNetwork({sizes}, output={self.output!r})"

    def _drawn(self) -> dict[str, Array]:
        generator = generator_of(self.seed)
        drawn: dict[str, Array] = {}
        for unit in self.units:
            parents = self.wiring.in_degree(unit)
            limit = np.sqrt(6.0 / (parents + 1))
            drawn[f"w_{unit}"] = generator.uniform(-limit, limit, parents)
            drawn[f"b_{unit}"] = np.zeros(())
        return drawn


def _read_wiring(wiring: Any) -> Any:
    if not isinstance(wiring, nx.DiGraph) or wiring.is_multigraph():
        raise GraphError(f"wiring is a networkx.DiGraph with one edge per weight, not {type(wiring).__name__}.")
    named = nx.relabel_nodes(wiring, {node: str(node) for node in wiring})
    if len(named) != len(wiring):
        raise GraphError("Two nodes of the wiring have the same name when written as text. Rename one.")
    if not nx.is_directed_acyclic_graph(named):
        cycle = " -> ".join(source for source, _ in nx.find_cycle(named))
        raise GraphError(f"The wiring has a cycle: {cycle}. Units are computed one after another.")
    if not named.number_of_edges():
        raise GraphError("The wiring has no edges, so there is nothing to learn.")
    return nx.freeze(named)
