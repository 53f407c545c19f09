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
    from backpropviz.adopt.torch_model import from_torch
    from backpropviz.autodiff import gradient
    from backpropviz.autodiff.checking.check import check
    from backpropviz.autodiff.checking.error_curve import error_curve
    from backpropviz.autodiff.checking.finite import finite_difference
    from backpropviz.autodiff.costs.cost import cost
    from backpropviz.autodiff.jacobian import Jacobian, jacobian
    from backpropviz.autodiff.paths import paths
    from backpropviz.autodiff.second_order.hessian import Hessian, hessian
    from backpropviz.autodiff.symbolic.derivatives import symbolic
    from backpropviz.autodiff.symbolic.swell import expression_swell
    from backpropviz.graph import Graph, parse, trace
    from backpropviz.graph.closing.zoom import zoom
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
    from backpropviz.widgets.exercise import Exercise, exercise
    from backpropviz.widgets.replay import Replay, replay
    from backpropviz.widgets.train import train
    from backpropviz.widgets.trainer import Trainer

__version__ = "0.1.0"

# Every name is loaded when it is first used: whoever only computes never waits for widgets, plots or symbols.
_HOME = {
    "Adam": "learn",
    "Comparison": "widgets.comparison",
    "EpochRecord": "learn",
    "Exercise": "widgets.exercise",
    "Explorer": "widgets",
    "Graph": "graph",
    "Hessian": "autodiff.second_order.hessian",
    "History": "learn",
    "Jacobian": "autodiff.jacobian",
    "MLP": "learn",
    "Replay": "widgets.replay",
    "SGD": "learn",
    "Sweep": "learn",
    "Trainer": "widgets.trainer",
    "Training": "learn",
    "UnitNetwork": "learn",
    "check": "autodiff.checking.check",
    "compare": "widgets.comparison",
    "cost": "autodiff.costs.cost",
    "datasets": "learn",
    "error_curve": "autodiff.checking.error_curve",
    "examples": "lecture_examples",
    "exercise": "widgets.exercise",
    "explore": "widgets",
    "expression_swell": "autodiff.symbolic.swell",
    "finite_difference": "autodiff.checking.finite",
    "fit": "learn",
    "from_torch": "adopt.torch_model",
    "gradient": "autodiff",
    "hessian": "autodiff.second_order.hessian",
    "jacobian": "autodiff.jacobian",
    "least_squares": "learn",
    "parse": "graph",
    "paths": "autodiff.paths",
    "record": "steps",
    "replay": "widgets.replay",
    "schedules": "learn",
    "sweep": "learn",
    "symbolic": "autodiff.symbolic.derivatives",
    "trace": "graph",
    "train": "widgets.train",
    "zoom": "graph.closing.zoom",
}

__all__ = [
    "MLP",
    "SGD",
    "Adam",
    "Comparison",
    "EpochRecord",
    "Exercise",
    "Explorer",
    "Graph",
    "Hessian",
    "History",
    "Jacobian",
    "Replay",
    "Sweep",
    "Trainer",
    "Training",
    "UnitNetwork",
    "__version__",
    "check",
    "compare",
    "cost",
    "datasets",
    "error_curve",
    "examples",
    "exercise",
    "explore",
    "expression_swell",
    "finite_difference",
    "fit",
    "from_torch",
    "gradient",
    "hessian",
    "jacobian",
    "least_squares",
    "parse",
    "paths",
    "record",
    "replay",
    "schedules",
    "sweep",
    "symbolic",
    "trace",
    "train",
    "zoom",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        found = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = found
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
