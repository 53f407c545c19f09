"""The gradient in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.autodiff.tape import evaluate
from backpropviz.graph.source import placed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph import Number
    from backpropviz.graph.source import Source


def gradient(source: Source, point: Mapping[str, object] | None = None, /, **inputs: object) -> dict[str, Number]:
    """Differentiate the output by every input, in one reverse sweep.

    Parameters
    ----------
    source : Graph, str, callable, or an object with ``graph`` and ``point``
        With a scalar output.
    point : mapping of str to number or array, optional
        Input values by name.
    **inputs : number or array
        Input values.

    Returns
    -------
    dict of str to float64 or array
        By input; each of the input's own shape.

    Raises
    ------
    InputError, SeedError
        For inputs that do not fit, or an output that is not a scalar.

    Examples
    --------
    >>> from backpropviz import parse
    >>> {name: float(adjoint) for name, adjoint in gradient(parse("x*y"), x=-3, y=2).items()}
    {'x': 2.0, 'y': -3.0}
    """
    graph, values = placed(source, point, inputs)
    adjoints = evaluate(graph, values, {}).reverse()
    return {name: adjoints[name] for name in graph.inputs}
