"""Numbers on structure: tapes, sweeps, and the checks of their rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.autodiff.check import check
from backpropviz.autodiff.forward import Tangents
from backpropviz.autodiff.gradient import gradient
from backpropviz.autodiff.reverse import Adjoints
from backpropviz.autodiff.tape import Tape, evaluate
from backpropviz.graph import engine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph import Graph

__all__ = ["Adjoints", "Tangents", "Tape", "check", "evaluate", "gradient"]


class _Autodiff:
    """What graphs call for their numbers."""

    def evaluate(self, graph: Graph, point: Mapping[str, object] | None, inputs: Mapping[str, object]) -> Tape:
        return evaluate(graph, point, inputs)


engine.install(_Autodiff())
