"""The door through which input values enter: everything becomes float64 here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import InputError
from backpropviz.graph.naming import by_known_name
from backpropviz.ops import suggest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropviz.graph import Graph, Number


def number(value: Any) -> Number:
    """Give a value as a float64 scalar or array.

    Python's own floats turn ``(-1)**0.5`` complex and raise at ``1/0``; float64 gives NaN and infinity, which can be
    shown.
    """
    if type(value) is np.float64:
        return value
    array = np.asarray(value, dtype=np.float64)
    return np.float64(array) if array.ndim == 0 else array


def read_point(graph: Graph, point: Mapping[str, object] | None, inputs: Mapping[str, object]) -> dict[str, Number]:
    """Check input values against the graph's inputs, and give them as float64.

    Parameters
    ----------
    graph : Graph
        Whose inputs are meant.
    point, inputs : mapping of str to number or array
        Values by name; `inputs` wins where both have one.

    Raises
    ------
    InputError
        For a missing or unknown name, or a value that is no number.
    """
    known = graph.inputs
    given = {**by_known_name(point or {}, known), **by_known_name(inputs, known)}
    places = dict.fromkeys(known)
    unknown = [name for name in given if name not in places]
    if unknown:
        near = suggest(str(unknown[0]), known)
        hint = f" Did you mean {near!r}?" if near else ""
        raise InputError(
            f"The graph has no input {unknown[0]!r}.{hint} Inputs: {', '.join(known) or 'none'}.", node=str(unknown[0])
        )
    missing = [name for name in known if name not in given]
    if missing:
        listed = ", ".join(f"{name}=..." for name in missing)
        raise InputError(
            f"No value for {_listing(missing)}. Give one, for example by writing {listed}.",
            node=missing[0],
            expected=known,
            actual=tuple(given),
        )
    return {name: _read(name, given[name]) for name in known}


def _read(name: str, value: object) -> Number:
    if isinstance(value, (str, bytes)) or value is None or isinstance(value, complex):
        raise InputError(f"Input {name!r} is {value!r}; a real number or an array of them was expected.", node=name)
    try:
        return number(value)
    except (TypeError, ValueError, OverflowError):
        raise InputError(
            f"Input {name!r} cannot be read as numbers: {type(value).__name__} given. "
            "Give a real number, or an array whose rows have equal lengths.",
            node=name,
            actual=value,
        ) from None


def _listing(names: Sequence[str]) -> str:
    quoted = [f"{name!r}" for name in names]
    if len(quoted) == 1:
        return f"input {quoted[0]}"
    return f"inputs {', '.join(quoted[:-1])} and {quoted[-1]}"
