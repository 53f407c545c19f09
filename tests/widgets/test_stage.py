"""What an explorer sends before its picture shows, and what it sends when a graph needs more."""

from __future__ import annotations

import asyncio
import functools
import json
import zlib

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.scene.shared_sentences import folded_sentences
from backpropviz.scene.specification import specification
from backpropviz.static import read_packed

LONG = bpv.trace(lambda x: functools.reduce(lambda made, _: made * x + 1, range(110), x))


def bytes_of(explorer):
    return sum(
        len(each) if isinstance(each, bytes) else len(json.dumps(each)) for each in explorer.get_state().values()
    )


def test_the_first_show_is_small():
    size = bytes_of(bpv.explore("exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)", x=2, z=3))
    assert size <= 43_000, f"{size:,} bytes"


def test_the_first_show_of_arrays_is_small():
    point = {"x": np.ones((4, 3)), "w": np.ones((3, 2)), "b": np.ones(2)}
    size = bytes_of(bpv.explore(lambda x, w, b: np.sum(np.tanh(x @ w + b) ** 2), **point))
    assert size <= 48_000, f"{size:,} bytes"


def test_a_graph_with_arrays_brings_what_shows_it():
    explorer = bpv.explore("x*x", x=2)
    plain = explorer.program
    explorer.show(lambda x: np.sum(np.tanh(x)), x=[1.0, 2.0])
    full = explorer.program
    assert len(full) > len(plain)
    explorer.send_aids()
    assert explorer.aids == read_packed("array_aids")
    explorer.show("x*x", x=2)
    assert explorer.program == full  # to change once is enough


def test_closed_gates_bring_what_shows_them_until_study_aids_have():
    network = bpv.MLP([2, 2, 1]).scalar_graph(closed=True)
    explorer = bpv.explore(lambda x: np.sum(np.tanh(x)), x=[1.0, 2.0])
    assert explorer.program == read_packed("array_explorer")
    explorer.show(network)
    assert explorer.program == read_packed("gate_explorer")
    later = bpv.explore(lambda x: np.sum(np.tanh(x)), x=[1.0, 2.0])
    later.send_aids()
    later.show(network)
    assert later.program == read_packed("array_explorer")


def test_study_aids_bring_what_arrays_need():
    explorer = bpv.explore("x*x", x=2)
    plain = explorer.program
    explorer.send_aids()
    explorer.show(lambda x: np.sum(np.tanh(x)), x=[1.0, 2.0])
    assert explorer.program == plain
    assert explorer.aids == read_packed("aids")


def test_the_words_of_a_long_run_come_after_its_picture():
    async def shown():
        explorer = bpv.explore(LONG, x=1.0)
        assert explorer.words == b""
        picture = explorer.spec
        await asyncio.sleep(0)  # the cell has ended
        assert explorer.spec is picture
        return explorer

    explorer = asyncio.run(shown())
    sight, words = (json.loads(zlib.decompress(part)) for part in (explorer.spec, explorer.words))
    assert len(sight["narration"]["told"]) == 1
    assert sight["explanations"]["told"] == []
    whole = specification(explorer.timeline, {"x": tuple(sight["ranges"]["x"])})
    assert {**sight, **words} == json.loads(json.dumps(folded_sentences(whole)))
    explorer.show("x*x")
    assert explorer.words == b""  # they were of another run
    assert json.loads(zlib.decompress(explorer.spec))["explanations"]["told"]


def test_who_looks_at_a_long_run_outside_a_kernel_finds_its_words_at_once():
    explorer = bpv.explore(LONG, x=1.0)
    words = json.loads(zlib.decompress(explorer.words))
    assert len(words["narration"]["told"]) == len(explorer.timeline) + 1


@pytest.mark.parametrize(
    "state",
    [
        {"mode": "sideways"},
        {"notation": "q"},
        {"selected": "nobody"},
        {"direction": {"q": 1.0}},
        {"inputs": {"x": {"shape": [2], "data": [1.0, 2.0]}, "z": 3.0}},
        {"selected": "x", "step": "two"},
    ],
)
def test_what_does_not_fit_of_what_the_page_sends_is_told_and_changes_nothing(state):
    for view in (bpv.explore("x*z", x=2, z=3), bpv.exercise("x*z", x=2, z=3)):
        before = {name: getattr(view, name) for name in state}
        view.set_state(state)
        assert view.message["text"]
        assert {name: getattr(view, name) for name in state} == before
