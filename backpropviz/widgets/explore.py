"""What shows a graph: the call that people make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.adopt.adopted import Adopted
from backpropviz.autodiff.first_point import begun
from backpropviz.autodiff.input_values import no_input
from backpropviz.errors import InputError, ShapeError
from backpropviz.graph import placed
from backpropviz.graph.closing.neurons import why_no_network
from backpropviz.graph.naming import by_known_name
from backpropviz.graph.source import claimed
from backpropviz.learn.mlp import MLP
from backpropviz.learn.one_example import example_run
from backpropviz.scene.drawing import require_closable
from backpropviz.widgets.display import display_misfit
from backpropviz.widgets.explorer import Explorer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropviz.graph import Graph, Source


def explore(
    source: Source | MLP,
    point: Mapping[str, object] | object = None,
    target: object = None,
    /,
    *,
    ranges: Mapping[str, Sequence[float]] | None = None,
    present: bool = False,
    **inputs: object,
) -> Explorer:
    """Show the computation graph of an expression, a function or a graph, ready to play.

    Parameters
    ----------
    source : Graph, str, callable, MLP, or an object with ``graph`` and ``point``
        A graph; text such as ``"exp(x*z) + x*z/ln(x)"`` or a program ``"a = x*z; y = exp(a)"``; a Python function
        of numbers; a lecture example. Of a network, the loss of one example.
    point : mapping of str to number, optional
        Input values by name, for inputs whose names are no keyword arguments. For a network, the features of the
        example, shape (features,); by default 2, 3, -1, ...
    target : number or array, optional
        For a network, the example's value or class number; by default 1.
    ranges : mapping of str to (low, high) or (low, high, step), optional
        Reach of the sliders; by default a round interval around each starting value.
    present : bool
        Whether the picture fills the view, with numbers large enough for a lecture room.
    **inputs : number
        Starting values. Where none is given, different numbers inside the domain of every function: 2, 3, -1, ...

    Returns
    -------
    Explorer
        A widget; a cell that ends with it shows it.

    Raises
    ------
    ExpressionError
        For text that cannot be read; it shows where, and what to write instead.
    InputError
        For an unknown input, or a missing one where others are given.
    ShapeError
        For arrays that do not fit together; a notebook also gets a picture of where they meet.
    LayoutError
        For a graph too large to draw.

    Examples
    --------
    >>> import backpropviz as bpv
    >>> bpv.explore("x*z", x=2, z=3).gradient()
    {'x': np.float64(3.0), 'z': np.float64(2.0)}
    >>> bpv.explore("x*z").inputs
    {'x': 2.0, 'z': 3.0}
    >>> bpv.explore(bpv.MLP((2, 3, 1)), [0.5, -1.0], 1.0).graph.output
    'loss'
    """
    if isinstance(source, MLP):
        graph, values, _ = example_run(source, point, target)
        _check_ranges(ranges, graph)
        drawing = "circuit" if why_no_network(graph) else "network"
        return Explorer(graph, {**values, **inputs}, ranges=ranges, present=present, drawing=drawing)
    if target is not None:
        raise InputError("A target belongs to a network: explore(mlp, x, y). Give inputs by name, as in x=2.")
    graph, given = placed(source, point, inputs)  # type: ignore[arg-type]  # it says what is no mapping
    require_closable(graph)
    ranges, present = claimed(graph, given, ranges=(ranges, None), present=(present, False))
    _check_ranges(ranges, graph)
    typed = source if isinstance(source, str) else ""
    model = source if isinstance(source, Adopted) else None
    given = begun(graph, given)
    try:
        return Explorer(graph, given, ranges=ranges, typed=typed, model=model, present=present)
    except ShapeError as fault:
        display_misfit(graph, given, fault)
        raise


def _check_ranges(ranges: Mapping[str, object] | None, graph: Graph) -> None:
    """Refuse a reach for what is no input, which would be passed over."""
    for name in by_known_name(ranges, graph.inputs, "Ranges"):
        if name not in graph.inputs:
            raise no_input(name, graph.inputs)
