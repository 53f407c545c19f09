"""Entries, arrays, shapes and products are judged in the page as in the kernel."""

from __future__ import annotations

import pytest
from exercise_cases import PRODUCTS, SHEETS, lines

from backpropviz.exercises import GridBlank, ProductBlank, ShapeBlank


def test_the_page_judges_arrays_as_the_kernel_does(javascript):
    blanks, plain, texts = [], [], []
    typed = [text for *_, text, _, _ in PRODUCTS] + ["", "X^^T", "2 X' G", "sum(G, x)", "G.sum()", "(" * 30 + "X", "3"]
    shapes = ["3x2", "(3,)", "", "2 x 3", "()", "4×2", "x", "1,2,3,4,5,6,7,8,9", "3-2", "(2", "scalar", "3.0x2"]
    for sheet in SHEETS.values():
        for blank, entry in zip(sheet.blanks, sheet.to_plain()["blanks"], strict=True):
            if isinstance(blank, ProductBlank):
                given = [*typed, *blank.table.choices]
            elif isinstance(blank, ShapeBlank):
                given = [*shapes, *(str(mistake.number) for mistake in blank.mistakes)]
            elif isinstance(blank, GridBlank):
                wrong = [mistake.number for mistake in blank.mistakes]
                whole = [lines(numbers) for numbers in [blank.answer, *wrong]]
                given = [*whole, "", "17", f"{whole[0]}\n5", whole[0].replace("\n", "\n\n", 1), lines(blank.answer[:1])]
                if wrong:
                    given.append("\n".join([*lines(blank.answer).split("\n")[:-1], repr(wrong[0][-1])]))
                given += ["\n".join(f"{number:.1g}" for number in blank.answer)]
            else:
                given = [f"{number:.6g}" for number in [blank.answer, *(each.number for each in blank.mistakes), 17.3]]
            for text in given:
                blanks.append(blank)
                plain.append(entry)
                texts.append(text)
    judge = "return texts.map((text, place) => array_answers.judgeBlank(text, blanks[place], tolerance));"
    found = javascript(judge, modules=["story/array_answers"], texts=texts, blanks=plain, tolerance=1e-3)
    assert len(texts) > 500
    for blank, text, verdict in zip(blanks, texts, found, strict=True):
        expected = blank.judge(text)
        assert (verdict["status"], tuple(verdict["kinds"])) == (expected.status, expected.kinds), (blank.name, text)
        assert verdict["text"] == expected.text, (blank.name, text)
        if isinstance(blank, GridBlank):
            assert tuple(verdict["entries"]) == expected.entries
            assert verdict["credit"] == pytest.approx(expected.credit)
