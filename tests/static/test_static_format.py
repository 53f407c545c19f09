"""Numbers as text: the page and the kernel read the same list of cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backpropviz.steps.numerals import cell_text, format_number

CASES = json.loads(Path(__file__).with_name("format_cases.json").read_text(encoding="utf-8"))


def test_there_are_enough_cases():
    assert len(CASES) >= 200


def test_page_writes_numbers_as_listed(javascript):
    body = "return values.map((value) => numerals.formatNumber(Number(value)));"
    texts = javascript(body, modules=["story/numerals"], values=[value for value, _ in CASES])
    wrong = [(value, text, got) for (value, text), got in zip(CASES, texts, strict=True) if text != got]
    assert wrong == []


def test_kernel_writes_numbers_as_listed():
    wrong = [(value, text, format_number(float(value))) for value, text in CASES if format_number(float(value)) != text]
    assert wrong == []


def test_page_and_kernel_write_the_same_in_a_cell(javascript):
    values = [value for value, _ in CASES]
    body = "return values.map((value) => numerals.cellText(Number(value)));"
    texts = javascript(body, modules=["story/numerals"], values=values)
    assert texts == [cell_text(float(value)) for value in values]


def test_full_precision_reads_back_as_the_same_number(javascript):
    body = """return values.map(Number).filter(Number.isFinite)
      .filter((value) => numerals.parseNumber(numerals.fullPrecision(value)) !== value);"""
    assert javascript(body, modules=["story/numerals"], values=[value for value, _ in CASES]) == []


def test_full_precision_of_what_is_no_number(javascript):
    body = "return [NaN, Infinity, -Infinity].map(numerals.fullPrecision);"
    assert javascript(body, modules=["story/numerals"]) == ["NaN", "∞", "−∞"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2),
        (" 2.50 ", 2.5),
        ("-3", -3),
        ("−3", -3),
        ("+.5", 0.5),
        ("4.", 4),
        ("1e-3", 0.001),
        ("2E+2", 200),
        ("1e−3", 0.001),
        ("1,5", None),
        ("1e999", None),
        ("", None),
        ("-", None),
        (".", None),
        ("0x10", None),
        ("Infinity", None),
        ("NaN", None),
        ("1 2", None),
        ("2x", None),
        ("--2", None),
    ],
)
def test_number_fields_read(javascript, text, number):
    assert javascript("return numerals.parseNumber(text);", modules=["story/numerals"], text=text) == number
