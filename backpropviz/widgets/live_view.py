"""What every live view is, and what those are that leave the notebook as one page."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol

import anywidget
import traitlets

from backpropviz.export.whole_files import written_text
from backpropviz.widgets.display import DISPLAY, display_with_page

if TYPE_CHECKING:
    from pathlib import Path


class LiveView(anywidget.AnyWidget):
    """A widget that frees all it has taken when it is closed.

    Attributes
    ----------
    theme : {"auto", "light", "dark"}
        Its colours; ``"auto"`` are those of the page.
    size : {"normal", "large"}
        Of its text.
    still_id : str
        Of the element that stands in where no kernel is.
    """

    theme = traitlets.Enum(("auto", "light", "dark"), "auto").tag(sync=True)
    size = traitlets.Enum(("normal", "large"), "normal").tag(sync=True)
    still_id = traitlets.Unicode().tag(sync=True)

    def close(self) -> None:
        """Free the widget, and the layout that Jupyter makes for every widget and never frees."""
        layout = self.layout
        super().close()
        if layout is not None:
            layout.close()


STANDS_ALONE = "It works without a kernel, as a page."


class OfflinePage(Protocol):
    """What is written: a page, or a line that stands in another page."""

    def to_html(self) -> str:
        """Write the page."""

    def to_iframe(self, height: float | None = None) -> str:
        """Write the line."""


class PagedView(LiveView):
    """A view whose state makes a page; it says which in ``_exported``."""

    def to_html(self, path: str | Path | None = None, *, title: str = "") -> str:
        """Write a page that does what the widget does, with neither kernel nor network.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it; without one the text is only returned.
        title : str, optional
            Heading of the page; default the network's sizes, and of a recorded run its epochs.

        Returns
        -------
        str
            The whole page. The same widget gives the same text.

        Raises
        ------
        ExportError
            Where the file cannot be written; a file that was there stays.
        HistoryError
            For a run of which no epoch is completed yet.
        """
        return written_text(path, self._exported(title).to_html())

    def to_iframe(self, height: float | None = None) -> str:
        """Give the page as one line of HTML, to paste into a slide, a wiki or a course system.

        Parameters
        ----------
        height : float, optional
            In px; default an estimate from the pictures.
        """
        return self._exported("").to_iframe(height)

    def _exported(self, title: str) -> OfflinePage:
        raise NotImplementedError


class OfflineView(PagedView):
    """A view that needs no kernel: its page stands in for it where there is none."""

    def _ipython_display_(self, **_options: Any) -> None:
        if os.environ.get(DISPLAY) != "iframe":
            display_with_page(self, STANDS_ALONE, self.to_iframe())
            return
        import IPython.display  # noqa: PLC0415  only notebooks display

        IPython.display.display(self._repr_mimebundle_(), raw=True)  # type: ignore[no-untyped-call]

    def _repr_mimebundle_(self, **options: Any) -> Any:
        if os.environ.get(DISPLAY) == "iframe":
            return {"text/html": self.to_iframe(), "text/plain": repr(self)}
        return super()._repr_mimebundle_(**options)
