"""A network that learns in a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from backpropviz.export.inline_frame import frame
from backpropviz.export.page import Page, PageProgram
from backpropviz.export.recorded_run import HEIGHTS

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROGRAMS = {
    False: PageProgram("playground_page.js", ("view.css", "training.css")),
    True: PageProgram("array_playground_page.js", ("view.css", "arrays.css", "training.css")),
}
"""By whether one step of the run is a graph of arrays, which take more to show."""
_CONTROLS = 100.0
"""In px: what stands above the pictures of a run that trains, beyond what a recorded one has."""


@dataclass(frozen=True, slots=True)
class LearningPage:
    """A run that a page trains, ready to be written.

    Parameters
    ----------
    plain : mapping of str to object
        See :func:`backpropviz.runs.page_run.playground_to_plain`.
    settings : mapping of str to object
        Traits of the view, as JSON can hold them.
    title : str
        Heading of the page.
    """

    plain: Mapping[str, Any]
    settings: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""

    def to_html(self, *, framed: bool = False) -> str:
        """Write the page; see :class:`backpropviz.export.page.Page`."""
        has_arrays = any("shape" in node for node in self.plain["step"]["spec"]["graph"]["nodes"])
        page = Page(self.title, dict(self.plain), self.settings, program=_PROGRAMS[has_arrays])
        return page.to_html(framed=framed)

    def to_iframe(self, height: float | None = None) -> str:
        """Write the page as one line that stands in another page; see :func:`backpropviz.export.inline_frame.frame`."""
        usual = HEIGHTS[self.plain["plan"]["picture"]] + _CONTROLS
        return frame(self.to_html(framed=True), height=height or usual, title=self.title)
