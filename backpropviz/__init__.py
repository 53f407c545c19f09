"""See backpropagation: computation graphs that play, step and recompute.

>>> import backpropviz as bpv
>>> graph = bpv.parse("a = x*z; y = exp(a)")
>>> round(float(bpv.gradient(graph, x=0.5, z=2)["x"]), 3)
5.437
"""

from __future__ import annotations

from lazy_loader import attach_stub

__version__ = "0.2.0"

# Every name is loaded when it is first used: whoever only computes never waits for widgets, plots or symbols.
__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
__all__ += ["__version__"]
