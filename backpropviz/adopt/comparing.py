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
        Naming the first gate that differs.
    """
    graph = adopted.gates
    tape = graph.evaluate(adopted.point)
    adjoints = tape.reverse()
    for name in graph.nodes:
        if name not in reference:
            continue
        value, slope = reference[name]
        for what, ours, theirs in (("value", tape.primals[name], value), ("gradient", adjoints.get(name), slope)):
            if ours is None or theirs is None:
                continue
            gap = difference(ours, theirs)
            if not gap <= tolerance:
                where = f" in {adopted.modules[name]}" if adopted.modules.get(name) else ""
                raise GradientCheckError(
                    f"{name}{where}: the {what} differs from that of the framework by {gap:.2g} of its largest entry. "
                    f"Operation: {graph.op(name)}. Look at what is done there.",
                    node=name,
                    op=graph.op(name),
                    expected=theirs,
                    actual=ours,
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
