"""The chain rule by paths: an adjoint is a sum over all ways from a node to the output."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.autodiff.entry_edges import EntryEdge, edges_of, entry_name, number_called
from backpropviz.autodiff.tape import evaluate
from backpropviz.errors import InputError
from backpropviz.graph import CONSTANT
from backpropviz.graph.source import claimed, placed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.autodiff.tape import Tape
    from backpropviz.graph.source import Source

MOST_LISTED = 50
"""Paths that are listed; of more, the largest."""


@dataclass(frozen=True, slots=True)
class Path:
    """One way from a node to the output.

    Parameters
    ----------
    nodes : tuple of str
        From the node to the output.
    slots : tuple of int
        Which argument of each later node the earlier one is.
    partials : tuple of float
        Local partial of each edge.
    product : float
        Their product.
    """

    nodes: tuple[str, ...]
    slots: tuple[int, ...]
    partials: tuple[float, ...]
    product: float


@dataclass(frozen=True, slots=True)
class PathSum:
    """All ways from one node to another, or the largest of them.

    Parameters
    ----------
    source, target : str
        Where the paths begin and end.
    count : int
        How many there are; it can be astronomic.
    paths : tuple of Path
        Those of largest absolute product, largest first; all of them where `complete`.
    complete : bool
        Whether every path is listed.
    adjoint : float
        Derivative of the target by the source, which all paths sum to.
    """

    source: str
    target: str
    count: int
    paths: tuple[Path, ...]
    complete: bool
    adjoint: float

    @property
    def total(self) -> float:
        """Sum of the products that are listed."""
        return math.fsum(path.product for path in self.paths)

    def to_markdown(self) -> str:
        """Write the paths as a table in Markdown."""
        lines = ["| path | product of local partials | contribution |", "|---|---|---|"]
        for path in self.paths:
            factors = "·".join(f"({partial:.4g})" if partial < 0 else f"{partial:.4g}" for partial in path.partials)
            lines.append(f"| {' → '.join(path.nodes)} | {factors} | {path.product:.4g} |")
        shown = "sum" if self.complete else f"sum of these {len(self.paths)} of {self.count:,} paths"
        lines.append(f"| **{shown}** | | **{self.total:.4g}** |")
        if not self.complete:
            lines.append(f"| **all paths** | | **{self.adjoint:.4g}** |")
        return "\n".join(lines)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()

    def __str__(self) -> str:
        return self.to_markdown()


def paths(
    graph: Source,
    source: str,
    point: Mapping[str, object] | None = None,
    /,
    *,
    most: int = MOST_LISTED,
    **inputs: object,
) -> PathSum:
    """List the ways from a node to the output, each with the product of its local partials.

    Parameters
    ----------
    graph : Graph, str, callable, or an object with ``graph`` and ``point``
        With one number as its output.
    source : str
        Where the ways begin; an entry of an array as it is indexed, ``"W[2,0]"``. Between arrays, the ways lead from
        entry to entry, along local partials that are not zero at this point.
    point : mapping of str to number, optional
        Input values by name.
    most : int
        How many are listed at most: of more, those of largest absolute product.
    **inputs : number
        Input values.

    Raises
    ------
    InputError
        For a source that is a constant, or an array without an index, and for arrays of more than 2,000 numbers.

    Examples
    --------
    >>> from backpropviz import parse
    >>> found = paths(parse("v = x + y; f = x/v"), "x", x=-1, y=2)
    >>> found.count, [path.product for path in found.paths], float(found.adjoint)
    (2, [1.0, 1.0], 2.0)
    """
    read, values = placed(graph, point, inputs)
    (most,) = claimed(read, values, most=(most, MOST_LISTED))
    if not isinstance(most, int | np.integer):
        raise InputError(f"most is how many paths are listed, a whole number; not {most!r}.", actual=most)
    return paths_on(evaluate(read, values, {}), source, most)


def paths_on(tape: Tape, source: str, most: int = MOST_LISTED) -> PathSum:
    """List the ways from a node to the output of a run; see :func:`paths`."""
    graph = tape.graph
    node, place = number_called(source, tape.shapes)
    if graph.op(node) == CONSTANT:
        raise InputError(f"{source} is a constant: no gradient is taken by it.", node=source)
    if tape.shapes[graph.output] != ():
        raise InputError("Paths lead to one number, and the output is an array.", node=graph.output)
    source = entry_name(node, place)
    edges = edges_of(tape)
    ways = {graph.output: 1}
    for name, incoming in reversed(edges.items()):
        if name in ways:
            for edge in incoming:
                ways[edge.argument] = ways.get(edge.argument, 0) + ways[name]
    count = ways.get(source, 0)
    found = _largest(edges, source, graph.output, ways, min(most, count)) if count else ()
    adjoint = float(np.asarray(tape.reverse()[node])[place])
    return PathSum(source, graph.output, count, tuple(found), count <= most, adjoint)


def _largest(
    edges: dict[str, list[EntryEdge]], source: str, target: str, ways: Mapping[str, int], most: int
) -> list[Path]:
    """Find the paths of largest absolute product, best first.

    How large a path can still become is known exactly, by one sweep back from the target; so nothing is looked at that
    is not on the way to one of the paths given.
    """
    reach = {target: 0.0}  # logarithm of the largest product from here to the target
    uses: dict[str, list[tuple[str, int, float]]] = {}
    for name, incoming in reversed(edges.items()):
        if name in ways:
            for argument, slot, partial in incoming:
                uses.setdefault(argument, []).append((name, slot, partial))
                reach[argument] = max(reach.get(argument, -math.inf), _size(partial) + reach[name])
    found: list[Path] = []
    # Among equals the longest beginning goes first: otherwise paths of product 0 would all be begun before one ends.
    waiting: list[tuple[float, int, int, float, tuple[str, ...], tuple[int, ...], tuple[float, ...]]] = [
        (-reach[source], 0, 0, 0.0, (source,), (), ())
    ]
    ticket = 0
    while waiting and len(found) < most:
        _, _, _, size, nodes, slots, factors = heapq.heappop(waiting)
        if nodes[-1] == target:
            found.append(Path(nodes, slots, factors, math.prod(factors)))
            continue
        for consumer, slot, partial in reversed(uses.get(nodes[-1], [])):
            ticket += 1
            grown = size + _size(partial)
            rank = -(grown + reach[consumer])
            row = (*nodes, consumer), (*slots, slot), (*factors, partial)
            heapq.heappush(waiting, (rank, -len(nodes), ticket, grown, *row))
    return found


def _size(partial: float) -> float:
    """Logarithm of a factor's size; one that is no number counts as nothing."""
    magnitude = abs(partial)
    if not magnitude > 0:
        return -math.inf
    return math.log(magnitude) if magnitude < math.inf else 1e6
