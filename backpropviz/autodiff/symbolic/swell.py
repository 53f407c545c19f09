"""Expression swell: how much longer a written-out derivative is than the program that computes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.autodiff.symbolic.derivatives import symbolic
from backpropviz.autodiff.text_table import text_table
from backpropviz.errors import InputError
from backpropviz.graph import GraphBuilder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from backpropviz.graph import Graph

FACTORS = tuple(range(1, 8))


@dataclass(frozen=True, slots=True)
class SwellRow:
    """One member of a family of functions.

    Parameters
    ----------
    n : int
        Which.
    written_out : int
        Operations of the derivative by its first input, written out by SymPy.
    graph : int
        Operations of value and reverse sweep of the graph.
    """

    n: int
    written_out: int
    graph: int

    @property
    def ratio(self) -> float:
        """How many times longer the written-out derivative is."""
        return self.written_out / self.graph


@dataclass(frozen=True, slots=True)
class Swell:
    """Operation counts along a family; prints as a table.

    Parameters
    ----------
    rows : tuple of SwellRow
        By n.
    """

    rows: tuple[SwellRow, ...]

    def __str__(self) -> str:
        cells = [[str(row.n), f"{row.written_out:,}", f"{row.graph:,}", f"{row.ratio:.1f}"] for row in self.rows]
        return text_table(["n", "written out", "graph", "ratio"], cells)


def expression_swell(family: Callable[[int], Graph] | None = None, sizes: Iterable[int] = FACTORS) -> Swell:
    """Compare written-out derivatives with reverse sweeps along a family of functions.

    Parameters
    ----------
    family : callable, optional
        Graph for each n; default :func:`logistic_map`, whose derivative more than doubles with each n while the
        graph grows by six operations. :func:`double_exponential` begins with the example of Domke's notes.
    sizes : iterable of int, optional
        Which n.

    Returns
    -------
    Swell
        A row for each n.

    References
    ----------
    Domke, Automatic Differentiation and Neural Networks (lecture notes).

    Examples
    --------
    >>> [row.graph for row in expression_swell(sizes=(1, 2, 3)).rows]
    [4, 10, 16]
    """
    if family is not None and not callable(family):
        raise InputError(f"family gives a graph for each n, as a function; not {family!r}. Which n is sizes=.")
    sizes = list(sizes) if np.iterable(sizes) else [sizes]
    if not all(isinstance(each, int | np.integer) and each >= 0 for each in sizes):
        raise InputError(f"sizes lists whole numbers n, 0 or more; not {sizes!r}.", actual=sizes)
    chosen = logistic_map if family is None else family
    rows = []
    for size in sizes:
        graph = chosen(size)
        found = symbolic(graph, graph.inputs[0])
        rows.append(SwellRow(size, found.operations, found.graph_operations))
    return Swell(tuple(rows))


def logistic_map(n: int) -> Graph:
    """Give x -> x(1 − x), applied n times."""
    builder = GraphBuilder()
    one = builder.constant(1.0)
    reached = builder.input("x")
    for _ in range(n):
        reached = builder.apply("multiply", reached, builder.apply("subtract", one, reached))
    return builder.build(reached)


def double_exponential(n: int) -> Graph:
    """Give exp(c) + sin(c), where c is u -> eᵘ + e²ᵘ, applied n times to x; n = 1 is the lecture example."""
    builder = GraphBuilder()
    reached = builder.input("x")
    for _ in range(n):
        raised = builder.apply("exp", reached)
        reached = builder.apply("add", raised, builder.apply("square", raised))
    return builder.build(builder.apply("add", builder.apply("exp", reached), builder.apply("sin", reached)))


def product(n: int) -> Graph:
    """Give x · x₂ · … with n factors that all depend on x: sin(x) + 1, sin(x) + 2, ..."""
    builder = GraphBuilder()
    wave = builder.apply("sin", builder.input("x"))
    reached = builder.apply("add", wave, builder.constant(1.0))
    for factor in range(2, n + 1):
        reached = builder.apply("multiply", reached, builder.apply("add", wave, builder.constant(float(factor))))
    return builder.build(reached)
