"""The forward-mode sweep: derivatives along one direction of the inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.grouped import tangents_of
from backpropviz.autodiff.plan import plan_of
from backpropviz.autodiff.point import number
from backpropviz.errors import NodeNotFoundError, SeedError
from backpropviz.ops import suggest

if TYPE_CHECKING:
    from backpropviz.autodiff.tape import Tape
    from backpropviz.graph import Number


class Tangents(Mapping[str, "Number"]):
    """Tangent of every node: how fast its value moves when the inputs move along the chosen direction.

    Attributes
    ----------
    value : float64 or array
        Tangent of the output, the directional derivative.
    """

    def __init__(self, tangents: dict[str, Number], output: str) -> None:
        self._tangents = tangents
        self.value = tangents[output]

    def __getitem__(self, node: str) -> Number:
        try:
            return self._tangents[node]
        except KeyError:
            raise NodeNotFoundError(f"No tangent for {node!r}: it is no node of the graph.", node=node) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._tangents)

    def __len__(self) -> int:
        return len(self._tangents)

    def __repr__(self) -> str:
        return f"Tangents({self._tangents!r})"


def forward_sweep(tape: Tape, directions: Mapping[str, object]) -> Tangents:
    """Push tangents forwards; see :meth:`Tape.forward`.

    A node that no seeded input reaches keeps None until the end, which is cheaper than zeros and keeps an infinite
    slope from turning a zero tangent into NaN.
    """
    graph = tape.graph
    if tape.below is not None:
        return Tangents(dict(tangents_of(tape, forward_sweep(tape.below, directions))), graph.output)
    plan = plan_of(graph)
    values = tape.values
    tangents: list[Any] = [None] * len(values)
    for name, direction in directions.items():
        place = _place(tape, name)  # an unknown name is refused before its direction is read
        tangents[place] = _read_direction(tape, name, direction)
    with np.errstate(all="ignore"):
        for step in plan.instructions:
            incoming = [tangents[place] for place in step.arguments]
            if any(tangent is not None for tangent in incoming):
                arguments = [values[place] for place in step.arguments]
                pushed = number(step.op.jvp(incoming, values[step.place], arguments, step.parameters))
                if np.shape(pushed) != np.shape(values[step.place]):
                    pushed = number(np.broadcast_to(pushed, np.shape(values[step.place])))
                tangents[step.place] = pushed
    settled = {
        name: np.zeros_like(value)[()] if tangent is None else tangent
        for name, value, tangent in zip(plan.nodes, values, tangents, strict=True)
    }
    return Tangents(settled, graph.output)


def _place(tape: Tape, name: str) -> int:
    if name not in tape.graph.inputs:
        near = suggest(name, tape.graph.inputs)
        hint = f" Did you mean {near!r}?" if near else ""
        raise SeedError(f"A tangent is given for {name!r}, which is no input of the graph.{hint}", node=name)
    return plan_of(tape.graph).place[name]


def _read_direction(tape: Tape, name: str, direction: object) -> Number:
    shape = np.shape(tape.primals[name])
    try:
        given = number(direction)
    except (TypeError, ValueError):
        raise SeedError(f"The tangent of {name} must be numbers, not {direction!r}.", node=name) from None
    if np.shape(given) != shape:
        raise SeedError(
            f"The tangent of {name} has shape {np.shape(given)}, but its value has shape {shape}.",
            node=name,
            expected=shape,
            actual=np.shape(given),
        )
    return given
