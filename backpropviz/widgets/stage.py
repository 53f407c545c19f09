"""The live view of a graph: one ES module as a widget."""

from __future__ import annotations

import json
import zlib
from typing import Any

import traitlets

from backpropviz.static import packed_program, read_text
from backpropviz.widgets.live_view import LiveView


class Stage(LiveView):
    """Draws, plays, recomputes and explains what ``spec`` describes.

    The page holds the picture and its controls; what both sides know is in the traits of the widget that is drawn.
    """

    # The text itself, not a path: with a path, closed widgets are never freed. It starts what comes in ``program``.
    _esm = read_text("launch.js")
    _css = ""

    program = traitlets.Bytes(
        packed_program(
            "explorer.js", "view.css", "following.css", "arrays.css", "kernel.css", "presenting.css", shared="shared.js"
        ),
        read_only=True,
        help="Script and style.",
    ).tag(sync=True)
    aids = traitlets.Bytes(help="Script of the study aids, once the page has asked for it.").tag(sync=True)
    spec = traitlets.Bytes(help="A specification, compressed; see pack().").tag(sync=True)
    numbers = traitlets.Dict(help="Numbers that only the kernel can compute.").tag(sync=True)
    still = traitlets.Unicode(help="Mark of the picture that stands in where no kernel is.").tag(sync=True)

    def send_aids(self) -> None:
        """Send the study aids, which the page asks for once the picture shows."""
        self.aids = packed_program("aids.js", "aids.css")


def pack(specification: dict[str, Any]) -> bytes:
    """Compress a specification: the narration of a long run repeats itself.

    Returns
    -------
    bytes
        JSON in zlib's format, the same for equal specifications.
    """
    text = json.dumps(specification, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return zlib.compress(text.encode(), 6)
