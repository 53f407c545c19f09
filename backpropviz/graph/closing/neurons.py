"""Finding the units of a neural network in a computation graph: weighted sums, most of them under an activation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backpropviz.errors import GraphError
from backpropviz.graph.node import CONSTANT, INPUT
from backpropviz.ops.registry import activation_ops

if TYPE_CHECKING:
    from backpropviz.graph.graph import Graph

_FEATURE_LETTERS = "xzhuφ"
_WEIGHT_LETTERS = "wvθβ"


@dataclass(frozen=True, slots=True)
class Link:
    """One weighted input of a unit.

    Parameters
    ----------
    weight, source : str
        The weight, and the feature or unit that it multiplies.
    product : str
        The node that multiplies them.
    slot : int
        Which argument of the product the source is.
    """

    weight: str
    source: str
    product: str
    slot: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A weighted sum, and the activation over it where there is one.

    Parameters
    ----------
    name : str
        The node that gives its value.
    layer : int
        1 for units that take features only, else one more than the latest unit they take.
    links : tuple of Link
        Its weighted inputs.
    biases : tuple of str
        What is added without a weight.
    members : tuple of str
        The operations that it is made of, its own node included.
    total : str
        The weighted sum; the unit's own node where it has no activation.
    """

    name: str
    layer: int
    links: tuple[Link, ...]
    biases: tuple[str, ...]
    members: tuple[str, ...]
    total: str

    @property
    def sources(self) -> tuple[str, ...]:
        """The features and units that it weighs."""
        return tuple(link.source for link in self.links)


@dataclass(frozen=True, slots=True)
class UnitLayers:
    """The units of a graph that is a network.

    Parameters
    ----------
    units : mapping of str to Unit
        In topological order.
    features : tuple of str
        Inputs that units weigh.
    beyond : tuple of str
        Nodes after the units: labels, and the loss with its penalty on weights.
    """

    units: dict[str, Unit]
    features: tuple[str, ...]
    beyond: tuple[str, ...]


def network_of(graph: Graph) -> UnitLayers:
    """Read a graph as a neural network.

    Raises
    ------
    GraphError
        Where it is none, with the node that does not fit.

    Examples
    --------
    >>> from backpropviz import parse
    >>> network_of(parse("h = tanh(w1*x + b1); y = w2*h + b2")).units["y"].links[0].source
    'h'
    """
    known: UnitLayers | str | None = graph.memory.get("network")
    if known is None:
        try:
            known = _Reading(graph).network()
        except GraphError as refusal:
            known = str(refusal)
        graph.memory["network"] = known
    if isinstance(known, str):
        raise GraphError(known)
    return known


def why_no_network(graph: Graph) -> str:
    """Say why a graph cannot be drawn as a network; empty where it can."""
    try:
        network_of(graph)
    except GraphError as refusal:
        return str(refusal)
    return ""


class _Reading:
    """The units found so far, in topological order."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.units: dict[str, Unit] = {}
        self.inside: set[str] = set()

    def network(self) -> UnitLayers:
        graph, activations = self.graph, frozenset(activation_ops())
        for name in graph.nodes:
            if graph.op(name) in activations:
                self.read(name, graph.arguments(name)[0])
            elif graph.op(name) in ("add", "multiply") and not self.belongs_to_a_larger_sum(name):
                self.read(name, name)
        if not self.units:
            raise GraphError(
                "This graph is no network: no node is a unit, that is a sum of weights times features, with or without "
                f"an activation ({', '.join(activation_ops())}). Write units as in h = tanh(w1*x + b1)."
            )
        self.settle_sums()
        self.settle_labels()
        self.require_units()
        self.require_weights()
        features = [source for source in self.sources() if source not in self.units]
        drawn = {*features, *self.inside, *self.leaves()}
        beyond = tuple(name for name in graph.nodes if name not in drawn)
        return UnitLayers(self.units, tuple(dict.fromkeys(features)), beyond)

    def settle_sums(self) -> None:
        """Keep one unit of each weighted sum: with its activation where that is weighed again, else the bare sum.

        The loss may take a score into a function that units have too, as binary cross-entropy takes the softplus.
        """
        weighed = set(self.sources())
        for name, unit in list(self.units.items()):
            if unit.total != name and unit.total in self.units:
                self.drop(unit.total if name in weighed else name)

    def settle_labels(self) -> None:
        """Leave to the loss the sums in which labels weigh the scores, as the cross-entropies have them.

        By their form these are units. But the loss uses the same scores elsewhere too, and no other input enters it.
        """
        beyond = [name for name in self.graph.nodes if name not in self.inside and self.graph.arguments(name)]
        entering = {argument for name in beyond for argument in self.graph.arguments(name)}
        if any(self.graph.op(name) == INPUT for name in entering.difference(self.leaves())):
            return
        weighed = set(self.sources())
        for name, unit in list(self.units.items()):
            last = name not in weighed and name != self.graph.output
            if last and unit.total == name and not unit.biases and entering.issuperset(unit.sources):
                self.drop(name)

    def drop(self, name: str) -> None:
        """Take a node as no unit after all."""
        del self.units[name]
        self.inside = {member for unit in self.units.values() for member in unit.members}

    def require_units(self) -> None:
        """Require that all else comes after the units, or is made of their weights, and is not weighed again."""
        graph = self.graph
        known = {*self.units, *self.leaves()}
        for name in graph.nodes:
            arguments = graph.arguments(name)
            if name in self.inside or not arguments:
                continue
            if known.isdisjoint(arguments):
                raise GraphError(
                    f"This graph is no network: {name} = {graph.definition(name, 'unicode')} is neither part of a unit "
                    "nor computed from one.",
                    node=name,
                )
            known.add(name)
        for unit in self.units.values():
            for source in unit.sources:
                if source not in self.units and graph.arguments(source):
                    raise GraphError(f"This graph is no network: {unit.name} weighs {source}, which is no unit.")

    def require_weights(self) -> None:
        """Refuse a formula such as x*y + z: a sum with neither activation nor loss is a unit by its names alone."""
        for unit in self.units.values() if len(self.units) == 1 else ():
            named = all(link.weight[0] in _WEIGHT_LETTERS for link in unit.links)
            if not named and unit.total == unit.name == self.graph.output:
                raise GraphError(
                    f"This graph is no network: {unit.name} is one sum without an activation, and nothing says which "
                    "factors are weights. Write a unit as in w1*x1 + w2*x2 + b."
                )

    def sources(self) -> list[str]:
        """Give all that units weigh."""
        return [source for unit in self.units.values() for source in unit.sources]

    def leaves(self) -> list[str]:
        """Give all weights and biases."""
        return [name for unit in self.units.values() for name in (*(link.weight for link in unit.links), *unit.biases)]

    def belongs_to_a_larger_sum(self, name: str) -> bool:
        consumers = self.graph.consumers(name)
        return len(consumers) == 1 and self.graph.op(consumers[0][0]) in ("add", *activation_ops())

    def read(self, name: str, total: str) -> None:
        """Take a node as a unit if it is one."""
        graph = self.graph
        links: list[Link] = []
        biases: list[str] = []
        members = [name] if total != name else []
        waiting = [total]
        while waiting:
            term = waiting.pop(0)
            op = graph.op(term)
            if op == "add" and (term == total or len(graph.consumers(term)) == 1):
                members.append(term)
                waiting[:0] = graph.arguments(term)
            elif op == "multiply" and (link := self.link(term)) is not None:
                members.append(term)
                links.append(link)
            elif op in (INPUT, CONSTANT):
                biases.append(term)
            else:
                return
        weights, sources = {link.weight for link in links}, {link.source for link in links}
        if not links or len(weights) < len(links) or len(sources) < len(links):
            return
        if name == total and len(links) == 1 and not biases and links[0].source not in self.units:
            return  # a bare product of two inputs: nothing says which of them is a weight
        layer = 1 + max(self.units[link.source].layer if link.source in self.units else 0 for link in links)
        order = tuple(each for each in graph.nodes if each in members)
        self.units[name] = Unit(name, layer, tuple(links), tuple(biases), order, total)
        self.inside.update(members)

    def link(self, product: str) -> Link | None:
        left, right = self.graph.arguments(product)
        if left == right:
            return None
        for slot, (weight, source) in enumerate([(right, left), (left, right)]):
            if self.graph.op(weight) == INPUT and source in self.units:
                return Link(weight, source, product, slot)
        if self.graph.op(left) == self.graph.op(right) == INPUT:
            slot = 0 if self.looks_like_a_feature(left, right) else 1
            weight, source = (right, left) if slot == 0 else (left, right)
            return Link(weight, source, product, slot)
        return None

    def looks_like_a_feature(self, name: str, other: str) -> bool:
        """Tell two inputs apart: a feature is weighed by more units than a weight, or is called as features are."""
        uses, others = self.products_of(name), self.products_of(other)
        if uses != others:
            return uses > others
        return name[0] in _FEATURE_LETTERS and other[0] not in _FEATURE_LETTERS

    def products_of(self, name: str) -> int:
        """Count products with something else: a penalty uses a weight once more, multiplied with nothing or itself."""
        uses = [consumer for consumer, _ in self.graph.consumers(name) if self.graph.op(consumer) == "multiply"]
        return sum(len(set(self.graph.arguments(use))) > 1 for use in uses)
