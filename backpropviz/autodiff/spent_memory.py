"""Results written over arguments that nobody reads again.

Of an array of a megabyte, fresh memory costs more than a sum or a tanh: the system has to give it, page by page.
"""

from __future__ import annotations

import operator
from collections import Counter
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backpropviz.graph.node import Array
    from backpropviz.ops.plan import Instruction

_IN_PLACE = {"add": operator.iadd, "subtract": operator.isub, "multiply": operator.imul, "divide": operator.itruediv}


def read_once(steps: Sequence[Instruction], wanted: Iterable[int]) -> set[int]:
    """Give the places whose memory is spent once they are read: made anew by a gate, for one reader alone."""
    readers = Counter(place for step in steps for place in step.arguments)
    made = {step.place for step in steps if _makes_new(step)}
    return {place for place in made if readers[place] == 1} - set(wanted)


def _makes_new(step: Instruction) -> bool:
    """Tell of gates whose result is no argument of theirs and no part of one."""
    op = step.kind.op
    return isinstance(op.value, np.ufunc) or (op.name in _IN_PLACE and len(step.arguments) > 1)


def written_over(step: Instruction, arguments: Sequence[Any]) -> Array | None:
    """Compute an elementwise gate in the memory of its first argument, with the same bits; None where it has no room.

    Parameters
    ----------
    step : Instruction
    arguments : sequence of number or array
        The first is spent; see :func:`read_once`.
    """
    first, *others = arguments
    if not isinstance(first, np.ndarray) or first.dtype != np.float64:
        return None
    if any(np.shape(other) != first.shape[max(0, first.ndim - np.ndim(other)) :] for other in others):
        return None
    op, parameters = step.kind.op, step.kind.parameters
    if op.name in _IN_PLACE:
        return reduce(_IN_PLACE[op.name], others, first)
    if isinstance(op.value, np.ufunc) and op.value.signature is None and not parameters:
        found: Array = op.value(*arguments, out=first)
        return found
    return None
