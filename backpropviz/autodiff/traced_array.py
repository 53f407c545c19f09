"""What stands for an array while its uses are written down: it knows its shape, and refuses what cannot be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

ABOUT_SHAPE: frozenset[Callable[..., Any]] = frozenset({np.shape, np.ndim, np.size})
"""NumPy's functions that a traced array answers itself, by its property of that name."""


class TracedArray:
    """A number or array whose uses are written down; its numbers at one point are at hand.

    Subclasses give `number` and say how they refuse.
    """

    __slots__ = ()
    refusal: ClassVar[type[Exception]]

    @property
    def number(self) -> Any:
        """What it is at this point."""
        raise NotImplementedError

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape, the same at every point."""
        return np.shape(self.number)

    @property
    def ndim(self) -> int:
        """Number of its axes."""
        return np.ndim(self.number)

    @property
    def size(self) -> int:
        """Number of its entries."""
        return int(np.size(self.number))

    @property
    def real(self) -> Self:
        """Itself: only float64 is traced."""
        return self

    def __bool__(self) -> bool:
        raise self.refusal("A rule branches on a value.")

    def __iter__(self) -> Any:
        raise self.refusal("A rule walks over an array.")

    def __array__(self, *_arguments: Any, **_options: Any) -> Any:
        raise self.refusal("A rule asks for the numbers themselves.")
