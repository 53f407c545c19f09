"""What every live view is, when it is freed, and what those are that leave the notebook as one page."""

from __future__ import annotations

import asyncio
import os
import sys
import weakref
from typing import TYPE_CHECKING, Any, Protocol

import anywidget
import numpy as np
import traitlets

from backpropviz.errors import InputError
from backpropviz.export.whole_files import written_text
from backpropviz.ops import choose, did_you_mean
from backpropviz.widgets.callbacks import report
from backpropviz.widgets.display import DISPLAY, display_with_page, leave_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path


_KINDS = {
    "a boolean": "True or False",
    "an int": "a whole number",
    "a float": "a number",
    "a unicode string": "text",
    "a dict": "a dictionary",
}
"""What traitlets calls a kind, and what a person does."""

_LOOKS = {"theme": ("auto", "light", "dark"), "size": ("normal", "large")}


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

    theme = traitlets.Unicode("auto").tag(sync=True)
    size = traitlets.Unicode("normal").tag(sync=True)
    still_id = traitlets.Unicode().tag(sync=True)

    message: Any
    """The error strip of a view that has one."""

    def __setattr__(self, name: str, value: Any) -> None:
        """Set what is shown; numbers of NumPy are numbers, and what is of another kind is refused in words."""
        value = value.item() if isinstance(value, np.generic) else value
        try:
            super().__setattr__(name, value)
        except (traitlets.TraitError, OverflowError) as fault:
            known = self.traits().get(name)
            if known is None:
                raise
            raise InputError(f"{name} is {_kind_of(known)}; not {value!r}.", actual=value) from fault

    @traitlets.validate("theme", "size")
    def _valid_look(self, proposal: Any) -> str:
        return choose(proposal["trait"].name, proposal["value"], _LOOKS[proposal["trait"].name])

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the page sends; what does not fit is reported in the strip and changes nothing."""
        try:
            # Before anything is set: traitlets would take an error of ours for no reason to put the old values back.
            known = self.traits()
            for name, value in sync_data.items():
                if name in known and "from_json" not in known[name].metadata:
                    known[name]._validate(self, value)  # noqa: SLF001  what assigning would do
            super().set_state(sync_data)
        except Exception as fault:  # noqa: BLE001  a message from the page has no caller to raise to
            report(self, fault)
            self.send_state([name for name in sync_data if self.has_trait(name)])

    def begin_as(self, settings: Mapping[str, object], own: Iterable[str]) -> None:
        """Set what the view begins with, by trait.

        Raises
        ------
        InputError
            For what is neither one of its `own` settings nor its theme or size.
        """
        known = tuple(dict.fromkeys((*own, "theme", "size")))
        for name, value in settings.items():
            if name not in known:
                what = type(self).__name__.lower()
                hint = did_you_mean(name, known, f"It has {', '.join(known)}.")
                raise InputError(f"A {what} has no setting {name!r}.{hint}", expected=known, actual=name)
            setattr(self, name, value)

    def close(self) -> None:
        """Free the widget, and the layout that Jupyter makes for every widget and never frees."""
        layout = self.layout
        super().close()
        if layout is not None:
            layout.close()


def _kind_of(trait: Any) -> str:
    """Say what a setting takes, as its error does."""
    if isinstance(trait, traitlets.List):
        each = trait._trait  # noqa: SLF001  traitlets tells it nowhere else
        return "a list" if each is None else f"a list, each of it {_kind_of(each)}"
    told: str = trait.info()
    return _KINDS.get(told, told)


_STANDS_ALONE = "It works without a kernel, as a page."
_UNTIL_LEFT = 2.0
"""Seconds from the last change to a page that has it: each takes the place of one of some 100 kB."""


class OfflinePage(Protocol):
    """What is written: a page, or a line that stands in another page."""

    def to_html(self) -> str:
        """Write the page."""

    def to_iframe(self, height: float | None = None) -> str:
        """Write the line."""


class PagedView(LiveView):
    """A view whose state makes a page; it says which in ``_exported``.

    Beside the live view a notebook keeps what stands in for it where no kernel is: a sentence, and that page.
    """

    _leaving: asyncio.TimerHandle | None = None

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

    def close(self) -> None:
        """Free the widget; nothing more is left in the notebook."""
        if self._leaving is not None:
            self._leaving.cancel()
        super().close()

    def _exported(self, title: str) -> OfflinePage:
        raise NotImplementedError

    def _stand_in(self) -> tuple[str, str]:
        """Give the sentence and the page that stand in for the view."""
        raise NotImplementedError

    def _leave_soon(self, _change: object = None) -> None:
        """Leave what is shown now in the notebook, once nothing has changed for a while."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        if self._leaving is not None:
            self._leaving.cancel()
        if self.still_id:
            self._leaving = loop.call_later(_UNTIL_LEFT, self._leave)

    def _leave(self) -> None:
        if self.still_id and not self.playing:
            leave_page(self, *self._stand_in())

    def _ipython_display_(self, **_options: Any) -> None:
        display_with_page(self, *self._stand_in())


class OfflineView(PagedView):
    """A view that needs no kernel: its page stands in for it where there is none."""

    def _stand_in(self) -> tuple[str, str]:
        return _STANDS_ALONE, self.to_iframe()

    def _ipython_display_(self, **options: Any) -> None:
        if os.environ.get(DISPLAY) != "iframe":
            super()._ipython_display_(**options)
            return
        import IPython.display  # noqa: PLC0415  only notebooks display

        IPython.display.display(self._repr_mimebundle_(), raw=True)  # type: ignore[no-untyped-call]

    def _repr_mimebundle_(self, **options: Any) -> Any:
        if os.environ.get(DISPLAY) == "iframe":
            return {"text/html": self.to_iframe(), "text/plain": repr(self)}
        return super()._repr_mimebundle_(**options)


class Closable(Protocol):
    """A widget."""

    def close(self) -> None:
        """Free it."""


_by_cell: dict[str, tuple[str, weakref.WeakSet[Any]]] = {}


def free_with_cell(widget: Closable) -> None:
    """Close a widget when the cell that makes it is run again, and now those that its earlier runs made.

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


def is_in_a_page() -> bool:
    """Tell whether a cell runs that a page shows: JupyterLab says which it is, what converts notebooks does not."""
    return bool(_running_cell()[0])


def before_next_cell(call: Callable[[], object]) -> None:
    """Call once before another cell is run: what the page asks for from then on waits until all cells have ended."""
    events = sys.modules["IPython"].get_ipython().events

    def once(*_information: object) -> None:
        events.unregister("pre_run_cell", once)
        call()

    events.register("pre_run_cell", once)


def _running_cell() -> tuple[str, str]:
    """Identify the running cell and this run of it; empty outside a notebook that says so."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    parent: Any = getattr(shell, "get_parent", dict)()
    if not isinstance(parent, dict):
        return "", ""
    cell = parent.get("metadata", {}).get("cellId", "")
    return str(cell), str(parent.get("header", {}).get("msg_id", ""))
