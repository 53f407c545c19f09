"""Notebooks on their way to other formats: read, run, and their widgets turned into pages."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backpropviz.errors import BackpropvizError, ExportError, MissingLibraryError
from backpropviz.export.shown_graph import SHOWN_GRAPH_TYPE, ShownGraph

if TYPE_CHECKING:
    from collections.abc import Callable

WIDGET_TYPE = "application/vnd.jupyter.widget-view+json"
_LOST_WIDGET = "A widget that needs a running kernel stood here."


def load_reader() -> None:
    """Load what reads notebooks, in a process of our own, without forty grammars of addresses.

    To build them takes two seconds. They serve a check of formats that no notebook has, and their library goes without
    where they are not installed.
    """
    name = "rfc3987_syntax"
    if name in sys.modules:
        return
    sys.modules[name] = None  # type: ignore[assignment]  # as one that is not installed
    try:
        _library("nbformat")
    finally:
        del sys.modules[name]


def read_notebook(path: str | Path) -> Any:
    """Read a notebook file.

    Raises
    ------
    ExportError
        Where it is missing, cannot be read, or is no notebook.
    MissingLibraryError
        Where nbformat is not installed.
    """
    nbformat = _library("nbformat")
    source = Path(path).expanduser()
    try:
        return nbformat.read(source, as_version=4)
    except OSError as fault:
        raise ExportError(f"{source} cannot be read: {fault.strerror or fault}.", actual=str(source)) from fault
    except Exception as fault:
        reason = str(fault).strip().splitlines()[0] if str(fault).strip() else type(fault).__name__
        raise ExportError(f"{source} is not a notebook: {reason[:200]}", actual=str(source)) from fault


def run_notebook(
    notebook: Any, folder: str | Path, *, seconds: float = 600, progress: Callable[[int, int], None] | None = None
) -> Any:
    """Run every cell in a fresh kernel, with pages displayed in place of widgets.

    Parameters
    ----------
    notebook : NotebookNode
        It is changed: its outputs are the new ones.
    folder : str or Path
        Where the kernel runs.
    seconds : float
        That one cell may take.
    progress : callable, optional
        Called after each code cell with how many are done, and of how many.

    Raises
    ------
    ExportError
        Where a cell fails or takes too long, or no kernel starts; it names the cell.
    MissingLibraryError
        Where nbclient is not installed.
    """
    nbclient = _library("nbclient")
    cells = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]

    def count(cell_index: int, **_more: object) -> None:
        if progress is not None and cell_index in cells:
            progress(cells.index(cell_index) + 1, len(cells))

    client = nbclient.NotebookClient(
        notebook,
        timeout=seconds,
        resources={"metadata": {"path": str(folder)}},
        on_cell_executed=count,
        config=_encrypted(),
    )
    try:
        client.execute(env={**os.environ, "BACKPROPVIZ_DISPLAY": "iframe"})
    except Exception as fault:
        raise ExportError(_what_failed(notebook, fault, seconds)) from fault
    return notebook


def _encrypted() -> Any:
    """Have messages to the kernel encrypted where Jupyter can: newer kernels complain aloud of open ones."""
    jupyter_client, traitlets, zmq = map(_library, ("jupyter_client", "traitlets.config", "zmq"))
    config = traitlets.Config()
    if "transport_encryption" in jupyter_client.KernelManager.class_trait_names() and zmq.has("curve"):
        config.KernelManager.transport_encryption = "auto"
    return config


def _what_failed(notebook: Any, fault: Exception, seconds: float) -> str:
    if isinstance(fault, TimeoutError):
        running = [number for number, cell in enumerate(notebook.cells, 1) if cell.get("execution_count")]
        return f"Cell {max(running, default=0)} of the notebook took longer than {seconds:g} s. Give it more time."
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                return f"Cell {number} of the notebook fails: {output.ename}: {output.evalue}"
    first = str(fault).strip().splitlines()
    return f"The notebook does not run: {type(fault).__name__}: {first[0] if first else ''}"


def widgets_to_pages(notebook: Any, *, theme: str | None = None, size: str | None = None, present: bool = False) -> int:
    """Replace explorers in the outputs by pages that play without a kernel.

    Parameters
    ----------
    notebook : NotebookNode
        It is changed.
    theme, size : str, optional
        How the pages look; default as the explorers did.
    present : bool
        Whether pictures fill their pages.

    Returns
    -------
    int
        How many pages there are now.
    """
    made = 0
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        outputs: list[Any] = []
        for output in cell.outputs:
            bundle = output.get("data", {})
            if SHOWN_GRAPH_TYPE in bundle:
                # The widget of this graph, whose place the page takes, was displayed just before.
                if outputs and WIDGET_TYPE in outputs[-1].get("data", {}):
                    outputs.pop()
                outputs.append(_with_page(output, theme, size, present=present))
                made += 1
            else:
                outputs.append(output)
        cell.outputs = [_without_widget(output) for output in outputs]
    notebook.metadata.pop("widgets", None)
    return made


def _with_page(output: Any, theme: str | None, size: str | None, *, present: bool) -> Any:
    described = dict(output.data[SHOWN_GRAPH_TYPE])
    look = dict(described.get("look", {}))
    if theme is not None and look.get("theme", "auto") == "auto":
        look["theme"] = theme
    if size is not None:
        look["size"] = size
    if present:
        look["present"] = True
    try:
        page = ShownGraph.from_plain({**described, "look": look}).to_iframe()
    except BackpropvizError as fault:
        raise ExportError(f"A saved explorer cannot be shown: {fault}") from fault
    output.data = type(output.data)({"text/html": page, "text/plain": output.data.get("text/plain", "")})
    return output


def _without_widget(output: Any) -> Any:
    """Leave what a page can show of a widget that is not ours."""
    bundle = output.get("data", {})
    if WIDGET_TYPE in bundle:
        del bundle[WIDGET_TYPE]
        bundle.setdefault("text/plain", _LOST_WIDGET)
    return output


def _library(name: str) -> Any:
    import importlib  # noqa: PLC0415  used here alone

    try:
        return importlib.import_module(name)
    except ImportError as fault:
        raise MissingLibraryError(
            f'Notebooks are converted with {name}. Install it with: pip install "backpropviz[slides]"'
        ) from fault
