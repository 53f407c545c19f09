"""What a tracer says where a graph cannot follow."""

from __future__ import annotations

import numpy as np

from backpropviz.errors import TraceError
from backpropviz.graph.tracing.numpy_names import op_of

_COMPARISONS = frozenset(
    {"less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "logical_and", "logical_or", "logical_not"}
)


def no_ufunc(name: str) -> TraceError:
    """Refuse a universal function that the registry does not have."""
    if name in _COMPARISONS:
        return TraceError(
            "The function compares traced values, which are not known while it is traced. Write np.maximum(x, y) for "
            "max(x, y), np.minimum for min, np.abs for a sign, or choose the branch before tracing.",
            op=name,
        )
    return TraceError(f"np.{name} cannot be traced: it has no derivative rule here. {known()}", op=name)


def no_number(shown: str, kind: str) -> TraceError:
    """Refuse to become a plain number."""
    return TraceError(
        f"{kind}({shown}): the value is not known while the function is traced. Functions of the math module ask for "
        "it too: write np.exp(x) for math.exp(x), np.sin for math.sin.",
        actual=kind,
    )


def no_rule(sign: str) -> TraceError:
    """Refuse an operator that rounds."""
    return TraceError(f"“{sign}” rounds, which has no gradient, so it cannot be traced. Use / and * instead.", op=sign)


def known() -> str:
    """List the functions of NumPy that can be traced."""
    from backpropviz.graph.tracing.tracer import ARRAY_FUNCTIONS  # noqa: PLC0415  tracers stand on this module

    ufuncs = (getattr(np, name) for name in sorted(vars(np)) if isinstance(vars(np)[name], np.ufunc))
    names = {ufunc.__name__ for ufunc in ufuncs if op_of(ufunc) is not None}
    names |= {function.__name__ for function in ARRAY_FUNCTIONS}
    return f"NumPy functions that can be: {', '.join(sorted(names))}."
