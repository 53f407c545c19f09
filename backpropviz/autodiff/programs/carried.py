"""The programs of a graph: what a page carries to compute it, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.plan import plan_of
from backpropviz.autodiff.programs.program import program_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from backpropviz.autodiff.programs.program import Program
    from backpropviz.graph import Graph
    from backpropviz.ops.plan import Instruction


def graph_programs(graph: Graph, values: Sequence[Any]) -> tuple[list[Program], dict[int, int]]:
    """Write the programs that a graph's gates need, each once.

    Parameters
    ----------
    graph : Graph
        Any graph.
    values : sequence of float64 or array
        Values of the nodes in the order of ``graph.nodes``; what counts is their shapes.

    Returns
    -------
    list of Program
        Different programs only.
    dict of int to int
        For each gate, by position in ``graph.nodes``, which program it runs.

    Raises
    ------
    NoProgramError
        Where a rule asks for something that no primitive gives.

    Examples
    --------
    >>> from backpropviz import parse
    >>> graph = parse("a = x*z; y = a*x + a*z")
    >>> programs, gates = graph_programs(graph, [np.float64(1.0)] * len(graph.nodes))
    >>> len(programs), len(gates)
    (2, 4)
    """
    programs: list[Program] = []
    known: dict[Hashable, int] = {}
    gates: dict[int, int] = {}
    for step in plan_of(graph).instructions:
        arguments = [values[place] for place in step.arguments]
        key = _key(step, arguments)
        if key not in known:
            known[key] = len(programs)
            programs.append(program_of(step.op, arguments, step.parameters, step.slots, guarded=step.guarded))
        gates[step.place] = known[key]
    return programs, gates


def _key(step: Instruction, arguments: Sequence[Any]) -> Hashable:
    shapes = () if step.op.elementwise else tuple(map(np.shape, arguments))
    return (step.op.name, len(arguments), repr(sorted(step.parameters.items())), step.slots, step.guarded, shapes)
