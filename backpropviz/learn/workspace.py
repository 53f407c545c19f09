"""Memory of one training run: all parameters in one row, and the sweeps that read and write it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from backpropviz.autodiff.fast.buffered_sweeps import BufferedSweeps
from backpropviz.autodiff.fast.memory import aligned
from backpropviz.errors import InputError
from backpropviz.ops.counting import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph import Graph
    from backpropviz.graph.node import Array
    from backpropviz.learn.network import Network

_USUAL_BATCH = 32


class Batch:
    """Both sweeps for one batch size, with the places where the batch goes.

    Attributes
    ----------
    graph : Graph
        What is run: the network's own graph.
    features, targets : array
        The places; fill them before a run.
    sweeps : BufferedSweeps
        Writes the gradients.
    """

    __slots__ = ("features", "graph", "sweeps", "targets")

    def __init__(
        self, graph: Graph, features: Array, targets: Array, row: ParameterRow, gradient: ParameterRow
    ) -> None:
        self.graph = graph
        self.features = features
        self.targets = targets
        self.sweeps = BufferedSweeps(graph, {"X": features, "y": targets, **row.views}, gradient.views)


class ParameterRow:
    """Numbers in one contiguous row, with a view for each parameter: an update is then one call for all.

    Parameters
    ----------
    shapes : mapping of str to tuple of int
        Names and shapes, in order.
    """

    __slots__ = ("numbers", "views")

    def __init__(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self.numbers = aligned((sum(map(math.prod, shapes.values())),))
        self.numbers[...] = 0.0
        self.views: dict[str, Array] = {}
        start = 0
        for name, shape in shapes.items():
            size = math.prod(shape)
            self.views[name] = self.numbers[start : start + size].reshape(shape)
            start += size

    def fill(self, values: Mapping[str, Array]) -> None:
        """Overwrite all numbers."""
        for name, view in self.views.items():
            view[...] = values[name]

    def copies(self) -> dict[str, Array]:
        """Give the numbers as arrays of their own."""
        return {name: view.copy() for name, view in self.views.items()}

    def norms(self) -> dict[str, float]:
        """Euclidean length of each parameter."""
        return {name: float(np.linalg.norm(view)) for name, view in self.views.items()}


class Workspace:
    """Parameters, gradients, what the optimiser remembers, and both sweeps for each batch size.

    Attributes
    ----------
    batches : dict of int to Batch
        Tapes by batch size, as far as they have been needed.
    graphs : dict of int to Graph
        By number of examples.
    updates : int
        Steps of the optimiser since it began to remember.
    """

    def __init__(self, network: Network, remembered: int) -> None:
        shapes = {name: value.shape for name, value in network.parameters.items()}
        self.parameters, self.gradient, self.before = ParameterRow(shapes), ParameterRow(shapes), ParameterRow(shapes)
        self._shapes = shapes
        self.remember(remembered)
        self.scratch = (aligned(self.gradient.numbers.shape), aligned(self.gradient.numbers.shape))
        self.batches: dict[int, Batch] = {}
        self.graphs: dict[int, Graph] = {}
        self.parameters.fill(network.parameters)

    def add_batch(self, network: Network, features: Array, targets: Array) -> Batch:
        """Plan the sweeps for as many examples as are given; planning looks at real numbers once."""
        places = aligned(features.shape), aligned(targets.shape)
        np.copyto(places[0], features)
        np.copyto(places[1], targets)
        size = len(features)
        self.batches[size] = Batch(self.graph_for(network, size), *places, self.parameters, self.gradient)
        return self.batches[size]

    def graph_for(self, network: Network, examples: int) -> Graph:
        """Give the network's graph of so many examples."""
        if examples not in self.graphs:
            self.graphs[examples] = _known(network.graph(examples))
        return self.graphs[examples]

    def remember(self, vectors: int) -> None:
        """Let the optimiser begin anew, with so many vectors of zeros."""
        self.state = tuple(ParameterRow(self._shapes) for _ in range(vectors))
        self.state_numbers = tuple(row.numbers for row in self.state)
        self.updates = 0

    def forget_batches(self) -> None:
        """Plan anew: the graph has changed."""
        self.batches.clear()
        self.graphs.clear()


@lru_cache(maxsize=8)
def _known(graph: Graph) -> Graph:
    """Give the first of equal graphs, which knows its plan and its records: a run that starts anew has them too."""
    return graph


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a run needs to go on from here with the same bits; made by :meth:`Training.snapshot`."""

    parameters: Mapping[str, Array]
    state: tuple[Mapping[str, Array], ...]
    counts: tuple[int, ...]
    order: npt.NDArray[np.intp]
    generator: Mapping[str, Any]


def sizes_up_to(total: int) -> str:
    """Say which sizes a batch of so many examples may have."""
    return "1" if total == 1 else f"a whole number from 1 to {total}"


def read_batch_size(size: int | str | None, total: int) -> int:
    """Give a batch size as a number: the usual one for None, the number of examples for ``"all"``.

    Raises
    ------
    InputError
        For anything but 1 to the number of examples.
    """
    if isinstance(size, str) and size == "all":
        return total
    if size is None:
        return min(_USUAL_BATCH, total)
    if isinstance(size, bool) or not isinstance(size, (int, np.integer)) or not 1 <= size <= total:
        raise InputError(
            f"batch_size is {size!r}; of {counted(total, 'example')} it is {sizes_up_to(total)}, or 'all'.",
            expected=(1, total),
            actual=size,
        )
    return int(size)
