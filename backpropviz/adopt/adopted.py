"""A model of another framework, as a graph with its point."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backpropviz.errors import AdoptionError
from backpropviz.ops.counting import counted

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
    detached : mapping of str to str
        Calls that stop the gradient, and where they stand.
    title : str
        What the model is called.
    compare : callable, optional
        Compares it with what its own framework computed: ``compare(adopted, tolerance)``.
    """

    graph: Graph
    point: Mapping[str, Number]
    modules: Mapping[str, str]
    sources: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    compare: Callable[[Adopted, float], None] | None = field(default=None, repr=False)
    detached: Mapping[str, str] = field(default_factory=dict)
    title: str = ""

    @property
    def gates(self) -> Graph:
        """The graph with every module open."""
        return self.graph if self.graph.grouping is None else self.graph.grouping.basis

    @property
    def parameters(self) -> tuple[str, ...]:
        """Inputs that are learned; none where the model does not tell which."""
        return tuple(name for name in self.graph.inputs if self.graph.node(name).learned)

    def check(self, tolerance: float = 1e-12) -> None:
        """Compare the value and the gradient of every gate with those that the framework itself finds.

        Parameters
        ----------
        tolerance : float
            Largest difference, as a share of the largest entry that is compared; at least 1 counts.

        Raises
        ------
        GradientCheckError
            Naming the first gate whose value differs, in the order of the forward sweep; where all values agree, the
            first whose gradient does, in the order of the backward sweep.
        """
        if self.compare is None:
            raise AdoptionError(
                "Nothing was kept to compare this model with. Write bpv.check(adopted) for its rules alone."
            )
        self.compare(self, tolerance)

    def __repr__(self) -> str:
        paths = {path for path in self.modules.values() if path}
        return f"<Adopted {self.gates!r} of {counted(len(paths), 'module')}>"
