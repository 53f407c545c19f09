"""The live view of a graph: one ES module as a widget."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

import traitlets

from backpropviz.scene.shared_sentences import folded_sentences
from backpropviz.scene.specification import MOST_IN_ALL_DRAWINGS, has_arrays, has_rare_parts
from backpropviz.scene.vocabulary import known_names
from backpropviz.static import read_packed, read_text
from backpropviz.widgets.callbacks import ThrottledCall, guarded
from backpropviz.widgets.live_view import LiveView, before_next_cell, is_in_a_page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropviz.schema.picture import Specification, Words
    from backpropviz.schema.story import GraphNode


_LONG = 200_000
"""Bytes from which the last few in a hundred of them are not worth the time that packing them takes."""

_DRAWING = 3.0
"""Seconds after which a page that has not asked for anything gets the words all the same."""

_PARTS = ("", "array_", "gate_")
"""What stands before the names of the programs that run: of scalars, of arrays, and of closed gates and networks."""


class Stage(LiveView):
    """Draws, plays, recomputes and explains what ``spec`` describes.

    The page holds the picture and its controls; what both sides know is in the traits of the widget that is drawn.
    """

    # The text itself, not a path: with a path, closed widgets are never freed. It starts what comes in ``program``.
    _esm = read_text("launch.js")
    _css = ""

    program = traitlets.Bytes(read_only=True, help="Script and style; they come with the graph.").tag(sync=True)
    names: Any = traitlets.Dict(help="What may be typed, for who types it.").tag(sync=True)
    aids = traitlets.Bytes(help="Script of the study aids, once the page has asked for it.").tag(sync=True)
    spec = traitlets.Bytes(help="A specification, compressed; see pack().").tag(sync=True)
    words = traitlets.Bytes(help="Words of a long run, compressed; they come after its picture.").tag(sync=True)
    numbers: Any = traitlets.Dict(help="Numbers that only the kernel can compute.").tag(sync=True)

    _parts = ""

    _untold: Callable[[], bytes] | None = None
    _telling: ThrottledCall | None = None

    def show_specification(
        self, described: Specification, words: Callable[[], Words] | None = None, *, at_once: bool = False
    ) -> None:
        """Send what is to be shown, and what shows it.

        Study aids come later, and with them what is moved and typed, and what few graphs need; what draws arrays and
        closed gates comes with a graph that has some. Where all is wanted `at_once`, the picture waits for it. With the
        graph come `words`, where `described` has them not yet; of a long run, which take as long to write as its
        picture, they come after it: see :meth:`send_words`.
        """
        if words is not None and len(described["graph"]["nodes"]) <= MOST_IN_ALL_DRAWINGS:
            described, words = {**described, **words()}, None
        needed = "gate_" if has_rare_parts(described) else "array_" if has_arrays(described["graph"]) else ""
        with self.hold_sync():
            # A page that has the study aids can show every graph.
            if not self.program or (_PARTS.index(needed) > _PARTS.index(self._parts) and not self.aids):
                self._parts = needed
                self.set_trait("program", read_packed(f"{self._parts}explorer"))
            if at_once:
                self.send_aids()
            self.spec = pack(described)
            self.words = b""  # they were of another run
        self._untold = words and (lambda: pack(words(), described["graph"]["nodes"]))
        if words is not None:
            self._plan_words()

    def _plan_words(self) -> None:
        """Have the words sent: where a page draws, once it has drawn; elsewhere soon."""
        self._telling = self._telling or ThrottledCall(guarded(self, self.send_words))
        if not is_in_a_page():
            self._telling.ask()
            return
        # A page that draws asks for the study aids once it has drawn. Words would take half of the machine from it.
        before_next_cell(guarded(self, self.send_words))
        self._telling.ask(after=_DRAWING)

    def send_words_unless_drawn(self) -> None:
        """Send the words now if no page will draw and ask for them."""
        if not is_in_a_page():
            self.send_words()

    def send_words(self) -> None:
        """Send the words still to be sent: the page has drawn, a cell begins that may take long, or none asks."""
        words, self._untold = self._untold, None
        if words is not None:
            self.words = words()

    def close(self) -> None:
        """Free the widget; what it was about to tell is dropped."""
        self._untold = None
        super().close()

    def send_aids(self) -> None:
        """Send the study aids, which the page asks for once the picture shows."""
        self.names = known_names()
        self.aids = read_packed(f"{self._parts}aids")


def pack(specification: Specification | Words, nodes: Sequence[GraphNode] = ()) -> bytes:
    """Fold and compress a specification, or the words for a graph of these nodes.

    Returns
    -------
    bytes
        JSON in zlib's format, the same for equal specifications.
    """
    folded = folded_sentences(specification, nodes)
    text = json.dumps(folded, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    return zlib.compress(text, 9 if len(text) < _LONG else 6)
