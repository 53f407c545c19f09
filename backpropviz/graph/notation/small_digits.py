"""Digits above and below the line."""

from __future__ import annotations

RAISED_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
LOWERED_DIGITS = "₀₁₂₃₄₅₆₇₈₉"
_RAISED = str.maketrans("-0123456789", "⁻" + RAISED_DIGITS)
_LOWERED = str.maketrans("0123456789", LOWERED_DIGITS)


def raised(number: int) -> str:
    """Write a whole number as an exponent.

    Examples
    --------
    >>> "10" + raised(-12)
    '10⁻¹²'
    """
    return str(number).translate(_RAISED)


def lowered(number: int) -> str:
    """Write a number that counts from 0 as an index.

    Examples
    --------
    >>> "x" + lowered(12)
    'x₁₂'
    """
    return str(number).translate(_LOWERED)
