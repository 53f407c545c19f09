"""The functions that generated code may call, and their values on constants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.ops.special import erf, erfc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_UFUNCS = (
    "add subtract multiply divide negative power absolute sign sqrt exp expm1 log log1p log2 log10 sin cos tan arcsin "
    "arccos arctan arctan2 sinh cosh tanh arcsinh arccosh arctanh hypot maximum minimum logaddexp less less_equal "
    "greater greater_equal equal not_equal"
)

SOURCE_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **{name: getattr(np, name) for name in _UFUNCS.split()},
    "where": np.where,
    "erf": erf,
    "erfc": erfc,
}
"""By the name under which NumPy knows them; anything else sends a graph to the tape."""


def fold(function: str, arguments: Sequence[Any]) -> Any:
    """Compute a function of constants just as the tape does, so that the bits are the same."""
    with np.errstate(all="ignore"):
        return SOURCE_FUNCTIONS[function](*(np.float64(a) if type(a) is float else a for a in arguments))[()]
