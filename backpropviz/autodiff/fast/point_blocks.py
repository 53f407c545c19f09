"""Many points in one call, in blocks that stay in the processor's cache."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import ShapeError
from backpropviz.ops.broadcasting import broadcast_shape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropviz.graph import Number

BLOCK = 4_000
"""Points at a time: with some ten arrays of 32 kB in use, all of them fit a second-level cache."""


def sweep_points(
    function: Callable[..., Sequence[Any]], point: Mapping[str, Number], count: int, block: int = BLOCK
) -> list[Any]:
    """Call `function` on blocks of points, and put its results together.

    Parameters
    ----------
    function : callable
        Takes the inputs by position, all of one shape; gives `count` results that broadcast to it.
    point : mapping of str to float64 or array
        Inputs, of shapes that broadcast together.
    count : int
        How many results there are.
    block : int, optional
        Points at a time.

    Returns
    -------
    list of array
        Each of the broadcast shape, sharing no memory with the inputs.

    Raises
    ------
    ShapeError
        For shapes that do not broadcast, naming the inputs.
    """
    shape = _common_shape(point)
    columns = [
        value if value.shape == shape and type(value) is np.ndarray else np.broadcast_to(value, shape)
        for value in point.values()
    ]
    size = math.prod(shape)
    if size <= block:
        results = function(*columns)
        return [each if type(each) is np.ndarray and each.shape == shape else _filled(each, shape) for each in results]
    flat = [column.reshape(size) for column in columns]
    outputs = [np.empty(size) for _ in range(count)]
    for start in range(0, size, block):
        rows = slice(start, start + block)
        for output, result in zip(outputs, function(*(column[rows] for column in flat)), strict=True):
            output[rows] = result
    return [output.reshape(shape) for output in outputs]


def _filled(result: Any, shape: tuple[int, ...]) -> Any:
    """Give a result the full shape; an adjoint such as the 1 of x + z is computed once for all points."""
    return np.broadcast_to(np.asarray(result, dtype=np.float64), shape).copy()


def _common_shape(point: Mapping[str, Number]) -> tuple[int, ...]:
    shapes = {value.shape for value in point.values()} - {()}
    if len(shapes) == 1:
        return shapes.pop()
    try:
        return broadcast_shape(*(value.shape for value in point.values()))
    except ShapeError as fault:
        listed = ", ".join(f"{name} {np.shape(value)}" for name, value in point.items() if np.ndim(value) > 0)
        raise ShapeError(f"{fault.message} Inputs: {listed}.", actual=fault.actual) from None
