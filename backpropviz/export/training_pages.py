"""A recorded training run, and a network that learns in the page, as pages."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from backpropviz.export.inline_frame import frame
from backpropviz.export.page import Page

if TYPE_CHECKING:
    from collections.abc import Mapping

REPLAY = "replay_page"
HEIGHTS = {"boundary": 1010.0, "fit": 940.0, "images": 1460.0, "none": 870.0}
"""In px, of a page of usual width, by its main picture."""


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A run that is drawn already, ready to be written.

    Parameters
    ----------
    plain : mapping of str to object
        Plan, frames and curves, as JSON can hold them.
    packed : bytes
        The arrays of all frames, in zlib's format.
    title : str
        Heading of the page.
    look : mapping of str to object
        Epoch, speed, scale, theme and size.
    """

    plain: Mapping[str, Any]
    packed: bytes
    title: str
    look: Mapping[str, Any] = field(default_factory=dict)

    def to_html(self, *, framed: bool = False) -> str:
        """Write the page; see :class:`backpropviz.export.page.Page`."""
        data = {"recording": dict(self.plain), "frames": base64.b64encode(self.packed).decode("ascii")}
        return Page(self.title, data, {**self.look, "playing": False}, program=REPLAY).to_html(framed=framed)

    def to_iframe(self, height: float | None = None) -> str:
        """Write the page as one line that stands in another page; see :func:`backpropviz.export.inline_frame.frame`."""
        usual = HEIGHTS[self.plain["plan"]["picture"]]
        return frame(self.to_html(framed=True), height=height or usual, title=self.title)


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
        # A step that is a graph of arrays takes more to show, and so do images; a page with the landscape has it all.
        if "racers" in self.plain:
            program = "landscape_page"
        elif "step" not in self.plain:
            program = "graph_playground_page"
        else:
            takes_more = "arrays" in self.plain["step"] or self.plain["plan"]["picture"] == "images"
            program = f"{'array_' if takes_more else ''}playground_page"
        page = Page(self.title, dict(self.plain), self.settings, program=program)
        return page.to_html(framed=framed)

    def to_iframe(self, height: float | None = None) -> str:
        """Write the page as one line that stands in another page; see :func:`backpropviz.export.inline_frame.frame`."""
        usual = HEIGHTS[self.plain["plan"]["picture"]] + _CONTROLS
        return frame(self.to_html(framed=True), height=height or usual, title=self.title)
