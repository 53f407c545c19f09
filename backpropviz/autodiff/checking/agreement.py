"""How far two derivatives agree, and numbers as the comparison writes them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from backpropviz.graph import Number

MOST_DIGITS = 16.0
"""What float64 can hold, about."""


def agreement(expected: Any, found: Any) -> float:
    """Count the decimal digits to which two numbers, or the worst entries of two arrays, agree."""
    expected, found = np.asarray(expected), np.asarray(found)
    with np.errstate(all="ignore"):
        gap = np.where(expected == found, 0.0, np.abs(expected - found))
        gap = np.where(np.isnan(expected) & np.isnan(found), 0.0, gap)
    worst = float(np.max(gap, initial=0.0))
    # Entries of an array share one scale: a tiny entry beside a large one is known to fewer digits of its own.
    scale = float(np.max(np.abs(np.where(np.isfinite(expected), expected, 0.0)), initial=0.0))
    if worst == 0.0:
        return MOST_DIGITS
    if not math.isfinite(worst):
        return 0.0
    return min(MOST_DIGITS, max(0.0, -math.log10(worst / (scale or 1.0))))


def ten_digits(value: Number) -> str:
    """Write a number with ten digits, an array by its shape and length."""
    if np.ndim(value):
        return f"{'×'.join(map(str, np.shape(value)))} array, norm {float(np.linalg.norm(value)):.6g}"
    return f"{float(value) + 0.0:.10g}".replace("-", "−")  # adding 0 takes the sign off −0


def digits_text(digits: float) -> str:
    """Write a count of digits."""
    return "all 16" if digits >= MOST_DIGITS else f"{digits:.1f}"


def seconds_text(seconds: float) -> str:
    """Write a time with its unit."""
    if not math.isfinite(seconds):
        return "–"
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"
