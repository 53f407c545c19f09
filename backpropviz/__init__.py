"""See backpropagation: computation graphs that play, step and recompute.

>>> import backpropviz as bpv
>>> graph = bpv.parse("a = x*z; y = exp(a)")
>>> round(float(bpv.gradient(graph, x=0.5, z=2)["x"]), 3)
5.437
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from backpropviz.autodiff import check, gradient
from backpropviz.graph import Graph, parse, trace
from backpropviz.lecture_examples import examples
from backpropviz.steps import record

if TYPE_CHECKING:
    from backpropviz.widgets import Explorer, explore

__version__ = "0.1.0"

# What needs a widget or plotting library is imported when it is first used: a server that only computes never pays.
_LATER = {
    "Explorer": "backpropviz.widgets",
    "explore": "backpropviz.widgets",
}

__all__ = [
    "Explorer",
    "Graph",
    "__version__",
    "check",
    "examples",
    "explore",
    "gradient",
    "parse",
    "record",
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
