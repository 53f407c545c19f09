"""What is exported: a graph at a point, and how it is looked at. Everything in this layer starts here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.programs import plain_number
from backpropviz.errors import ExpressionError, InputError
from backpropviz.export.edge_gradients import EdgeGradients, edge_gradients
from backpropviz.export.inline_frame import frame, height_for
from backpropviz.export.page import Page, require_title
from backpropviz.graph import Graph, parse
from backpropviz.graph.closing.grouping import basis_of
from backpropviz.graph.notation.describing import opening
from backpropviz.scene.drawing import draw
from backpropviz.scene.kernel_numbers import kernel_numbers
from backpropviz.scene.ranges import ranges_at
from backpropviz.scene.specification import specification
from backpropviz.scene.vocabulary import NO_NETWORK, vocabulary
from backpropviz.steps.run import Run
from backpropviz.steps.segments import number_text
from backpropviz.steps.veil import Veil

if TYPE_CHECKING:
    from backpropviz.scene.drawing import Scene
    from backpropviz.steps import Timeline

SHOWN_GRAPH_TYPE = "application/vnd.backpropviz.exhibit+json"
"""Of a shown graph's description in a notebook's outputs, beside its picture."""
_LONGEST_TITLE = 160
_MOST_WRITTEN = 200
"""Nodes of a graph beyond which its program is not even tried as a title."""
_TOLD_ALWAYS = ("mode", "drawing", "notation")
"""What a page is told of how it is looked at, also where it is as usual."""
RECORDED = (
    "A recorded run: it plays and steps, but its numbers were computed beforehand, at {point}, since a rule in it "
    "cannot travel to a page; to move them, run it in a notebook."
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a run is looked at: the one list of what an explorer's traits of these names add to its run.

    Parameters
    ----------
    step : int
        How many steps have happened.
    mode, drawing, notation, selected, theme, size : str
        See :class:`backpropviz.widgets.explorer_state.ExplorerState`.
    speed : float
        How fast it plays.
    follow : bool or None
        Whether the camera follows the run; None: where the digits in arrays could not be read.
    present : bool
        Whether the picture fills the page.
    edges : str
        What edges show of gradients.
    hidden : mapping
        Which numbers are hidden, to be guessed first.
    """

    step: int = 0
    mode: str = "reverse"
    drawing: str = "circuit"
    notation: str = "g_x"
    selected: str = ""
    speed: float = 1.0
    theme: str = "auto"
    size: str = "normal"
    follow: bool | None = None
    present: bool = False
    edges: str = "plain"
    hidden: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, state: object, **other: Any) -> Look:
        """Read how a widget is looked at; `other` wins over its traits."""
        return cls(**{**{each.name: getattr(state, each.name) for each in fields(cls)}, **other})


@dataclass(frozen=True)
class ShownGraph:
    """A graph at a point, ready to be written as a page or a picture.

    Parameters
    ----------
    graph : Graph
        With a scalar output.
    point : mapping of str to number or array
        Value of every input.
    ranges : mapping of str to (low, high, step), optional
        Reach of the sliders.
    direction : mapping of str to number, optional
        In forward mode, which way the inputs move.
    look : Look
        How it is looked at.
    title : str
        Default: the expression.
    updates : mapping of str to float, optional
        In reverse mode, learning rates of the inputs that take a step at the end.
    origins : mapping of str to str, optional
        Of gates that come from elsewhere, where from.
    typed : str
        The text that was typed; default the program.
    """

    graph: Graph
    point: Mapping[str, Any]
    ranges: Mapping[str, Any] = field(default_factory=dict)
    direction: Mapping[str, Any] = field(default_factory=dict)
    look: Look = field(default_factory=Look)
    title: str = ""
    updates: Mapping[str, float] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    typed: str = ""

    @classmethod
    def of(
        cls,
        run: Run,
        look: Look,
        ranges: Mapping[str, Any],
        title: str = "",
        origins: Mapping[str, str] | None = None,
        typed: str = "",
    ) -> ShownGraph:
        """Show a run that is there already: what it has computed is not computed again."""
        made = cls(run.graph, run.point, ranges, run.direction, look, title, run.updates, origins or {}, typed)
        if look.mode == run.mode:
            made.__dict__["run"] = run
        return made

    @cached_property
    def run(self) -> Run:
        """The graph at the point."""
        return Run(self.graph, self.point, self.look.mode, self.direction, self.updates)

    @property
    def timeline(self) -> Timeline:
        """The run, step by step."""
        return self.run.timeline.veiled(Veil.of(self.look.hidden))

    @cached_property
    def scene(self) -> Scene:
        """Where everything stands."""
        return draw(self.graph, self.look.drawing, self.timeline.tape.shapes)

    @cached_property
    def on_edges(self) -> EdgeGradients:
        """What edges show of gradients."""
        return edge_gradients(self.scene, self.timeline, self.look.edges)

    @property
    def name(self) -> str:
        """The title, or what was typed, or the program; of a longer one, what it computes from what."""
        require_title(self.title)
        if shown := self.title or self.typed:
            return shown if len(shown) <= _LONGEST_TITLE else shown[: _LONGEST_TITLE - 1] + "…"
        basis = basis_of(self.graph)
        program = self.graph.program() if len(basis) <= _MOST_WRITTEN else ""
        return program if 0 < len(program) <= _LONGEST_TITLE else opening(basis).rstrip(".")

    @property
    def shown_step(self) -> int:
        """The step that a picture shows: the chosen one, or the last where the run has not begun."""
        return min(self.look.step, len(self.timeline)) or len(self.timeline)

    def page(self, *, study_aids: bool = False, editable: bool = False) -> Page:
        """Gather what a page needs; see :class:`Page`.

        Parameters
        ----------
        study_aids : bool
            Whether it has what stands below the picture in a notebook. Where numbers are hidden it always has, since
            they are revealed there.
        editable : bool
            Whether another expression may be typed into it.

        Raises
        ------
        InputError
            For a graph that could not have been typed, where it is to be editable.
        """
        hides = Veil.of(self.look.hidden).is_drawn
        study_aids = study_aids or hides
        text = self._text() if editable else ""
        ranges = ranges_at(self.graph, self.point, self.ranges)
        described = specification(self.timeline, ranges, drawing=self.look.drawing, origins=self.origins)
        look, usual = (self.look if hides else replace(self.look, hidden={})), asdict(Look())
        traits = {
            **{name: value for name, value in asdict(look).items() if name in _TOLD_ALWAYS or value != usual[name]},
            "inputs": {name: plain_number(value) for name, value in self.point.items()},
            "direction": {name: plain_number(value) for name, value in self.direction.items()},
        }
        if editable:
            traits |= {"editable": True, "expression": text, "assignments": self.graph.program()}
            described["undrawable"]["network"] = NO_NETWORK
            described.get("scenes", {}).pop("network", None)
        note = ""
        if described["graph"].get("kernel"):
            # The page cannot recompute these numbers, so it gets no sliders that would promise it.
            described["ranges"] = {}
            traits["numbers"] = kernel_numbers(self.timeline)
            at = ", ".join(f"{name} = {number_text(value)}" for name, value in self.point.items())
            note = RECORDED.format(point=at)
        return Page(self.name, described, traits, note, study_aids, vocabulary=vocabulary() if editable else None)

    def _text(self) -> str:
        """Give the text of a page into which one may type."""
        text = self.typed or self.graph.program()
        reason = ""
        if self.updates:
            reason = "it tells no updates of parameters"
        elif any(np.ndim(value) for value in self.point.values()):
            reason = "it has no arrays"
        elif self.look.drawing == "network":
            reason = "it draws circuits and computation graphs"
        else:
            try:
                if parse(text) != self.graph:
                    reason = "it has no closed gates"
            except ExpressionError as fault:
                reason = f"the graph cannot be written as text ({fault.message})"
        if reason:
            raise InputError(f"No editable page can be made of this: {reason}. Leave editable=True out.")
        return text

    def to_html(self, *, study_aids: bool = False, editable: bool = False) -> str:
        """Write the page; see :meth:`page`."""
        return self.page(study_aids=study_aids, editable=editable).to_html()

    def to_iframe(self, height: float | None = None) -> str:
        """Write the page as one line that stands in another page; see :func:`frame`."""
        return frame(
            self.page().to_html(framed=True), height=height or height_for(self.scene), title=f"Explorer of {self.name}"
        )

    def to_text(self) -> str:
        """Tell the graph at the step in sentences; see :meth:`backpropviz.steps.Timeline.describe`."""
        return self.timeline.describe(min(self.look.step, len(self.timeline)), self.look.notation) + "\n"

    def to_plain(self) -> dict[str, Any]:
        """Describe the shown graph as JSON can hold it, to be read by :meth:`from_plain`."""
        return {
            "graph": json.loads(self.graph.to_json()),
            "point": {name: _plain_array(value) for name, value in self.point.items()},
            "ranges": {name: list(bounds) for name, bounds in self.ranges.items()},
            "direction": {name: _plain_array(value) for name, value in self.direction.items()},
            "look": asdict(self.look),
            "title": self.title,
            "updates": dict(self.updates),
        }

    @classmethod
    def from_plain(cls, plain: Any) -> ShownGraph:
        """Read what :meth:`to_plain` wrote.

        Raises
        ------
        GraphError, InputError
            For anything else.
        """
        try:
            known = {each.name for each in fields(Look)}
            look = Look(**{name: value for name, value in plain["look"].items() if name in known})
            point = {str(name): _read(value) for name, value in plain["point"].items()}
            direction = {str(name): _read(value) for name, value in plain["direction"].items()}
            graph = Graph.from_json(json.dumps(plain["graph"]))
            # Notebooks that were saved before updates were told have none.
            updates = {str(name): float(rate) for name, rate in plain.get("updates", {}).items()}
            return cls(graph, point, dict(plain["ranges"]), direction, look, str(plain["title"]), updates)
        except (KeyError, TypeError, AttributeError, ValueError) as fault:
            if isinstance(fault, InputError):
                raise
            raise InputError(f"This is not the description of a shown graph: {fault}", actual=plain) from fault


def _plain_array(value: Any) -> Any:
    array = np.asarray(value, dtype=np.float64)
    if array.ndim:
        return {"shape": list(array.shape), "entries": [_plain_array(entry) for entry in array.ravel()]}
    return plain_number(float(array))


def _read(value: Any) -> Any:
    if isinstance(value, Mapping):
        entries = np.array([float(entry) for entry in value["entries"]], dtype=np.float64)
        return entries.reshape([int(length) for length in value["shape"]])
    return np.float64(value)
