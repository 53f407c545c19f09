"""A graph at a point, computed when somebody looks: what explorers, pictures, pages and exercises share."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from backpropviz.autodiff import evaluate
from backpropviz.autodiff.programs import plain_number
from backpropviz.steps.timeline import MODES, forward_timeline, reverse_timeline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.autodiff import Adjoints, Tape
    from backpropviz.graph import Graph, Number
    from backpropviz.steps.timeline import Timeline


@dataclass(frozen=True, eq=False)
class Run:
    """A graph at a point, as everything that shows one shares it: explorers, exercises, pages and pictures.

    Sliders move faster than a kernel computes; what nobody looks at is never computed, and nothing is computed twice.

    Parameters
    ----------
    graph : Graph
        What runs.
    point : mapping of str to number or array
        Value of every input.
    mode : {"reverse", "forward"}
        Which sweeps are told.
    direction : mapping of str to number, optional
        Tangents of the inputs, in forward mode.
    updates : mapping of str to float, optional
        Learning rates of the inputs that take a step at the end, in reverse mode.
    """

    graph: Graph
    point: Mapping[str, object]
    mode: str = MODES[0]
    direction: Mapping[str, object] = field(default_factory=dict)
    updates: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def tape(self) -> Tape:
        """Primals at the point."""
        return evaluate(self.graph, self.point, {})

    @cached_property
    def adjoints(self) -> Adjoints:
        """Adjoints at the point."""
        return self.tape.reverse()

    @cached_property
    def timeline(self) -> Timeline:
        """The run told in steps."""
        if self.mode == "forward":
            return forward_timeline(self.tape, self.direction or None)
        return reverse_timeline(self.tape, updates=self.updates)

    def gradient(self) -> dict[str, Number]:
        """Give the adjoint of every input."""
        return {name: self.adjoints[name] for name in self.graph.inputs}


def plain_inputs(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give input values as JSON can hold them: NaN and infinities by name, arrays with their shape."""
    return {name: plain_number(value) for name, value in values.items()}
