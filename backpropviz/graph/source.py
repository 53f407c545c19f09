"""What a user hands over to be differentiated: a graph, text, a function, or a model with its point."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

import numpy as np

from backpropviz.errors import InputError
from backpropviz.graph.graph import Graph
from backpropviz.graph.naming import by_known_name
from backpropviz.graph.text.parser import parse
from backpropviz.graph.tracing.python_functions import trace


@runtime_checkable
class Placed(Protocol):
    """A graph that comes with a point, such as a lecture example or an adopted model."""

    @property
    def graph(self) -> Graph:
        """What is computed."""

    @property
    def point(self) -> Mapping[str, Any]:
        """A value for every input."""


Source = Graph | str | Callable[..., Any] | Placed
"""Whatever :func:`read_graph` takes."""


def read_graph(source: Source) -> Graph:
    """Make a graph of what the user gave; a graph stays what it is.

    Raises
    ------
    ExpressionError, TraceError
        For text that cannot be read, or a function that cannot be followed.
    InputError
        For anything else.

    Examples
    --------
    >>> read_graph("x*y").inputs, read_graph(lambda x: x + 1).inputs
    (('x', 'y'), ('x',))
    """
    return placed(source, None, {})[0]


def placed(
    source: Source, point: Mapping[str, object] | None, inputs: Mapping[str, object]
) -> tuple[Graph, dict[str, object]]:
    """Make a graph of what the user gave, and gather the input values.

    Parameters
    ----------
    source : Graph, str, callable, or an object with ``graph`` and ``point``
        Of a function, the shapes of the values are known while it is traced. What has a point of its own needs only
        the values that shall differ.
    point, inputs : mapping of str to number or array
        Values by name; `inputs` wins where both have one.

    Returns
    -------
    graph : Graph
    values : dict of str to object
        As they were given; :func:`backpropviz.autodiff.input_values.read_point` checks them.

    Raises
    ------
    ExpressionError, TraceError, InputError
        As :func:`read_graph`; InputError also for a point that is no mapping.
    """
    if point is not None and not isinstance(point, Mapping):
        raise InputError(
            f"The values of the inputs are given by name, as in x=2 or {{'x': 2}}; not as {type(point).__name__}.",
            actual=point,
        )
    values = {**(point or {}), **inputs}
    if isinstance(source, Graph):
        return source, by_known_name(values, source.inputs)
    if isinstance(source, str):
        graph = parse(source)
        return graph, by_known_name(values, graph.inputs)
    if isinstance(source, Placed) and isinstance(source.graph, Graph):
        return source.graph, {**source.point, **by_known_name(values, source.graph.inputs)}
    if callable(source):
        graph = trace(source, shapes=_shapes(source, values))
        return graph, by_known_name(values, graph.inputs)
    raise InputError(
        f"A graph, an expression or a function was expected, not {type(source).__name__}.{_way(source)}", actual=source
    )


def claimed(graph: Graph, values: dict[str, object], /, **settings: tuple[Any, Any]) -> tuple[Any, ...]:
    """Hand keyword arguments to inputs of the same name that have no value: the call could not succeed otherwise.

    Parameters
    ----------
    graph : Graph
        Whose inputs are meant.
    values : dict of str to object
        The point so far; it receives what is claimed.
    **settings : (given, default)
        Keyword arguments of the caller.

    Returns
    -------
    tuple
        The settings, in the same order; the default where an input took what was given.
    """
    kept = []
    for name, (given, default) in settings.items():
        taken = name in graph.inputs and name not in values and given is not default
        if taken:
            values[name] = given
        kept.append(default if taken else given)
    return tuple(kept)


def _shapes(function: Callable[..., Any], values: Mapping[str, object]) -> dict[str, tuple[int, ...]]:
    """Give the shapes of arrays among the values, for a function that asks for them."""
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return {}  # trace says what is wrong
    traced = [name for name, parameter in parameters.items() if parameter.default is parameter.empty]
    return {name: values[name].shape for name in traced if isinstance(values.get(name), np.ndarray)}  # type: ignore[attr-defined]


def _way(source: object) -> str:
    """Say how to get a graph out of something that makes graphs."""
    return " Take a graph of it: .graph()." if callable(getattr(source, "graph", None)) else ""
