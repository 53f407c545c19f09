"""The explorer: a graph that plays, steps and recomputes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from backpropviz.autodiff.first_point import first_numbers
from backpropviz.autodiff.programs import read_plain
from backpropviz.export.shown_graph import Exhibit, Look
from backpropviz.graph import placed
from backpropviz.scene.drawing import legible
from backpropviz.scene.kernel_numbers import kernel_numbers
from backpropviz.scene.ranges import ranges_at
from backpropviz.scene.specification import MOST_IN_ALL_DRAWINGS, specification
from backpropviz.widgets.display import display_exhibit
from backpropviz.widgets.explorer_state import EDGES
from backpropviz.widgets.exporting import Exports
from backpropviz.widgets.guard import guarded, report
from backpropviz.widgets.lifetime import adopt
from backpropviz.widgets.model_map import ModelMap
from backpropviz.widgets.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropviz.autodiff import Tape
    from backpropviz.graph import Graph, Number, Source
    from backpropviz.steps import Timeline

_SHORTEST_REST = 0.02
"""Seconds between two answers to a slider: the eye asks for no more, and a long queue drains at once."""


class Explorer(ModelMap, Exports, Stage):
    """A widget that shows a graph, its values and its gradients.

    Made by :func:`backpropviz.explore`. Assigning to a trait changes what is shown, and what the user does on the
    page changes the traits: ``explorer.inputs = {"x": 2.5}``, ``explorer.step = 12``, ``explorer.selected = "b"``.

    Parameters
    ----------
    graph : Graph
        With a scalar output; a large one is shown as closed blocks at first.
    point : mapping of str to number
        Value of every input.
    ranges : mapping of str to (low, high) or (low, high, step), optional
        Reach of the sliders.
    typed : str
        The text that the graph was read from, which its box keeps.
    model : Adopted, optional
        The model that it was brought along from, with its modules and source lines.
    **settings : object
        Any trait of :class:`ExplorerState`.
    """

    _in_browser = True
    _renumbering: asyncio.TimerHandle | None = None
    _rested_at = 0.0

    def __init__(
        self,
        graph: Graph,
        point: Mapping[str, object],
        *,
        ranges: Mapping[str, Sequence[float]] | None = None,
        typed: str = "",
        model: Any = None,
        **settings: Any,
    ) -> None:
        self._graph = graph
        self._typed = typed
        self._ranges = ranges
        super().__init__()
        self.set_graph(legible(graph), point)
        if model is not None or self.graph is not graph:
            self._chart(model)
        for name, value in settings.items():
            setattr(self, name, value)
        self._specify()
        super().observe(guarded(self, self._respecify), ["mode", "drawing", "updates"])
        super().observe(guarded(self, self._renumber), ["inputs", "direction"])
        super().on_msg(guarded(self, self._receive))
        adopt(self)

    # -- what is shown ---------------------------------------------------------------------------------------

    @property
    def timeline(self) -> Timeline:
        """The run at the current point, step by step."""
        return self.run.timeline

    @property
    def tape(self) -> Tape:
        """Primals at the current point."""
        return self.run.tape

    @property
    def value(self) -> Number:
        """Value of the output at the current point."""
        return self.run.tape.value

    def gradient(self) -> dict[str, Number]:
        """Give the derivative of the output by every input, at the current point."""
        return self.run.gradient()

    def exhibit(self, *, title: str = "", **look: Any) -> Exhibit:
        """Gather what is shown now, as a value that outlives the widget; it shares the run, and what that has computed.

        Parameters
        ----------
        title : str, optional
            Heading; default the expression.
        **look : object
            Traits that are to be other than they are now, such as ``theme="dark"``.
        """
        ranges = {name: tuple(bounds) for name, bounds in (self._ranges or {}).items() if name in self.graph.inputs}
        return Exhibit.of(self.run, Look.of(self, **look), ranges, title or self.title, self.origins, self._typed)

    def play(self) -> None:
        """Play on from the current step; from the start when the run is over."""
        if self.step >= self.last_step:
            self.step = 0
        self.playing = True

    def pause(self) -> None:
        """Stop where the run is."""
        self.playing = False

    def show(self, source: Source, /, **inputs: object) -> None:
        """Show another graph in the same place.

        Inputs that keep their names keep their values; new ones start at different numbers inside the domain of every
        function, unless given; see :func:`backpropviz.autodiff.first_point.first_numbers`.

        Raises
        ------
        ExpressionError, TraceError, InputError
            Where the new graph cannot be made; the old one then stays.
        """
        graph, values = placed(source, None, inputs)
        same = _written_out(graph) == _written_out(self.graph)  # only gates were closed or opened
        former = self.point()
        known = {**{name: former[name] for name in graph.inputs if name in former}, **values}
        self.set_graph(graph if same else legible(graph), {**known, **first_numbers(graph, known)})
        if not same:
            self._chart(None)
        self._typed = source if isinstance(source, str) else self._typed if same else ""
        self.message = {}
        self._specify()

    def _ipython_display_(self, **_options: Any) -> None:
        display_exhibit(self, self.exhibit())

    def __repr__(self) -> str:
        point = ", ".join(f"{name}={value}" for name, value in self.inputs.items())
        return f"<Explorer of {self.graph!r} at {point or 'no inputs'}>"

    def close(self) -> None:
        """Free the widget and its layout; what it was about to compute is dropped."""
        if self._renumbering is not None:
            self._renumbering.cancel()
            self._renumbering = None
        super().close()

    # -- from the page ---------------------------------------------------------------------------------------

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the page sends; what does not fit is reported in the strip and changes nothing."""
        if "inputs" in sync_data and set(sync_data["inputs"]) != set(self.graph.inputs):
            # Sent for a graph that has just been replaced.
            sync_data = {name: value for name, value in sync_data.items() if name != "inputs"}
        try:
            super().set_state(sync_data)
        except Exception as fault:  # noqa: BLE001  a message from the page has no caller to raise to
            report(self, fault)

    def _receive(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        kind = content.get("kind")
        if kind == "expression":
            inputs = {str(name): read_plain(value) for name, value in content.get("inputs", {}).items()}
            self.show(str(content.get("text", "")), **inputs)
        elif kind == "aids":
            self.send_aids()
        elif kind == "walk":
            self.walk(str(content.get("path", "")))
        elif kind == "examine":
            self.examine()
        elif kind == "expand":
            self.expand(str(content.get("node", "")))
        elif kind == "collapse":
            self.collapse([str(node) for node in content.get("nodes", [])], str(content.get("name", "")) or None)

    def _respecify(self, change: Any) -> None:
        if change["name"] == "mode":
            self.step = 0
        elif change["name"] == "updates":
            self.step = min(self.step, self.last_step)
        elif change["name"] == "drawing" and len(self.graph) <= MOST_IN_ALL_DRAWINGS:
            return  # the page has every drawing already
        self._specify()

    def _renumber(self, _change: object = None) -> None:
        """Send the numbers that the page cannot compute; many changes in a row are answered once.

        Each change comes as a message of its own, so the kernel rests between two answers as long as one takes:
        however slow the graph, half of the time is left for reading what else has come.
        """
        if self._in_browser:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no kernel is running: nobody looks in between
            self.numbers = kernel_numbers(self.timeline)
            return
        if self._renumbering is None:
            due = max(loop.time(), self._rested_at)
            self._renumbering = loop.call_at(due, guarded(self, self._send_numbers), loop)

    def _send_numbers(self, loop: asyncio.AbstractEventLoop) -> None:
        self._renumbering = None
        began = loop.time()
        self.numbers = kernel_numbers(self.timeline)
        ended = loop.time()
        self._rested_at = ended + max(_SHORTEST_REST, ended - began)

    def _specify(self) -> None:
        ranges = ranges_at(self.graph, self.point(), self._ranges or {})
        described = specification(self.timeline, ranges, drawing=self.drawing, origins=self.origins)
        self._in_browser = not described["graph"].get("kernel", False)
        self.numbers = {} if self._in_browser else kernel_numbers(self.timeline)
        self.show_specification(described, at_once=self.present or self.edges != EDGES[0])
        self.assignments = _box_text(self.graph)
        self.expression = self._typed or self.assignments


def _written_out(graph: Graph) -> Graph:
    """Give the graph in which no gate was closed or opened yet."""
    return graph if graph.grouping is None else graph.grouping.basis


def _box_text(graph: Graph) -> str:
    """Give the program, cut where nobody would read on."""
    return graph.program()[:2_000]
