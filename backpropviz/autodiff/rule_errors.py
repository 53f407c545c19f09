"""Errors of operations, told with the names of the nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import BackpropvizError, ShapeError
from backpropviz.graph import CONSTANT, INPUT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropviz.graph import Graph
    from backpropviz.ops.plan import Instruction


def located(fault: BackpropvizError, graph: Graph, step: Instruction, arguments: Sequence[Any]) -> BackpropvizError:
    """Say at which node a fault happened, what stood in its slots, and which of them to check.

    Parameters
    ----------
    fault : BackpropvizError
        As the operation raised it; told once, it stays as it is.
    graph : Graph
        Where the node is.
    step : Instruction
        The node.
    arguments : sequence of float64 or array
        What its operation was given.
    """
    if fault.node is not None:
        return fault
    fault.node = graph.nodes[step.place]
    fault.op = step.op.name
    names = graph.arguments(fault.node)
    told = [f"{fault.op} (node {fault.node}): {fault.message}"]
    if isinstance(fault, ShapeError):
        shapes = (f"{name} {np.shape(argument)}" for name, argument in zip(names, arguments, strict=True))
        told.append(f"Arguments: {', '.join(shapes)}.")
    if fault.slot is not None and fault.slot < len(names):
        told.append(f"Check {_origin(graph, names[fault.slot])}.")
    fault.message = " ".join(told)
    fault.args = (fault.message,)
    return fault


def misfit(graph: Graph, step: Instruction, arguments: Sequence[Any], cause: Exception) -> BackpropvizError:
    """Turn NumPy's complaint about shapes or indices into one that names the nodes."""
    try:
        step.op.shape(*(np.shape(argument) for argument in arguments), **step.parameters)
    except BackpropvizError as fault:
        return located(fault, graph, step, arguments)
    return located(ShapeError(f"it cannot take these values: {cause}."), graph, step, arguments)


def _origin(graph: Graph, name: str) -> str:
    op = graph.op(name)
    if op in (INPUT, CONSTANT):
        return f"the {op} {name!r}"
    return f"{name!r}, the {op} of {', '.join(graph.arguments(name))}"
