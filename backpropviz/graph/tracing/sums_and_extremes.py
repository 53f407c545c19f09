"""NumPy's functions that make few numbers of many: sums, means, extremes, and how many conditions hold."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import TraceError
from backpropviz.graph.tracing.composed_ufuncs import truth
from backpropviz.graph.tracing.numpy_names import ARRAY_FUNCTIONS
from backpropviz.graph.tracing.tracer import apply_op
from backpropviz.ops.axes import positions

if TYPE_CHECKING:
    from collections.abc import Callable

_UNSET = (None, False, np._NoValue)  # noqa: SLF001  NumPy's own mark for "not given"


def axis_setting(axis: Any) -> int | tuple[int, ...]:
    """Write an axis, or several, as parameters of operations have them."""
    return tuple(operator.index(each) for each in axis) if isinstance(axis, (tuple, list)) else operator.index(axis)


def reduction_settings(**given: Any) -> dict[str, Any]:
    """Keep what differs from the default, so that equal gates are one node."""
    # By identity: axis 0 equals False, and is a setting.
    settings = {key: value for key, value in given.items() if not any(value is mark for mark in _UNSET)}
    if "axis" in settings:
        settings["axis"] = axis_setting(settings["axis"])
    if settings.get("ddof") == 0:
        del settings["ddof"]
    return settings


def refuse_options(name: str, options: dict[str, Any]) -> None:
    """Refuse options of a NumPy function that were given; what stands at its default passes.

    Raises
    ------
    TraceError
        Naming the first one.
    """
    given = [key for key, value in options.items() if not any(value is mark for mark in _UNSET)]
    if given:
        raise TraceError(f"np.{name} cannot be traced with {given[0]}=…. Leave it out.", op=name)


def _given(value: Any) -> bool:
    return not any(value is mark for mark in (None, np._NoValue))  # noqa: SLF001  NumPy's own mark


def _among(name: str, a: Any, where: Any, settings: dict[str, Any], start: Any) -> Any:
    """Reduce the entries where a condition holds: the shape is that of all of them."""
    over = {key: value for key, value in settings.items() if key != "ddof"}
    if name in _EXTREMES:
        if not _given(start):
            raise TraceError(
                f"np.{name} of no entry is unknown, so where=… needs initial=…, as in NumPy: np.{name}(x, "
                f"where=condition, initial={'-' if name == 'max' else ''}np.inf).",
                op=name,
            )
        return getattr(np, name)(np.where(where, a, start), **over)
    if name in _NEUTRAL:
        return getattr(np, name)(np.where(where, a, _NEUTRAL[name]), **over)
    count = np.sum(np.where(where, np.ones_like(a), 0.0), **over)
    if name == "mean":
        return np.sum(a, where=where, **over) / count
    centre = np.mean(a, where=where, **over | {"keepdims": True})
    spread = np.sum(np.where(where, a - centre, 0.0) ** 2, **over) / (count - settings.get("ddof", 0))
    return np.sqrt(spread) if name == "std" else spread


def _over_axes(op: str, name: str) -> Callable[..., Any]:
    def reduce(
        a: Any,
        axis: Any = None,
        *,
        keepdims: Any = None,
        ddof: Any = None,
        correction: Any = None,
        initial: Any = None,
        where: Any = True,
        **options: Any,
    ) -> Any:
        refuse_options(name, options)
        ddof = correction if _given(correction) else ddof  # NumPy's second name of it
        settings = reduction_settings(axis=axis, keepdims=keepdims, ddof=ddof)
        everywhere = where is True or where is np._NoValue  # noqa: SLF001  NumPy's own mark
        reduced = apply_op(op, a, **settings) if everywhere else _among(name, a, where, settings, initial)
        return _STARTED[name](reduced, initial) if _given(initial) else reduced

    return reduce


_EXTREMES = {"max", "min"}
_NEUTRAL = {"sum": 0.0, "prod": 1.0}
"""What an entry that does not count is replaced by."""
_STARTED: dict[str, Callable[[Any, Any], Any]] = {
    "sum": lambda reduced, start: reduced + start,
    "prod": lambda reduced, start: reduced * start,
    "max": np.maximum,
    "min": np.minimum,
}
_OPERATIONS = {
    "sum": "sum",
    "mean": "mean",
    "prod": "prod",
    "max": "reduce_max",
    "min": "reduce_min",
    "var": "variance",
    "std": "std",
}


def _of_truths(reduce: Callable[..., Any]) -> Callable[..., Any]:
    """Reduce conditions to one: a comparison comes last, so that & may follow."""
    return lambda a, axis=None, **options: np.greater(reduce(truth(a), axis, **options), 0.0)


def _beside_nan(name: str) -> Callable[..., Any]:
    start = {"max": -np.inf, "min": np.inf}.get(name)

    def reduce(a: Any, axis: Any = None, **options: Any) -> Any:
        begun = {} if start is None else {"initial": start}
        return ARRAY_FUNCTIONS[getattr(np, name)](a, axis, where=np.equal(a, a), **begun, **options)

    return reduce


def _average(a: Any, axis: Any = None, weights: Any = None, returned: Any = None, *, keepdims: Any = None) -> Any:
    refuse_options("average", {"returned": returned})
    over = reduction_settings(axis=axis, keepdims=keepdims)
    if weights is None:
        return np.mean(a, **over)
    if np.ndim(weights) != np.ndim(a):
        if np.ndim(weights) != 1 or not isinstance(axis, int):
            raise TraceError("np.average is traced with a weight for each entry, or for each place along one axis.")
        weights = np.reshape(weights, [-1 if each == axis % np.ndim(a) else 1 for each in range(np.ndim(a))])
        weights = np.broadcast_to(weights, np.shape(a))
    total = np.sum(weights, **over)
    return np.sum(a * weights, **over) / total


def _median(a: Any, axis: Any = None, keepdims: bool = False, **_options: Any) -> Any:  # noqa: FBT001, FBT002  as NumPy has it
    over = positions(axis if axis is None else axis_setting(axis), np.ndim(a))
    kept = [each for each in range(np.ndim(a)) if each not in over]
    x = np.reshape(np.transpose(a, (*kept, *over)), (*(np.shape(a)[each] for each in kept), -1))
    size = np.shape(x)[-1]
    middle = np.mean(np.sort(x)[..., (size - 1) // 2 : size // 2 + 1], axis=-1)
    return np.expand_dims(middle, over) if keepdims else middle


ARRAY_FUNCTIONS |= {getattr(np, name): _over_axes(op, name) for name, op in _OPERATIONS.items()}
ARRAY_FUNCTIONS |= {
    np.amax: ARRAY_FUNCTIONS[np.max],
    np.amin: ARRAY_FUNCTIONS[np.min],
    np.all: _of_truths(ARRAY_FUNCTIONS[np.min]),
    np.any: _of_truths(ARRAY_FUNCTIONS[np.max]),
    np.count_nonzero: lambda a, axis=None, **options: np.sum(truth(a), axis=axis, **options),
    np.average: _average,
    np.median: _median,
    **{getattr(np, f"nan{name}"): _beside_nan(name) for name in _OPERATIONS},
}
