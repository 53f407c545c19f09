"""What every live view is."""

from __future__ import annotations

import anywidget


class LiveView(anywidget.AnyWidget):
    """A widget that frees all it has taken when it is closed."""

    def close(self) -> None:
        """Free the widget, and the layout that Jupyter makes for every widget and never frees."""
        layout = self.layout
        super().close()
        if layout is not None:
            layout.close()
