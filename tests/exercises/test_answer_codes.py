"""Results of an exercise that are sent as a line of text."""

from __future__ import annotations

import base64
import json
import zlib

import pytest

import backpropviz as bpv
from backpropviz.errors import InputError
from backpropviz.exercises import Results, make_sheet
from backpropviz.exercises.results import Try

SHEET = make_sheet(bpv.parse("v1 = x + y; f = x/v1"), {"x": -1.0, "y": 2.0})
OTHER = make_sheet(level="branch", seed=5)
TRIES = (Try(2, "1", "mistaken", ("overwrote",), 1.0), Try(2, "2", "right", (), 2.0))
GOOD = Results(SHEET, TRIES).to_plain()


def packed(data: bytes) -> str:
    return "bpv1." + base64.urlsafe_b64encode(data).decode().rstrip("=")


def code_of(plain) -> str:
    return packed(zlib.compress(json.dumps(plain).encode()))


CODE = code_of(GOOD)


def test_a_code_gives_the_row_that_its_file_gives(tmp_path):
    Results(SHEET, TRIES).to_json(tmp_path / "ada.json")
    (tmp_path / "ada.txt").write_text(CODE, encoding="utf-8")
    file, code = bpv.answers(tmp_path).rows
    assert (file.source, code.source) == ("ada.json", "ada.txt, line 1")
    assert (file.exercise, file.score, file.tries, file.mistakes) == (
        code.exercise,
        code.score,
        code.tries,
        code.mistakes,
    )
    assert code.mistakes == ("overwrote",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_column_of_a_spreadsheet_with_names(tmp_path, encoding):
    lines = ["Name\tCode", f"Zoë\t{CODE}", "", f'"Ben","{CODE}",12:30', f"{CODE} {CODE}", f"Dan: {CODE[:-9]}"]
    (tmp_path / "form").mkdir()
    (tmp_path / "form" / "codes.TXT").write_bytes("\r\n".join(lines).encode(encoding))
    found = bpv.answers(tmp_path)
    name = "Zo\N{REPLACEMENT CHARACTER}" if encoding == "cp1252" else "Zoë"
    place = "form/codes.TXT, line"
    assert [row.source for row in found.rows] == [
        f"{place} 2 ({name})",
        f"{place} 4 (Ben)",
        f"{place} 5",
        f"{place} 5",
    ]
    assert [where for where, _ in found.unread] == [f"{place} 1", f"{place} 6 (Dan)"]


def test_a_text_without_a_code_is_named_once(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear all,\nmy results follow.\n", encoding="utf-8")
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    assert [where for where, _ in bpv.answers(tmp_path).unread] == ["empty.txt", "letter.txt"]


def test_every_cut_is_noticed():
    codes = [CODE[:length] for length in range(len("bpv1."), len(CODE))]
    found = bpv.answers([*codes, CODE])
    assert [row.source for row in found.rows] == [f"code {len(CODE) - 4}"]
    assert {why for _, why in found.unread} == {
        "the code is cut off. Ask for it again, on one line, or for the file that Save results gives."
    }


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (CODE[8:], "a code begins with bpv1."),
        ("see my mail", "a code begins with bpv1."),
        (CODE.replace("bpv1", "bpv2"), "begins with bpv2., and this one reads bpv1."),
        (CODE[:40] + "AAAA" + CODE[44:], "was changed on its way"),
        (CODE + "AAAA", "right behind the code"),
        (packed(zlib.compress(bytes(50_000_000))), "too large"),
        (packed(zlib.compress(b"[" * 100_000)), ""),
        (packed(zlib.compress(b"\xff{")), "no JSON text"),
        (code_of([1]), "does not hold the results"),
        (code_of({**GOOD, "version": 2}), "another version"),
        (code_of(Results(OTHER, ()).to_plain()), "answers another exercise (branch, seed 5)"),
        (float("nan"), "it is float and no text"),
    ],
)
def test_a_bad_code_is_named_and_the_others_are_read(sent, reason):
    found = bpv.answers([CODE, sent, CODE], exercise=SHEET)
    assert [row.source for row in found.rows] == ["code 1", "code 3"]
    ((place, why),) = found.unread
    assert place == "code 2"
    assert reason in why


def test_without_an_exercise_all_are_counted():
    given = [CODE, code_of(Results(OTHER, ()).to_plain())]
    assert len(bpv.answers(given)) == 2
    assert len(bpv.answers(iter(given), exercise=OTHER)) == 1


def test_a_code_is_no_folder():
    with pytest.raises(InputError, match="in a list"):
        bpv.answers(CODE)
