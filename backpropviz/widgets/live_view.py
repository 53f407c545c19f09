"""What every live view is."""

from __future__ import annotations

import anywidget
import traitlets


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
