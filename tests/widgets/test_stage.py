"""What an explorer sends before its picture shows, and what it sends when a graph needs more."""

from __future__ import annotations

import json

import numpy as np

import backpropviz as bpv
from backpropviz.static import packed_program


def test_the_first_show_is_small():
    state = bpv.explore("exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)", x=2, z=3).get_state()
    size = sum(len(part) if isinstance(part, bytes) else len(json.dumps(part)) for part in state.values())
    assert size <= 49_000, f"{size:,} bytes"


def test_a_graph_with_arrays_brings_what_shows_it():
    explorer = bpv.explore("x*x", x=2)
    plain = explorer.program
    explorer.show(lambda x: np.sum(np.tanh(x)), x=[1.0, 2.0])
    full = explorer.program
    assert len(full) > len(plain)
    explorer.send_aids()
    assert explorer.aids == packed_program("array_aids.js", "aids.css")
    explorer.show("x*x", x=2)
    assert explorer.program == full  # to change once is enough


def test_study_aids_bring_what_arrays_need():
    explorer = bpv.explore("x*x", x=2)
    plain = explorer.program
    explorer.send_aids()
    explorer.show(lambda x: np.sum(np.tanh(x)), x=[1.0, 2.0])
    assert explorer.program == plain
    assert explorer.aids == packed_program("aids.js", "arrays.css", "presenting.css", "aids.css")
