"""What a lecturer does with an explorer: open and close gates, hide and reveal numbers, list paths."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

import traitlets

from backpropviz.autodiff.paths import paths_on
from backpropviz.errors import InputError
from backpropviz.graph import CONSTANT
from backpropviz.graph.closing.zoom import zoom
from backpropviz.widgets.explorer_state import ExplorerState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backpropviz.autodiff.paths import PathSum
    from backpropviz.graph import Graph, Source


class Lecturing(ExplorerState):
    """A state with aids for lecturing, for a widget that shows a graph.

    Attributes
    ----------
    hidden : dict
        ``gradients``: whether all gradients are hidden; ``nodes``: names of nodes whose numbers are hidden; ``shown``:
        what has been revealed since, as ``"gradient x"`` or ``"value x"``.
    """

    hidden = traitlets.Dict().tag(sync=True)

    @abstractmethod
    def show(self, source: Source, /, **inputs: object) -> None:
        """Show another graph in the same place."""

    def expand(self, node: str) -> None:
        """Open a gate in place; see :meth:`backpropviz.Graph.expand`."""
        self._show_in_place(self.graph.expand(node))

    def collapse(self, nodes: Iterable[str], name: str | None = None) -> None:
        """Close nodes into one gate in place; see :meth:`backpropviz.Graph.collapse`."""
        self._show_in_place(self.graph.collapse(nodes, name))

    def zoom(self, level: str, at: str | int | None = None) -> None:
        """Look at a network from afar or from near; see :func:`backpropviz.graph.closing.zoom.zoom`."""
        self._show_in_place(zoom(self.graph, level, at))

    def paths(self, source: str) -> PathSum:
        """List the paths from a node to the output, each with the product of its local partials."""
        return paths_on(self.run.tape, source)

    def hide(self, *nodes: str, gradients: bool | None = None) -> None:
        """Hide numbers, to be guessed first.

        Parameters
        ----------
        *nodes : str
            Nodes whose value and gradient are hidden.
        gradients : bool, optional
            Whether all gradients are hidden; default as it was, and all of them where no node is named.
        """
        known = [self.graph.node(node).name for node in nodes]
        every = self.hidden.get("gradients", False) or not nodes if gradients is None else gradients
        before = [] if not nodes else [each for each in self.hidden.get("nodes", []) if each not in known]
        shown = [each for each in self.hidden.get("shown", []) if each.partition(" ")[2] not in known] if nodes else []
        self.hidden = {"gradients": bool(every), "nodes": [*before, *known], "shown": shown}

    def reveal(self) -> str:
        """Show the next hidden number, in the order of the sweeps.

        Returns
        -------
        str
            Which, as ``"gradient b"``; empty when nothing is hidden.
        """
        for what in self._hideable():
            if self._is_hidden(what):
                self.hidden = {**self.hidden, "shown": [*self.hidden.get("shown", []), what]}
                return what
        return ""

    def reveal_all(self) -> None:
        """Hide nothing any more."""
        self.hidden = {}

    def _hideable(self) -> list[str]:
        kinds = {"Evaluate": "value", "Seed": "gradient", "Settle": "gradient", "Push": "gradient"}
        told = [
            f"{kinds[type(record).__name__]} {record.node}"
            for step in self.run.timeline
            for record in step.records
            if type(record).__name__ in kinds
        ]
        return list(dict.fromkeys(told))

    def _is_hidden(self, what: str) -> bool:
        kind, _, node = what.partition(" ")
        wanted = node in self.hidden.get("nodes", []) or (self.hidden.get("gradients", False) and kind == "gradient")
        return wanted and what not in self.hidden.get("shown", [])

    def _show_in_place(self, graph: Graph) -> None:
        """Show a view of the same graph; a run that was over stays so."""
        was_over = self.step >= self.last_step > 0
        self.show(graph)
        if was_over:
            self.step = self.last_step

    @traitlets.validate("hidden")
    def _valid_hidden(self, proposal: Any) -> dict[str, Any]:
        given = proposal["value"]
        unknown = set(given) - {"gradients", "nodes", "shown"}
        if unknown:
            raise InputError(f"Nothing is hidden by {min(unknown)!r}: write gradients, nodes or shown.")
        graph = self.graph
        nodes = [name for name in given.get("nodes", []) if name in graph and graph.op(name) != CONSTANT]
        shown = [str(each) for each in given.get("shown", [])]
        return {"gradients": bool(given.get("gradients", False)), "nodes": nodes, "shown": shown}
