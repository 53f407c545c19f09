"""One node of a computation graph, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Number = np.float64 | Array
"""What a node holds: one float64, or an array of them."""

INPUT = "input"
CONSTANT = "constant"

LEAF_PARAMETERS = {INPUT: ("learned", "shape")}
"""What leaves may have beside their name: the one shape that an input takes, where the graph was made for it; and
whether an input is learned, as a model's weights are."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A named intermediate: which operation, on which arguments.

    Parameters
    ----------
    name : str
        Unique in its graph.
    op : str
        ``"input"``, ``"constant"``, or a name of ``backpropviz.ops.REGISTRY``.
    arguments : tuple of str, optional
        Names of the argument nodes, by slot.
    parameters : tuple of (str, object), optional
        What the operation needs beside its arguments (an axis, a slope), sorted by name.
    value : float64 or array, optional
        The number of a constant; None for all other nodes.
    source : str, optional
        The line on which it was written; no part of what it is.
    """

    name: str
    op: str
    arguments: tuple[str, ...] = ()
    parameters: tuple[tuple[str, Any], ...] = ()
    value: Number | None = None
    source: str = ""

    @property
    def learned(self) -> bool:
        """Whether it is an input that a model learns."""
        return self.op == INPUT and any(key == "learned" and value for key, value in self.parameters)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Node):
            return NotImplemented
        return self.key() == other.key()

    def __hash__(self) -> int:
        return hash(self.key())

    def key(self) -> tuple[object, ...]:
        """Everything that makes two nodes the same, NaN and array constants included."""
        constant: object = None
        if self.value is not None:
            array = np.asarray(self.value)
            constant = (array.shape, array.tobytes())
        return (self.name, self.op, self.arguments, self.parameters, constant)
