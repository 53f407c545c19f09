"""Numbers of a run for a page that cannot compute them: arrays are told by a short text and a full one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.autodiff.plan import plan_of
from backpropviz.steps import Accumulate, Propagate, Update
from backpropviz.steps.numerals import format_number
from backpropviz.steps.segments import number_text, reach_text, shape_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropviz.schema.story import KernelNumbers, WrittenNumber
    from backpropviz.steps import Timeline

_FULL_ENTRIES = 64


def kernel_numbers(timeline: Timeline) -> KernelNumbers:
    """Give every number of a run, by node position or by ``"consumer,slot"``.

    Returns
    -------
    dict
        ``primals``, ``adjoints``, ``tangents`` by node; ``partials``, ``contributions``, ``before`` by edge; with
        updates, ``updated`` and ``moves`` by node. Each number is a float, or ``{"text", "full", "finite"}`` for an
        array and for what JSON has no number for.
    """
    place = plan_of(timeline.graph).place

    def by_node(values: Mapping[str, Any] | None) -> dict[str, float | WrittenNumber]:
        return {} if values is None else {str(place[name]): written_number(value) for name, value in values.items()}

    found: KernelNumbers = {
        "primals": by_node(timeline.tape.primals),
        "adjoints": by_node(timeline.adjoints),
        "tangents": by_node(timeline.tangents),
        "partials": {},
        "contributions": {},
        "before": {},
    }
    for step in timeline:
        for record in step.records:
            if isinstance(record, Propagate):
                key = f"{place[record.consumer]},{record.slot}"
                found["contributions"][key] = written_number(record.contribution)
                if record.partial is not None:
                    found["partials"][key] = written_number(record.partial)
            elif isinstance(record, Accumulate):
                found["before"][f"{place[record.consumer]},{record.slot}"] = written_number(record.before)
            elif isinstance(record, Update):
                found.setdefault("updated", {})[str(place[record.node])] = written_number(record.after)
                found.setdefault("moves", {})[str(place[record.node])] = written_number(
                    -record.learning_rate * record.adjoint
                )
    return found


def written_number(value: Any) -> float | WrittenNumber:
    """Give one number as JSON can hold it.

    Examples
    --------
    >>> written_number(np.array([0.5, 2.0]))
    {'text': '[0.5, 2]', 'full': '[0.5, 2.0]', 'finite': True}
    """
    array = np.asarray(value, dtype=np.float64)
    if array.ndim == 0:
        number = float(array)
        return number if np.isfinite(number) else {"text": format_number(number), "full": str(number), "finite": False}
    return {"text": number_text(array), "full": _full(array), "finite": bool(np.isfinite(array).all())}


def _full(array: np.ndarray[Any, Any]) -> str:
    if array.size > _FULL_ENTRIES:
        return f"{shape_text(array.shape)}, {reach_text(array)}"
    return str(array.tolist())
