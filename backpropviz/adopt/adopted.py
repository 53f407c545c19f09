"""A model of another framework, as a graph with its point."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backpropviz.graph import Graph, Number


@dataclass(frozen=True, slots=True)
class Adopted:
    """A model that was brought along.

    Parameters
    ----------
    graph : Graph
        The model, its modules closed into one gate each; what is closed can be opened.
    point : mapping of str to float64 or array
        Values of the inputs: the parameters under the names that the model gives them, and what it was called with.
    modules : mapping of str to str
        For each gate, the path of the module that it is part of, as in ``"encoder.layers.0.linear1"``.
    sources : mapping of str to str
        For gates whose source is known, file and line.
    notes : tuple of str
        What the reader should know: precision, masks that were drawn, what is held constant.
    """

    graph: Graph
    point: Mapping[str, Number]
    modules: Mapping[str, str]
    sources: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    _reference: Callable[[], Mapping[str, tuple[Number, Number | None]]] | None = None

    @property
    def gates(self) -> Graph:
        """The graph with every module open."""
        return self.graph if self.graph.grouping is None else self.graph.grouping.basis

    def check(self, tolerance: float = 1e-12) -> None:
        """Compare the value and the gradient of every gate with those that the framework itself finds.

        Parameters
        ----------
        tolerance : float
            Largest difference, as a share of the largest entry that is compared; at least 1 counts.

        Raises
        ------
        GradientCheckError
            Naming the first gate, in the order of the forward sweep, that differs.
        """
        from backpropviz.adopt.comparing import compare_with  # noqa: PLC0415  needed only here

        compare_with(self.gates, self.point, self.modules, self._reference, tolerance)

    def __repr__(self) -> str:
        paths = {path for path in self.modules.values() if path}
        return f"<Adopted {self.gates!r} of {len(paths)} modules>"
