"""A model, or a large graph, read like a map: its blocks to walk into, and how its gradients fare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.checkup.blocks import short_source
from backpropviz.checkup.health import health
from backpropviz.export.model_page import ModelPage, walked_into
from backpropviz.graph.closing.grouping import basis_of
from backpropviz.graph.closing.regrouping import Closing
from backpropviz.graph.closing.walking import around

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.adopt.adopted import Adopted
    from backpropviz.checkup.report import Health
    from backpropviz.export.page import Page
    from backpropviz.export.shown_graph import ShownGraph
    from backpropviz.graph import Graph


class ModelMap:
    """Blocks that can be walked into, and the health of their gradients.

    Parameters
    ----------
    whole : Graph, optional
        With every block closed; None for a graph whose blocks are those that a person closes.
    model : Adopted, optional
        The model that the graph was brought along from.
    """

    def __init__(self, whole: Graph | None = None, model: Adopted | None = None) -> None:
        self.whole = whole
        self._model = model

    @property
    def title(self) -> str:
        """What the model is called; empty for a graph, which is called by what it computes."""
        return "" if self._model is None else self._model.title

    def blocks(self, point: Mapping[str, object]) -> dict[str, Any]:
        """List the blocks with their numbers of parameters, in forward order; see :attr:`Explorer.blocks`."""
        if self.whole is None:
            return {}
        whole, model = self.whole, self._model
        steps = () if whole.grouping is None else whole.grouping.history
        sizes = {name: int(np.size(value)) for name, value in point.items()}  # type: ignore[arg-type]  # numbers
        place = {name: index for index, name in enumerate(basis_of(whole).nodes)}
        paths = {step.name: _first(step, steps, place) for step in steps if isinstance(step, Closing)}
        modules = {path for path in ({} if model is None else model.modules).values() if path} or set(paths)
        inside = [name for name in paths if name in modules or any(each.startswith(f"{name}.") for each in modules)]
        # A cell has no path of its own, and shares its weights with the others: it stands in the module that runs it.
        cells = {step.name: ("", *around(whole, step.name))[-2] for step in _cells(steps)}
        order = {name: (paths[name], name not in cells, name.count(".")) for name in {*inside, *cells}}
        known = [
            [name, sum(size for each, size in sizes.items() if each.startswith(f"{name}.")), cells.get(name, "")]
            for name in sorted(order, key=order.__getitem__)
        ]
        return {**walked_into(whole, ""), "known": known} if known else {}

    def examined(self, graph: Graph, point: Mapping[str, object]) -> Health:
        """Tell how the gradients fare at a point."""
        found: Health = health(_At(graph, point, self._model))
        return found

    def page(self, shown_graph: ShownGraph, blocks: Mapping[str, Any]) -> Page:
        """Give the page of what is shown, with the map, the blocks that it can open, and the health of a model."""
        told: dict[str, Any] = {}
        if self._model is not None:
            told = dict(self.examined(shown_graph.graph, shown_graph.point).content())
            told["notes"] = [*told["notes"], "Examined at the point at which this page was made."]
        return ModelPage(self.whole or shown_graph.graph, blocks, self.origins, told).page(shown_graph)

    def origins(self, graph: Graph) -> dict[str, str]:
        """Give module and source line of the gates of a graph, as text."""
        if self._model is None:
            return {}
        standing = {name: name for name in graph.nodes} if graph.grouping is None else graph.grouping.nodes
        closed = (
            {} if graph.grouping is None else {each: graph.grouping.block_of(each) for each in graph.grouping.closed}
        )
        found = {}
        for name, below in standing.items():
            module = closed.get(name) or self._model.modules.get(below, "")
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


def _cells(steps: tuple[Any, ...]) -> list[Closing]:
    return [step for step in steps if isinstance(step, Closing) and step.kind.endswith("_cell")]


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
