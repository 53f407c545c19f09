"""The live view of a recorded run: all its frames at once, played by the page."""

from __future__ import annotations

import traitlets

from backpropviz.static import read_text
from backpropviz.widgets.live_view import LiveView


class ReplayView(LiveView):
    """Draws a recorded run, and holds the transport.

    Attributes
    ----------
    recording : dict
        The plan of the pictures, the numbers of each frame, the curves, and how `frames` is cut into arrays.
    frames : bytes
        The arrays of all frames, in zlib's format.
    """

    # The text itself, not a path: with a path, closed widgets are never freed.
    _esm = read_text("replay.js")
    _css = read_text("view.css", "training.css")

    recording = traitlets.Dict().tag(sync=True)
    frames = traitlets.Bytes(b"").tag(sync=True)
