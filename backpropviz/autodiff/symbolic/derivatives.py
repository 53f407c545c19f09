"""Symbolic differentiation through SymPy, and what it costs to write a derivative out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.costs.cost import cost
from backpropviz.autodiff.input_values import no_input, read_point
from backpropviz.autodiff.symbolic.sympy_expressions import expressions_of, symbols_of
from backpropviz.errors import GraphError
from backpropviz.graph.notation.gate_latex import latex_name
from backpropviz.graph.source import read_graph

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropviz.graph import Graph
    from backpropviz.graph.source import Source


def operation_count(expression: Any) -> int:
    """Count the operations of an expression, evaluated as it is written.

    A sum or product of k parts takes k − 1 operations, a power, a quotient and a function one. Parts that occur
    several times are counted each time, although they are visited once: the count may be astronomical.
    """
    counts: dict[Any, int] = {}
    for part in _parts(expression):
        operands = _operands(part)
        counts[part] = _own(part) + _signs(part, operands) + sum(counts[operand] for operand in operands)
    return counts[expression] + _is_negated(expression)


def evaluate_expression(expression: Any, point: Mapping[Any, float], digits: int) -> np.float64:
    """Compute an expression with many digits, each distinct part once."""
    import sympy  # noqa: PLC0415  loaded on first use

    values: dict[Any, Any] = {symbol: sympy.Float(value, digits) for symbol, value in point.items()}
    for part in _parts(expression, through_all=True):
        if part in values:
            continue
        value = part.func(*(values[argument] for argument in part.args)) if part.args else part
        # Whole exponents and conditions stay what they are; everything else becomes a number of many digits.
        values[part] = value.evalf(digits) if isinstance(value, sympy.Expr) and not value.is_Integer else value
    result = complex(values[expression])
    return np.float64(result.real) if result.imag == 0 else np.float64(np.nan)


def _parts(expression: Any, *, through_all: bool = False) -> Iterator[Any]:
    """Give every distinct part once, arguments first, without recursion."""
    waiting = [(expression, False)]
    seen = set()
    while waiting:
        part, finished = waiting.pop()
        if finished:
            yield part
        elif part not in seen:
            seen.add(part)
            waiting.append((part, True))
            waiting.extend((argument, False) for argument in (part.args if through_all else _operands(part)))


def _operands(part: Any) -> tuple[Any, ...]:
    """Give what has to be computed before the part; −1 in a product is a sign, and −1 above a base a division."""
    if part.is_Pow:
        return (part.base,) if part.exp.is_Rational else (part.base, part.exp)
    if part.is_Mul:
        operands = []
        for factor in part.args:
            if factor == -1:
                continue
            operands.append(factor.base**-factor.exp if _divides(factor) else factor)
        return tuple(operands)
    return tuple(part.args)


def _own(part: Any) -> int:
    if part.is_Add:
        return len(part.args) - 1
    if part.is_Mul:
        return _product_operations(part)
    if part.is_Pow:
        return 2 if part.exp.is_Rational and part.exp < 0 and part.exp != -1 else 1
    if part.is_Rational:
        return int(part.q != 1)
    if part.is_Atom or part.func.__name__ == "ExprCondPair":
        return 0
    return max(1, len(part.args) - 1) if part.func.__name__ in ("Max", "Min", "Piecewise") else 1


def _product_operations(part: Any) -> int:
    factors = [factor for factor in part.args if factor != -1]
    numerators = sum(not _divides(factor) for factor in factors)
    # Each factor after the first multiplies or divides; a lone denominator divides into 1.
    return max(0, len(factors) - 1) + (numerators == 0)


def _signs(part: Any, operands: tuple[Any, ...]) -> int:
    """Count changes of sign among the operands; a sum takes them by subtracting, unless nothing is there before."""
    negated = sum(_is_negated(operand) for operand in operands)
    return int(negated == len(operands) > 0) if part.is_Add else negated


def _is_negated(part: Any) -> bool:
    return bool(part.is_Mul and -1 in part.args)


def _divides(factor: Any) -> bool:
    return bool(factor.is_Pow and factor.exp.is_Rational and factor.exp < 0)


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
