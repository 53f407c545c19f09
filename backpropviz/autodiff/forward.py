"""The forward-mode sweep: derivatives along one direction of the inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.input_values import number, read_directions
from backpropviz.autodiff.plan import ByNode, plan_of
from backpropviz.ops.sweeps import push_forward

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropviz.graph import Graph, Number
    from backpropviz.ops.plan import Instruction


class Tangents(ByNode):
    """Tangent of every node: how fast its value moves when the inputs move along the chosen direction."""

    _missing = "No tangent for {!r}: it is no node of the graph."

    @property
    def value(self) -> Number:
        """Tangent of the output, the directional derivative."""
        return self.at(self._plan.output)


def forward_sweep(graph: Graph, values: Sequence[Any], directions: Mapping[str, object]) -> Tangents:
    """Push tangents forwards; see :meth:`Tape.forward`."""
    plan = plan_of(graph)
    tangents: list[Any] = [None] * len(values)
    given = read_directions(directions, graph.inputs, lambda name: np.shape(values[plan.place[name]]))
    for name, direction in given.items():
        tangents[plan.place[name]] = direction
    with np.errstate(all="ignore"):
        push_forward(plan.instructions, values, tangents, pushed_tangent)
    return Tangents(plan, values, tangents)


def pushed_tangent(step: Instruction, incoming: Sequence[Any], out: Any, arguments: Sequence[Any]) -> Number:
    """Give the tangent of one gate as float64, of the value's shape."""
    tangent = number(step.tangent(incoming, out, arguments))
    return tangent if np.shape(tangent) == np.shape(out) else number(np.broadcast_to(tangent, np.shape(out)))
