"""Which functions and numbers expressions know by name."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING

from backpropviz.ops import ALIASES, OPERATORS, REGISTRY
from backpropviz.ops.composite import CLOSED_GATES as COMPOSITES

if TYPE_CHECKING:
    from collections.abc import Mapping

CONSTANTS: Mapping[str, float] = MappingProxyType({"pi": math.pi, "π": math.pi, "e": math.e})
"""Numbers with a name; ``pi`` and ``e`` may be assigned anew, as in the lecture form ``e = a/b``."""

NUMBERS: Mapping[str, float] = MappingProxyType({"inf": math.inf, "nan": math.nan})
"""Words that are literals, as in Python's own spelling of float64; nothing else may have these names."""


def functions() -> Mapping[str, str]:
    """Operation of every function name: all that act entry by entry, those registered by the user included.

    Examples
    --------
    >>> functions()["log"], functions()["where"]
    ('ln', 'where')
    """
    unnamed = {*OPERATORS, *COMPOSITES}
    named = {name: name for name, op in REGISTRY.items() if op.elementwise and name not in unnamed}
    return MappingProxyType(named | dict(ALIASES))
