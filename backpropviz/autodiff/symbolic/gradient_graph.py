"""The reverse sweep, written as a graph of its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.input_values import no_input
from backpropviz.autodiff.plan import plan_of
from backpropviz.autodiff.symbolic.simplifying import SimplifyingBuilder
from backpropviz.errors import InputError, OutOfRangeError, SeedError, ShapeError
from backpropviz.graph import CONSTANT, INPUT, Graph, GraphBuilder
from backpropviz.graph.tracing.python_functions import apply_to
from backpropviz.graph.tracing.shape_inference import declare_shape, sizes_read
from backpropviz.ops.broadcasting import unbroadcast
from backpropviz.ops.op import Elementwise, masked
from backpropviz.ops.sweeps import pull_back

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropviz.errors import BackpropvizError
    from backpropviz.graph.builder import Reference
    from backpropviz.ops.plan import Instruction


def gradient_graph(graph: Graph, wrt: str | None = None, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Graph:
    """Write the reverse sweep of a graph as a graph.

    The rules of the operations are called with tracers, so the sweep is made of the same operations as everything
    else: it can be explored, evaluated, compiled, and differentiated again.

    Parameters
    ----------
    graph : Graph
        With a scalar output.
    wrt : str, optional
        The input whose adjoint is the output of the new graph; by default the first input.
    shapes : mapping of str to tuple of int, optional
        Shapes of inputs that are arrays; inputs left out are scalars.

    Returns
    -------
    Graph
        Of the same inputs. It holds the nodes of `graph`, and the adjoint of each node ``a`` as ``g_a``, save where
        that is a node which has a name already: in y = x*z, the adjoint of x is z.

    Raises
    ------
    InputError
        Where `wrt` or a name in `shapes` is no input.
    ShapeError
        Where the shapes do not fit, as those of arrays that are not told.
    SeedError
        Where the output is an array.

    Examples
    --------
    >>> from backpropviz import parse
    >>> slope = parse("x**3").gradient_graph()
    >>> slope.output, slope.expression()
    ('g_x', '3*x**2')
    >>> slope.gradient_graph().expression()
    '3*(2*x)'
    """
    if not graph.inputs:
        raise InputError("The graph has no inputs, so there is nothing to differentiate by.")
    chosen = graph.inputs[0] if wrt is None else wrt
    for name in (chosen, *(shapes or {})):
        if name not in graph.inputs:
            raise no_input(name, graph.inputs)
    builder, places = _copy(graph, shapes or {})
    adjoints = _Sweep(builder, graph, places).run()
    wanted = adjoints.get(chosen)
    output = builder.constant(np.zeros((shapes or {}).get(chosen, ()))) if wanted is None else wanted
    return _needed(builder, [*places.values(), *adjoints.values()], output)


class _Sweep:
    """The reverse sweep over nodes under construction."""

    def __init__(self, builder: SimplifyingBuilder, graph: Graph, places: Mapping[str, Reference]) -> None:
        self._builder = builder
        self._graph = graph
        self._places = places
        self._adjoints: dict[str, Reference] = {}

    def run(self) -> dict[str, Reference]:
        """Add the adjoints of all nodes that the output depends on, and name them."""
        builder, graph, plan = self._builder, self._graph, plan_of(self._graph)
        try:
            shape = builder.shape(self._places[graph.output])
        except (ShapeError, OutOfRangeError) as fault:
            raise _without_shapes(graph, fault) from None
        if shape != ():
            raise SeedError(
                f"The output {graph.output} has shape {shape}, so it has no gradient. Add a sum to the graph.",
                node=graph.output,
                expected=(),
                actual=shape,
            )
        carried = [self._places[name] for name in plan.nodes]
        sums = pull_back(plan, carried, (builder.constant(1.0),), self._pulled)
        for name in graph.inputs:
            if sums[plan.place[name]]:
                self._adjoints[name] = self._sum(name, sums[plan.place[name]])
        return self._adjoints

    def _pulled(
        self, step: Instruction, cotangents: tuple[Reference, ...], out: Reference, arguments: Sequence[Reference]
    ) -> Sequence[tuple[Reference, ...]]:
        """Pull back what is carried here: contributions in order, to be added by one gate when all are there."""
        if not cotangents:
            return [()] * len(step.slots)
        name = plan_of(self._graph).nodes[step.place]
        cotangent = self._adjoints[name] = self._sum(name, cotangents)
        received = self._contributions(step, cotangent, out, arguments)
        return [() if each is None else (each,) for each in received]

    def _sum(self, node: str, contributions: Sequence[Reference]) -> Reference:
        builder = self._builder
        total = contributions[0] if len(contributions) == 1 else builder.apply("add", *contributions)
        name = f"g_{node}"
        while name in self._graph:
            name += "_"
        if builder.node_name(total) is None:
            builder.name(total, name)
        return total

    def _contributions(
        self, step: Instruction, cotangent: Reference, out: Reference, arguments: Sequence[Reference]
    ) -> Sequence[Reference | None]:
        """Give one contribution per slot; None for one that is always 0."""
        builder = self._builder
        op = step.op
        if type(op) is not Elementwise:  # composite gates too pull back as one function

            def rule(cotangent: Any, out: Any, *numbers: Any) -> Any:
                return step.contributions(cotangent, out, numbers)

            return apply_to(builder, rule, [cotangent, out, *arguments])
        slopes = apply_to(builder, partial(op.partials, **step.parameters), [out, *arguments])
        guarded = step.guarded or op.blocks
        return [
            self._contribution(cotangent, slopes[slot], builder.shape(arguments[slot]), guarded=guarded)
            for slot in step.slots
        ]

    def _contribution(
        self, cotangent: Reference, slope: Reference, shape: tuple[int, ...], *, guarded: bool
    ) -> Reference | None:
        builder = self._builder
        constant = builder.number(slope)
        if guarded and constant == 0.0:
            return None
        if guarded and constant is None:
            product = apply_to(builder, masked, [cotangent, slope])[0]
        else:
            product = builder.apply("multiply", cotangent, slope)
        if builder.shape(product) == shape:
            return product
        return apply_to(builder, lambda contribution: unbroadcast(contribution, shape), [product])[0]


def _copy(graph: Graph, shapes: Mapping[str, tuple[int, ...]]) -> tuple[SimplifyingBuilder, dict[str, Reference]]:
    builder = SimplifyingBuilder()
    places: dict[str, Reference] = {}
    for name in graph.inputs:
        places[name] = builder.input(name)
        declare_shape(builder, places[name], shapes.get(name, ()))
    for name in graph.nodes:
        node = graph.node(name)
        if node.op == CONSTANT:
            places[name] = builder.constant(node.value, name)
        elif node.op != INPUT:
            arguments = (places[argument] for argument in node.arguments)
            places[name] = builder.apply(node.op, *arguments, name=name, **dict(node.parameters))
    return builder, places


def _needed(draft: GraphBuilder, kept: Sequence[Reference], output: Reference) -> Graph:
    """Build what is kept and what that needs; rules also make partials that nobody asked for."""
    needed = {output, *kept}
    for reference in range(len(draft) - 1, -1, -1):
        if reference in needed:
            needed.update(draft.arguments(reference))
    built = GraphBuilder()
    # Sums over broadcast axes are written for these shapes; among numbers alone there are none.
    sizes = sizes_read(draft)
    sizes = sizes if any(sizes.values()) else {}
    places: dict[Reference, Reference] = {}
    for reference in sorted(needed):
        op, name = draft.op(reference), draft.node_name(reference)
        if op == INPUT:
            places[reference] = built.input(str(name), sizes.get(str(name)))
        elif op == CONSTANT:
            places[reference] = built.constant(draft.value(reference), name)
        else:
            arguments = (places[argument] for argument in draft.arguments(reference))
            places[reference] = built.apply(op, *arguments, name=name, **draft.parameters(reference))
    return built.build(places[output])


def _without_shapes(graph: Graph, fault: BackpropvizError) -> ShapeError:
    """Say that inputs whose shapes are not told are taken for numbers."""
    example = ", ".join(f"{name!r}: (3, 2)" for name in graph.inputs[:2])
    return ShapeError(
        f"The shapes do not fit where inputs without one are numbers: {fault} Give the shapes of all inputs that are "
        f"arrays, as in gradient_graph(shapes={{{example}}})."
    )
