"""Which functions and constants expressions know by name."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from backpropviz.ops import ALIASES, OPERATORS, REGISTRY

if TYPE_CHECKING:
    from collections.abc import Mapping

CONSTANTS: Mapping[str, float] = MappingProxyType({"pi": float(np.pi), "π": float(np.pi), "e": float(np.e)})
"""Numbers with a name; ``pi`` and ``e`` may be assigned anew, as in the lecture form ``e = a/b``."""


@cache
def functions() -> Mapping[str, str]:
    """Operation of every function name.

    Examples
    --------
    >>> functions()["log"]
    'ln'
    """
    named = {name: name for name, op in REGISTRY.items() if op.browser and name not in OPERATORS}
    return MappingProxyType(named | dict(ALIASES))
