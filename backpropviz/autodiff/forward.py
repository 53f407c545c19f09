"""The forward-mode sweep: derivatives along one direction of the inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.input_values import number, own_copy, real_number
from backpropviz.autodiff.plan import ByNode, plan_of
from backpropviz.errors import InputError, SeedError
from backpropviz.graph.naming import by_known_name
from backpropviz.ops import did_you_mean
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
    for name, direction in by_known_name(directions, graph.inputs).items():
        if name not in graph.inputs:  # an unknown name is refused before its direction is read
            hint = did_you_mean(name, graph.inputs)
            raise SeedError(f"A tangent is given for {name!r}, which is no input of the graph.{hint}", node=name)
        place = plan.place[name]
        tangents[place] = _read_direction(name, np.shape(values[place]), direction)
    with np.errstate(all="ignore"):
        push_forward(plan.instructions, values, tangents, pushed_tangent)
    return Tangents(plan, values, tangents)


def pushed_tangent(step: Instruction, incoming: Sequence[Any], out: Any, arguments: Sequence[Any]) -> Number:
    """Give the tangent of one gate as float64, of the value's shape."""
    tangent = number(step.tangent(incoming, out, arguments))
    return tangent if np.shape(tangent) == np.shape(out) else number(np.broadcast_to(tangent, np.shape(out)))


def _read_direction(name: str, shape: tuple[int, ...], direction: object) -> Number:
    try:
        given = own_copy(real_number(direction, f"The tangent of {name}"))
    except InputError as fault:
        raise SeedError(fault.message, node=name) from None
    if np.shape(given) != shape:
        raise SeedError(
            f"The tangent of {name} has shape {np.shape(given)}, but its value has shape {shape}.",
            node=name,
            expected=shape,
            actual=np.shape(given),
        )
    return given
