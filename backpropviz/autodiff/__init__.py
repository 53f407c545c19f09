"""Numbers on structure: tapes and sweeps; each further way to differentiate is a module of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.autodiff.forward import Tangents
from backpropviz.autodiff.gradient import gradient
from backpropviz.autodiff.reverse import Adjoints
from backpropviz.autodiff.tape import Tape, evaluate
from backpropviz.graph import engine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.autodiff.fast import Compiled
    from backpropviz.graph import Graph

__all__ = ["Adjoints", "Tangents", "Tape", "evaluate", "gradient"]


class _Autodiff:
    """What graphs call for their numbers; what few graphs need is loaded when one does."""

    def evaluate(self, graph: Graph, point: Mapping[str, object] | None, inputs: Mapping[str, object]) -> Tape:
        return evaluate(graph, point, inputs)

    def compile(self, graph: Graph) -> Compiled:
        from backpropviz.autodiff.fast import compile_graph  # noqa: PLC0415  a third of the layer

        return compile_graph(graph)

    def gradient_graph(self, graph: Graph, wrt: str | None, shapes: Mapping[str, tuple[int, ...]] | None) -> Graph:
        from backpropviz.autodiff.symbolic.gradient_graph import gradient_graph  # noqa: PLC0415  as above

        return gradient_graph(graph, wrt, shapes)


engine.install(_Autodiff())
