"""An exercise: a graph with blanks, filled in beside the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

from backpropviz.exercises import Results, Sheet, make_sheet
from backpropviz.exercises.results import read_tries
from backpropviz.export.inline_frame import frame, height_for
from backpropviz.export.page import Page
from backpropviz.export.scorm import SCORM_PROGRAM, scorm_package
from backpropviz.export.shown_graph import Look, ShownGraph
from backpropviz.export.whole_files import write_whole, written_text
from backpropviz.graph import placed
from backpropviz.ops.counting import counted
from backpropviz.scene.specification import specification
from backpropviz.static import read_packed
from backpropviz.steps.run import plain_inputs
from backpropviz.widgets.callbacks import guarded
from backpropviz.widgets.display import display_unsolved
from backpropviz.widgets.explorer_state import ExplorerState
from backpropviz.widgets.live_view import free_with_cell
from backpropviz.widgets.stage import Stage, pack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from backpropviz.graph import Source
    from backpropviz.schema.picture import Specification


_SHEET = 150.0
"""Height, in px, of blanks and answers."""


class Exercise(ExplorerState, Stage):
    """A widget that asks for numbers and names the mistake in a wrong one.

    Made by :func:`backpropviz.exercise`. Nothing leaves the machine: results stay in the widget until they are
    written.

    Parameters
    ----------
    made : Sheet
        The exercise.
    **settings : object
        Any trait of :class:`ExplorerState`.

    Attributes
    ----------
    sheet : dict
        The exercise as the page reads it.
    tries : list of dict
        What was tried; :attr:`results` reads it.
    """

    program = traitlets.Bytes(read_packed("exercise"), read_only=True).tag(sync=True)
    sheet: Any = traitlets.Dict().tag(sync=True)
    tries: Any = traitlets.List().tag(sync=True, echo_update=False)

    def __init__(self, made: Sheet, **settings: Any) -> None:
        self._graph = made.graph
        self._shapes = {}
        super().__init__()
        self.begin_as(settings, ExplorerState.class_trait_names())
        self._show(made)
        super().on_msg(guarded(self, self._receive))
        free_with_cell(self)

    @property
    def exercise(self) -> Sheet:
        """The exercise as a value."""
        return self._made

    @property
    def results(self) -> Results:
        """What was tried so far; :meth:`~backpropviz.exercises.Results.to_json` writes it."""
        return Results(self._made, read_tries(self.tries))

    def to_html(self, path: str | Path | None = None, *, title: str = "Exercise") -> str:
        """Write a page in which the exercise works with neither kernel nor network.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it; without one the text is only returned.
        title : str
            Heading of the page.
        """
        return written_text(path, self._page(title).to_html())

    def to_scorm(self, path: str | Path, *, title: str = "Exercise") -> Path:
        """Write a SCORM 1.2 package: the page of :meth:`to_html`, which also reports its score to a course system.

        Moodle, Canvas and their kin take it as it is. The score, from 0 to 100, is the share of the blanks that were
        answered right without being revealed; it is reported after every answer, and never falls. The lesson is
        completed when no blank is left.

        Parameters
        ----------
        path : str or Path
            Where to write it, a ``.zip`` file.
        title : str
            Name of the lesson and heading of the page.

        Returns
        -------
        Path
            Where the file is.

        Raises
        ------
        ExportError
            Where it cannot be written.
        """
        return write_whole(path, scorm_package(title, self._page(title, SCORM_PROGRAM).to_html()))

    def to_iframe(self, height: float | None = None) -> str:
        """Give the page of :meth:`to_html` as one line of HTML, to paste into a slide, a wiki or a course system.

        Parameters
        ----------
        height : float, optional
            In px; default an estimate from the picture.
        """
        shown_graph = ShownGraph.of(self.run, Look.of(self), {})
        page = self._page("Exercise").to_html(framed=True)
        return frame(page, height=height or height_for(shown_graph.scene) + _SHEET, title="Exercise")

    def _ipython_display_(self, **_options: Any) -> None:
        display_unsolved(self, ShownGraph.of(self.run, Look.of(self), {}), self.to_iframe())

    def __repr__(self) -> str:
        return f"<Exercise on {self.graph!r}, {counted(len(self._made.blanks), 'blank')}>"

    def _show(self, made: Sheet) -> None:
        self._made = made
        self.set_graph(made.graph, made.point)
        self.tries = []
        self.sheet = made.to_plain()
        self.spec = pack(self._described())

    def _page(self, title: str, program: str = "") -> Page:
        traits = {
            "sheet": self.sheet,
            "inputs": plain_inputs(self._made.point),
            "step": 0,
            "notation": self.notation,
            "theme": self.theme,
            "size": self.size,
            "editable": False,
        }
        return Page(title, self._described(), traits, program=program)

    def _described(self) -> Specification:
        return specification(self.run.timeline, {})

    def _receive(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        if content.get("kind") == "next":
            self._show(self._made.another())


def exercise(
    source: Source | None = None,
    point: Mapping[str, object] | None = None,
    /,
    *,
    level: str | int = 1,
    seed: int = 0,
    ask: str | Sequence[str] = "gradients",
    **inputs: object,
) -> Exercise:
    """Ask for the values or gradients of a graph, and name the mistake in a wrong answer.

    Parameters
    ----------
    source : Graph, str or callable, optional
        What to work on, as for :func:`backpropviz.explore`; without one a graph is generated.
    point : mapping of str to number or array, optional
        Input values by name; inputs left out are drawn as numbers, small and friendly.
    level : str or int
        Of a generated graph: "chain", "branch", "all gates", "max and ties" or "vector", or 1 to 5.
    seed : int
        The same seed gives the same exercise.
    ask : {"gradients", "values", "both"} or sequence of str
        What is left blank. Of an array that is an entry, or all of a small input; the gradient of an input that goes
        into a product is also asked for by its shape and as a product. A list asks its own questions, in its order:
        ``"value A"``, ``"gradient W"`` (a grid of fields), ``"gradient W[2,0]"``, ``"shape W"`` (of the gradient) and
        ``"product W"`` (the product that gives it, to be chosen or typed: ``X^T G``).
    **inputs : number or array
        Input values.

    Returns
    -------
    Exercise
        A widget; its ``results`` can be written as JSON, and ``to_html`` writes a page that needs no kernel.

    Raises
    ------
    InputError
        For an unknown level or question, an output that is no single number, or a point at which a value or gradient
        is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> loss = lambda X, W: ((X @ W) ** 2).sum()
    >>> asked = exercise(loss, X=np.ones((4, 3)), W=np.ones((3, 2)), ask=["shape W", "product W", "gradient W[2,0]"])
    >>> [blank.judge(text).status for blank, text in zip(asked.exercise.blanks, ("3x2", "G X^T", "24"))]
    ['right', 'mistaken', 'right']
    """
    graph, values = (None, {**(point or {}), **inputs}) if source is None else placed(source, point, inputs)
    return Exercise(make_sheet(graph, values, level=level, seed=seed, ask=ask))
