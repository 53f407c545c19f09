"""The computation graph: structure without numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropviz.graph import engine, exchange, json_text
from backpropviz.graph.closing import grouping
from backpropviz.graph.notation import describing, printing
from backpropviz.graph.structure import Structure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import networkx as nx

    from backpropviz.graph.notation.printing import Style


class Graph(Structure):
    """An immutable computation graph with one output.

    Edges are told apart by argument slots, so that ``x*x`` keeps both of its edges; :meth:`to_networkx` gives them as
    keys of a multigraph.

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

    __slots__ = ()

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

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the structure alone: plans and code derived from it are made anew, and rules stay with their names."""
        return type(self).from_json, (self.to_json(),)

    def __copy__(self) -> Graph:
        """Nothing changes a graph: it is its own copy."""
        return self

    def __deepcopy__(self, _copied: dict[int, Any]) -> Graph:
        """Nothing changes a graph: it is its own copy."""
        return self

    def to_networkx(self) -> nx.MultiDiGraph:
        """Give a copy as a :class:`networkx.MultiDiGraph`; edge keys are argument slots."""
        return exchange.to_networkx(self)

    @staticmethod
    def from_networkx(digraph: nx.MultiDiGraph) -> Graph:
        """Read a graph from networkx; see :func:`backpropviz.graph.exchange.read_networkx`."""
        return Graph(*exchange.read_networkx(digraph))

    def to_json(self) -> str:
        """Write the graph as JSON text, byte for byte the same for equal graphs."""
        return json_text.to_json(self)

    @staticmethod
    def from_json(text: str) -> Graph:
        """Read a graph from :meth:`to_json`'s text.

        Raises
        ------
        GraphError
            Where the text is not such a graph.
        """
        nodes, output, history = json_text.read_json(text)
        return grouping.regroup(Graph(nodes, output), history)

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
        found: Graph = engine.installed().gradient_graph(self, wrt, shapes)
        return found
