"""The code that a page writes is read in a notebook."""

from __future__ import annotations

import backpropviz as bpv
from backpropviz.exercises import Results, make_sheet
from backpropviz.exercises.results import Try

WRITE = "return answers.codeOf(record);"


def test_a_code_of_the_page_is_read_as_the_record_that_it_holds(javascript):
    sheet = make_sheet(bpv.parse("v1 = x + y; f = x/v1"), {"x": -1.5, "y": 2.0})
    tries = (Try(2, "−½ ≠ 2·3", "mistaken", ("overwrote",), 1.0), Try(0, "2", "right", (), 2.0))
    record = Results(sheet, tries).to_plain()
    code = javascript(WRITE, modules=["story/answers"], record=record)
    assert code.isascii()
    assert len(code.split()) == 1
    found = bpv.answers([f"Ada\t{code}", code[:-1]], exercise=sheet)
    (row,) = found.rows
    assert (row.source, row.score, row.tries, row.mistakes) == ("code 1 (Ada)", 1 / 3, 2, ("overwrote",))
    assert "cut off" in dict(found.unread)["code 2"]
