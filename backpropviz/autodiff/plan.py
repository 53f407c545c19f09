"""A graph flattened into a list of instructions, once; and numbers kept by place, given by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.collector import collector_waits
from backpropviz.errors import NodeNotFoundError
from backpropviz.ops import REGISTRY
from backpropviz.ops.plan import make_plan

if TYPE_CHECKING:
    from backpropviz.graph import Graph, Number
    from backpropviz.ops.plan import Plan


def plan_of(graph: Graph) -> Plan:
    """Give the plan of a graph, made at the first call."""
    plan: Plan | None = graph.memory.get("plan")
    if plan is None:
        with collector_waits():
            plan = make_plan(graph.nodes, graph.records, graph.output, REGISTRY.__getitem__)
        graph.memory["plan"] = plan
    return plan


class ByNode(Mapping[str, "Number"]):
    """What a sweep leaves at the nodes of a graph; zeros where nothing arrived.

    Parameters
    ----------
    plan : Plan
        Of the graph.
    values : sequence of float64 or array
        Primals by place: zeros have their shapes.
    carried : sequence of float64, array or None
        What arrived, by place.
    """

    _missing = "No number for {!r}: it is no node of the graph."

    def __init__(self, plan: Plan, values: Sequence[Any], carried: Sequence[Any]) -> None:
        self._plan = plan
        self._values = values
        self._carried = carried

    def __getitem__(self, node: str) -> Number:
        try:
            return self.at(self._plan.place[node])
        except (KeyError, TypeError):
            raise NodeNotFoundError(self._missing.format(node), node=node) from None

    def at(self, place: int) -> Number:
        """Give the number at a place of the plan."""
        carried = self._carried[place]
        number: Number = np.zeros_like(self._values[place])[()] if carried is None else carried
        return number

    def __iter__(self) -> Iterator[str]:
        return iter(self._plan.nodes)

    def __len__(self) -> int:
        return len(self._plan.nodes)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({dict(self)!r})"
