"""Random graphs and points, for every test that needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from backpropviz.graph import CONSTANT, INPUT, GraphBuilder
from backpropviz.graph.text.functions import functions
from backpropviz.ops import OPERATORS, REGISTRY

if TYPE_CHECKING:
    from backpropviz.graph import Graph

SCALAR_OPS = tuple(sorted(OPERATORS | set(functions().values())))
"""Every operation that expressions can write."""

SMOOTH_OPS = (
    "add",
    "subtract",
    "multiply",
    "negate",
    "square",
    "sin",
    "cos",
    "tanh",
    "atan",
    "sigmoid",
    "softplus",
    "gelu",
)
"""Operations that are smooth and finite for all real arguments."""

CONSTANTS = st.one_of(
    st.sampled_from([0.0, 1.0, 2.0, 3.0, -1.0, -2.0, 0.5, float(np.pi), float(np.e), 1e-5, -1e22, 0.1 + 0.2, -0.0]),
    st.floats(allow_nan=False, allow_infinity=False),
)


@st.composite
def graphs(
    draw: st.DrawFn,
    ops: tuple[str, ...] = SCALAR_OPS,
    most_gates: int = 12,
    most_inputs: int = 4,
    constants: st.SearchStrategy[float] = CONSTANTS,
    names: tuple[str, ...] = ("x", "z", "w1", "λ"),
) -> Graph:
    """Random graph of scalar operations with sharing, repeated arguments and constants; the last gate is the output."""
    builder = GraphBuilder()
    nodes = [builder.input(name) for name in names[: draw(st.integers(1, most_inputs))]]
    nodes += [builder.constant(value) for value in draw(st.lists(constants, max_size=3))]
    for _ in range(draw(st.integers(1, most_gates))):
        op = draw(st.sampled_from(ops))
        arity = REGISTRY[op].arity or draw(st.integers(2, 4))
        arguments = [draw(st.sampled_from(nodes)) for _ in range(arity)]
        slope = op == "leaky_relu" and draw(st.booleans())
        parameters = {"slope": draw(st.sampled_from([0.1, -0.5, 1e-7]))} if slope else {}
        nodes.append(builder.apply(op, *arguments, **parameters))
    return builder.build(nodes[-1])


def smooth_graphs(most_gates: int = 10) -> st.SearchStrategy[Graph]:
    """Random graphs on which every value and derivative exists."""
    return graphs(SMOOTH_OPS, most_gates, constants=st.sampled_from([0.5, 2.0, -1.0, 3.0]))


@st.composite
def points(draw: st.DrawFn, graph: Graph, low: float = -1.5, high: float = 1.5) -> dict[str, float]:
    """Values for all inputs of a graph."""
    return {name: draw(st.floats(low, high).map(lambda value: round(value, 3))) for name in graph.inputs}


def structure(graph: Graph, node: str | None = None, known: dict[object, int] | None = None) -> int:
    """Number the meaning of a node: within one `known`, equal numbers are equal structures, whatever their names."""
    known = {} if known is None else known
    numbers: dict[str, int] = {}
    for name in graph.nodes:
        record = graph.node(name)
        if record.op == INPUT:
            key: object = (INPUT, name)
        elif record.op == CONSTANT:
            key = (CONSTANT, np.shape(record.value), np.asarray(record.value).tobytes())
        else:
            key = (record.op, tuple(numbers[argument] for argument in record.arguments), record.parameters)
        numbers[name] = known.setdefault(key, len(known))
    return numbers[graph.output if node is None else node]
