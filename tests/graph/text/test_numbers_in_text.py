"""Constants that are no ordinary numbers, in text, in Unicode and in LaTeX."""

from __future__ import annotations

import math

import pytest

from backpropviz.graph.notation.constants import exact_number


@pytest.mark.parametrize(
    ("value", "text", "plain", "latex"),
    [
        (math.nan, "nan", "NaN", r"\mathrm{NaN}"),
        (math.inf, "inf", "∞", r"\infty"),
        (-math.inf, "-inf", "−∞", r"-\infty"),
        (-0.0, "-0.0", "−0.0", "-0.0"),
        (1e300, "1e+300", "1·10³⁰⁰", r"1 \cdot 10^{300}"),
        (-2.5e-7, "-2.5e-07", "−2.5·10⁻⁷", r"-2.5 \cdot 10^{-7}"),
    ],
)
def test_each_style_has_its_own_signs(value, text, plain, latex):
    assert exact_number(value, "text") == text
    assert exact_number(value, "unicode") == plain
    assert exact_number(value, "latex") == latex


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.0, 1e300, 0.1 + 0.2, 5e-324])
def test_text_gives_the_same_bits_again(value):
    again = float(exact_number(value, "text"))
    assert again == value or (math.isnan(again) and math.isnan(value))
    assert math.copysign(1.0, again) == math.copysign(1.0, value)
