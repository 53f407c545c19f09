"""How far a slider reaches."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import InputError
from backpropviz.graph.naming import by_known_name
from backpropviz.scene.blocks_inside import standing_inside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropviz.graph import Graph

_REACH = 4.0


def ranges_at(
    graph: Graph, point: Mapping[str, Any], given: Mapping[str, Sequence[float]]
) -> dict[str, tuple[float, float, float]]:
    """Choose reach and step for the inputs that have a slider: the numbers among them that are drawn."""
    inside = standing_inside(graph)
    numbers = {name: float(value) for name, value in point.items() if np.ndim(value) == 0 and name not in inside}
    return ranges_of(numbers, {name: bounds for name, bounds in given.items() if name in numbers})


def ranges_of(
    inputs: Mapping[str, float], given: Mapping[str, Sequence[float]] | None = None
) -> dict[str, tuple[float, float, float]]:
    """Choose the reach and the step of each input's slider.

    Returns
    -------
    dict of str to (low, high, step)
        Round numbers around the starting value, a hundred or more steps apart.

    Raises
    ------
    InputError
        For a range that is empty, not finite, or of an unknown input.

    Examples
    --------
    >>> ranges_of({"x": 2.0})
    {'x': (-2.0, 6.0, 0.01)}
    """
    given = by_known_name(given, inputs, "Ranges")
    for name in given:
        if name not in inputs:
            raise InputError(f"A range is given for {name!r}, which is no input of the graph.", node=name)
    return {
        name: _read(name, given[name]) if name in given else _around(float(value)) for name, value in inputs.items()
    }


def _around(value: float) -> tuple[float, float, float]:
    if not math.isfinite(value):
        return (-_REACH, _REACH, 0.01)
    reach = max(_REACH, 2.0 * abs(value))
    unit = 10.0 ** math.floor(math.log10(reach))
    reach = unit * math.ceil(reach / unit)
    middle = unit * round(value / unit)
    return (middle - reach, middle + reach, unit / 100)


def _read(name: str, bounds: Sequence[float]) -> tuple[float, float, float]:
    try:
        low, high, *rest = (float(bound) for bound in bounds)
    except (TypeError, ValueError):
        raise InputError(f"The range of {name!r} must be (low, high) or (low, high, step).", node=name) from None
    step = rest[0] if rest else (high - low) / 500
    if not (math.isfinite(low) and math.isfinite(high) and low < high and step > 0):
        raise InputError(
            f"The range of {name!r} is ({low:g}, {high:g}) with step {step:g}: low must be below high, and the step "
            "above 0.",
            node=name,
        )
    return (low, high, step)
