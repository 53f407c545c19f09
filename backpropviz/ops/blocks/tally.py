"""What an entry meets in a block, and how it is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backpropviz.ops.axes import Shape

    RoleShapes = Mapping[str, Shape]


@dataclass(frozen=True, slots=True)
class Tally:
    """What an entry meets: entries of the value that differ in some axes count as one.

    Parameters
    ----------
    one, several : str
        What it is called.
    axes : callable
        Gives the axes of the value that tell one from another, from the shapes by role.
    """

    one: str
    several: str
    axes: Callable[[RoleShapes], tuple[int, ...]]
