"""Which operation a universal function of NumPy stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropviz.ops import REGISTRY

if TYPE_CHECKING:
    import numpy as np

UFUNCS: dict[str, str] = {
    "log": "ln",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctan2": "atan2",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "rint": "round",
    "remainder": "mod",
    "expit": "sigmoid",
    "absolute": "abs",
    "fabs": "abs",
    "maximum": "max",
    "minimum": "min",
    "negative": "negate",
    "true_divide": "divide",
    "float_power": "power",
}
"""Operations of NumPy's universal functions that go by another name here."""


def op_of(ufunc: np.ufunc) -> str | None:
    """Give the operation of a universal function, None where the registry has none."""
    name = UFUNCS.get(ufunc.__name__, ufunc.__name__.split(" ")[0])  # frompyfunc adds " (vectorized)"
    return name if name in REGISTRY else None
