"""A model, or a large graph, read like a map: its blocks to walk into, and how its gradients fare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from backpropviz.checkup.blocks import short_source
from backpropviz.checkup.health import health
from backpropviz.export.model_views import ModelViews, walked_into
from backpropviz.graph.closing.grouping import basis_of
from backpropviz.graph.closing.regrouping import Closing
from backpropviz.graph.closing.walking import walk
from backpropviz.widgets.lecturing import Lecturing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.adopt.adopted import Adopted
    from backpropviz.checkup.report import Health
    from backpropviz.export.page import Page
    from backpropviz.export.shown_graph import Exhibit
    from backpropviz.graph import Graph


class ModelMap(Lecturing):
    """What an explorer of a model has beside that of a graph: blocks to walk into, and the health of its gradients.

    Attributes
    ----------
    blocks : dict
        ``path`` of the block that is walked into, those ``around`` it, the nodes ``inside``, and ``known``: every
        block's name and number of parameters, in forward order. Empty for a graph without blocks.
    health : dict
        The table and the findings of :func:`backpropviz.health`, once they were asked for.
    """

    blocks = traitlets.Dict().tag(sync=True)
    health = traitlets.Dict().tag(sync=True)

    _model: Adopted | None = None
    _closed: Graph | None = None
    """A large graph as it was closed at first."""

    def walk(self, path: str = "") -> None:
        """Open a block and those around it, and close all others; without a path, close all.

        Raises
        ------
        GraphError
            Where the model has no such block.
        """
        whole = self._closed or self.graph
        self._show_in_place(walk(whole, path))
        self.blocks = {**self.blocks, **walked_into(whole, path)}

    def examine(self) -> Health:
        """Tell how the gradients fare at the current point; see :func:`backpropviz.health`."""
        found = self._examined()
        self.health = found.content()
        return found

    def _examined(self) -> Health:
        found: Health = health(_At(self.graph, self.point(), self._model))
        return found

    @property
    def title(self) -> str:
        """What the model is called; empty for a graph, which is called by what it computes."""
        return "" if self._model is None else self._model.title

    def _chart(self, model: Adopted | None) -> None:
        """List the blocks of an adopted model, or those into which a large graph was closed."""
        self._model = model
        self._closed = whole = self.graph
        steps = () if whole.grouping is None else whole.grouping.history
        sizes = {name: int(np.size(value)) for name, value in self.point().items()}
        place = {name: index for index, name in enumerate(basis_of(whole).nodes)}
        paths = {step.name: _first(step, steps, place) for step in steps if isinstance(step, Closing)}
        modules = {path for path in ({} if model is None else model.modules).values() if path} or set(paths)
        inside = [name for name in paths if name in modules or any(each.startswith(f"{name}.") for each in modules)]
        known = [
            [name, sum(size for each, size in sizes.items() if each.startswith(f"{name}."))]
            for name in sorted(inside, key=lambda name: (paths[name], name.count(".")))
        ]
        self.blocks = {**walked_into(whole, ""), "known": known} if known else {}

    def _page(self, exhibit: Exhibit, *, study_aids: bool, editable: bool) -> Page:
        if editable or not self.blocks.get("known"):
            return exhibit.page(study_aids=study_aids, editable=editable)
        told: dict[str, Any] = {} if self._model is None else dict(self._examined().content())
        if told:
            told["notes"] = [*told["notes"], "Examined at the point at which this page was made."]
        return ModelViews(self._closed or self.graph, self.blocks, self._origins_of, told).page(exhibit)

    @property
    def origins(self) -> dict[str, str]:
        """Give module and source line of the gates that are shown, as text."""
        return self._origins_of(self.graph)

    def _origins_of(self, graph: Graph) -> dict[str, str]:
        if self._model is None:
            return {}
        standing = {name: name for name in graph.nodes} if graph.grouping is None else graph.grouping.nodes
        closed = {} if graph.grouping is None else graph.grouping.closed
        found = {}
        for name, below in standing.items():
            module = name if name in closed else self._model.modules.get(below, "")
            told = [module if module != name else "", short_source(self._model.sources.get(below, ""))]
            if any(told):
                found[name] = ", ".join(filter(None, told))
        return found


class _At:
    """A model at another point, or with other gates closed."""

    def __init__(self, graph: Graph, point: Mapping[str, object], model: Adopted | None) -> None:
        self.graph, self.point = graph, point
        self.modules: Mapping[str, str] = getattr(model, "modules", {})
        self.sources: Mapping[str, str] = getattr(model, "sources", {})
        self.detached: Mapping[str, str] = getattr(model, "detached", {})


def _first(step: Closing, steps: tuple[Any, ...], place: Mapping[str, int]) -> int:
    """Give where the first gate of a block stands in the forward sweep."""
    inside = {each.name: each for each in steps if isinstance(each, Closing) and each is not step}
    waiting, found = list(step.members), []
    while waiting:
        name = waiting.pop()
        if name in inside:
            waiting += inside.pop(name).members
        elif name in place:
            found.append(place[name])
    return max(found, default=0)
