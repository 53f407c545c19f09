"""The live view of a training run: pictures that the kernel sends as bytes, and controls."""

from __future__ import annotations

from typing import Any

import ipywidgets
import traitlets

from backpropviz.errors import HistoryError
from backpropviz.learn.unit_form import read_unit
from backpropviz.static import read_text
from backpropviz.widgets.live_view import PagedView

_RECORDED = "The run so far, recorded. Run this cell to train on."
_NO_KERNEL = "A network trains here while a kernel runs. Run this cell to train it."


class TrainerView(PagedView):
    """Draws a network while it learns, and holds the controls of the run.

    Pictures travel in messages of their own, at most two at a time: the page says when it has painted them. What
    stays the same for a while, and what a person sets, is in the traits.

    Attributes
    ----------
    plan : dict
        What is drawn: picture, axes, layers with the units that are shown, and names.
    points : bytes
        The examples of the picture: rows of four float32, two coordinates, class, and 1 for a held-out example.
    earlier : list of list of (epoch, loss)
        Curves of earlier runs, the newest last.
    opened : widget or None
        The explorer of one step, shown inside this view.
    unit : list of int
        Layer, counted from 1, and unit, counted from 0, whose gates an opened step shows; empty for all of the network.
    batch : dict or None
        The batch of that step, shown beneath it: see :class:`backpropviz.schema.training_step.PlainBatch`.
    """

    # The text itself, not a path: with a path, closed widgets are never freed.
    _esm = read_text("trainer.js")
    _css = read_text("view.css", "kernel.css", "training.css", "images.css")

    plan = traitlets.Dict().tag(sync=True)
    points = traitlets.Bytes(b"").tag(sync=True)
    earlier: traitlets.List[Any] = traitlets.List().tag(sync=True)
    opened = traitlets.Instance(ipywidgets.Widget, allow_none=True).tag(sync=True, **ipywidgets.widget_serialization)
    unit = traitlets.List(traitlets.Int()).tag(sync=True)
    batch: traitlets.Any = traitlets.Any(None).tag(sync=True)

    @traitlets.validate("unit")
    def _valid_unit(self, proposal: Any) -> list[int]:
        return read_unit(proposal["value"])

    def _stand_in(self) -> tuple[str, str]:
        try:
            return _RECORDED, self.to_iframe()
        except HistoryError:  # no epoch is completed yet
            return _NO_KERNEL, ""

    def send_frame(self, content: dict[str, Any], parts: dict[str, Any]) -> None:
        """Send one picture.

        Parameters
        ----------
        content : dict
            What JSON can hold.
        parts : dict of str to array
            uint8, int8 or float32; sent as they lie in memory.
        """
        described = [[name, part.dtype.name, list(part.shape)] for name, part in parts.items()]
        self.send(
            {"kind": "frame", **content, "parts": described}, [memoryview(part).cast("B") for part in parts.values()]
        )
