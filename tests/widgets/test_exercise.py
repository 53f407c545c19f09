"""The exercise as a widget, and its page."""

from __future__ import annotations

import json

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import InputError


def test_an_exercise_holds_its_sheet_and_reads_what_was_tried():
    made = bpv.exercise("v1 = x + y; f = x/v1", x=-1, y=2)
    assert [blank["kind"] for blank in made.sheet["blanks"]] == ["gradient"] * 3
    made.tries = [{"blank": 2, "text": "1", "status": "mistaken", "kinds": ["overwrote"], "seconds": 2.0}]
    made.tries = [*made.tries, {"blank": 2, "text": "2", "status": "right", "kinds": [], "seconds": 4.0}]
    assert made.results.solved == (2,)
    assert json.loads(made.results.to_json())["blanks"][2]["solved"] is True
    made.close()


def test_the_next_exercise_has_the_next_seed_and_no_tries():
    made = bpv.exercise(level="branch", seed=5, ask="both")
    former = made.exercise
    made.tries = [{"blank": 0, "text": "1", "status": "wrong", "kinds": [], "seconds": 1.0}]
    made._receive(made, {"kind": "next"}, None)
    assert made.exercise.seed == 6
    assert made.exercise.ask == "both"
    assert made.exercise != former
    assert made.tries == []
    made.close()


def test_the_next_exercise_on_a_given_graph_asks_the_same_of_other_numbers():
    point = {"x": np.ones((4, 3)), "w": np.ones((3, 2)), "c": 2.0}
    ask = ["shape w", "product w", "gradient w[2,0]"]
    made = bpv.exercise(lambda x, w, c: (c * (x @ w) ** 2).sum(), point, ask=ask)
    first = made.exercise
    made._receive(made, {"kind": "next"}, None)
    asked = made.exercise
    assert asked.graph == first.graph
    assert [(each.kind, each.name) for each in asked.blanks] == [(each.kind, each.name) for each in first.blanks]
    assert {name: np.shape(value) for name, value in asked.point.items()} == {"x": (4, 3), "w": (3, 2), "c": ()}
    assert not np.array_equal(asked.point["x"], point["x"])
    shape, _, entry = asked.blanks
    assert shape.judge("3x2").status == "right"
    assert entry.judge(str(bpv.gradient(asked.graph, **asked.point)["w"][2, 0])).status == "right"
    assert made.sheet["inputs"]["x"]["shape"] == [4, 3]
    made._receive(made, {"kind": "next"}, None)
    assert made.exercise.seed == 2
    made.close()


def test_a_page_is_written(tmp_path):
    made = bpv.exercise(level=2, seed=1)
    path = tmp_path / "exercise.html"
    assert made.to_html(path) == path.read_text(encoding="utf-8")
    made.close()


def test_an_exercise_over_a_graph_with_nan_is_refused():
    with pytest.raises(InputError, match="NaN"):
        bpv.exercise("ln(x)*x", x=-1)
