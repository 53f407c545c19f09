"""See backpropagation: computation graphs that play, step and recompute.

>>> import backpropviz as bpv
>>> graph = bpv.parse("a = x*z; y = exp(a)")
>>> round(float(bpv.gradient(graph, x=0.5, z=2)["x"]), 3)
5.437
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from backpropviz.autodiff import gradient
from backpropviz.graph import Graph, parse, trace
from backpropviz.lecture_examples import examples
from backpropviz.steps import record

if TYPE_CHECKING:
    from backpropviz.autodiff import (
        Hessian,
        Jacobian,
        check,
        cost,
        error_curve,
        expression_swell,
        finite_difference,
        hessian,
        jacobian,
        symbolic,
    )
    from backpropviz.widgets import Explorer, explore
    from backpropviz.widgets.comparison import Comparison, compare

__version__ = "0.1.0"

# What needs a widget or plotting library is imported when it is first used: a server that only computes never pays.
_LATER = {
    "Comparison": "backpropviz.widgets.comparison",
    "Explorer": "backpropviz.widgets",
    "Hessian": "backpropviz.autodiff",
    "Jacobian": "backpropviz.autodiff",
    "check": "backpropviz.autodiff",
    "compare": "backpropviz.widgets.comparison",
    "cost": "backpropviz.autodiff",
    "error_curve": "backpropviz.autodiff",
    "explore": "backpropviz.widgets",
    "expression_swell": "backpropviz.autodiff",
    "finite_difference": "backpropviz.autodiff",
    "hessian": "backpropviz.autodiff",
    "jacobian": "backpropviz.autodiff",
    "symbolic": "backpropviz.autodiff",
}

__all__ = [
    "Comparison",
    "Explorer",
    "Graph",
    "Hessian",
    "Jacobian",
    "__version__",
    "check",
    "compare",
    "cost",
    "error_curve",
    "examples",
    "explore",
    "expression_swell",
    "finite_difference",
    "gradient",
    "hessian",
    "jacobian",
    "parse",
    "record",
    "symbolic",
    "trace",
]


def __getattr__(name: str) -> object:
    if name in _LATER:
        found = getattr(import_module(_LATER[name]), name)
        globals()[name] = found
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
