"""What NumPy's functions stand for: an operation, or a handler that adds gates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropviz.ops import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Callable

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

ARRAY_FUNCTIONS: dict[Any, Callable[..., Any]] = {}
"""What NumPy functions such as ``np.sum`` do with tracers: ``handler(*args, **kwargs)``, by function."""

COMPOSED_UFUNCS: dict[str, Callable[..., Any]] = {}
"""Universal functions that become several gates; a handler is called with the inputs as they came."""


def op_of(ufunc: np.ufunc) -> str | None:
    """Give the operation of a universal function, None where the registry has none."""
    name = UFUNCS.get(ufunc.__name__, ufunc.__name__.split(" ")[0])  # frompyfunc adds " (vectorized)"
    return name if name in REGISTRY else None
