"""Tables as a widget, which also knows the width and the theme of its page."""

from __future__ import annotations

import traitlets

from backpropviz.static import read_text
from backpropviz.widgets.live_view import LiveView


class Tables(LiveView):
    """Draws titled tables; reports its width, so that a chart beside it can follow.

    Attributes
    ----------
    content : dict
        ``heading``, ``tables`` (each with ``title``, ``head`` and ``rows`` of text) and ``notes``.
    names, chosen : list of str, str
        Inputs to choose from, and which one is chosen.
    width, dark : int, bool
        What the page says: width in CSS pixels, 0 until it is drawn.
    """

    _esm = read_text("tables.js")
    _css = read_text("view.css", "aids.css")

    content = traitlets.Dict({"heading": "", "tables": [], "notes": []}).tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)
    width = traitlets.Int(0).tag(sync=True)
    dark = traitlets.Bool(False).tag(sync=True)
