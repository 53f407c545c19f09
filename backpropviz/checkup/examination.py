"""What a run of a model shows at a point, gathered once for all who look at it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff import evaluate
from backpropviz.checkup.blocks import Block, blocks_of, short_source
from backpropviz.graph.closing.grouping import basis_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.autodiff import Adjoints, Tape
    from backpropviz.graph import Graph


@dataclass(frozen=True)
class Examination:
    """A model run forward and backward at a point.

    Parameters
    ----------
    view : Graph
        The model, perhaps with closed gates.
    point : mapping of str to number or array
        Value of every input.
    modules, sources : mapping of str to str
        Module, and source line, by gate; empty where they are not known.
    parameters : tuple of str
        Inputs that are learned.
    detached : mapping of str to str
        Calls that stop the gradient, and where they stand.
    """

    view: Graph
    point: Mapping[str, object]
    modules: Mapping[str, str]
    sources: Mapping[str, str]
    parameters: tuple[str, ...]
    detached: Mapping[str, str]

    @cached_property
    def tape(self) -> Tape:
        """Values, with every closed gate open."""
        return evaluate(basis_of(self.view), self.point, {})

    @cached_property
    def adjoints(self) -> Adjoints:
        """Gradients, with every closed gate open."""
        return self.tape.reverse()

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The model's parts, in the order of the forward sweep."""
        return blocks_of(self.view, self.modules, self.sources, self.parameters)

    @cached_property
    def block_of(self) -> Mapping[str, Block]:
        """The part that a gate or a parameter belongs to."""
        return {name: block for block in self.blocks for name in (*block.gates, *block.parameters)}

    def value(self, name: str) -> Any:
        """Value of a node, as an array."""
        return np.asarray(self.tape.primals[name])

    def slope(self, name: str) -> Any:
        """Gradient of a node, as an array; zeros where none arrives."""
        found = self.adjoints.get(name)
        return np.zeros_like(self.value(name)) if found is None else np.asarray(found)

    def place(self, name: str) -> str:
        """Name a node with its block and its source line, for a sentence."""
        block = self.block_of.get(name)
        parts = [block.name] if block is not None and block.name != name else []
        parts += filter(None, [short_source(self.sources.get(name, ""))])
        return f"{name} ({', '.join(parts)})" if parts else name


def typical(array: Any) -> float:
    """Give the root mean square of the entries that are not 0: of an embedding, of the rows that were used.

    Examples
    --------
    >>> typical(np.array([3.0, 0.0, -3.0]))
    3.0
    """
    entries = np.asarray(array, dtype=np.float64).ravel()
    used = entries[entries != 0.0]
    return float(np.sqrt(np.mean(used * used))) if used.size else 0.0
