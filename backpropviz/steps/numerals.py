"""Numbers as people read them: four significant digits, a true minus, words for what is no number."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal

from backpropviz.graph.notation.small_digits import raised

NEGLIGIBLE = 1e-12
_USUAL_DIGITS = 4
_CONTEXTS = {digits: Context(prec=digits, rounding=ROUND_HALF_UP) for digits in range(1, 18)}
_ONE_DIGIT = _CONTEXTS[1]


def format_number(value: float, digits: int = _USUAL_DIGITS) -> str:
    """Write a number for the picture, or for a table.

    Parameters
    ----------
    value : float
        Any float64, NaN and infinities included.
    digits : int
        How many are told.

    Returns
    -------
    str
        Integers below a million in full; other numbers with so many significant digits, as a power of ten outside
        10⁻⁴ to 10⁴; below 1e-12 ``"≈0"`` with the order of magnitude, since that is usually rounding.

    Examples
    --------
    >>> format_number(-12.36000740)
    '−12.36'
    >>> format_number(123456.7)
    '1.235·10⁵'
    >>> format_number(2 / 3, digits=3)
    '0.667'
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
        digit, exponent = _rounded(magnitude, _ONE_DIGIT)
        return f"≈0 ({sign}{digit}e{exponent})"
    if value.is_integer() and magnitude < 1e6:
        return f"{sign}{int(magnitude)}"
    told, exponent = _rounded(magnitude, _CONTEXTS[digits])
    if -4 <= exponent <= 3:
        plain = f"{Decimal((0, tuple(map(int, told)), exponent - digits + 1)):f}"
        return sign + _without_zeros(plain)
    return sign + _power_of_ten(told, exponent)


def cell_text(value: float) -> str:
    """Write a number for a cell of an array's tile, which has room for some six signs.

    Parameters
    ----------
    value : float
        Any float64, NaN and infinities included.

    Returns
    -------
    str
        Two decimals, three where two say nothing; whole numbers and large ones with fewer; two digits, or of very
        small numbers one, and a power of ten elsewhere; ``"≈0"`` for what is usually rounding.

    Examples
    --------
    >>> [cell_text(value) for value in (-0.6537, 128.04, 3.0, -0.0071, 4.2e-5)]
    ['−0.65', '128.0', '3', '−0.007', '4·10⁻⁵']
    """
    value = float(value)
    size = abs(value)
    if not math.isfinite(value) or size == 0:
        return format_number(value)
    sign = "−" if value < 0 else ""
    if value.is_integer() and size < 1e4:
        return f"{sign}{int(size)}"
    if size < NEGLIGIBLE:
        return "≈0"
    if size >= 9999.5 or size < 0.00095:
        return sign + _power_of_ten(*_rounded(size, _CONTEXTS[2] if size > 1 else _ONE_DIGIT))
    decimals = 0 if size >= 999.5 else 1 if size >= 99.95 else 2 if size >= 0.0095 else 3
    return f"{sign}{Decimal(size).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)}"


def _rounded(magnitude: float, context: Context) -> tuple[str, int]:
    """Round to significant digits, a tie away from zero as browsers do; the digits, and the exponent of the first."""
    rounded = context.create_decimal_from_float(magnitude)
    digits = "".join(map(str, rounded.as_tuple().digits)).ljust(context.prec, "0")
    return digits, rounded.adjusted()


def _power_of_ten(digits: str, exponent: int) -> str:
    return f"{_without_zeros(f'{digits[0]}.{digits[1:]}')}·10{raised(exponent)}"


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


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
