"""Typical errors are recognised, right answers are never called wrong, bad input is told."""

from __future__ import annotations

import json
import math

import pytest

import backpropviz as bpv
from backpropviz.errors import BackpropvizError, InputError
from backpropviz.exercises import LEVELS, Results, Try, generate, make_sheet, read_answer
from backpropviz.exercises.answers import MISTAKEN, MORE_DIGITS, RIGHT, UNREADABLE, WRONG, close
from backpropviz.exercises.mistakes import (
    NO_UPSTREAM,
    OUTPUT_FOR_INPUT,
    OVERWROTE,
    ROUTED_TO_ALL,
    SWAPPED,
    VALUE_FOR_GRADIENT,
    WRONG_SIGN,
)

SHEETS = [make_sheet(level=1 + seed % len(LEVELS), seed=seed, ask="both") for seed in range(200)]


def four_digits(number: float) -> str:
    return f"{number:.4g}"


def blank_of(sheet, node, kind="gradient"):
    return next(blank for blank in sheet.blanks if (blank.node, blank.kind) == (node, kind))


def test_every_typical_error_on_two_hundred_exercises_is_named():
    seen = set()
    for sheet in SHEETS:
        for blank in sheet.blanks:
            for mistake in blank.mistakes:
                verdict = blank.judge(repr(mistake.number))
                assert verdict.status == MISTAKEN
                same = {other.kind for other in blank.mistakes if close(mistake.number, other.number)}
                assert set(verdict.kinds) == same
                assert mistake.kind in verdict.kinds
                assert mistake.text in verdict.text
                seen.add(mistake.kind)
    assert {OVERWROTE, NO_UPSTREAM, SWAPPED, OUTPUT_FOR_INPUT, ROUTED_TO_ALL, WRONG_SIGN, VALUE_FOR_GRADIENT} <= seen


def test_a_right_answer_is_never_called_wrong():
    asked = {(blank.answer, blank.mistakes): blank for sheet in SHEETS for blank in sheet.blanks}
    assert len(asked) > 1_000
    wordings = (repr, four_digits, lambda number: f"{number:.3e}", lambda number: f"{number:.12g}".replace("-", "−"))
    for blank in asked.values():
        for text in {wording(blank.answer) for wording in wordings}:
            assert blank.judge(text).status == RIGHT


@pytest.mark.parametrize("level", LEVELS)
def test_the_same_seed_gives_the_same_exercise_and_another_one_another(level):
    assert make_sheet(level=level, seed=3) == make_sheet(level=level, seed=3)
    assert len({generate(level, seed)[0].program() for seed in range(20)}) > 5
    for seed in range(30):
        graph, point, name = generate(level, seed)
        assert name == level
        assert all(value == round(value, 1) for value in point.values())
        assert graph.evaluate(point).non_finite is None


def test_the_staged_example_with_accumulation_forgotten_is_recognised():
    example = bpv.examples["cmu-exp-ratio-sine"]
    sheet = make_sheet(example.graph, example.point)
    tape = example.graph.evaluate(example.point)
    contributions = tape.reverse().contributions
    for (consumer, slot), amount in contributions.items():
        node = example.graph.arguments(consumer)[slot]
        if len(example.graph.consumers(node)) > 1:
            verdict = blank_of(sheet, node).judge(four_digits(float(amount)))
            assert OVERWROTE in verdict.kinds
            assert "overwrote instead of accumulated" in verdict.text


@pytest.mark.parametrize(
    ("program", "point", "node", "answer", "kind"),
    [
        ("v1 = x + y; f = x/v1", {"x": -1, "y": 2}, "x", "1", OVERWROTE),
        ("v1 = x*y; f = 3*v1", {"x": 3, "y": -4}, "x", "9", SWAPPED),
        ("v1 = x*y; f = 3*v1", {"x": 3, "y": -4}, "x", "-4", NO_UPSTREAM),
        ("v1 = x*y; f = 3*v1", {"x": 5, "y": -4}, "x", "5", VALUE_FOR_GRADIENT),
        ("v1 = max(z, w); f = 3*v1", {"z": 2, "w": -1}, "w", "3", ROUTED_TO_ALL),
        ("v1 = x - y; f = 2*v1", {"x": 3, "y": -4}, "y", "2", WRONG_SIGN),
        ("v1 = 1/y; f = 2*v1", {"y": -4}, "y", "0.125", WRONG_SIGN),
        ("v1 = ln(x); f = 2*v1", {"x": 3}, "x", "2/ln(3)", OUTPUT_FOR_INPUT),
    ],
)
def test_each_typical_error_is_named_in_words(program, point, node, answer, kind):
    assert kind in blank_of(make_sheet(program, point), node).judge(answer).kinds


@pytest.mark.parametrize(
    ("text", "number"),
    [("3*e^6", 3 * math.exp(6)), ("−3/4", -0.75), ("2·3", 6.0), (" ln(2)/2 ", math.log(2) / 2), ("2**-1", 0.5)],
)
def test_expressions_are_numbers(text, number):
    assert read_answer(text) == pytest.approx(number, rel=1e-15)


@pytest.mark.parametrize(
    "text", ["", "   ", "abc", "x", "1/0", "inf", "1e999", "0,5", "<b>3</b>", "3 4", "(", "sin", "^"]
)
def test_what_cannot_be_read_is_told_and_not_judged(text):
    verdict = blank_of(make_sheet("x*y", {"x": 2, "y": 3}), "x").judge(text)
    assert verdict.status == UNREADABLE
    assert len(verdict.text) > 10


def test_rounding_too_far_is_not_called_wrong():
    blank = blank_of(make_sheet("sigmoid(x)", {"x": 1}), "x")
    assert blank.judge("0.1966").status == RIGHT
    assert blank.judge("0.2").status == MORE_DIGITS
    assert blank.judge("0.3").status == WRONG


def test_exercises_that_cannot_be_are_refused():
    with pytest.raises(InputError, match=r"ln\(x\) is NaN"):
        make_sheet("a = ln(x); a*x", {"x": -1})
    with pytest.raises(InputError, match="gradient of x is ∞"):
        make_sheet("sqrt(x)", {"x": 0})
    with pytest.raises(InputError, match="Unknown level"):
        make_sheet(level="hard")
    with pytest.raises(InputError, match="Unknown question"):
        make_sheet(ask="all")
    with pytest.raises(InputError, match="nothing to ask"):
        make_sheet("x", {"x": 1})
    with pytest.raises(InputError, match="has the shape"):
        make_sheet(bpv.trace(lambda x: x * x, "x"), {"x": [1.0, 2.0]})
    with pytest.raises(BackpropvizError):
        make_sheet("2x")


def test_missing_inputs_are_drawn_small_and_friendly():
    sheet = make_sheet("ln(x) + sqrt(z)*y", {"y": 0.5}, seed=4)
    assert sheet.point["y"] == 0.5
    assert sheet.point["x"] > 0
    assert sheet == make_sheet("ln(x) + sqrt(z)*y", {"y": 0.5}, seed=4)


def test_drawn_inputs_leave_gradients_one_can_write_down():
    for seed in range(10):
        sheet = make_sheet("v = w*x + b; L = (sigmoid(v) - y)**2", {"y": 1}, seed=seed)
        adjoints = sheet.graph.evaluate(sheet.point).reverse()
        assert min(abs(each) for each in adjoints.values()) >= 0.01


def test_results_say_what_was_tried(tmp_path):
    sheet = make_sheet("v1 = x + y; f = x/v1", {"x": -1, "y": 2})
    tries = (
        Try(2, "1", "mistaken", (OVERWROTE,), 3.0),
        Try(2, "2", "right", (), 5.0),
        Try(0, "", "revealed", (), 6.0),
        Try(0, "1", "right", (), 7.5),
    )
    results = Results(sheet, tries)
    assert results.solved == (2,)
    assert results.score == pytest.approx(1 / len(sheet.blanks))
    path = tmp_path / "results.json"
    results.to_json(path)
    read = json.loads(path.read_text(encoding="utf-8"))
    assert read["program"] == "v1 = x + y; f = x/v1"
    assert read["seconds"] == 7.5
    assert [each["text"] for each in read["blanks"][2]["tries"]] == ["1", "2"]
    assert sheet.question(sheet.blanks[2], "dL/dx") == "∂f/∂x"
