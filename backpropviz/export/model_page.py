"""What a page of a model has beside its picture: map, health, and the blocks that it opens by itself."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from backpropviz.graph.closing.walking import around, opened, walk
from backpropviz.scene.shared_sentences import folded_sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backpropviz.export.page import Page
    from backpropviz.export.shown_graph import ShownGraph
    from backpropviz.graph import Graph

_MOST_NODES = 400
"""Nodes of all pictures that a page carries together; they take some 300 bytes each."""


@dataclass(frozen=True)
class ModelPage:
    """A model whose blocks can be walked into.

    Parameters
    ----------
    whole : Graph
        With every block closed.
    blocks : mapping
        What the page's map lists: ``known`` blocks in forward order, and what :func:`walked_into` tells of the one
        that is shown first.
    origins : callable
        Gives module and source line of the gates of a view, as text.
    health : mapping, optional
        See :meth:`backpropviz.checkup.report.Health.content`.
    """

    whole: Graph
    blocks: Mapping[str, Any]
    origins: Callable[[Graph], Mapping[str, str]]
    health: Mapping[str, Any] = field(default_factory=dict)

    def page(self, shown_graph: ShownGraph) -> Page:
        """Give the page of what is shown, with the map and all that it can open."""
        page = shown_graph.page(study_aids=True)
        traits = {**page.traits, "blocks": dict(self.blocks), "health": dict(self.health)}
        return replace(page, traits=traits, blocks=self.carried(shown_graph))

    def carried(self, shown_graph: ShownGraph) -> dict[str, Any]:
        """Describe the blocks that the page opens by itself, the outermost first, as many as it has room for."""
        shown = self.blocks["path"]
        paths = sorted((path for path, *_ in self.blocks["known"]), key=lambda path: len(around(self.whole, path)))
        found: dict[str, Any] = {}
        room = _MOST_NODES
        for path in ["", *paths]:
            if path == shown:
                continue
            view = walk(self.whole, path)
            room -= len(view)
            if room < 0:
                break
            page = replace(shown_graph, graph=view, origins=self.origins(view)).page()
            found[path] = {
                "spec": folded_sentences({key: part for key, part in page.specification.items() if key != "latex"}),
                "place": walked_into(self.whole, path),
                "numbers": page.traits.get("numbers", {}),
            }
        return found


def walked_into(whole: Graph, path: str) -> dict[str, Any]:
    """Tell a map where one is: the ``path``, the blocks ``around`` it from the outermost, and the nodes ``inside``."""
    return {"path": path, "around": list(around(whole, path)) if path else [], "inside": opened(whole, path)}
