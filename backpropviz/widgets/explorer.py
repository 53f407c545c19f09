"""The explorer: a graph that plays, steps and recomputes, is closed and opened, and leaves as pages and pictures."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import traitlets

from backpropviz.autodiff.collector import collector_waits
from backpropviz.autodiff.first_point import first_numbers
from backpropviz.autodiff.paths import paths_on
from backpropviz.autodiff.programs import read_plain
from backpropviz.export.model_page import walked_into
from backpropviz.export.plotly_figure import to_figure
from backpropviz.export.raster import to_gif, to_png, to_webp
from backpropviz.export.shown_graph import Look, ShownGraph
from backpropviz.export.svg import to_svg
from backpropviz.export.tikz import to_latex
from backpropviz.export.whole_files import write_whole, written_text
from backpropviz.graph import placed
from backpropviz.graph.closing.grouping import basis_of
from backpropviz.graph.closing.walking import walk
from backpropviz.graph.closing.zoom import zoom
from backpropviz.scene.drawing import legible
from backpropviz.scene.kernel_numbers import kernel_numbers
from backpropviz.scene.ranges import ranges_at
from backpropviz.scene.specification import MOST_IN_ALL_DRAWINGS, first_sight, words_of
from backpropviz.steps.segments import number_text
from backpropviz.widgets.callbacks import ThrottledCall, guarded
from backpropviz.widgets.display import display_graph
from backpropviz.widgets.explorer_state import EDGES, ExplorerState
from backpropviz.widgets.hiding import first_hidden, hidden_besides
from backpropviz.widgets.live_view import free_with_cell
from backpropviz.widgets.model_map import ModelMap
from backpropviz.widgets.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from backpropviz.adopt.adopted import Adopted
    from backpropviz.autodiff import Tape
    from backpropviz.autodiff.paths import PathSum
    from backpropviz.checkup.report import Health
    from backpropviz.graph import Graph, Number, Source
    from backpropviz.steps import Timeline


# Characters of a program that stands in the box by itself, and of one that is offered as steps.
_LONGEST_SHOWN, _LONGEST_PROGRAM = 400, 2_000


class Explorer(ExplorerState, Stage):
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

    Attributes
    ----------
    blocks : dict
        ``path`` of the block that is walked into, those ``around`` it, the nodes ``inside``, and ``known``: every
        block's name and number of parameters, in forward order. Empty for a graph without blocks.
    health : dict
        The table and the findings of :func:`backpropviz.health`, once they were asked for.
    """

    blocks = traitlets.Dict().tag(sync=True)
    health = traitlets.Dict().tag(sync=True)

    _in_browser = True

    def __init__(
        self,
        graph: Graph,
        point: Mapping[str, object],
        *,
        ranges: Mapping[str, Sequence[float]] | None = None,
        typed: str = "",
        model: Adopted | None = None,
        **settings: Any,
    ) -> None:
        self._graph = graph
        self._typed = typed
        self._ranges = ranges
        self._map = ModelMap()
        self._renumbering = ThrottledCall(guarded(self, self._send_numbers))
        super().__init__()
        with self.hold_sync():  # one message
            self.set_graph(legible(graph), point)
            if model is not None or self.graph is not graph:
                self._chart(model)
            self.begin_as(settings, ExplorerState.class_trait_names())
            self._specify()
        super().observe(guarded(self, self._respecify), ["mode", "drawing", "updates"])
        super().observe(guarded(self, self._renumber), ["inputs", "direction"])
        super().on_msg(guarded(self, self._receive))
        free_with_cell(self)

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

    def shown_graph(self, *, title: str = "", **look: Any) -> ShownGraph:
        """Gather what is shown now, as a value that outlives the widget; it shares the run, and what that has computed.

        Parameters
        ----------
        title : str, optional
            Heading; default the expression.
        **look : object
            Traits that are to be other than they are now, such as ``theme="dark"``.
        """
        ranges = {name: tuple(bounds) for name, bounds in (self._ranges or {}).items() if name in self.graph.inputs}
        origins = self._map.origins(self.graph)
        return ShownGraph.of(self.run, Look.of(self, **look), ranges, title or self._map.title, origins, self._typed)

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
        same = basis_of(graph) == basis_of(self.graph)  # only gates were closed or opened
        former = self.point()
        known = {**{name: former[name] for name in graph.inputs if name in former}, **values}
        self.set_graph(graph if same else legible(graph), {**known, **first_numbers(graph, known)})
        if not same:
            self._chart(None)
        self._typed = source if isinstance(source, str) else self._typed if same else ""
        self.message = {}
        self._specify()

    # -- gates closed and opened, numbers hidden -------------------------------------------------------------

    def expand(self, node: str) -> None:
        """Open a gate in place; see :meth:`backpropviz.Graph.expand`."""
        self._show_in_place(self.graph.expand(node))

    def collapse(self, nodes: Iterable[str], name: str | None = None) -> None:
        """Close nodes into one gate in place; see :meth:`backpropviz.Graph.collapse`."""
        self._show_in_place(self.graph.collapse(nodes, name))

    def zoom(self, level: str, at: str | int | None = None) -> None:
        """Look at a network from afar or from near; see :func:`backpropviz.graph.closing.zoom.zoom`."""
        self._show_in_place(zoom(self.graph, level, at))

    def walk(self, path: str = "") -> None:
        """Open a block and those around it, and close all others; without a path, close all.

        Raises
        ------
        GraphError
            Where the model has no such block.
        """
        whole = self._map.whole or self.graph
        self._show_in_place(walk(whole, path))
        self.blocks = {**self.blocks, **walked_into(whole, path)}

    def examine(self) -> Health:
        """Tell how the gradients fare at the current point; see :func:`backpropviz.health`."""
        found = self._map.examined(self.graph, self.point())
        self.health = found.content()
        return found

    def paths(self, source: str) -> PathSum:
        """List the paths from a node to the output, each with the product of its local partials."""
        return paths_on(self.run.tape, source)

    def hide(self, *nodes: str, gradients: bool | None = None) -> None:
        """Hide numbers, to be guessed first; pages and pictures that are made of the explorer hide them too.

        Parameters
        ----------
        *nodes : str
            Nodes whose value and gradient are hidden.
        gradients : bool, optional
            Whether all gradients are hidden; default as it was, and all of them where no node is named.
        """
        self.hidden = hidden_besides(self.hidden, [self.graph.node(node).name for node in nodes], gradients=gradients)

    def reveal(self) -> str:
        """Show the next hidden number, in the order of the sweeps.

        Returns
        -------
        str
            Which, as ``"gradient b"``; empty when nothing is hidden.
        """
        found = first_hidden(self.hidden, self.run.timeline)
        if found:
            self.hidden = {**self.hidden, "shown": [*self.hidden.get("shown", []), found]}
        return found

    def reveal_all(self) -> None:
        """Hide nothing any more."""
        self.hidden = {}

    def _show_in_place(self, graph: Graph) -> None:
        """Show a view of the same graph; a run that was over stays so."""
        was_over = self.step >= self.last_step > 0
        self.show(graph)
        if was_over:
            self.step = self.last_step

    def _chart(self, model: Adopted | None) -> None:
        """List the blocks of an adopted model, or those into which a large graph was closed."""
        self._map = ModelMap(self.graph, model)
        self.blocks = self._map.blocks(self.point())

    # -- pages and pictures ----------------------------------------------------------------------------------

    def to_html(
        self,
        path: str | Path | None = None,
        *,
        title: str = "",
        study_aids: bool = False,
        editable: bool = False,
        present: bool | None = None,
    ) -> str:
        """Write a page that plays and recomputes with neither kernel nor network.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it; without one the text is only returned.
        title : str, optional
            Heading of the page; default the expression.
        study_aids : bool
            Whether the page has what stands below the picture in a notebook: paths, trace table, what if. They add
            some 30 kB, and 12 kB to an editable page. A page whose numbers are hidden always has them, since they are
            revealed there; so has the page of a model with blocks, with its map, the health of its gradients at this
            point, and the blocks that it opens by itself, some 12 kB each.
        editable : bool
            Whether another expression may be typed into the page: it is read by the same grammar, drawn, differentiated
            and played there, in both modes. Such a page has some 100 kB; of scalar expressions only.
        present : bool, optional
            Whether the picture fills the page, as on a lecture's screen; default as the explorer is.

        Returns
        -------
        str
            The whole page. The same explorer gives the same text.

        Raises
        ------
        ExportError
            Where the file cannot be written; a file that was there stays.
        InputError
            For an editable page of a graph that could not have been typed: one with arrays, updates or closed gates.
        """
        look = {} if present is None else {"present": present}
        shown_graph = self.shown_graph(title=title, **look)
        mapped = self.blocks.get("known") and not editable
        page = (
            self._map.page(shown_graph, self.blocks)
            if mapped
            else shown_graph.page(study_aids=study_aids, editable=editable)
        )
        return written_text(path, page.to_html())

    def to_iframe(self, height: float | None = None) -> str:
        """Give the page as one line of HTML, to paste into a slide, a wiki or a course system.

        Parameters
        ----------
        height : float, optional
            In px; default an estimate from the graph.
        """
        return self.shown_graph().to_iframe(height)

    def to_text(self, path: str | Path | None = None) -> str:
        """Tell the graph in sentences: each node, its uses, and its value and gradient as far as they are known.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it; without one the text is only returned.

        Returns
        -------
        str
            What the page tells under "Graph as text": the graph, the step, then a line for each node.

        Raises
        ------
        ExportError
            Where the file cannot be written.
        """
        return written_text(path, self.shown_graph().to_text())

    def to_svg(self, path: str | Path | None = None) -> str:
        """Draw the current step as SVG; before the first step, the finished run. The path is as in :meth:`to_text`."""
        shown_graph = self.shown_graph()
        return written_text(path, to_svg(shown_graph, shown_graph.shown_step))

    def to_png(self, path: str | Path, *, scale: float = 2.0) -> Path:
        """Paint the current step as PNG; before the first step, the finished run.

        Parameters
        ----------
        path : str or Path
            Where to write it.
        scale : float
            Pixels per px of the picture; 2 suits slides, 4 a poster.

        Raises
        ------
        MissingLibraryError
            Where the renderer is not installed; the message says how to install it.
        ExportError
            Where the file cannot be written.
        """
        return write_whole(path, to_png(self.shown_graph(), scale))

    def to_gif(self, path: str | Path, *, scale: float = 1.25, seconds: float = 0.8) -> Path:
        """Paint the whole run as an animated GIF, one frame per step.

        Parameters
        ----------
        path : str or Path
            Where to write it.
        scale : float
            Pixels per px of the picture.
        seconds : float
            That each step stands.

        Raises what :meth:`to_png` does.
        """
        return write_whole(path, to_gif(self.shown_graph(), scale, seconds))

    def to_webp(self, path: str | Path, *, scale: float = 1.25, seconds: float = 0.8) -> Path:
        """Paint the whole run as an animated WebP, which keeps every colour; all else is as in :meth:`to_gif`."""
        return write_whole(path, to_webp(self.shown_graph(), scale, seconds))

    def to_figure(self) -> Any:
        """Give the run as a plotly ``Figure`` with frames, a play button and a slider.

        Write it by ``figure.write_html(path, auto_play=False)``. Where a notebook shows nothing, choose another
        renderer: ``figure.show("notebook")``.

        Raises
        ------
        InputError
            For a graph of more than 120 nodes.
        """
        return to_figure(self.shown_graph())

    def to_latex(self, path: str | Path | None = None, *, document: bool = False) -> str:
        r"""Write the current step as a TikZ picture, and the derivation up to it as an aligned display.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it; without one the text is only returned.
        document : bool
            Whether to write a document that compiles by itself; else a piece for one with
            ``\usepackage{amsmath, tikz}``.
        """
        return written_text(path, to_latex(self.shown_graph(), document=document))

    # -- in the notebook -------------------------------------------------------------------------------------

    def _ipython_display_(self, **_options: Any) -> None:
        display_graph(self, self.shown_graph())
        self.send_words_unless_drawn()

    def __repr__(self) -> str:
        point = ", ".join(f"{name}={number_text(value)}" for name, value in self.point().items())
        return f"<Explorer of {self.graph!r} at {point or 'no inputs'}>"

    def close(self) -> None:
        """Free the widget and its layout; what it was about to compute is dropped."""
        self._renumbering.cancel()
        super().close()

    # -- from the page ---------------------------------------------------------------------------------------

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the page sends, but no inputs that were sent for a graph which has just been replaced."""
        if "inputs" in sync_data and set(sync_data["inputs"]) != set(self.graph.inputs):
            sync_data = {name: value for name, value in sync_data.items() if name != "inputs"}
        super().set_state(sync_data)

    def _receive(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        match content:
            case {"kind": "expression", "text": text}:
                inputs = {str(name): read_plain(value) for name, value in content.get("inputs", {}).items()}
                self.show(str(text), **inputs)
            case {"kind": "aids"}:
                self.send_aids()
                self.send_words()
            case {"kind": "walk", "path": path}:
                self.walk(str(path))
            case {"kind": "examine"}:
                self.examine()
            case {"kind": "expand", "node": node}:
                self.expand(str(node))
            case {"kind": "collapse", "nodes": nodes}:
                self.collapse([str(each) for each in nodes], str(content.get("name", "")) or None)

    def _respecify(self, change: Any) -> None:
        if change["name"] == "mode":
            self.step = 0
        elif change["name"] == "updates":
            self.step = min(self.step, self.last_step)
        elif change["name"] == "drawing" and len(self.graph) <= MOST_IN_ALL_DRAWINGS:
            return  # the page has every drawing already
        self._specify()

    def _renumber(self, _change: object = None) -> None:
        """Send the numbers that the page cannot compute."""
        if not self._in_browser:
            self._renumbering.ask()

    def _send_numbers(self) -> None:
        self.numbers = kernel_numbers(self.timeline)

    @collector_waits()
    def _specify(self) -> None:
        ranges = ranges_at(self.graph, self.point(), self._ranges or {})
        described = first_sight(self.timeline, ranges, drawing=self.drawing)
        words = partial(words_of, self.timeline, self._map.origins(self.graph))
        self._in_browser = not described["graph"].get("kernel", False)
        self.numbers = {} if self._in_browser else kernel_numbers(self.timeline)
        program = self.graph.program()
        with self.hold_sync():  # one message
            self.show_specification(described, words, at_once=self.present or self.edges != EDGES[0])
            self.assignments = program if len(program) <= _LONGEST_PROGRAM else ""
            self.expression = self._typed or (program if len(program) <= _LONGEST_SHOWN else "")
