"""Opening and closing gates, drawings, hiding and revealing, from Python and from the page's messages."""

from __future__ import annotations

import pytest

import backpropviz as bpv
from backpropviz.errors import InputError

COARSE = bpv.examples["cornell-logistic-coarse"]


def test_gates_open_and_close_in_place():
    explorer = bpv.explore(COARSE.graph, COARSE.point)
    before = {name: float(value) for name, value in explorer.gradient().items()}
    explorer.step = explorer.last_step
    explorer._receive(explorer, {"kind": "expand", "node": "f"}, None)
    assert "f1" in explorer.graph
    assert explorer.step == explorer.last_step
    assert {name: float(value) for name, value in explorer.gradient().items()} == before
    explorer._receive(explorer, {"kind": "collapse", "nodes": ["f1", "f2", "f3", "f"], "name": ""}, None)
    assert explorer.graph == COARSE.graph
    explorer.zoom("network")
    assert explorer.graph.arguments("f") == ("w1", "x1", "w2", "x2", "w0")
    explorer.close()


def test_what_cannot_be_closed_is_told_in_the_strip():
    explorer = bpv.explore(COARSE.graph, COARSE.point)
    explorer._handle_custom_msg({"kind": "collapse", "nodes": ["w1", "v1"], "name": "g"}, [])
    assert "w1 is an input" in explorer.message["text"]
    assert explorer.graph == COARSE.graph
    explorer.close()


def test_drawings_change_in_place_and_keep_the_step():
    explorer = bpv.explore(COARSE.graph, COARSE.point)
    explorer.step = 7
    explorer.drawing = "network"
    assert explorer.step == 7
    with pytest.raises(InputError, match="no network"):
        bpv.explore("exp(x)", x=1).drawing = "network"
    explorer.show("exp(x)", x=1)
    assert explorer.drawing == "circuit"
    explorer.close()


def test_hiding_and_revealing_one_by_one():
    explorer = bpv.explore("v1 = x + y; f = x/v1", x=-1, y=2)
    explorer.hide()
    assert explorer.hidden["gradients"] is True
    told = []
    while what := explorer.reveal():
        told.append(what)
    assert told == ["gradient f", "gradient v1", "gradient x", "gradient y"]
    explorer.hide("v1")
    assert explorer.hidden["nodes"] == ["v1"]
    explorer.reveal_all()
    assert explorer.reveal() == ""
    explorer.hide("v1", gradients=False)
    assert [explorer.reveal(), explorer.reveal(), explorer.reveal()] == ["value v1", "gradient v1", ""]
    with pytest.raises(InputError, match="Nothing is hidden by"):
        explorer.hidden = {"values": True}
    explorer.close()


def test_paths_of_the_current_point():
    explorer = bpv.explore("v1 = x + y; f = x/v1", x=-1, y=2)
    assert [path.product for path in explorer.paths("x").paths] == [1.0, 1.0]
    explorer.close()
