"""Exercises of arrays: entries, whole arrays, shapes and products; the page judges them as the kernel does."""

from __future__ import annotations

import json

import numpy as np
import pytest
from exercise_cases import CASES, LAYER, POINT, PRODUCTS, SHEETS, SQUARE, SQUARE_POINT, lines

import backpropviz as bpv
from backpropviz.errors import InputError
from backpropviz.exercises import Blank, GridBlank, ProductBlank, Results, ShapeBlank, Try, make_sheet
from backpropviz.exercises.answers import MISTAKEN, RIGHT, UNREADABLE, WRONG
from backpropviz.exercises.mistakes import (
    AVERAGED,
    ENTRYWISE,
    FACTOR_ORDER,
    FORGOT_FACTOR,
    MEAN_NOT_DIVIDED,
    NO_UPSTREAM,
    NOT_TRANSPOSED,
    PASSED_ALL,
    PER_EXAMPLE,
    TRANSPOSED,
    WRONG_SIGN,
)
from backpropviz.exercises.products import OTHER_SHAPE


def only(graph, point, question):
    (blank,) = make_sheet(graph, point, ask=[question]).blanks
    return blank


@pytest.mark.parametrize("name", SHEETS)
def test_right_answers_are_right_and_named_errors_are_named(name):
    sheet = SHEETS[name]
    gradients = LAYER.evaluate(POINT).reverse() if name == "layer" else None
    for blank in sheet.blanks:
        if isinstance(blank, GridBlank):
            assert blank.judge(lines(blank.answer)).status == RIGHT
            for mistake in blank.mistakes:
                verdict = blank.judge("\n".join(map(repr, mistake.number)))
                assert verdict.status == MISTAKEN
                assert mistake.kind in verdict.kinds
        elif isinstance(blank, Blank):
            assert blank.judge(repr(blank.answer)).status == RIGHT
            assert all(mistake.kind in blank.judge(repr(mistake.number)).kinds for mistake in blank.mistakes)
        elif isinstance(blank, ShapeBlank):
            assert blank.judge("x".join(map(str, blank.answer))).status == RIGHT
            assert all(mistake.kind in blank.judge(str(mistake.number)).kinds for mistake in blank.mistakes)
        else:
            assert [blank.judge(choice).status for choice in blank.table.choices].count(RIGHT) == 1
            assert blank.judge(blank.answer).status == RIGHT
        if gradients is not None and blank.kind == "gradient":
            given = gradients[blank.node]
            np.testing.assert_allclose(
                given[blank.entry] if isinstance(blank, Blank) else np.ravel(given), blank.answer
            )


def test_usual_questions_ask_for_entries_shapes_and_products_and_not_for_data():
    sheet = make_sheet(LAYER, POINT)
    asked = [(type(blank), blank.node) for blank in sheet.blanks]
    assert [each for each in asked if each[1] in ("W", "b")] == [
        (ShapeBlank, "b"),
        (ProductBlank, "b"),
        (GridBlank, "b"),
        (ShapeBlank, "W"),
        (ProductBlank, "W"),
        (GridBlank, "W"),
    ]
    assert "X" not in {node for _, node in asked}
    entries = [blank for blank in sheet.blanks if isinstance(blank, Blank)]
    assert all(len(blank.entry) == 2 and blank.answer for blank in entries)
    assert sheet.question(entries[0], "dL/dx").endswith(f"[{','.join(map(str, entries[0].entry))}]")


def error_in(graph, point, node, wrong):
    """What is said of a whole array that a typical error gives."""
    blank = only(graph, point, f"gradient {node}")
    return blank.judge(lines(wrong)).kinds


def test_typical_errors_with_arrays_are_named():
    adjoints = LAYER.evaluate(POINT).reverse()
    product = next(name for name in LAYER.nodes if LAYER.op(name) == "matmul")
    features, right, upstream = POINT["X"], adjoints["W"], adjoints[product]
    assert PER_EXAMPLE in error_in(LAYER, POINT, "W", np.outer(features[1], upstream[1]))
    assert AVERAGED in error_in(LAYER, POINT, "W", right / 4)
    assert MEAN_NOT_DIVIDED in error_in(LAYER, POINT, "W", right * 8)
    assert FORGOT_FACTOR in error_in(LAYER, POINT, "W", right / 2)
    assert NO_UPSTREAM in error_in(LAYER, POINT, "W", features.T @ np.ones((4, 2)))
    assert PER_EXAMPLE in error_in(LAYER, POINT, "b", upstream[2])
    assert AVERAGED in error_in(LAYER, POINT, "b", upstream.mean(axis=0))
    assert WRONG_SIGN in error_in(LAYER, POINT, "T", -adjoints["T"])
    factor = SQUARE_POINT["A"]
    assert TRANSPOSED in error_in(SQUARE, SQUARE_POINT, "A", SQUARE.evaluate(SQUARE_POINT).reverse()["A"].T)
    assert FACTOR_ORDER in error_in(SQUARE, SQUARE_POINT, "B", factor @ factor.T)
    assert NOT_TRANSPOSED in error_in(SQUARE, SQUARE_POINT, "B", factor @ factor)
    assert ENTRYWISE in error_in(SQUARE, SQUARE_POINT, "B", factor * factor)
    relu, point = CASES["stack"]
    assert PASSED_ALL in error_in(relu, point, "X", np.full((2, 2, 2), 1 / 8))


def test_an_array_is_marked_entry_by_entry():
    blank = only(LAYER, POINT, "gradient W")
    texts = [f"{number:.6g}" for number in blank.answer]
    verdict = blank.judge("\n".join([*texts[:4], "77", ""]))
    assert verdict.entries == (RIGHT,) * 4 + (WRONG, "empty")
    assert verdict.credit == pytest.approx(4 / 6)
    assert verdict.text == "4 of 6 entries are right. Not right: [2,0]."
    assert blank.judge("\n".join([*texts[:5], "x"])).status == UNREADABLE
    assert blank.judge("").status == UNREADABLE


def test_an_entry_with_its_indices_swapped_is_named():
    number = SQUARE.evaluate(SQUARE_POINT).reverse()["A"][2, 0]
    assert TRANSPOSED in only(SQUARE, SQUARE_POINT, "gradient A[0,2]").judge(f"{number:.6g}").kinds
    assert only(SQUARE, SQUARE_POINT, "gradient A[-1,-1]").entry == (2, 2)


@pytest.mark.parametrize("text", ["3x2", "(3,2)", "3×2", "[3, 2]", "3 2", " 3 X 2 ", "3*2", "{3;2}", "3 by 2"])
def test_shapes_are_read_as_people_write_them(text):
    assert only(LAYER, POINT, "shape W").judge(text).status == RIGHT


@pytest.mark.parametrize(
    ("node", "text", "status", "kind"),
    [
        ("W", "2x3", MISTAKEN, TRANSPOSED),
        ("W", "(4, 2)", MISTAKEN, OTHER_SHAPE),
        ("W", "()", MISTAKEN, OTHER_SHAPE),
        ("W", "6", MISTAKEN, OTHER_SHAPE),
        ("b", "4x2", MISTAKEN, PER_EXAMPLE),
        ("b", "2x1", MISTAKEN, OTHER_SHAPE),
        ("b", "(2,)", RIGHT, None),
        ("W", "7x7", WRONG, None),
        ("W", "three by two", UNREADABLE, None),
        ("W", "", UNREADABLE, None),
        ("W", "3x-2", UNREADABLE, None),
    ],
)
def test_wrong_shapes_are_named(node, text, status, kind):
    verdict = only(LAYER, POINT, f"shape {node}").judge(text)
    assert (verdict.status, verdict.kinds) == (status, (kind,) if kind else ())


@pytest.mark.parametrize(("case", "node", "text", "status", "kind"), PRODUCTS)
def test_products_are_judged_by_shape_and_by_value(case, node, text, status, kind):
    verdict = only(*CASES[case], f"product {node}").judge(text)
    assert (verdict.status, verdict.kinds) == (status, (kind,) if kind else ()), verdict.text


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("slope W", "cannot be read"),
        (7, "cannot be read"),
        ("gradient V", "no node"),
        ("gradient W[3,0]", r"has the shape \[3×2\]; indices begin at 0"),
        ("gradient W[1]", r"\[3×2\]"),
        ("gradient W[1,x]", "no node"),
        ("shape W[0,0]", "whole array"),
        ("value W", "is an input"),
        ("gradient y", "is the 1 from which"),
        ("product T", "one product"),
    ],
)
def test_questions_that_cannot_be_asked_are_told(question, message):
    with pytest.raises(InputError, match=message):
        make_sheet(LAYER, POINT, ask=[question])


def test_what_is_too_large_or_no_single_number_is_refused():
    with pytest.raises(InputError, match=r"asks for 100 numbers.*gradient X\[9,9\]"):
        make_sheet(bpv.trace(lambda x: np.sum(x * x), "X"), {"X": np.ones((10, 10))}, ask=["gradient X"])
    with pytest.raises(InputError, match=r"has the shape \[2\].*sum of"):
        make_sheet(bpv.trace(lambda x: x * x, "x"), {"x": np.ones(2)})
    with pytest.raises(InputError, match=r"\[1\] = ln\(x\) is NaN"):
        make_sheet(bpv.trace(lambda x: np.sum(np.log(x)), "x"), {"x": np.array([1.0, -1.0])})


def test_results_count_the_right_entries_of_an_array(tmp_path):
    sheet = make_sheet(LAYER, POINT, ask=["gradient W", "shape W"])
    tries = (Try(0, "1\n2", "wrong", (), 1.0, 0.5), Try(1, "3x2", "right", (), 2.0))
    results = Results(sheet, tries)
    assert results.score == pytest.approx(0.75)
    results.to_json(tmp_path / "one.json")
    read = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    assert read["inputs"]["b"] == {"shape": [2], "data": POINT["b"].tolist()}
    assert read["blanks"][1]["answer"] == [3, 2]
    assert bpv.answers(tmp_path).rows[0].score == pytest.approx(0.75)
