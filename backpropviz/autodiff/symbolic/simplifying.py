"""A graph under construction that leaves out what changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.graph import CONSTANT, GraphBuilder
from backpropviz.graph.tracing.shape_inference import shape_of
from backpropviz.graph.tracing.tracer import Tracer
from backpropviz.ops import REGISTRY

if TYPE_CHECKING:
    from backpropviz.graph.builder import Reference


class SimplifyingBuilder(GraphBuilder):
    """Fold constants; leave out multiplication by 1 and its like, where not a bit changes.

    Shapes of all inputs must be declared, since 1*x is x only where nothing is broadcast.

    Examples
    --------
    >>> from backpropviz.graph.tracing.shape_inference import declare_shape
    >>> builder = SimplifyingBuilder()
    >>> x = builder.input("x")
    >>> declare_shape(builder, x, ())
    >>> builder.apply("multiply", x, builder.constant(1.0)) == x
    True
    """

    def apply(self, op: str, *arguments: Reference, name: str | None = None, **parameters: Any) -> Reference:
        """Give the node `op(*arguments)`, or a simpler one of the same value and shape."""
        if name is None and REGISTRY[op].elementwise:
            simpler = self._simpler(op, arguments, parameters)
            if simpler is not None and self._keeps_shape(simpler, op, arguments):
                return simpler
        return super().apply(op, *arguments, name=name, **parameters)

    def number(self, reference: Reference) -> float | None:
        """Give the number of a scalar constant, None for all other nodes."""
        value = self.value(reference)
        return float(value) if self.op(reference) == CONSTANT and np.ndim(value) == 0 else None  # type: ignore[arg-type]

    def shape(self, reference: Reference) -> tuple[int, ...]:
        """Shape of a node, found from the declared shapes of the inputs."""
        return shape_of(Tracer(self, reference))

    def _simpler(self, op: str, arguments: tuple[Reference, ...], parameters: dict[str, Any]) -> Reference | None:
        numbers = [self.number(argument) for argument in arguments]
        if None not in numbers:
            with np.errstate(all="ignore"):
                return self.constant(REGISTRY[op].value(*map(np.float64, numbers), **parameters))
        if op == "where" and numbers[0] is not None:
            return arguments[1] if numbers[0] else arguments[2]
        if op == "multiply":
            for place, other in ((0, 1), (1, 0)):
                if numbers[place] == 1.0:
                    return arguments[other]
                if numbers[place] == -1.0:
                    return super().apply("negate", arguments[other])
        if op == "divide" and numbers[1] == 1.0:
            return arguments[0]
        if op == "power" and numbers[1] is not None:
            return self.constant(1.0) if numbers[1] == 0.0 else arguments[0] if numbers[1] == 1.0 else None
        return None

    def _keeps_shape(self, simpler: Reference, op: str, arguments: tuple[Reference, ...]) -> bool:
        return self.shape(simpler) == REGISTRY[op].shape(*(self.shape(argument) for argument in arguments))
