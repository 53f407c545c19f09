"""Graphs as SymPy expressions, built from objects and never from text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from backpropviz.autodiff.plan import plan_of
from backpropviz.errors import GraphError
from backpropviz.graph import INPUT
from backpropviz.graph.notation.small_digits import raised

if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropviz.graph import Graph

MOST_CONVERTED = 5_000
"""Operations that a written-out function may have: what is shared is written at each use."""

_DENOMINATORS = 1024
_ROOT_TWO, _ROOT_TWO_PI = math.sqrt(2.0), math.sqrt(2.0 * math.pi)  # as the rules of gelu have them


class Symbolic(NDArrayOperatorsMixin):
    """A SymPy expression that rules written for numbers run on."""

    __slots__ = ("expression",)

    def __init__(self, expression: Any) -> None:
        self.expression = expression

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        name = ufunc.__name__.split(" ")[0]  # frompyfunc adds " (vectorized)"
        rule = _rules().get(name)
        if rule is None or method != "__call__" or options:
            raise GraphError(f"np.{name} has no symbolic form here.", op=name)
        return Symbolic(rule(*(expression_of(value) for value in inputs)))

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        import sympy  # noqa: PLC0415  loaded on first use

        if function not in (np.where, np.clip) or kwargs:
            raise GraphError(f"np.{function.__name__} has no symbolic form here.", op=function.__name__)
        first, second, third = (expression_of(value) for value in args)
        if function is np.clip:
            return Symbolic(sympy.Min(sympy.Max(first, second), third))
        return Symbolic(sympy.Piecewise((second, first), (third, True)))


def symbols_of(graph: Graph) -> dict[str, Any]:
    """Give a SymPy symbol for every input, by name; real, and known by identity rather than by its text."""
    import sympy  # noqa: PLC0415  loaded on first use

    return {name: sympy.Symbol(name, real=True) for name in graph.inputs}


def expressions_of(graph: Graph) -> dict[str, Any]:
    """Write every node that the output depends on as a SymPy expression in the inputs.

    Raises
    ------
    GraphError
        For an operation on whole arrays, or a function that is too long when written out.
    """
    written = written_out(graph)
    if written > MOST_CONVERTED:
        raise GraphError(
            f"Written out, {graph.output} has {_count_text(written)} operations, since shared parts are written at "
            f"each use: too many for symbolic differentiation, which takes up to {MOST_CONVERTED:,}. Reverse mode "
            "takes each of them once.",
            node=graph.output,
            expected=MOST_CONVERTED,
            actual=written,
        )
    symbols = symbols_of(graph)
    found: dict[str, Any] = {}
    plan = plan_of(graph)
    needed = {step.place for step in plan.backward}
    operations = {step.place: step for step in plan.instructions}
    for place, name in enumerate(plan.nodes):
        record = graph.node(name)
        if record.op == INPUT:
            found[name] = symbols[name]
        elif record.value is not None:
            found[name] = None if np.ndim(record.value) else expression_of(record.value)
        elif place in needed:
            step = operations[place]
            if not step.op.elementwise or any(found[argument] is None for argument in record.arguments):
                raise GraphError(
                    f"{record.op} (node {name}) acts on whole arrays; symbolic differentiation works on scalars. Write "
                    "the entries as inputs of their own.",
                    node=name,
                    op=record.op,
                )
            arguments = [found[argument] for argument in record.arguments]
            override = _overrides().get(record.op)
            if override is not None:
                found[name] = override(*arguments)
            else:
                out = step.op.value(*map(Symbolic, arguments), **step.parameters)
                found[name] = expression_of(out)
    return found


def _count_text(count: int) -> str:
    return f"{count:,}" if count < 10**9 else f"about 10{raised(len(str(count)) - 1)}"


def written_out(graph: Graph) -> int:
    """Count the operations of the output with every shared part written at each of its uses."""
    plan = plan_of(graph)
    counts = [0] * len(plan.nodes)
    for step in plan.instructions:
        own = max(1, len(step.arguments) - 1)
        counts[step.place] = own + sum(counts[place] for place in step.arguments)
    return counts[plan.place[graph.output]]


def expression_of(value: Any) -> Any:
    """Give a SymPy expression for what a rule works with: whole numbers and simple fractions stay exact."""
    if isinstance(value, Symbolic):
        return value.expression
    import sympy  # noqa: PLC0415  loaded on first use

    if isinstance(value, (sympy.Basic, bool)):
        return value
    if np.ndim(value) != 0:
        raise GraphError(f"An array of shape {np.shape(value)} has no symbolic form: scalars were expected.")
    number = float(value)
    named = {np.pi: sympy.pi, np.e: sympy.E, _ROOT_TWO: sympy.sqrt(2), _ROOT_TWO_PI: sympy.sqrt(2 * sympy.pi)}
    if number in named:
        return named[number]
    if not np.isfinite(number):
        return sympy.nan if np.isnan(number) else sympy.oo * int(np.sign(number))
    numerator, denominator = number.as_integer_ratio()
    return sympy.Rational(numerator, denominator) if denominator <= _DENOMINATORS else sympy.Float(number)


def _overrides() -> dict[str, Callable[..., Any]]:
    """Where SymPy's own derivative would follow another convention at the kink than the rules do."""
    import sympy  # noqa: PLC0415  loaded on first use

    return {"relu": lambda x: sympy.Piecewise((x, x > 0), (0, True))}


def _rules() -> dict[str, Callable[..., Any]]:
    import sympy  # noqa: PLC0415  loaded on first use

    def logaddexp(x: Any, y: Any) -> Any:
        return sympy.log(sympy.exp(x) + sympy.exp(y))

    return {
        "add": lambda x, y: x + y,
        "subtract": lambda x, y: x - y,
        "multiply": lambda x, y: x * y,
        "divide": lambda x, y: x / y,
        "true_divide": lambda x, y: x / y,
        "negative": lambda x: -x,
        "power": lambda x, y: x**y,
        "square": lambda x: x**2,
        "sqrt": sympy.sqrt,
        "exp": sympy.exp,
        "log": sympy.log,
        "log2": lambda x: sympy.log(x) / sympy.log(2),
        "log10": lambda x: sympy.log(x) / sympy.log(10),
        "sin": sympy.sin,
        "cos": sympy.cos,
        "tan": sympy.tan,
        "arcsin": sympy.asin,
        "arccos": sympy.acos,
        "arctan": sympy.atan,
        "arctan2": sympy.atan2,
        "sinh": sympy.sinh,
        "cosh": sympy.cosh,
        "tanh": sympy.tanh,
        "hypot": lambda x, y: sympy.sqrt(x**2 + y**2),
        "erf": sympy.erf,
        "erfc": sympy.erfc,
        "log1p": lambda x: sympy.log(1 + x),
        "expm1": lambda x: sympy.exp(x) - 1,
        "cbrt": lambda x: sympy.sign(x) * sympy.Abs(x) ** sympy.Rational(1, 3),
        "arcsinh": sympy.asinh,
        "arccosh": sympy.acosh,
        "arctanh": sympy.atanh,
        "floor": sympy.floor,
        "ceil": sympy.ceiling,
        "remainder": sympy.Mod,
        "logaddexp": logaddexp,
        "absolute": sympy.Abs,
        "sign": sympy.sign,
        "maximum": sympy.Max,
        "minimum": sympy.Min,
        "greater": lambda x, y: x > y,
        "greater_equal": lambda x, y: x >= y,
        "less": lambda x, y: x < y,
        "less_equal": lambda x, y: x <= y,
        "equal": sympy.Eq,
        "not_equal": sympy.Ne,
    }
