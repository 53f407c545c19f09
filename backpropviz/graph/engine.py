"""The place where the layer above plugs numbers into graphs.

``graph`` knows structure only, and layers import one way. The autodiff layer installs itself here when the package is
imported, so that ``graph.evaluate(x=2)`` reads naturally without an import upwards.
"""

from __future__ import annotations

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


_engines: list[Engine] = []


def install(engine: Engine) -> None:
    """Make `engine` the one that graphs use."""
    _engines[:] = [engine]


def installed() -> Engine:
    """Give the engine in use.

    Raises
    ------
    RuntimeError
        Where ``backpropviz.autodiff`` was never imported; ``import backpropviz`` does it.
    """
    if not _engines:
        raise RuntimeError("No engine is installed: import backpropviz, not backpropviz.graph alone.")
    return _engines[0]
