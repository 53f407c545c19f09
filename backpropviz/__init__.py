"""See backpropagation: computation graphs that play, step and recompute.

>>> import backpropviz as bpv
>>> graph = bpv.parse("a = x*z; y = exp(a)")
>>> round(float(bpv.gradient(graph, x=0.5, z=2)["x"]), 3)
5.437
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backpropviz.autodiff import gradient
    from backpropviz.autodiff.check import check
    from backpropviz.autodiff.cost import cost
    from backpropviz.autodiff.error_curve import error_curve
    from backpropviz.autodiff.finite import finite_difference
    from backpropviz.autodiff.hessian import Hessian, hessian
    from backpropviz.autodiff.jacobian import Jacobian, jacobian
    from backpropviz.autodiff.swell import expression_swell
    from backpropviz.autodiff.symbolic import symbolic
    from backpropviz.graph import Graph, parse, trace
    from backpropviz.learn import (
        MLP,
        SGD,
        Adam,
        EpochRecord,
        History,
        Sweep,
        Training,
        UnitNetwork,
        datasets,
        fit,
        least_squares,
        schedules,
        sweep,
    )
    from backpropviz.lecture_examples import examples
    from backpropviz.steps import record
    from backpropviz.widgets import Explorer, explore
    from backpropviz.widgets.comparison import Comparison, compare

__version__ = "0.1.0"

# Every name is loaded when it is first used: whoever only computes never waits for widgets, plots or symbols.
_HOME = {
    "Adam": "learn",
    "Comparison": "widgets.comparison",
    "EpochRecord": "learn",
    "Explorer": "widgets",
    "Graph": "graph",
    "Hessian": "autodiff.hessian",
    "History": "learn",
    "Jacobian": "autodiff.jacobian",
    "MLP": "learn",
    "SGD": "learn",
    "Sweep": "learn",
    "Training": "learn",
    "UnitNetwork": "learn",
    "check": "autodiff.check",
    "compare": "widgets.comparison",
    "cost": "autodiff.cost",
    "datasets": "learn",
    "error_curve": "autodiff.error_curve",
    "examples": "lecture_examples",
    "explore": "widgets",
    "expression_swell": "autodiff.swell",
    "finite_difference": "autodiff.finite",
    "fit": "learn",
    "gradient": "autodiff",
    "hessian": "autodiff.hessian",
    "jacobian": "autodiff.jacobian",
    "least_squares": "learn",
    "parse": "graph",
    "record": "steps",
    "schedules": "learn",
    "sweep": "learn",
    "symbolic": "autodiff.symbolic",
    "trace": "graph",
}

__all__ = [
    "MLP",
    "SGD",
    "Adam",
    "Comparison",
    "EpochRecord",
    "Explorer",
    "Graph",
    "Hessian",
    "History",
    "Jacobian",
    "Sweep",
    "Training",
    "UnitNetwork",
    "__version__",
    "check",
    "compare",
    "cost",
    "datasets",
    "error_curve",
    "examples",
    "explore",
    "expression_swell",
    "finite_difference",
    "fit",
    "gradient",
    "hessian",
    "jacobian",
    "least_squares",
    "parse",
    "record",
    "schedules",
    "sweep",
    "symbolic",
    "trace",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        found = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = found
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
