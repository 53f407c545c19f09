"""What people hold: the explorer."""

from __future__ import annotations

from backpropviz.widgets.explorer import Explorer
from backpropviz.widgets.explorer_state import ExplorerState

__all__ = ["Explorer", "ExplorerState"]
