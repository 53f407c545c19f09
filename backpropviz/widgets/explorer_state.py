"""The one mutable object of the live product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import traitlets

from backpropviz.autodiff.input_values import no_input, read_point, single_number
from backpropviz.autodiff.programs import plain_number, read_plain
from backpropviz.errors import InputError, NodeNotFoundError
from backpropviz.graph.naming import by_known_name
from backpropviz.ops import choose
from backpropviz.scene.drawing import DRAWINGS, require_drawable, why_not
from backpropviz.schema.traits import EdgesShow
from backpropviz.steps.run import Run, plain_inputs
from backpropviz.steps.segments import NOTATIONS
from backpropviz.steps.timeline import MODES
from backpropviz.widgets.callbacks import guarded
from backpropviz.widgets.hiding import valid_hidden

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backpropviz.graph import Graph


EDGES = get_args(get_args(EdgesShow)[0])
"""What edges show of gradients."""
_CHOICES = {"mode": MODES, "notation": NOTATIONS, "edges": EDGES}


class ExplorerState(traitlets.HasTraits):
    """What an explorer shows and how; everything else is derived from it.

    Attributes
    ----------
    inputs : dict of str to float
        Value of every input, of an array as ``{"shape", "data"}``. Assigning a part of them changes that part; arrays
        are taken as they are.
    step : int
        How many steps of the run have happened, from 0 to ``len(explorer.timeline)``.
    playing : bool
        Whether the run plays.
    speed : float
        How fast it plays; 1 takes about a third of a second per edge.
    mode : {"reverse", "forward"}
        Which sweeps are told.
    direction : dict of str to float
        In forward mode, the tangents of the inputs, of an array as ``{"shape", "data"}``; arrays are taken as they are.
        Empty means 1 for the first input.
    drawing : str
        How the graph is drawn.
    notation : {"g_x", "dL/dx", "x̄", "δ"}
        How gradients are written.
    updates : dict of str to float
        Learning rates of the inputs that take a step w ← w − γ·g after the backward sweep; empty for none.
    selected : str
        Name of the selected node, or ``""``.
    follow : bool or None
        Whether the camera comes close and walks along with the run, where the whole picture would be too small to
        read; an overview in a corner shows where one is. None, the default: where the digits in arrays could not be
        read.
    present : bool
        Whether the picture fills the view, with numbers large enough for a lecture room; a line of words and a thin bar
        stand below it.
    edges : {"plain", "local", "width"}
        What edges show of gradients between numbers: nothing; each its local gradient, by which what comes from above
        is multiplied; or by their width how large the gradient is that flows through them, thinner by a step for every
        power of ten. Nothing in exercises, and nothing of hidden numbers.
    hidden : dict
        ``gradients``: whether all gradients are hidden; ``nodes``: names of nodes whose numbers are hidden; ``shown``:
        what has been revealed since, as ``"gradient x"`` or ``"value x"``.
    """

    # What the page changes fast is not echoed back to it: an echo would overtake the page's next change.
    inputs = traitlets.Dict().tag(sync=True, echo_update=False)
    step = traitlets.Int(0).tag(sync=True, echo_update=False)
    playing = traitlets.Bool(False).tag(sync=True, echo_update=False)
    speed = traitlets.Float(1.0).tag(sync=True, echo_update=False)
    mode = traitlets.Unicode(MODES[0]).tag(sync=True)
    direction = traitlets.Dict().tag(sync=True, echo_update=False)
    drawing = traitlets.Unicode(DRAWINGS[0]).tag(sync=True)
    notation = traitlets.Unicode(NOTATIONS[0]).tag(sync=True)
    updates = traitlets.Dict()
    selected = traitlets.Unicode("").tag(sync=True, echo_update=False)
    expression = traitlets.Unicode("", help="What was typed; else the program, if short.").tag(sync=True)
    assignments = traitlets.Unicode("", help="The program: each step by its name.").tag(sync=True)
    editable = traitlets.Bool(True).tag(sync=True)
    message = traitlets.Dict().tag(sync=True)
    follow = traitlets.Bool(None, allow_none=True).tag(sync=True, echo_update=False)
    present = traitlets.Bool(False).tag(sync=True)
    edges = traitlets.Unicode(EDGES[0]).tag(sync=True)
    hidden = traitlets.Dict().tag(sync=True)

    _graph: Graph
    _run: Run | None = None
    _run_settings: tuple[object, ...]
    _shapes: dict[str, tuple[int, ...]]
    _counted: tuple[Graph, str, int] | None = None

    @property
    def graph(self) -> Graph:
        """The graph that is shown."""
        return self._graph

    @property
    def run(self) -> Run:
        """The graph at the current point, computed when its numbers are asked for."""
        settings = (self._graph, self.mode, dict(self.direction), dict(self.updates), dict(self.inputs))
        if self._run is None or self._run_settings != settings:
            direction = {name: read_plain(value) for name, value in self.direction.items()}
            self._run = Run(self._graph, self.point(), self.mode, direction, dict(self.updates))
            self._run_settings = settings
        return self._run

    def point(self) -> dict[str, Any]:
        """Give the value of every input as a number or an array."""
        return {name: read_plain(self.inputs[name]) for name in self._graph.inputs}

    def set_graph(self, graph: Graph, point: Mapping[str, object]) -> None:
        """Replace the graph and its inputs together, and go to the first step.

        Raises
        ------
        InputError
            For inputs that do not fit; the old graph then stays.
        """
        require_drawable(graph)
        values = read_point(graph, point, {})
        if why_not(graph, self.drawing):
            self.drawing = DRAWINGS[0]
        self._graph = graph
        self._run = None
        self._shapes = {name: np.shape(value) for name, value in values.items()}
        with self.hold_trait_notifications():
            self.set_trait("inputs", plain_inputs(values))
            self.step = 0
            self.playing = False
            self.selected = ""
            self.direction = {}
            self.updates = {}

    def observe(
        self,
        handler: Callable[..., Any],
        names: Any = traitlets.All,
        type: Any = "change",  # noqa: A002  traitlets' name
    ) -> None:
        """Call `handler` at changes; an error in it is shown in the explorer's own strip.

        Parameters are those of :meth:`traitlets.HasTraits.observe`.
        """
        # traitlets observes through its own handlers, which it must recognise.
        own = isinstance(handler, traitlets.EventHandler)
        wrapped = handler if own else self._handlers().setdefault(handler, guarded(self, handler))
        super().observe(wrapped, names, type)

    def unobserve(
        self,
        handler: Callable[..., Any],
        names: Any = traitlets.All,
        type: Any = "change",  # noqa: A002  traitlets' name
    ) -> None:
        """Stop calling `handler`."""
        super().unobserve(self._handlers().get(handler, handler), names, type)

    def _handlers(self) -> dict[Any, Callable[..., Any]]:
        return self.__dict__.setdefault("_guarded_handlers", {})  # type: ignore[no-any-return]

    # -- validation ------------------------------------------------------------------------------------------

    @traitlets.validate("inputs")
    def _valid_inputs(self, proposal: Any) -> dict[str, Any]:
        known = self._graph.inputs
        given = by_known_name(proposal["value"], known)
        for name in given:
            if name not in known:
                raise no_input(name, known)
        merged: dict[str, Any] = {name: given.get(name, self.inputs.get(name)) for name in known}
        return {name: plain_number(self._fitting(name, value)) for name, value in merged.items()}

    def _fitting(self, name: str, value: Any) -> Any:
        """Read an input; an array keeps its shape, and a number stays one."""
        try:
            number = read_plain(value)
        except (KeyError, TypeError, ValueError):
            raise InputError(f"Inputs must be numbers, not {value!r} for {name!r}.", node=name, actual=value) from None
        expected = self._shapes[name]
        if np.shape(number) != expected:
            raise InputError(
                f"The input {name!r} has shape {expected}, not {np.shape(number)}. Show the graph anew.",
                node=name,
                expected=expected,
                actual=np.shape(number),
            )
        return number

    @traitlets.validate("updates")
    def _valid_updates(self, proposal: Any) -> dict[str, float]:
        given = by_known_name(proposal["value"], self._graph.inputs)
        for name in given:
            if name not in self._graph.inputs:
                raise InputError(f"{name!r} cannot be updated: it is no input of the graph.", node=name)
        self._counted = None
        return {name: single_number(rate, f"The learning rate of {name}") for name, rate in given.items()}

    @traitlets.validate("step")
    def _valid_step(self, proposal: Any) -> int:
        return max(0, min(int(proposal["value"]), self.last_step))

    @property
    def last_step(self) -> int:
        """Number of steps of the run: the same at every point, so that no slider makes it be counted again."""
        if not hasattr(self, "_graph"):
            return 0
        counted = self._counted
        if counted is None or counted[0] is not self._graph or counted[1] != self.mode:
            counted = self._counted = (self._graph, self.mode, len(self.run.timeline))
        return counted[2]

    @traitlets.validate("speed")
    def _valid_speed(self, proposal: Any) -> float:
        return max(0.25, min(float(proposal["value"]), 4.0))

    @traitlets.validate("drawing")
    def _valid_drawing(self, proposal: Any) -> str:
        drawing = choose("drawing", proposal["value"], DRAWINGS)
        reason = why_not(self._graph, drawing) if hasattr(self, "_graph") else ""
        if reason:
            raise InputError(reason)
        return drawing

    @traitlets.validate("mode", "notation", "edges")
    def _valid_choice(self, proposal: Any) -> str:
        return choose(proposal["trait"].name, proposal["value"], _CHOICES[proposal["trait"].name])

    @traitlets.validate("hidden")
    def _valid_hidden(self, proposal: Any) -> dict[str, Any]:
        return valid_hidden(proposal["value"], self._graph)

    @traitlets.validate("direction")
    def _valid_direction(self, proposal: Any) -> dict[str, Any]:
        given = by_known_name(proposal["value"], self._graph.inputs)
        for name in given:
            if name not in self._graph.inputs:
                raise InputError(f"A direction is given for {name!r}, which is no input of the graph.", node=name)
        return {name: _direction(name, value) for name, value in given.items()}

    @traitlets.validate("selected")
    def _valid_selected(self, proposal: Any) -> str:
        name = proposal["value"]
        if name and name not in self._graph:
            raise NodeNotFoundError(f"The graph has no node {name!r} to select.", node=name)
        return str(name)


def _direction(name: str, value: object) -> Any:
    try:
        return plain_number(read_plain(value))
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{name} moves by a number, or an array of them; not by {value!r}.", node=name) from None
