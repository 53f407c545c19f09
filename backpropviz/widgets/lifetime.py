"""Freeing the widgets of a cell that is run again."""

from __future__ import annotations

import sys
import weakref
from typing import Any, Protocol


class Closable(Protocol):
    """A widget."""

    def close(self) -> None:
        """Free it."""


_by_cell: dict[str, tuple[str, weakref.WeakSet[Any]]] = {}


def adopt(widget: Closable) -> None:
    """Close the widgets that earlier runs of the current cell made.

    A cell that is run again drops its old output, but the kernel would keep the old widgets for ever.

    Parameters
    ----------
    widget : widget
        The new one, made by the cell that is running now. Outside a notebook nothing happens.
    """
    cell, execution = _running_cell()
    if not cell:
        return
    previous, widgets = _by_cell.get(cell, ("", weakref.WeakSet()))
    if previous != execution:
        for old in list(widgets):
            old.close()
        widgets = weakref.WeakSet()
    widgets.add(widget)
    _by_cell[cell] = (execution, widgets)


def _running_cell() -> tuple[str, str]:
    """Identify the running cell and this run of it; empty outside a notebook that says so."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    parent: Any = getattr(shell, "get_parent", dict)()
    if not isinstance(parent, dict):
        return "", ""
    cell = parent.get("metadata", {}).get("cellId", "")
    return str(cell), str(parent.get("header", {}).get("msg_id", ""))
