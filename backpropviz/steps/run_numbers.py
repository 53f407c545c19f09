"""The numbers of a recorded run, for templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.plan import plan_of
from backpropviz.ops import REGISTRY
from backpropviz.steps.records import Accumulate, Update
from backpropviz.steps.veil import OF_SOURCE

if TYPE_CHECKING:
    from backpropviz.steps.sequence import StepSequence


class RunNumbers:
    """Numbers of a recorded run, for templates."""

    def __init__(self, timeline: StepSequence) -> None:
        self._timeline = timeline
        self._nodes = plan_of(timeline.graph).nodes
        self.output = timeline.graph.output
        self._edges: dict[str, dict[tuple[str, int], Any]] = {"before": {}, "after": {}, "partial": {}}
        self._updates: dict[str, Update] = {}
        for step in timeline:
            for record in step.records:
                if isinstance(record, Accumulate):
                    self._edges["before"][record.consumer, record.slot] = record.before
                    self._edges["after"][record.consumer, record.slot] = record.after
                elif isinstance(record, Update):
                    self._updates[record.node] = record

    def number(self, kind: str, *where: int) -> Any:
        """Give the number of a quantity; None where the run has none, and :data:`HIDDEN` where it is not to be told."""
        node = self._nodes[where[0]]
        about = self._timeline.graph.arguments(node)[where[1]] if kind in OF_SOURCE else node
        return self._timeline.veil.over(self._found(kind, node, *where), kind, about)

    def _found(self, kind: str, node: str, *where: int) -> Any:
        if kind == "value":
            return self._timeline.tape.primals[node]
        if kind == "gradient":
            return None if self._timeline.adjoints is None else self._timeline.adjoints.get(node)
        if kind == "tangent":
            return None if self._timeline.tangents is None else self._timeline.tangents.get(node)
        if kind == "updated":
            return self._updates[node].after
        if kind == "move":
            return -self._updates[node].learning_rate * self._updates[node].adjoint
        if kind == "partial":
            return self._partial(node, where[1])
        if kind == "push":
            return self._push(node, where[1])
        if kind == "contribution":
            return (
                None if self._timeline.adjoints is None else self._timeline.adjoints.contributions.get((node, where[1]))
            )
        return self._edges[kind].get((node, where[1]))

    def _push(self, node: str, slot: int) -> Any:
        partial = self._partial(node, slot)
        if partial is None or self._timeline.tangents is None:
            return None
        moving = self._timeline.tangents[self._timeline.graph.arguments(node)[slot]]
        with np.errstate(all="ignore"):
            return np.where(moving == 0, 0.0, partial * moving)[()]

    def _partial(self, node: str, slot: int) -> Any:
        if not REGISTRY[self._timeline.graph.op(node)].elementwise:
            return None
        known = self._edges["partial"]
        if (node, slot) not in known:
            known.update({(node, index): each for index, each in enumerate(self._timeline.tape.partials(node))})
        return known[node, slot]
