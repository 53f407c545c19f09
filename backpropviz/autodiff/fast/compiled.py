"""What ``graph.compile()`` gives."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.fast.buffered_sweeps import BufferedSweeps
from backpropviz.autodiff.fast.levels import Levels
from backpropviz.autodiff.fast.point_blocks import BLOCK, sweep_points
from backpropviz.autodiff.fast.straight import StraightLine
from backpropviz.autodiff.fast.strategy import Strategy, is_scalar, prefers_source
from backpropviz.autodiff.fast.terms import OPAQUE
from backpropviz.autodiff.input_values import read_point
from backpropviz.autodiff.tape import evaluate
from backpropviz.errors import BackpropvizError, InputError
from backpropviz.ops.counting import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropviz.graph import Graph, Number

_PLAIN = frozenset({float, int, bool, np.float64, np.float32, np.int64, np.int32})
"""Types of numbers that need no reading: a call with one int among its floats shall not be slower for it."""

_MOST_PLANS = 8
"""Sets of shapes that are remembered, with their buffers."""

_MOST_NUMBERS = 4_000_000
"""Values held at a time when a large graph is run on many points."""


class Compiled:
    """A graph made fast: value and gradient in one call.

    Made by :meth:`backpropviz.Graph.compile`. Calling it with numbers gives numbers; calling it with arrays runs every
    point of the broadcast arrays on its own, and gives the gradient at each. A graph with operations on whole arrays
    is run once, on arrays, and gives gradients of the inputs' own shapes.

    Attributes
    ----------
    graph : Graph
        What was compiled.
    strategy : {"source", "levels", "tape"}
        How it is run, by its size and width: as generated source, level by level in NumPy, or on buffers.

    Examples
    --------
    >>> from backpropviz import parse
    >>> fast = parse("x*z + sin(x)").compile()
    >>> fast(x=0.0, z=3.0)
    (0.0, {'x': 4.0, 'z': 0.0})
    >>> value, gradient = fast(x=[0.0, 1.0, 2.0], z=3.0)
    >>> gradient["z"]
    array([0., 1., 2.])
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.strategy: Strategy = "tape"
        self._names = graph.inputs
        self._plans: dict[Any, Any] = {}
        if is_scalar(graph):
            self.strategy = "levels"
            if prefers_source(graph):
                try:
                    self._straight = StraightLine(graph, self._convert, self._rescue)
                    self.strategy = "source"
                except OPAQUE:
                    pass  # its rules run as they are, on arrays
        self._run = self._straight.gradient if self.strategy == "source" else self._convert

    def __call__(self, point: Mapping[str, object] | None = None, /, **inputs: object) -> tuple[Any, dict[str, Any]]:
        """Compute the value and the gradient.

        Parameters
        ----------
        point : mapping of str to number or array, optional
            Input values by name.
        **inputs : number or array
            Input values; Python floats are fastest.

        Returns
        -------
        value : float or array
            Of the output; for arrays of points, of their broadcast shape.
        gradient : dict of str to float or array
            By input. For arrays of points, each of the broadcast shape.

        Raises
        ------
        InputError, ShapeError
            For inputs that do not fit.
        """
        if point is not None:
            inputs = {**point, **inputs} if inputs else point  # type: ignore[assignment]  # it is only read
        return self._run(inputs)  # type: ignore[no-any-return]  # generated code

    def at(self, values: Sequence[object]) -> tuple[Any, tuple[Any, ...]]:
        """Compute value and gradient by position, which spares the names: for inner loops.

        Parameters
        ----------
        values : list or tuple of numbers or arrays
            Input values, in the order of ``graph.inputs``.

        Returns
        -------
        value : float or array
            As in a call.
        gradient : tuple of float or array
            In the order of the inputs.

        Raises
        ------
        InputError
            For a wrong number of values.

        Examples
        --------
        >>> from backpropviz import parse
        >>> parse("x*z").compile().at([2.0, 3.0])
        (6.0, (3.0, 2.0))
        """
        if self.strategy == "source":
            return self._straight.listed(values)
        result: tuple[Any, tuple[Any, ...]] = self._by_position(values, self)
        return result

    def value(self, point: Mapping[str, object] | None = None, /, **inputs: object) -> Any:
        """Compute the value alone; parameters as in a call."""
        given = inputs if point is None else {**point, **inputs} if inputs else point
        if self.strategy == "source":
            return self._straight.value(given)
        return self._convert(given, "value")

    @property
    def source(self) -> str | None:
        """Generated source of both sweeps; None where another strategy is used."""
        return self._straight.source if self.strategy == "source" else None

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.graph,)

    def __repr__(self) -> str:
        return f"<Compiled {self.graph!r} by {self.strategy}>"

    @cached_property
    def _levels(self) -> Levels:
        return Levels(self.graph)

    def _row(self, inputs: Mapping[str, object]) -> Any:
        """Take numbers as they are, in the graph's order; None for anything that must be read."""
        if len(inputs) == len(self._names) and _PLAIN.issuperset(map(type, inputs.values())):
            try:
                return np.fromiter(map(inputs.__getitem__, self._names), np.float64, len(self._names))
            except (KeyError, OverflowError):
                pass  # the reader of inputs says which one
        return None

    def _by_position(self, values: Sequence[object], function: Callable[..., Any]) -> Any:
        if len(values) != len(self._names):
            raise InputError(
                f"{counted(len(values), 'value is', 'values are')} given for "
                f"{counted(len(self._names), 'input')}: {', '.join(self._names[:12])}.",
                expected=len(self._names),
                actual=len(values),
            )
        value, gradient = function(dict(zip(self._names, values, strict=True)))
        return value, tuple(gradient.values())

    def _convert(self, inputs: Any, wanted: str = "gradient") -> Any:
        """Read inputs that are not plain floats, and send each kind its way."""
        if wanted == "listed":
            return self._by_position(inputs, self)
        row = None if self.strategy == "tape" else self._row(inputs)
        if row is not None:
            return self._one(row, wanted)
        point = self._arrays(inputs)
        if point is not None:
            return self._many(point, wanted)
        point = read_point(self.graph, None, inputs)
        if self.strategy == "tape":
            return self._planned(point, wanted)
        if any(type(value) is np.ndarray for value in point.values()):
            return self._many(point, wanted)
        return self._one(np.array(list(point.values()), dtype=np.float64), wanted)

    def _arrays(self, inputs: Mapping[str, object]) -> dict[str, Any] | None:
        """Take arrays of points and floats as they are, in the graph's order; None for anything that must be read."""
        if self.strategy == "tape" or len(inputs) != len(self._names):
            return None
        point: dict[str, Any] = {}
        for name in self._names:
            value = inputs.get(name)
            if type(value) is float:
                value = np.float64(value)
            elif type(value) is not np.ndarray or value.dtype.char != "d" or not value.ndim:
                return None
            point[name] = value
        return point

    def _one(self, row: Any, wanted: str) -> Any:
        if self.strategy == "source":
            floats = dict(zip(self._names, row.tolist(), strict=True))
            return self._straight.value(floats) if wanted == "value" else self._straight.gradient(floats)
        if wanted == "value":
            return float(self._levels.value(row))
        value, adjoints = self._levels.gradient(row)
        return float(value), dict(zip(self._names, adjoints.tolist(), strict=True))

    def _many(self, point: Mapping[str, Number], wanted: str) -> Any:
        count = 1 + (len(point) if wanted == "gradient" else 0)
        if self.strategy == "source":
            results = sweep_points(self._straight.sweep(wanted), point, count)
        else:
            block = min(BLOCK, max(1, _MOST_NUMBERS // self._levels.size))
            results = sweep_points(self._rows if wanted == "gradient" else self._value_rows, point, count, block)
        return results[0] if wanted == "value" else (results[0], dict(zip(self._names, results[1:], strict=True)))

    def _rows(self, *columns: Any) -> tuple[Any, ...]:
        stacked = np.stack(np.broadcast_arrays(*columns))
        value, adjoints = self._levels.gradient(stacked.reshape(len(columns), -1))
        return (value.reshape(stacked.shape[1:]), *adjoints.reshape(stacked.shape))

    def _value_rows(self, *columns: Any) -> tuple[Any, ...]:
        stacked = np.stack(np.broadcast_arrays(*columns))
        return (self._levels.value(stacked.reshape(len(columns), -1)).reshape(stacked.shape[1:]),)

    def _planned(self, point: Mapping[str, Number], wanted: str) -> Any:
        """Run sweeps on buffers of these shapes; made when they come a second time, since making it costs some runs."""
        key = (wanted, *(np.shape(value) for value in point.values()))
        sweeps = self._plans.pop(key, None)
        if sweeps is None:
            while len(self._plans) >= _MOST_PLANS:
                self._plans.pop(next(iter(self._plans)))
            self._plans[key] = key
            return self._rescue(point, wanted)
        if not isinstance(sweeps, BufferedSweeps):
            held = {name: np.array(value) for name, value in point.items()}
            gradients = {name: np.empty_like(value) for name, value in held.items()} if wanted == "gradient" else {}
            sweeps = BufferedSweeps(self.graph, held, gradients)
        self._plans[key] = sweeps  # again, so that the dictionary is in the order of last use
        try:
            found = sweeps.at(point)
        except (BackpropvizError, ArithmeticError, ValueError):
            found = None  # the tape names the node
        if found is None:
            return self._rescue(point, wanted)
        value, gradient = found
        return _plain(value) if wanted == "value" else (_plain(value), {n: _plain(g) for n, g in gradient.items()})

    def _rescue(self, inputs: Any, wanted: str) -> Any:
        """Ask the tape, whose float64 does not raise."""
        if wanted == "listed":
            return self._by_position(inputs, partial(self._rescue, wanted="gradient"))
        tape = evaluate(self.graph, None, inputs)
        if wanted == "value":
            return _plain(tape.value)
        adjoints = tape.reverse()
        return _plain(tape.value), {name: _plain(adjoints[name]) for name in self._names}


def compile_graph(graph: Graph) -> Compiled:
    """Compile a graph at the first call, and give the same callable ever after: an edit of inputs re-uses it."""
    compiled = graph.memory.get("compiled")
    if compiled is None:
        # Closed and opened gates are a matter of the view: what is computed is the graph below.
        basis = graph if graph.grouping is None else graph.grouping.basis
        compiled = graph.memory["compiled"] = Compiled(basis)
    return compiled


def _plain(value: Any) -> Any:
    return float(value) if np.ndim(value) == 0 else value
