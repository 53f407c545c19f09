"""The place where the layer above plugs numbers into graphs.

``graph`` knows structure only, and layers import one way. The autodiff layer installs itself here when it is imported,
at the latest when a graph first needs numbers, so that ``graph.evaluate(x=2)`` reads naturally.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

GraphT = TypeVar("GraphT")


class Engine(Protocol[GraphT]):
    """What gives numbers to a graph."""

    def evaluate(self, graph: GraphT, point: Mapping[str, object] | None, inputs: Mapping[str, object]) -> Any:
        """Run the forward sweep."""

    def compile(self, graph: GraphT) -> Any:
        """Make a fast callable for value and gradient."""

    def gradient_graph(self, graph: GraphT, wrt: str | None, shapes: Mapping[str, tuple[int, ...]] | None) -> GraphT:
        """Write the reverse sweep as a graph."""
        ...


_DEFAULT = "backpropviz.autodiff"
_engines: list[Engine[Any]] = []


def install(engine: Engine[Any]) -> None:
    """Make `engine` the one that graphs use."""
    _engines[:] = [engine]


def installed() -> Engine[Any]:
    """Give the engine in use; the default one is loaded when none is."""
    if not _engines:
        import_module(_DEFAULT)
    return _engines[0]
