"""See backpropagation: computation graphs that play, step and recompute."""

from __future__ import annotations

from backpropviz.autodiff import check, gradient
from backpropviz.graph import Graph, parse, trace
from backpropviz.steps import record

__version__ = "0.1.0"
__all__ = ["Graph", "__version__", "check", "gradient", "parse", "record", "trace"]
