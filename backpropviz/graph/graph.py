"""The computation graph: structure without numbers."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from backpropviz.errors import GraphError, NodeNotFoundError
from backpropviz.graph import engine, exchange
from backpropviz.graph.closing import grouping
from backpropviz.graph.node import CONSTANT, INPUT, Node
from backpropviz.graph.notation import describing, printing
from backpropviz.graph.order import topological
from backpropviz.graph.validation import validate
from backpropviz.ops import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import networkx as nx

    from backpropviz.graph.closing.grouping import Grouping
    from backpropviz.graph.notation.printing import Style


class Graph:
    """An immutable computation graph with one output.

    Stored in a :class:`networkx.MultiDiGraph` whose edge keys are argument slots, so that ``x*x`` keeps both of
    its edges.

    Parameters
    ----------
    nodes : iterable of Node
        In any order; the order is kept as the order of creation.
    output : str
        Name of the node that the gradients are taken of.

    Raises
    ------
    GraphError
        For a name given twice, an unknown operation or argument, a wrong number of arguments, or a cycle.

    Examples
    --------
    >>> from backpropviz import parse
    >>> graph = parse("x*z + ln(x)")
    >>> graph.nodes
    ('x', 'z', 'a', 'b', 'y')
    >>> graph.arguments("y")
    ('a', 'b')
    """

    __slots__ = ("_digraph", "_inputs", "_nodes", "_output", "_structure_key", "grouping", "memory", "records")

    def __init__(self, nodes: Iterable[Node], output: str) -> None:
        records: dict[str, Node] = {}
        for node in nodes:
            if not isinstance(node.name, str) or not node.name:
                raise GraphError(f"A node's name must be a non-empty string, not {node.name!r}.")
            if node.name in records:
                raise GraphError(
                    f"Two nodes are named {node.name!r}. Give every node a name of its own.", node=node.name
                )
            records[node.name] = node
        if output not in records:
            raise GraphError(f"The output {output!r} is not a node of the graph.", node=output)
        for node in records.values():
            validate(node, records)
        self._nodes = topological({name: node.arguments for name, node in records.items()})
        self.records: Mapping[str, Node] = MappingProxyType({name: records[name] for name in self._nodes})
        self._inputs = tuple(name for name, node in records.items() if node.op == INPUT)
        self._output = output
        self._digraph = exchange.frozen_digraph(records)
        self._structure_key: tuple[object, ...] | None = None
        self.grouping: Grouping | None = None  # where something was closed or opened, what this graph was made from
        # Plans that upper layers derive once per graph (a flat program, generated code); never part of its value.
        self.memory: dict[str, Any] = {}

    # -- structure -------------------------------------------------------------------------------------------

    @property
    def nodes(self) -> tuple[str, ...]:
        """All node names in topological order: by depth, then by creation."""
        return self._nodes

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs, in order of creation."""
        return self._inputs

    @property
    def constants(self) -> tuple[str, ...]:
        """Names of the constants."""
        return tuple(name for name in self._nodes if self.records[name].op == CONSTANT)

    @property
    def output(self) -> str:
        """Name of the output."""
        return self._output

    def node(self, name: str) -> Node:
        """Give the record of a node.

        Raises
        ------
        NodeNotFoundError
            With the nearest existing name.
        """
        try:
            return self.records[name]
        except (KeyError, TypeError):
            hint = did_you_mean(name, self._nodes, f"Nodes: {', '.join(self._nodes[:12])}.")
            raise NodeNotFoundError(f"The graph has no node {name!r}.{hint}", node=str(name)) from None

    def op(self, name: str) -> str:
        """Name of a node's operation; ``"input"`` and ``"constant"`` for leaves."""
        return self.node(name).op

    def arguments(self, name: str) -> tuple[str, ...]:
        """Names of a node's arguments, by slot."""
        return self.node(name).arguments

    def parameters(self, name: str) -> dict[str, Any]:
        """Give what a node's operation takes beside its arguments."""
        return dict(self.node(name).parameters)

    def consumers(self, name: str) -> tuple[tuple[str, int], ...]:
        """Where a node is used: pairs (consumer, slot). More than one is a branch."""
        self.node(name)
        return tuple((consumer, slot) for _, consumer, slot in self._digraph.out_edges(name, keys=True))

    def creation_order(self) -> tuple[Node, ...]:
        """All records in the order in which they were made."""
        return tuple(self.records[name] for name in self._digraph)

    # -- words -----------------------------------------------------------------------------------------------

    def expression(self, node: str | None = None, style: Style = "text") -> str:
        """Write a node (the output, when none is named) out in terms of the inputs.

        Parameters
        ----------
        node : str, optional
            Which node; default the output.
        style : {"text", "unicode", "latex"}
            ``"text"`` can be read again by :func:`backpropviz.parse`.

        Raises
        ------
        GraphError
            Where sharing makes the written-out form too long; :meth:`program` stays short.

        Examples
        --------
        >>> from backpropviz import parse
        >>> parse("a = x*z; y = exp(a) + a/ln(x)").expression()
        'exp(x*z) + x*z/ln(x)'
        """
        return printing.expression(self, node, style)

    def definition(self, node: str, style: Style = "text") -> str:
        """Write one gate in terms of its arguments' names, as in ``"a/b"``."""
        return printing.definition(self, node, style)

    def program(self) -> str:
        """Write the graph as assignments that :func:`backpropviz.parse` reads back with the same names."""
        return printing.program(self)

    def describe(self) -> str:
        """Tell the graph in sentences: what it computes, then each node, what it is and where it is used.

        Examples
        --------
        >>> from backpropviz import parse
        >>> print(parse("a = x*x; y = exp(a)").describe())
        y is computed from x in 2 operations.
        x is an input; it is used twice by a.
        a = x·x (multiply); it is used by y.
        y = exp(a); it is the output.
        """
        return describing.graph_sentences(self)

    # -- exchange --------------------------------------------------------------------------------------------

    def to_networkx(self) -> nx.MultiDiGraph:
        """Give a copy as a :class:`networkx.MultiDiGraph`; edge keys are argument slots."""
        return exchange.to_networkx(self)

    @staticmethod
    def from_networkx(digraph: nx.MultiDiGraph) -> Graph:
        """Read a graph from networkx; see :func:`backpropviz.graph.exchange.from_networkx`."""
        return exchange.from_networkx(digraph)

    def to_json(self) -> str:
        """Write the graph as JSON text, byte for byte the same for equal graphs."""
        return exchange.to_json(self)

    @staticmethod
    def from_json(text: str) -> Graph:
        """Read a graph from :meth:`to_json`'s text.

        Raises
        ------
        GraphError
            Where the text is not such a graph.
        """
        return exchange.from_json(text)

    # -- grouping --------------------------------------------------------------------------------------------

    def collapse(self, nodes: Iterable[str], name: str | None = None) -> Graph:
        """Close nodes into one gate; see :func:`backpropviz.graph.closing.grouping.collapse`.

        Examples
        --------
        >>> from backpropviz import parse
        >>> parse("v = x + y; f = x/v").collapse(["v", "f"]).arguments("f")
        ('x', 'y')
        """
        return grouping.collapse(self, nodes, name)

    def expand(self, node: str) -> Graph:
        """Open a closed gate, or a sigmoid and its like; see :func:`backpropviz.graph.closing.grouping.expand`.

        Examples
        --------
        >>> from backpropviz import parse
        >>> parse("f = sigmoid(x)").expand("f").program()
        'f1 = -x; f2 = exp(f1); f3 = 1 + f2; f = reciprocal(f3)'
        """
        return grouping.expand(self, node)

    # -- numbers: given by the autodiff layer, which stands above this one ------------------------------------

    def evaluate(self, point: Mapping[str, object] | None = None, /, **inputs: object) -> Any:
        """Run the forward sweep and keep every primal.

        Parameters
        ----------
        point : mapping of str to number or array, optional
            Input values by name, for inputs whose names are no keyword arguments.
        **inputs : number or array
            Input values.

        Returns
        -------
        Tape
            The ordered primal record; see :class:`backpropviz.autodiff.Tape`.

        Raises
        ------
        InputError
            For a missing, unknown or non-numeric input.

        Examples
        --------
        >>> from backpropviz import parse
        >>> float(parse("x*z").evaluate(x=2, z=3).value)
        6.0
        """
        return engine.installed().evaluate(self, point, inputs)

    def compile(self) -> Any:
        """Give a fast ``callable(**inputs) -> (value, gradient)``: :class:`backpropviz.autodiff.fast.Compiled`."""
        return engine.installed().compile(self)

    def gradient_graph(self, wrt: str | None = None, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Graph:
        """Write the reverse sweep as a graph; see :mod:`backpropviz.autodiff.symbolic.gradient_graph`."""
        return engine.installed().gradient_graph(self, wrt, shapes)

    # -- Python ----------------------------------------------------------------------------------------------

    def key(self) -> tuple[object, ...]:
        """Everything that makes two graphs equal: records in creation order, and the output."""
        if self._structure_key is None:
            records = tuple(node.key() for node in self.creation_order())
            self._structure_key = (*records, self._output, self.grouping and self.grouping.history)
        return self._structure_key

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Graph):
            return NotImplemented
        return self.key() == other.key()

    def __hash__(self) -> int:
        return hash(self.key())

    def __len__(self) -> int:
        return len(self._nodes)

    def __contains__(self, name: object) -> bool:
        return name in self.records

    def __repr__(self) -> str:
        gates = len(self._nodes) - len(self.inputs) - len(self.constants)
        return f"<Graph {self._output}({', '.join(self.inputs[:8])}) with {gates} operations>"
