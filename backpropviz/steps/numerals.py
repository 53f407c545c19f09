"""Numbers as people read them: four significant digits, a true minus, words for what is no number."""

from __future__ import annotations

import math
from decimal import Decimal

NEGLIGIBLE = 1e-12
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def format_number(value: float) -> str:
    """Write a number for the picture.

    Parameters
    ----------
    value : float
        Any float64, NaN and infinities included.

    Returns
    -------
    str
        Integers below a million in full; other numbers with 4 significant digits, as a power of ten outside 10⁻⁴ to
        10⁴; below 1e-12 ``"≈0"`` with the order of magnitude, since that is usually rounding.

    Examples
    --------
    >>> format_number(-12.36000740)
    '−12.36'
    >>> format_number(123456.7)
    '1.235·10⁵'
    >>> format_number(1.2e-17)
    '≈0 (1e-17)'
    """
    value = float(value)
    if math.isnan(value):
        return "NaN"
    sign = "−" if value < 0 else ""
    magnitude = abs(value)
    if math.isinf(value):
        return f"{sign}∞"
    if magnitude == 0:
        return "0"
    if magnitude < NEGLIGIBLE:
        return f"≈0 ({sign}{magnitude:.0e})".replace("e-0", "e-")
    if value.is_integer() and magnitude < 1e6:
        return f"{sign}{int(magnitude)}"
    mantissa, exponent_text = f"{magnitude:.3e}".split("e")
    exponent = int(exponent_text)
    if -4 <= exponent <= 3:
        plain = f"{Decimal(f'{mantissa}e{exponent}'):f}"
        return sign + (plain.rstrip("0").rstrip(".") if "." in plain else plain)
    mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{sign}{mantissa}·10{str(exponent).translate(_SUPERSCRIPTS)}"


def latex_number(value: float) -> str:
    r"""Write a number as :func:`format_number` does, in LaTeX.

    Examples
    --------
    >>> latex_number(-0.00001234)
    '-1.234\\cdot 10^{-5}'
    """
    text = format_number(value)
    if text == "NaN":
        return r"\text{NaN}"
    if "·10" in text:
        mantissa, exponent = text.split("·10")
        plain = exponent.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
        text = f"{mantissa}\\cdot 10^{{{plain}}}"
    return text.replace("−", "-").replace("∞", r"\infty").replace("≈", r"\approx ")
