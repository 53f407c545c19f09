"""Numbers as people read them; the page's twin is held to the same list in tests/static."""

from __future__ import annotations

import pytest

from backpropviz.steps.numerals import format_number, latex_number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (6.0, "6"),
        (412.19145728, "412.2"),
        (-12.36000740, "−12.36"),
        (0.00012344, "0.0001234"),
        (0.000012344, "1.234·10⁻⁵"),
        (9999.6, "1·10⁴"),
        (12345.6, "1.235·10⁴"),
        (999999.0, "999999"),
        (1e6, "1·10⁶"),
        (1.2e-17, "≈0 (1e-17)"),
        (-5e-13, "≈0 (−5e-13)"),
        (float("nan"), "NaN"),
        (float("-inf"), "−∞"),
    ],
)
def test_format(value, text):
    assert format_number(value) == text


def test_latex():
    assert latex_number(-1.2345e-7) == r"-1.235\cdot 10^{-7}"
    assert latex_number(float("nan")) == r"\text{NaN}"
    assert latex_number(float("inf")) == r"\infty"
