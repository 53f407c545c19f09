"""Symbolic differentiation through SymPy, and what it costs to write a derivative out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backpropviz.autodiff.costs.cost import cost
from backpropviz.autodiff.input_values import no_input, read_point
from backpropviz.autodiff.symbolic.expression_length import evaluate_expression, operation_count
from backpropviz.autodiff.symbolic.sympy_expressions import expressions_of, symbols_of
from backpropviz.errors import GraphError
from backpropviz.graph.notation.gate_latex import latex_name
from backpropviz.graph.source import read_graph

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from backpropviz.graph import Graph
    from backpropviz.graph.source import Source

_DIGITS = 30


@dataclass(frozen=True, slots=True, eq=False)
class SymbolicDerivative:
    """A derivative as an expression.

    Parameters
    ----------
    output, wrt : str
        What is differentiated, and by which input.
    expression : sympy.Expr
        The derivative, as SymPy wrote it; not simplified.
    operations : int
        Operations of the written-out derivative, evaluated as it stands.
    graph_operations : int
        Operations of the graph's own value and reverse sweep, which give the same number and the derivatives by all
        other inputs.
    """

    output: str
    wrt: str
    expression: Any
    operations: int
    graph_operations: int
    _graph: Graph

    def latex(self) -> str:
        r"""Write the derivative in LaTeX, names as the rest of the package writes them.

        Examples
        --------
        >>> from backpropviz import parse
        >>> symbolic(parse("exp(w1*x)"), "w1").latex()
        'x e^{w_{1} x}'
        """
        import sympy  # noqa: PLC0415  loaded on first use

        names = {symbol: latex_name(name) for name, symbol in symbols_of(self._graph).items()}
        return str(sympy.latex(self.expression, symbol_names=names, ln_notation=True))

    def evaluate(self, point: Mapping[str, object] | None = None, /, **inputs: object) -> np.float64:
        """Compute the expression with 30 digits, and round once at the end.

        Parameters
        ----------
        point, **inputs : number
            Where.
        """
        values = read_point(self._graph, point, inputs)
        symbols = symbols_of(self._graph)
        return evaluate_expression(self.expression, {symbols[name]: float(values[name]) for name in symbols}, _DIGITS)

    def _repr_latex_(self) -> str:
        below = latex_name(self.wrt)
        return rf"$\displaystyle \frac{{\partial {latex_name(self.output)}}}{{\partial {below}}} = {self.latex()}$"

    def __str__(self) -> str:
        return str(self.expression)


def symbolic(source: Source, wrt: str) -> SymbolicDerivative:
    """Differentiate the written-out output by one input, with SymPy.

    The expression is put together from the graph's nodes as SymPy objects; no text is read, so no name of a node can
    become code.

    Parameters
    ----------
    source : Graph, str, callable, or an object with ``graph`` and ``point``
        Of scalar operations.
    wrt : str
        An input.

    Returns
    -------
    SymbolicDerivative
        The expression, its LaTeX, and its operation count beside the graph's.

    Raises
    ------
    InputError
        For an unknown input.
    GraphError
        For operations on whole arrays, or a function that is too long or too deep when written out.

    Examples
    --------
    >>> from backpropviz import parse
    >>> print(symbolic(parse("x*y"), "x"))
    y
    """
    graph = read_graph(source)
    if wrt not in graph.inputs:
        raise no_input(wrt, graph.inputs)
    try:
        written = expressions_of(graph)[graph.output]
        derivative = written.diff(symbols_of(graph)[wrt])
        operations = operation_count(derivative)
    except RecursionError:
        raise GraphError(
            f"{graph.output} is too deep for SymPy, which follows an expression by recursion. Use reverse mode.",
            node=graph.output,
        ) from None
    return SymbolicDerivative(graph.output, wrt, derivative, operations, cost(graph).reverse.operations, graph)
