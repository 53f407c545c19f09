"""Derivatives of one gate along directions, as rows of numbers, and what is compared with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Columns:
    """Derivatives of a gate along directions of one argument, a row for each.

    Parameters
    ----------
    directions : array, shape (directions, entries of the argument)
        Along which.
    derivatives : array, shape (directions, entries of the value)
        NaN where there is none.
    trust : array, shape (directions,)
        Relative tolerance.
    whole : array of bool, shape (directions,)
        Whether all entries have a derivative.
    """

    directions: npt.NDArray[np.float64]
    derivatives: npt.NDArray[np.float64]
    trust: npt.NDArray[np.float64]
    whole: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, found: list[tuple[Any, Any, Any]], entries: int, values: int) -> Columns:
        """Stack what was found."""
        directions, derivatives, tolerances = (
            np.array([np.ravel(row[part]) for row in found]).reshape(len(found), size)
            for part, size in enumerate((entries, values, values))
        )
        known = np.isfinite(derivatives)
        trust = np.max(np.where(known, tolerances, 0.0), axis=1, initial=1e-10)
        return cls(directions, derivatives, trust, known.all(axis=1))


def rows_of(arrays: list[Any]) -> npt.NDArray[np.float64]:
    """Write each array as a row."""
    return np.array([np.ravel(each) for each in arrays], dtype=np.float64)


def sums_along(amounts: npt.NDArray[np.float64], directions: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give the sum of each row of amounts along each direction; what a direction leaves out may be NaN."""
    if np.isfinite(amounts).all():
        return amounts @ directions.T
    still = np.equal(directions, 0.0)
    return np.array([np.sum(np.where(still, 0.0, row * directions), axis=1) for row in amounts])
