"""Write format_cases.json: numbers and the text that both the page and the kernel must give them.

The texts come from exact decimal arithmetic on the binary value, sharing nothing with either implementation. Run it by
hand after a change of the rules: ``python tests/static/make_format_cases.py``.
"""

from __future__ import annotations

import json
import math
import random
from decimal import ROUND_HALF_UP, Context, Decimal
from pathlib import Path

SUPERSCRIPTS = dict(zip("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))

# Written out by hand: they fix the rules that the generated cases then spread.
BY_HAND = {
    "NaN": "NaN",
    "Infinity": "∞",
    "-Infinity": "−∞",
    "0": "0",
    "-0.0": "0",
    "1": "1",
    "-1": "−1",
    "-6": "−6",
    "999999": "999999",
    "-999999": "−999999",
    "1000000": "1·10⁶",
    "12345": "12345",
    "12345.6": "1.235·10⁴",
    "-12345.6": "−1.235·10⁴",
    "9999.4": "9999",
    "9999.6": "1·10⁴",
    "999999.5": "1·10⁶",
    "412.19145728412115": "412.2",
    "-12.36000740240298": "−12.36",
    "1208.3812151266096": "1208",
    "0.10649354605227247": "0.1065",
    "0.16666666666666666": "0.1667",
    "0.1": "0.1",
    "0.30000000000000004": "0.3",
    "2.9999999999999996": "3",
    "0.001": "0.001",
    "0.0001": "0.0001",
    "0.000123456": "0.0001235",
    "0.00009999": "9.999·10⁻⁵",
    "0.000099996": "0.0001",
    "0.0000999949": "9.999·10⁻⁵",
    "0.00001": "1·10⁻⁵",
    "-0.0000123456": "−1.235·10⁻⁵",
    "10.125": "10.13",
    "10.375": "10.38",
    "1000.5": "1001",
    "1001.5": "1002",
    "-100.25": "−100.3",
    "1.0625": "1.063",
    "1234500": "1.235·10⁶",
    "1235500": "1.236·10⁶",
    "1e-12": "1·10⁻¹²",
    "9.99e-13": "≈0 (1e-12)",
    "1e-17": "≈0 (1e-17)",
    "-1e-17": "≈0 (−1e-17)",
    "2.7e-16": "≈0 (3e-16)",
    "5e-324": "≈0 (5e-324)",
    "1e100": "1·10¹⁰⁰",
    "-1.7976931348623157e308": "−1.798·10³⁰⁸",
    "1e21": "1·10²¹",
}


def reference_text(value: float) -> str:
    """Text of a number that is finite and not zero."""
    sign = "−" if value < 0 else ""
    exact = abs(Decimal(value))
    if exact < Decimal("1e-12"):
        rounded = Context(prec=1, rounding=ROUND_HALF_UP).create_decimal(exact)
        return f"≈0 ({sign}{rounded.as_tuple().digits[0]}e{rounded.adjusted()})"
    if exact == exact.to_integral_value() and exact < 10**6:
        return f"{sign}{int(exact)}"
    rounded = Context(prec=4, rounding=ROUND_HALF_UP).create_decimal(exact)
    exponent = rounded.adjusted()
    if -4 <= exponent <= 3:
        return sign + _without_zeros(f"{rounded:f}")
    mantissa = _without_zeros(f"{rounded.scaleb(-exponent):f}")
    return f"{sign}{mantissa}·10{''.join(SUPERSCRIPTS[digit] for digit in str(exponent))}"


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def generated() -> list[float]:
    """Numbers of all sizes, ties, and neighbours of the borders between the forms."""
    draw = random.Random(4)  # noqa: S311  repeatable, not secret
    values = [draw.choice((-1, 1)) * draw.uniform(1, 10) * 10.0**exponent for exponent in range(-20, 25) for _ in "123"]
    values += [round(draw.uniform(-50, 50), digits) for digits in (0, 1, 2, 3, 4, 5) for _ in range(6)]
    values += [draw.randrange(1000, 9999) + 0.5 for _ in range(10)]
    values += [draw.randrange(100, 999) + quarter for quarter in (0.25, 0.75) for _ in range(6)]
    for border in (1e-12, 1e-4, 1e-3, 1.0, 1e3, 1e4, 1e6, 9999.5, 0.00099995, 99.995):
        values += [math.nextafter(border, 0.0), border, math.nextafter(border, math.inf)]
    return values


def main() -> None:
    """Write the file, and check the cases written by hand on the way."""
    cases = dict(BY_HAND)
    for text, expected in BY_HAND.items():
        value = float(text)
        if math.isfinite(value) and value != 0 and reference_text(value) != expected:
            raise SystemExit(f"{text}: by hand {expected}, computed {reference_text(value)}")
    for value in generated():
        if value:
            cases.setdefault(repr(value), reference_text(value))
    lines = ",\n".join(json.dumps(pair, ensure_ascii=False) for pair in cases.items())
    Path(__file__).with_name("format_cases.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
