"""Every gate of an adopted model against what its own framework found there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backpropviz.errors import GradientCheckError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.adopt.adopted import Adopted
    from backpropviz.graph import Number

Found = tuple["Number", "Number | None"]

FEWER_DIGITS = "they differ by up to"
"""What a note says of operations whose rule has fewer digits in the framework than here."""


def compare_with(adopted: Adopted, reference: Mapping[str, Found], tolerance: float) -> None:
    """Compare values and gradients gate by gate.

    Parameters
    ----------
    adopted : Adopted
        Whose gates are compared.
    reference : mapping of str to (value, gradient)
        By gate; None for a gradient that the framework does not tell.
    tolerance : float
        Largest difference, as a share of the largest entry; at least 1 counts.

    Raises
    ------
    GradientCheckError
        Naming the first gate whose value differs, in the order of the forward sweep; where all values agree, the first
        whose gradient does, in the order of the backward sweep.
    """
    graph = adopted.gates
    tape = graph.evaluate(adopted.point)
    adjoints = tape.reverse()
    known = [name for name in graph.nodes if name in reference]
    sides = (("value", tape.primals, 0, known), ("gradient", adjoints, 1, known[::-1]))
    for what, numbers, side, order in sides:
        for name in order:
            ours, theirs = numbers.get(name), reference[name][side]
            if ours is None or theirs is None:
                continue
            gap = difference(ours, theirs)
            if not gap <= tolerance:
                raise GradientCheckError(
                    _words(adopted, name, what, gap), node=name, op=graph.op(name), expected=theirs, actual=ours
                )


def _words(adopted: Adopted, name: str, what: str, gap: float) -> str:
    graph, path = adopted.gates, adopted.modules.get(name)
    where = f" in {path}" if path else ""
    if what == "value":
        place = f"Operation: {graph.op(name)}. Look at what is done there."
    else:
        users = ", ".join(
            f"{user} ({graph.op(user)})" for user in dict.fromkeys(each for each, _ in graph.consumers(name))
        )
        place = f"Look at what comes back to it from {users or 'its loss'}."
    shared = [note for note in adopted.notes if FEWER_DIGITS in note]
    told = f" It may be this: {' '.join(shared)} Then check(1e-6) passes." if shared and gap < 1e-6 else ""
    return (
        f"{name}{where}: the {what} differs from that of the framework by {gap:.2g} of its largest entry. {place}{told}"
    )


def difference(ours: Number, theirs: Number) -> float:
    """Give the largest difference as a share of the largest entry, or of 1; NaN counts as equal to NaN.

    Examples
    --------
    >>> difference(np.array([1.0, 200.0]), np.array([1.0, 100.0]))
    1.0
    """
    left, right = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    if left.shape != right.shape:
        return float("inf")
    same = (left == right) | (np.isnan(left) & np.isnan(right))
    with np.errstate(invalid="ignore", over="ignore"):
        gaps = np.where(same, 0.0, np.abs(left - right))
    finite = np.abs(right[np.isfinite(right)])
    worst = float(np.max(gaps, initial=0.0))
    return worst / max(1.0, float(np.max(finite, initial=0.0))) if worst == worst else float("inf")  # noqa: PLR0124  NaN
