"""Numbers on structure: tapes, sweeps, and the checks of their rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.autodiff.check import check
from backpropviz.autodiff.compare import Measurement, measure
from backpropviz.autodiff.compiled import Compiled, compile_graph
from backpropviz.autodiff.cost import Cost, cost
from backpropviz.autodiff.error_curve import ErrorCurve, error_curve
from backpropviz.autodiff.finite import finite_difference
from backpropviz.autodiff.forward import Tangents
from backpropviz.autodiff.gradient import gradient
from backpropviz.autodiff.gradient_graph import gradient_graph
from backpropviz.autodiff.hessian import Hessian, hessian
from backpropviz.autodiff.jacobian import Jacobian, jacobian
from backpropviz.autodiff.reverse import Adjoints
from backpropviz.autodiff.swell import Swell, expression_swell
from backpropviz.autodiff.symbolic import SymbolicDerivative, symbolic
from backpropviz.autodiff.tape import Tape, evaluate
from backpropviz.graph import engine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph import Graph

__all__ = [
    "Adjoints",
    "Compiled",
    "Cost",
    "ErrorCurve",
    "Hessian",
    "Jacobian",
    "Measurement",
    "Swell",
    "SymbolicDerivative",
    "Tangents",
    "Tape",
    "check",
    "cost",
    "error_curve",
    "evaluate",
    "expression_swell",
    "finite_difference",
    "gradient",
    "hessian",
    "jacobian",
    "measure",
    "symbolic",
]


class _Autodiff:
    """What graphs call for their numbers."""

    def evaluate(self, graph: Graph, point: Mapping[str, object] | None, inputs: Mapping[str, object]) -> Tape:
        return evaluate(graph, point, inputs)

    def compile(self, graph: Graph) -> Compiled:
        return compile_graph(graph)

    def gradient_graph(self, graph: Graph, wrt: str | None, shapes: Mapping[str, tuple[int, ...]] | None) -> Graph:
        return gradient_graph(graph, wrt, shapes)


engine.install(_Autodiff())
