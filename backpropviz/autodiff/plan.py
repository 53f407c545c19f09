"""A graph flattened into a list of instructions, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.autodiff.collector import collector_waits
from backpropviz.ops import REGISTRY
from backpropviz.ops.plan import make_plan

if TYPE_CHECKING:
    from backpropviz.graph import Graph
    from backpropviz.ops.plan import Plan


def plan_of(graph: Graph) -> Plan:
    """Give the plan of a graph, made at the first call."""
    plan: Plan | None = graph.memory.get("plan")
    if plan is None:
        with collector_waits():
            plan = make_plan(graph.nodes, graph.records, graph.output, REGISTRY.__getitem__)
        graph.memory["plan"] = plan
    return plan
