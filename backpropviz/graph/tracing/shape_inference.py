"""Shapes of nodes under construction, where the shapes of the inputs are known."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from backpropviz.errors import TraceError
from backpropviz.graph.node import CONSTANT, INPUT
from backpropviz.ops import REGISTRY

if TYPE_CHECKING:
    from backpropviz.graph.builder import GraphBuilder, Reference
    from backpropviz.graph.tracing.tracer import Tracer

_known: WeakKeyDictionary[GraphBuilder, dict[Reference, tuple[int, ...]]] = WeakKeyDictionary()
_asked: WeakKeyDictionary[GraphBuilder, set[Reference]] = WeakKeyDictionary()


def declare_shape(builder: GraphBuilder, reference: Reference, shape: tuple[int, ...]) -> None:
    """Say which shape a node under construction will have.

    With the shapes of all inputs declared, traced code may ask for ``x.shape`` and ``np.ndim(x)``, as the rules of
    array operations do.
    """
    _known.setdefault(builder, {})[reference] = tuple(int(size) for size in shape)


def sizes_read(builder: GraphBuilder) -> dict[str, tuple[int, ...]]:
    """Give the declared shapes of the inputs whose sizes were asked for, directly or further up, by name."""
    reached = set(_asked.get(builder, ()))
    for reference in range(len(builder) - 1, -1, -1):
        if reference in reached:
            reached.update(builder.arguments(reference))
    shapes = _known.get(builder, {})
    return {str(builder.node_name(each)): shapes[each] for each in sorted(reached) if builder.op(each) == INPUT}


def shape_of(tracer: Tracer) -> tuple[int, ...]:
    """Give the shape of a traced value, found from the shapes of the inputs.

    Raises
    ------
    TraceError
        Where an input's shape was not declared.
    ShapeError
        Where shapes on the way do not fit.
    """
    builder = tracer.builder
    shapes = _known.setdefault(builder, {})
    waiting = [tracer.reference]
    while waiting:
        reference = waiting[-1]
        if reference in shapes:
            waiting.pop()
            continue
        op = builder.op(reference)
        if op == INPUT:
            name = builder.node_name(reference)
            raise TraceError(
                f"The shape of {name!r} is not known while the function is traced. Give it, as in "
                f"trace(function, shapes={{{name!r}: (3, 2)}}), or write the sizes as numbers.",
                node=name,
            )
        if op == CONSTANT:
            shapes[reference] = np.shape(builder.value(reference))  # type: ignore[arg-type]  # a constant has one
            continue
        missing = [argument for argument in builder.arguments(reference) if argument not in shapes]
        if missing:
            waiting.extend(missing)
            continue
        arguments = [shapes[argument] for argument in builder.arguments(reference)]
        shapes[reference] = REGISTRY[op].shape(*arguments, **builder.parameters(reference))
    _asked.setdefault(builder, set()).add(tracer.reference)
    return shapes[tracer.reference]
