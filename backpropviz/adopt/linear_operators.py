"""Operators without a counterpart that are linear in what is traced: unit vectors show all that they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.graph.tracing.tracer import Tracer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Compute = Callable[[Sequence[Any]], Sequence[Any]]

MOST_ASKED = 2_000
"""Traced numbers up to which an operator is asked, once for each of them."""
_CLOSE = 1e-9


def as_linear(compute: Compute, given: Sequence[Any]) -> list[Any] | None:
    """Write an operator as a matrix, or as entries that are picked; None where it is not linear.

    Parameters
    ----------
    compute : callable
        Lets the framework compute the operator: arrays for arrays.
    given : sequence
        Its arguments; those that are traced may only be moved, scaled by constants and added.
    """
    traced = [place for place, each in enumerate(given) if isinstance(each, Tracer)]
    sizes = [int(np.prod(np.shape(given[place]))) for place in traced]
    count = sum(sizes)
    if not 0 < count <= MOST_ASKED:
        return None

    def at(vector: Any) -> list[Any]:
        filled = list(given)
        for place, part in zip(traced, np.split(vector, np.cumsum(sizes)[:-1]), strict=True):
            filled[place] = np.reshape(part, np.shape(given[place]))
        return [np.asarray(each) for each in compute(filled)]

    chance = np.random.default_rng(0)
    one, other = chance.normal(size=(2, count))
    try:
        start = at(np.zeros(count))
    except (TypeError, ValueError, RuntimeError):  # such as a transform that takes complex numbers alone
        return None
    if not all(each.dtype.kind == "f" and np.isfinite(each).all() for each in start):
        return None  # such as the order of a sort, or complex numbers
    for scale in (1.0, 1e3):  # what bends does so somewhere
        halves = zip(at(scale * one), at(scale * other), at(scale * (one + 2.0 * other)), start, strict=True)
        for first, second, both, zero in halves:
            if not np.allclose(both - zero, first - zero + 2.0 * (second - zero), rtol=_CLOSE, atol=scale * _CLOSE):
                return None
    columns = [at(unit) for unit in np.eye(count)]
    flat = [np.reshape(given[place], (-1,)) for place in traced]
    x = flat[0] if len(flat) == 1 else np.concatenate(flat)
    found = []
    for place, zero in enumerate(start):
        matrix = np.stack([np.ravel(column[place] - zero) for column in columns], axis=1)
        is_picked = bool(np.all((matrix == 0.0) | (matrix == 1.0)) and np.all(np.sum(matrix, axis=1) == 1.0))
        moved = x[np.argmax(matrix, axis=1)] if is_picked else matrix @ x
        moved = moved if not np.any(zero) else moved + np.ravel(zero)
        found.append(np.reshape(moved, zero.shape))
    return found
