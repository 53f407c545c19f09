"""Which way to run a graph: a matter of its size and width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from backpropviz.autodiff.plan import plan_of

if TYPE_CHECKING:
    from backpropviz.graph import Graph

Strategy = Literal["source", "levels", "tape"]
"""How a graph is run: generated source, level by level, or on buffers."""

_GATES_PER_CALL = 80
"""A call of NumPy in both sweeps (5 µs) costs as much as this many gates of generated source."""

_MOST_SOURCE = 20_000
"""Gates above which source takes seconds to compile, so that level batches are taken at a third of that width."""


def is_scalar(graph: Graph) -> bool:
    """Tell whether all values are numbers, as far as the graph says: its inputs may then be arrays of points."""
    plan = plan_of(graph)
    return (
        plan.elementwise
        and all(np.ndim(constant) == 0 for _, constant in plan.constants)
        and not any(graph.parameters(name).get("shape") for name in graph.inputs)  # made for arrays of one shape
    )


def prefers_source(graph: Graph) -> bool:
    """Tell whether generated source is faster than level batches, by the width of the levels."""
    plan = plan_of(graph)
    gates = len(plan.gates_back.places)
    depth = [0] * len(plan.nodes)
    calls = set()
    for step in plan.instructions:
        depth[step.place] = 1 + max(depth[place] for place in step.arguments)
        calls.add((depth[step.place], step.op.name))
    width = gates / max(1, len(calls))
    return width < (_GATES_PER_CALL if gates <= _MOST_SOURCE else _GATES_PER_CALL / 3)
