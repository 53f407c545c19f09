"""Building a graph step by step, sharing what is equal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import GraphError
from backpropviz.graph.graph import Graph
from backpropviz.graph.naming import names_for
from backpropviz.graph.node import CONSTANT, INPUT, Node, Number
from backpropviz.ops.real_array import real_array

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    import numpy.typing as npt

Reference = int
"""A node under construction, by creation index."""

_GREEK = {float(np.pi): "π", float(np.e): "ℯ"}


class GraphBuilder:
    """Collect nodes; equal sub-expressions become one node.

    Examples
    --------
    >>> builder = GraphBuilder()
    >>> x = builder.input("x")
    >>> square = builder.apply("multiply", x, x)
    >>> builder.apply("multiply", x, x) == square
    True
    >>> builder.build(builder.apply("exp", square)).program()
    'a = x*x; y = exp(a)'
    """

    def __init__(self) -> None:
        self._ops: list[str] = []
        self._arguments: list[tuple[Reference, ...]] = []
        self._parameters: list[tuple[tuple[str, Any], ...]] = []
        self._values: list[Number | None] = []
        self._names: list[str | None] = []
        self._known: dict[Hashable, Reference] = {}
        self._taken: dict[str, Reference] = {}
        self._sources: dict[Reference, str] = {}
        # Gates that were asked for once more.
        self.met_again: set[Reference] = set()
        # Called with every gate that a tracer makes.
        self.watched: Callable[[Reference], None] | None = None

    def __len__(self) -> int:
        return len(self._ops)

    def input(self, name: str, shape: tuple[int, ...] | None = None, *, learned: bool = False) -> Reference:
        """Give the input of this name, made at the first call; with a shape, it takes that shape alone."""
        settings: tuple[tuple[str, Any], ...] = (("learned", True),) if learned else ()
        settings += () if shape is None else (("shape", shape),)
        return self._share((INPUT, name), INPUT, (), settings, None, name)

    def constant(self, value: object, name: str | None = None) -> Reference:
        """Give the constant of this value; equal constants are one node, named by their number."""
        array = real_array(value, "A constant")
        number: Number = np.float64(array) if array.ndim == 0 else _frozen(array.copy())
        key = (CONSTANT, array.shape, array.tobytes())
        if key in self._known:
            return self._known[key]
        if name is None and array.ndim == 0:
            name = _GREEK.get(float(number)) or _constant_name(float(number))
        return self._share(key, CONSTANT, (), (), number, None if name in self._taken else name)

    def apply(self, op: str, *arguments: Reference, name: str | None = None, **parameters: Any) -> Reference:
        """Give the node `op(*arguments)`, made at the first call with these arguments."""
        settings = tuple(sorted(parameters.items()))
        return self._share((op, arguments, settings), op, arguments, settings, None, name)

    def name(self, reference: Reference, name: str) -> None:
        """Name a node; the first name stays, since the reader met it first.

        Raises
        ------
        GraphError
            Where another node has that name.
        """
        if self._taken.get(name, reference) != reference:
            raise GraphError(f"The name {name!r} is already given to another node.", node=name)
        self._taken[name] = reference  # also a second name, so that no other node is given it
        if self._names[reference] is None:
            self._names[reference] = name

    def close_off(self, references: Iterable[Reference]) -> None:
        """Let whoever makes the same gates later make gates of their own."""
        for reference in references:
            self._known.pop((self._ops[reference], self._arguments[reference], self._parameters[reference]), None)

    def trace_back(self, reference: Reference, source: str) -> None:
        """Say where a node was written; the first place stays."""
        self._sources.setdefault(reference, source)

    def node_name(self, reference: Reference) -> str | None:
        """Name of a node so far, None while it has none."""
        return self._names[reference]

    def op(self, reference: Reference) -> str:
        """Operation of a node."""
        return self._ops[reference]

    def arguments(self, reference: Reference) -> tuple[Reference, ...]:
        """Arguments of a node, by slot."""
        return self._arguments[reference]

    def parameters(self, reference: Reference) -> dict[str, Any]:
        """Parameters of a node's operation."""
        return dict(self._parameters[reference])

    def value(self, reference: Reference) -> Number | None:
        """Value of a constant; None for other nodes."""
        return self._values[reference]

    def names(self, output: Reference) -> list[str]:
        """Names that the nodes have in the graph of an output, by creation index."""
        return names_for(self._ops, self._arguments, self._names, output, self._taken)[0]

    def build(self, output: Reference) -> Graph:
        """Name what has no name yet, and give the graph.

        Raises
        ------
        GraphError
            As :class:`Graph` does.
        """
        names, order = names_for(self._ops, self._arguments, self._names, output, self._taken)
        nodes = (
            Node(
                name=names[index],
                op=self._ops[index],
                arguments=tuple(names[argument] for argument in self._arguments[index]),
                parameters=self._parameters[index],
                value=self._values[index],
                source=self._sources.get(index, ""),
            )
            for index in order
        )
        return Graph(nodes, names[output])

    def _share(
        self,
        key: Hashable,
        op: str,
        arguments: Sequence[Reference],
        parameters: tuple[tuple[str, Any], ...],
        value: Number | None,
        name: str | None,
    ) -> Reference:
        reference = self._known.get(key)
        if reference is None:
            reference = self._known[key] = len(self._ops)
            self._ops.append(op)
            self._arguments.append(tuple(arguments))
            self._parameters.append(parameters)
            self._values.append(value)
            self._names.append(None)
        else:
            self.met_again.add(reference)
        if name is not None:
            self.name(reference, name)
        return reference


def _frozen(array: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    array.flags.writeable = False
    return array


def _constant_name(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value)) if value != 0 or np.copysign(1.0, value) > 0 else "-0.0"
    return repr(value)
