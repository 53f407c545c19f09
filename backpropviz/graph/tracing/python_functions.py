"""Ordinary Python functions, traced into graphs."""

from __future__ import annotations

import inspect
import numbers
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import TraceError
from backpropviz.graph.builder import GraphBuilder
from backpropviz.graph.naming import by_known_name, folded_name
from backpropviz.graph.tracing import array_methods, composed_ufuncs  # noqa: F401  teach tracers NumPy's functions
from backpropviz.graph.tracing.chained_sums import chained
from backpropviz.graph.tracing.local_names import LocalNames
from backpropviz.graph.tracing.noted_blocks import noting
from backpropviz.graph.tracing.shape_inference import declare_shape
from backpropviz.graph.tracing.tracer import Tracer, lift
from backpropviz.ops.blocks import watched
from backpropviz.ops.counting import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropviz.graph.builder import Reference
    from backpropviz.graph.graph import Graph
    from backpropviz.graph.tracing.noted_blocks import NotedBlock


def trace(function: Callable[..., Any], *names: str, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Graph:
    """Call a Python function once with tracers, and keep what it did as a graph.

    Parameters
    ----------
    function : callable
        Written with operators and NumPy functions, such as ``np.exp(x)``. Loops are unrolled; a branch on a traced
        value is an error.
    *names : str, optional
        Names of the inputs, by position. Default the function's own parameter names; parameters with a default
        value keep it and are no inputs.
    shapes : mapping of str to tuple of int, optional
        Shapes of inputs, for functions that ask for ``x.shape``, loop over rows, or call what needs sizes. An input
        whose size was asked for keeps this shape, since the size has become a number in the graph: another shape is
        refused by name. The other inputs may have any.

    Returns
    -------
    Graph
        Equal sub-expressions are one node; inputs in the order of `names`. What the function's variables are called,
        its nodes are called, ``h1`` and ``h2`` where a variable held several. A sum that is used only to be added to,
        as in ``a + b + c`` and in loops, is one node with many arguments, as :func:`backpropviz.parse` has it. What
        the output does not need is left out, inputs excepted. Layers of :mod:`backpropviz.ops`, such as
        ``ops.layer_norm``, are one closed gate each; :meth:`Graph.expand` opens them.

    Raises
    ------
    TraceError
        Where a traced value is branched on, turned into a plain number, or where the result is none.

    Examples
    --------
    >>> trace(lambda x, z: np.exp(x * z) + x).expression()
    'exp(x*z) + x'
    """
    if not callable(function):
        raise TraceError(f"trace takes a function, not {type(function).__name__}. For text, use parse.")
    positional, keywords = _input_names(function, names)
    builder = GraphBuilder()
    tracers = {name: Tracer(builder, builder.input(name)) for name in (*positional, *keywords)}
    for name, shape in by_known_name(shapes, tracers, "Shapes").items():
        if name not in tracers:
            raise TraceError(f"A shape is given for {name!r}, which is no input: {', '.join(tracers)}.", node=name)
        declare_shape(builder, tracers[name].reference, shape)
    watch = LocalNames(builder, sys._getframe())  # noqa: SLF001  the documented way to the caller's variables
    builder.watched = watch.note
    blocks: list[NotedBlock] = []
    try:
        with watched(noting(builder, blocks.append)):
            result = function(*(tracers[name] for name in positional), **{name: tracers[name] for name in keywords})
    except ValueError as fault:
        if isinstance(fault.__cause__, TraceError):  # NumPy tells what a tracer said as the cause of its own complaint
            raise fault.__cause__ from None
        raise
    builder.watched = None
    output = _output(builder, result)
    return chained(builder, output, watch.names(), watch.sources, blocks)


def apply_to(
    builder: GraphBuilder, function: Callable[..., Any], references: Sequence[Reference | None], **parameters: Any
) -> tuple[Reference, ...]:
    """Call a rule on nodes under construction, and add what it does to the same graph.

    Rules of operations are written with operators and NumPy functions only, so the derivative of a graph is found by
    calling them with tracers.

    Parameters
    ----------
    builder : GraphBuilder
        The graph under construction.
    function : callable
        ``function(*tracers, **parameters)``; gives one value or a tuple of them.
    references : sequence of int or None
        Nodes to call it with; None is handed through, for an argument that the rule does not read.
    **parameters
        Handed through.

    Returns
    -------
    tuple of int
        Nodes of the results; plain numbers become constants.
    """
    arguments = [None if reference is None else Tracer(builder, reference) for reference in references]
    result = function(*arguments, **parameters)
    results = result if isinstance(result, (tuple, list)) else (result,)
    return tuple(lift(builder, part) for part in results)


def _input_names(function: Callable[..., Any], names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    for name in names:
        if not isinstance(name, str) or not name.isidentifier():
            raise TraceError(f"Names of inputs are identifiers such as 'x1', not {name!r}.")
    names = tuple(map(folded_name, names))
    if len(set(names)) < len(names):
        raise TraceError(f"Each input needs a name of its own: {', '.join(names)}.")
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        if names:
            return names, ()
        raise TraceError("The function does not tell its parameters. Name the inputs: trace(function, 'x').") from None
    if not names:
        return _own_names(signature)
    try:
        signature.bind(*names)
    except TypeError as cause:
        raise TraceError(f"The inputs {', '.join(names)} do not fit the function{signature}: {cause}.") from None
    return names, ()


def _own_names(signature: inspect.Signature) -> tuple[tuple[str, ...], tuple[str, ...]]:
    positional: list[str] = []
    keywords: list[str] = []
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.VAR_POSITIONAL:
            raise TraceError(
                f"*{parameter.name} takes any number of inputs. Name them: trace(function, 'x1', 'x2').",
                actual=str(signature),
            )
        if parameter.kind is parameter.VAR_KEYWORD or parameter.default is not parameter.empty:
            continue
        (keywords if parameter.kind is parameter.KEYWORD_ONLY else positional).append(parameter.name)
    return tuple(positional), tuple(keywords)


def _output(builder: GraphBuilder, result: Any) -> Reference:
    if isinstance(result, np.ndarray) and result.dtype == object and result.ndim == 0:
        result = result.item()
    if isinstance(result, Tracer) or (isinstance(result, numbers.Real) and not isinstance(result, bool)):
        return lift(builder, result)
    if isinstance(result, np.ndarray) and result.dtype != object:
        return lift(builder, result)
    if result is None:
        raise TraceError("The function gave nothing back. Does it end in “return …”?", expected="one value")
    if isinstance(result, (tuple, list, dict, np.ndarray)):
        raise TraceError(
            f"The function gave back {counted(len(result), 'value')} in a {type(result).__name__}. Return "
            "one of them, or their sum.",
            expected="one value",
            actual=type(result).__name__,
        )
    raise TraceError(
        f"The function gave back a {type(result).__name__}. Return one value computed from the inputs.",
        expected="one value",
        actual=type(result).__name__,
    )
