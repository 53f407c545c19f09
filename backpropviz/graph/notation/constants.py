"""Constants as text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

from backpropviz.graph.notation.small_digits import raised

if TYPE_CHECKING:
    from collections.abc import Container

    from backpropviz.graph.node import Node

Style = Literal["text", "unicode", "latex"]
"""Plain text that can be read again, mathematical Unicode, or LaTeX."""

_NAMED = {
    float(np.pi): {"text": "pi", "unicode": "π", "latex": r"\pi"},
    float(np.e): {"text": "e", "unicode": "e", "latex": "e"},
}


def constant_text(node: Node, style: Style, taken: Container[str] = ()) -> str:
    """Write a constant so that not a bit is lost.

    Parameters
    ----------
    node : Node
        The constant. An array goes by its name.
    style : {"text", "unicode", "latex"}
        How.
    taken : container of str, optional
        Names of other nodes: π and e are written as numbers where a node has their name.

    Examples
    --------
    >>> from backpropviz.graph.node import Node
    >>> constant_text(Node("K1", "constant", value=0.1 + 0.2), "text")
    '0.30000000000000004'
    """
    if node.value is None or np.ndim(node.value) > 0:
        return node.name
    value = float(node.value)
    named = _NAMED.get(value)
    if named is not None and (named[style] == node.name or named[style] not in taken):
        return named[style]
    return exact_number(value, style)


def exact_number(value: float, style: Style) -> str:
    """Write a number in full; the shortest digits that give the same float64 again.

    Examples
    --------
    >>> exact_number(3.0, "text"), exact_number(1e-5, "text"), exact_number(-1e-5, "unicode")
    ('3', '1e-05', '−1·10⁻⁵')
    """
    if not math.isfinite(value):
        return _not_finite(value, style)
    whole = value.is_integer() and abs(value) < 1e15 and (value != 0 or math.copysign(1.0, value) > 0)
    text = str(int(value)) if whole else repr(value)
    if style == "text":
        return text
    digits, _, exponent = text.partition("e")
    if exponent:
        power = int(exponent)
        text = f"{digits}·10{raised(power)}" if style == "unicode" else rf"{digits} \cdot 10^{{{power}}}"
        return text.replace("-", "−", 1) if style == "unicode" and text.startswith("-") else text
    return text.replace("-", "−") if style == "unicode" else text


def _not_finite(value: float, style: Style) -> str:
    sign = "-" if value < 0 else ""
    if math.isnan(value):
        return {"text": "nan", "unicode": "NaN", "latex": r"\mathrm{NaN}"}[style]
    return {"text": f"{sign}inf", "unicode": f"{'−' if sign else ''}∞", "latex": rf"{sign}\infty"}[style]
