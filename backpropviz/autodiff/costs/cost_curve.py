"""What a whole gradient costs as the number of inputs grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backpropviz.autodiff.checking.finite import evaluations
from backpropviz.autodiff.costs.cost import cost
from backpropviz.autodiff.text_table import text_table
from backpropviz.graph import GraphBuilder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backpropviz.autodiff.checking.finite import Scheme
    from backpropviz.autodiff.costs.cost import Cost
    from backpropviz.graph import Graph

CHAIN_LENGTHS = (10, 30, 100, 300, 1_000, 3_000, 10_000)
FORMULA = "Σ xᵢ·sin xᵢ"


@dataclass(frozen=True, slots=True)
class CostCurve:
    """Cost of a gradient against the number of inputs D, counted in operations, not timed.

    Parameters
    ----------
    formula : str
        The function that was counted.
    sizes : tuple of int
        D.
    costs : mapping of str to tuple of float
        By method, for each D: operations of the gradient by all inputs, in evaluations of the function.
    """

    formula: str
    sizes: tuple[int, ...]
    costs: Mapping[str, tuple[float, ...]]

    def __str__(self) -> str:
        rows = [
            [f"{size:,}", *(f"{costs[place]:,.1f}" for costs in self.costs.values())]
            for place, size in enumerate(self.sizes)
        ]
        return f"Evaluations of {self.formula}, counted\n{text_table(['D', *self.costs], rows)}"


def cost_curve(sizes: Iterable[int] = CHAIN_LENGTHS) -> CostCurve:
    """Count the gradient of Σ xᵢ·sin xᵢ in reverse mode, forward mode and by one-sided differences.

    Examples
    --------
    >>> curve = cost_curve(sizes=(10, 1000))
    >>> round(curve.costs["forward mode"][1])
    2001
    """
    graph = wave_sum()
    chosen = tuple(sizes)
    counted = [gradient_costs(cost(graph, {"x": (size,)})) for size in chosen]
    return CostCurve(FORMULA, chosen, {method: tuple(each[method] for each in counted) for method in counted[0]})


def gradient_costs(counted: Cost) -> dict[str, float]:
    """Give the cost of the gradient of a scalar by all inputs, in evaluations of the function, by method."""
    value = counted.value.operations or 1
    return {
        "reverse mode": counted.reverse_operations / value,
        "forward mode": counted.forward_operations / value,
        "finite differences": difference_operations(counted, "forward") / value,
    }


def difference_operations(counted: Cost, scheme: Scheme = "central") -> int:
    """Count the operations of a gradient by finite differences.

    One addition moves the input for each evaluation but the first of the one-sided scheme; each entry takes a
    subtraction and a division.
    """
    entries = sum(counted.entries.values())
    moved = 2 * entries if scheme == "central" else entries
    return evaluations(scheme, entries) * counted.value.operations + moved + 2 * entries


def wave_sum() -> Graph:
    """Give Σ xᵢ·sin xᵢ, with one array x."""
    builder = GraphBuilder()
    x = builder.input("x")
    return builder.build(builder.apply("sum", builder.apply("multiply", x, builder.apply("sin", x))))
