"""An explorer, what it exports and an exercise share one run: nothing is computed twice, or listed twice."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, asdict, fields

import pytest

import backpropviz as bpv
from backpropviz.export.shown_graph import Look
from backpropviz.steps import run
from backpropviz.steps.run import Run


@pytest.fixture
def evaluations(monkeypatch):
    """Graphs whose values were computed, in order."""
    made = []
    evaluate = run.evaluate

    def counted(graph, *arguments):
        made.append(graph)
        return evaluate(graph, *arguments)

    monkeypatch.setattr(run, "evaluate", counted)
    return made


def test_a_page_and_a_picture_compute_nothing_that_the_explorer_holds(evaluations):
    explorer = bpv.explore("exp(x*z)", x=0.5, z=2)
    explorer.to_html()
    explorer.to_svg()
    explorer.to_text()
    assert explorer.shown_graph(theme="dark").timeline is explorer.timeline
    assert len(evaluations) == 1


def test_a_moved_slider_gives_another_run():
    explorer = bpv.explore("exp(x*z)", x=0.5, z=2)
    before = explorer.shown_graph()
    explorer.inputs = {"x": 1.0}
    assert explorer.shown_graph().run is not before.run
    assert before.run.point == {"x": 0.5, "z": 2.0}


def test_an_exercise_computes_its_run_once(evaluations):
    asked = bpv.exercise("x*z + x", x=2, z=3)
    asked.to_html()
    assert len(evaluations) == 1


def test_a_run_is_a_value():
    made = Run(bpv.parse("x*z"), {"x": 2.0, "z": 3.0})
    with pytest.raises(FrozenInstanceError):
        made.mode = "forward"
    assert made.gradient() == {"x": 3.0, "z": 2.0}


def test_a_look_is_listed_once_and_its_traits_begin_with_it():
    explorer = bpv.explore("x*z", x=2, z=3)
    assert {each.name: getattr(explorer, each.name) for each in fields(Look)} == asdict(Look())
    explorer.speed, explorer.follow, explorer.theme = 2.0, True, "dark"
    look = explorer.shown_graph(size="large").look
    assert (look.speed, look.follow, look.theme, look.size) == (2.0, True, "dark", "large")
