"""A folder of results, as a class sends it."""

from __future__ import annotations

import json

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import InputError
from backpropviz.exercises import Results, make_sheet
from backpropviz.exercises.mistakes import OVERWROTE, WRONG_SIGN
from backpropviz.exercises.results import Try

SHEET = make_sheet(bpv.parse("v1 = x + y; f = x/v1"), {"x": -1.0, "y": 2.0})


def mistaken(blank, *kinds):
    return Try(blank, "1", "mistaken", kinds, 1.0)


def right(blank):
    return Try(blank, "2", "right", (), 2.0)


@pytest.fixture
def folder(tmp_path):
    sent = {
        "ada.json": (mistaken(2, OVERWROTE), mistaken(2, OVERWROTE), right(2), right(0), right(1)),
        "ben.json": (mistaken(2, OVERWROTE, WRONG_SIGN), Try(2, "", "revealed", (), 3.0), right(0)),
        "group/cem.json": (right(0),),
    }
    (tmp_path / "group").mkdir()
    for name, tries in sent.items():
        Results(SHEET, tries).to_json(tmp_path / name)
    return tmp_path


def test_each_file_is_a_row(folder):
    found = bpv.answers(folder)
    assert [(row.source, row.score, row.tries) for row in found.rows] == [
        ("ada.json", 1.0, 5),
        ("ben.json", pytest.approx(1 / 3), 2),
        ("group/cem.json", pytest.approx(1 / 3), 1),
    ]
    assert found.rows[0].exercise == "v1 = x + y; f = x/v1 at x = -1.0, y = 2.0"
    assert found.unread == ()
    assert "mean score 56%" in str(found)


def test_mistakes_are_counted_by_file_and_by_answer(folder):
    found = bpv.answers(folder)
    assert [(each.kind, each.sheets, each.tries) for each in found.mistakes] == [(OVERWROTE, 2, 3), (WRONG_SIGN, 1, 1)]
    (bars,) = found.figure().data
    assert list(bars.y) == [OVERWROTE, WRONG_SIGN]
    assert list(bars.x) == [2, 1]


def test_a_generated_exercise_is_named_by_level_and_seed(tmp_path):
    made = make_sheet(level="branch", seed=5)
    Results(made, ()).to_json(tmp_path / "one.json")
    (row,) = bpv.answers(tmp_path).rows
    assert (row.exercise, row.score, row.tries) == ("branch, seed 5", 0.0, 0)


GOOD = Results(SHEET, (right(0),)).to_plain()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "no JSON text"),
        (b"\xff\xfe{", "no JSON text"),
        ("[1, 2]", "does not hold the results"),
        ("[" * 100_000, ""),
        (json.dumps({**GOOD, "version": 2}), "another version"),
        (json.dumps({**GOOD, "blanks": []}), "no blanks"),
        (json.dumps({**GOOD, "blanks": [{"tries": [{"text": "2"}]}]}), "missing"),
        (json.dumps({**GOOD, "blanks": [{"tries": ["right"]}]}), "missing"),
        (json.dumps({**GOOD, "blanks": 3}), "missing"),
        (json.dumps({**GOOD, "blanks": [{"tries": [{"status": "right", "seconds": 10**400}]}]}), "missing"),
    ],
)
def test_a_bad_file_is_named_and_the_others_are_read(folder, text, reason):
    (folder / "bad.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    found = bpv.answers(folder)
    assert len(found) == 3
    ((name, why),) = found.unread
    assert name == "bad.json"
    assert reason in why
    assert "bad.json" in found._repr_html_()


def test_what_a_file_claims_is_not_believed(tmp_path):
    (tmp_path / "sly.json").write_text(json.dumps({**GOOD, "score": 1.0}), encoding="utf-8")
    assert bpv.answers(tmp_path).rows[0].score == pytest.approx(1 / 3)


def test_what_stands_in_a_file_is_shown_as_text(tmp_path):
    entry = {"text": "1", "status": "mistaken", "kinds": ["<img src=x>"]}
    plain = {**GOOD, "program": "<script>", "blanks": [{"tries": [entry]}]}
    (tmp_path / "sly.json").write_text(json.dumps(plain), encoding="utf-8")
    found = bpv.answers(tmp_path)
    for text in (found._repr_html_(), *found.figure().data[0].y):
        assert "<img" not in text
        assert "<script" not in text


def test_a_folder_without_files_has_an_empty_chart(tmp_path):
    found = bpv.answers(tmp_path)
    assert str(found) == "0 sheets of results"
    assert list(found.figure().data[0].x or ()) == []


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="is no folder"):
        bpv.answers(tmp_path / "nowhere")


def test_what_was_sent_twice_is_named(folder):
    (folder / "zoë o'brien.json").write_bytes((folder / "ada.json").read_bytes())
    for name in ("dan.json", "eve.json"):
        Results(SHEET, ()).to_json(folder / name)  # nothing tried: everybody's is the same
    found = bpv.answers(folder)
    assert {row.source: row.same_as for row in found.rows if row.same_as} == {"zoë o'brien.json": "ada.json"}
    assert "same as" in str(found)
    assert "same as" not in str(bpv.answers(folder / "group"))


def test_no_cell_is_long_or_leaves_its_line(tmp_path):
    arrays = make_sheet(bpv.trace(lambda x, w: (x @ w).sum()), {"x": np.ones((2, 3)), "w": np.ones((3, 2))})
    plain = Results(arrays, (mistaken(0, "k" * 9000),)).to_plain()
    (tmp_path / "arrays.json").write_text(json.dumps(plain), encoding="utf-8")
    (tmp_path / "made up.json").write_text(json.dumps({**plain, "program": "a\nb\x1b[31m\u202e"}), encoding="utf-8")
    (tmp_path / "._arrays.json").write_bytes(b"\x00\x05\x16\x07")  # macOS puts one beside each file of an archive
    first, second = (found := bpv.answers(tmp_path)).rows
    assert first.exercise.endswith("at x = [2×3], w = [3×2]")
    assert second.exercise.startswith("a\ufffdb\ufffd[31m\ufffd at")
    assert max(map(len, str(found).splitlines())) < 400
    assert found.unread == ()
