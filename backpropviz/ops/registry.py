"""All operations by name."""

from __future__ import annotations

import copyreg
import difflib
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from backpropviz.errors import InputError
from backpropviz.ops import (
    activations,
    arithmetic,
    linear_algebra,
    losses,
    matrix_equations,
    orders,
    piecewise,
    products,
    reductions,
    rounding,
    selection,
    shaping,
    singular_values,
    sliding,
    softmaxes,
    transcendental,
)
from backpropviz.ops.composite import composites
from backpropviz.ops.dispatch import Function
from backpropviz.ops.op import Elementwise

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from backpropviz.ops.op import Op

_TABLES = (
    arithmetic,
    transcendental,
    activations,
    piecewise,
    selection,
    rounding,
    linear_algebra,
    matrix_equations,
    singular_values,
    reductions,
    products,
    shaping,
    softmaxes,
    losses,
    sliding,
    orders,
)

_COMPOSITES = composites(lambda name: REGISTRY[name])

_BUILT_IN: Mapping[str, Op] = MappingProxyType(
    {op.name: op for operations in (*(table.OPS for table in _TABLES), _COMPOSITES) for op in operations}
)
_all = dict(_BUILT_IN)

REGISTRY: Mapping[str, Op] = MappingProxyType(_all)
"""Every operation, by its name."""

ALIASES: Mapping[str, str] = MappingProxyType({"log": "ln"})
"""Other names that expressions may use."""

_LEAVES = ("input", "constant")

OPERATORS = frozenset({"add", "subtract", "multiply", "divide", "power", "negate"})
"""Operations that expressions write with signs rather than by name."""


def _named(name: str) -> Op:
    if name not in _all:
        raise InputError(f"There is no operation {name!r} here. Register it before this is unpickled.", op=name)
    return _all[name]


def _by_name(op: Op) -> tuple[Callable[[str], Op], tuple[str]]:
    """Pickle an operation by its name: its rules are functions, many without a name."""
    return _named, (op.name,)


for _kind in {*map(type, _all.values())}:
    copyreg.pickle(_kind, _by_name)


def register(op: Op) -> Function:
    """Add an operation of your own.

    From then on it evaluates, differentiates, is checked, told and drawn like the others, in pages too: its rule
    travels with the graph. Expressions know its name where it acts on each entry alone, and networks where it is an
    activation.

    Parameters
    ----------
    op : Elementwise or Structured
        Its declaration. Registering the same name again replaces it.

    Returns
    -------
    Function
        What to call in a function that is traced, and on numbers.

    Raises
    ------
    InputError
        For the name of an operation that the package brings, or a name that is no identifier.
    """
    if op.name in _BUILT_IN or op.name in ALIASES or not op.name.isidentifier() or op.name in _LEAVES:
        raise InputError(f"An operation cannot be named {op.name!r}. Choose a free identifier.", op=op.name)
    own = replace(op) if isinstance(op, Elementwise) else op
    _all[op.name] = own
    return Function(own)


def activation_ops() -> tuple[str, ...]:
    """Give the operations that units of a network may have over their weighted sum, those of the user included.

    Examples
    --------
    >>> activation_ops()
    ('tanh', 'sigmoid', 'softplus', 'relu', 'leaky_relu', 'gelu')
    """
    return tuple(name for name, op in _all.items() if isinstance(op, Elementwise) and op.activation)


def suggest(name: str, known: Iterable[str]) -> str | None:
    """Give the nearest known name, None where nothing is near.

    Examples
    --------
    >>> suggest("sine", ["sin", "cos"])
    'sin'
    """
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return near[0] if near else None


def did_you_mean(name: object, known: Iterable[str], otherwise: str = "") -> str:
    """Give the sentence that an error about an unknown name goes on with, a space before it.

    Parameters
    ----------
    name : object
        What was given.
    known : iterable of str
        What there is.
    otherwise : str, optional
        What to say where nothing is near.

    Examples
    --------
    >>> "There is no sine." + did_you_mean("sine", ["sin", "cos"])
    "There is no sine. Did you mean 'sin'?"
    >>> "There is no area." + did_you_mean("area", ["sin", "cos"], "Write sin or cos.")
    'There is no area. Write sin or cos.'
    """
    near = suggest(str(name), known)
    said = otherwise if near is None else f"Did you mean {near!r}?"
    return f" {said}" if said else ""


def choose(what: str, name: object, known: Collection[str]) -> str:
    """Give a name back if it is one of those that may be chosen.

    Parameters
    ----------
    what : str
        What is chosen, as the error says it.
    name : object
        What was given.
    known : collection of str
        What there is to choose from.

    Raises
    ------
    InputError
        With the nearest known name, and all of them.

    Examples
    --------
    >>> choose("mode", "forward", ("reverse", "forward"))
    'forward'
    """
    if isinstance(name, str) and name in known:
        return name
    *others, last = map(repr, known)
    listed = f"{', '.join(others)} or {last}" if others else last
    raise InputError(
        f"Unknown {what} {name!r}.{did_you_mean(name, known)} Write {listed}.",
        expected=tuple(known),
        actual=name,
    )
