"""The place where the layer above plugs numbers into graphs.

``graph`` knows structure only, and layers import one way. The autodiff layer installs itself here when it is imported,
at the latest when a graph first needs numbers, so that ``graph.evaluate(x=2)`` reads naturally.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.graph.graph import Graph


class Engine(Protocol):
    """What gives numbers to a graph."""

    def evaluate(self, graph: Graph, point: Mapping[str, object] | None, inputs: Mapping[str, object]) -> Any:
        """Run the forward sweep."""

    def compile(self, graph: Graph) -> Any:
        """Make a fast callable for value and gradient."""

    def gradient_graph(self, graph: Graph, wrt: str | None, shapes: Mapping[str, tuple[int, ...]] | None) -> Graph:
        """Write the reverse sweep as a graph."""
        ...


_DEFAULT = "backpropviz.autodiff"
_engines: list[Engine] = []


def install(engine: Engine) -> None:
    """Make `engine` the one that graphs use."""
    _engines[:] = [engine]


def installed() -> Engine:
    """Give the engine in use; the default one is loaded when none is."""
    if not _engines:
        import_module(_DEFAULT)
    return _engines[0]
