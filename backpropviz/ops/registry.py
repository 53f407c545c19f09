"""All operations by name."""

from __future__ import annotations

import difflib
from types import MappingProxyType
from typing import TYPE_CHECKING

from backpropviz.ops import (
    activations,
    arithmetic,
    linear_algebra,
    losses,
    matrix_equations,
    piecewise,
    products,
    reductions,
    selection,
    shaping,
    softmaxes,
    transcendental,
)
from backpropviz.ops.composite import composites

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backpropviz.ops.op import Op

_TABLES = (
    arithmetic,
    transcendental,
    activations,
    piecewise,
    selection,
    linear_algebra,
    matrix_equations,
    reductions,
    products,
    shaping,
    softmaxes,
    losses,
)

_COMPOSITES = composites(lambda name: REGISTRY[name])

REGISTRY: Mapping[str, Op] = MappingProxyType(
    {op.name: op for operations in (*(table.OPS for table in _TABLES), _COMPOSITES) for op in operations}
)
"""Every operation, by its name."""

ALIASES: Mapping[str, str] = MappingProxyType({"log": "ln"})
"""Other names that expressions may use."""

OPERATORS = frozenset({"add", "subtract", "multiply", "divide", "power", "negate"})
"""Operations that expressions write with signs rather than by name."""


def suggest(name: str, known: Iterable[str]) -> str | None:
    """Give the nearest known name, None where nothing is near.

    Examples
    --------
    >>> suggest("sine", ["sin", "cos"])
    'sin'
    """
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return near[0] if near else None
