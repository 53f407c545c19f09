"""Answers in the page are read and judged as in the kernel."""

from __future__ import annotations

import math

import pytest
from random_texts import random_signs, random_text

from backpropviz.errors import ExpressionError, InputError
from backpropviz.exercises import make_sheet, read_answer

READ = "return texts.map((text) => answers.readAnswer(text));"
JUDGE = "return texts.map((text, place) => answers.judgeAnswer(text, blanks[place], tolerance));"

NUMBERS = {
    "3*e^6": 3 * math.exp(6),
    "3*e**6": 3 * math.exp(6),
    "−3/4": -0.75,
    " 2·3 ": 6.0,
    "-2^2": -4.0,
    "2**-1": 0.5,
    "2^3^2": 512.0,
    "(1 + 2)*3 - 4/8": 8.5,
    "ln(2)/2": math.log(2) / 2,
    "sqrt(2)": math.sqrt(2),
    "sigmoid(1)": 1 / (1 + math.exp(-1)),
    "1e-3": 0.001,
    ".5": 0.5,
    "2*pi": 2 * math.pi,
    "--3": 3.0,
    "1/3/3": 1 / 9,
}
UNREADABLE = ["", "  ", "abc", "1/0", "inf", "1e999", "0,5", "<b>3</b>", "3 4", "2e", "(", "(1", "sin", "^", "1 +", "x"]


def test_numbers_and_expressions_are_read_as_in_the_kernel(javascript):
    found = javascript(READ, modules=["story/answers"], texts=list(NUMBERS))
    for (text, expected), answer in zip(NUMBERS.items(), found, strict=True):
        assert answer["number"] == pytest.approx(expected, rel=1e-14), text
        assert read_answer(text) == pytest.approx(expected, rel=1e-14), text


def test_what_cannot_be_read_is_told(javascript):
    for text, answer in zip(UNREADABLE, javascript(READ, modules=["story/answers"], texts=UNREADABLE), strict=True):
        assert set(answer) == {"problem"}, text
        assert len(answer["problem"]) > 15


def test_whatever_is_typed_is_read_or_refused_as_in_the_kernel(javascript):
    """Texts without sense, and the same with numbers for names; deep, long and many of them."""
    texts = random_signs(1_500)
    numbers = str.maketrans({"x": "3", "y": "0.4", "z": "7", "w": "2"})
    texts += [text.translate(numbers) for text in [*texts, *map(random_text, range(400))]]
    texts += ["(" * depth + "1" + ")" * depth for depth in (99, 100, 101, 200)]
    texts += ["1+" * 400 + "1", "1+" * 100 + "1", "2^" * 100 + "1", "-" * 250 + "1"]
    texts += ["2 # two", "a = 2", "2; 3", "1\n+ 2", "input x", "1/inf", "max(1, 2)", "log(2, 3)", "exp()"]
    found = javascript(READ, modules=["story/answers"], texts=texts)
    read = 0
    for text, answer in zip(texts, found, strict=True):
        try:
            number = read_answer(text)
        except (ExpressionError, InputError):
            assert set(answer) == {"problem"}, text
        else:
            read += 1
            assert answer.get("number") == pytest.approx(number, rel=1e-13), text
    assert read >= 300


def test_the_page_judges_as_the_kernel_does(javascript):
    blanks, plain, texts = [], [], []
    for seed in range(60):
        sheet = make_sheet(level=1 + seed % 5, seed=seed, ask="both")
        for blank, entry in zip(sheet.blanks, sheet.to_plain()["blanks"], strict=True):
            wrong = [mistake.number for mistake in blank.mistakes]
            for number in [blank.answer, *wrong, blank.answer + 17.3]:
                blanks.append(blank)
                plain.append(entry)
                texts.append(f"{number:.6g}")
    found = javascript(JUDGE, modules=["story/answers"], texts=texts, blanks=plain, tolerance=1e-3)
    assert len(texts) > 1_000
    for blank, text, verdict in zip(blanks, texts, found, strict=True):
        expected = blank.judge(text)
        assert (verdict["status"], tuple(verdict["kinds"])) == (expected.status, expected.kinds), text
        assert verdict["text"] == expected.text
