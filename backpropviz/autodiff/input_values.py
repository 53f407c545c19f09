"""The door through which input values enter: everything becomes float64 here."""

from __future__ import annotations

import numbers
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from backpropviz.errors import InputError, SeedError, ShapeError
from backpropviz.graph.naming import by_known_name
from backpropviz.ops import did_you_mean
from backpropviz.ops.real_array import real_array

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropviz.graph import Graph, Number

Kind = TypeVar("Kind", bound="Number")


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
        For a missing or unknown name, or a value that is no real number or array of them.
    """
    known = graph.inputs
    given = {**by_known_name(point, known), **by_known_name(inputs, known)}
    places = dict.fromkeys(known)
    unknown = [name for name in given if name not in places]
    if unknown:
        raise no_input(unknown[0], known)
    missing = [name for name in known if name not in given]
    if missing:
        listed = ", ".join(f"{name}=..." for name in missing)
        raise InputError(
            f"No value for {_listing(missing)}. Give one, for example by writing {listed}.",
            node=missing[0],
            expected=known,
            actual=tuple(given),
        )
    return {name: _fitting(graph, name, _read(name, given[name])) for name in known}


def no_input(name: object, known: Sequence[str]) -> InputError:
    """Give the error that tells which inputs a graph has, and which of them is nearest to what was asked for."""
    listed = f"Inputs: {', '.join(known) or 'none'}."
    message = f"The graph has no input {name!r}.{did_you_mean(name, known)} {listed}"
    return InputError(message, node=str(name), expected=tuple(known))


def real_number(value: object, what: str) -> Number:
    """Give what a caller handed over as float64, after a look at what it is; it may share the caller's memory.

    Raises
    ------
    InputError
        As :func:`backpropviz.ops.real_array.real_array` does; `what` begins the message.
    """
    if type(value) is np.float64:
        return value
    array = real_array(value, what)
    return array if array.ndim else np.float64(array)


def single_number(value: object, what: str) -> float:
    """Give one number, such as a width; `what` begins the message where it is none.

    Raises
    ------
    InputError
    """
    if isinstance(value, numbers.Real):
        with suppress(OverflowError):
            return float(value)
    raise InputError(f"{what} is one number; not {value!r}.", actual=value)


def own_copy(value: Kind) -> Kind:
    """Give a number as a record may keep it: an array that is its own, and that nobody writes into."""
    if type(value) is not np.ndarray:
        return value
    if value.flags.writeable or value.base is not None:
        own = value.copy(order="K")  # in the caller's order, on which the last bits of a product depend
        own.flags.writeable = False
        return own  # type: ignore[return-value]  # a copy is of the same kind
    return value


def seed_of_shape(node: str, value: object, shape: tuple[int, ...], what: str = "seed") -> Number:
    """Give what a sweep begins with at a node, a seed or a tangent, as float64 of the shape of the node's value.

    Raises
    ------
    SeedError
        For what is no real number or array of them, or has another shape; `what` names it.
    """
    try:
        given = own_copy(real_number(value, f"The {what} of {node}"))
    except InputError as fault:
        raise SeedError(fault.message, node=node) from None
    if np.shape(given) != shape:
        raise SeedError(
            f"The {what} of {node} has shape {np.shape(given)}, but its value has shape {shape}.",
            node=node,
            expected=shape,
            actual=np.shape(given),
        )
    return given


def read_directions(
    given: Mapping[str, object],
    inputs: Sequence[str],
    shape_of: Callable[[str], tuple[int, ...]],
    what: str = "tangent",
) -> dict[str, Number]:
    """Check a direction by the inputs that move; see :func:`seed_of_shape`. Unknown names are refused first."""
    named = by_known_name(given, inputs, "Directions")
    known = frozenset(inputs)
    for name in named:
        if name not in known:
            hint = did_you_mean(name, inputs)
            raise SeedError(f"A {what} is given for {name!r}, which is no input of the graph.{hint}", node=str(name))
    return {name: seed_of_shape(name, value, shape_of(name), what) for name, value in named.items()}


def _read(name: str, value: object) -> Number:
    if type(value) is float:
        return np.float64(value)
    try:
        return real_number(value, f"Input {name!r}")
    except InputError as fault:
        fault.node = name
        raise


def _fitting(graph: Graph, name: str, value: Number) -> Number:
    settings = graph.node(name).parameters
    if settings:
        shape = np.shape(value)
        expected = dict(settings).get("shape", shape)
        if tuple(expected) != shape:
            raise ShapeError(
                f"Input {name!r} has shape {shape}, but the graph was made for shape {tuple(expected)}: the function "
                f"read a size of it while it was traced, and that is now a number in the graph. Trace it again with "
                f"shapes={{{name!r}: {shape}}}, or write it without the size, as in np.mean(x) for np.sum(x)/len(x).",
                node=name,
                expected=tuple(expected),
                actual=shape,
            )
    return value


def _listing(names: Sequence[str]) -> str:
    quoted = [f"{name!r}" for name in names]
    if len(quoted) == 1:
        return f"input {quoted[0]}"
    return f"inputs {', '.join(quoted[:-1])} and {quoted[-1]}"
