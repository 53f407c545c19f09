"""Updates in the page: the same numbers and words as in Python, and back again."""

from __future__ import annotations

import pytest

import backpropviz as bpv
from backpropviz.scene.specification import specification

GRAPH = bpv.parse("e = w*x + b - y; loss = e*e")
POINT = {"w": 0.5, "x": 2.0, "b": 0.25, "y": 3.0}
START = """
  const compiled = engine.compileGraph(spec.graph);
  const run = compiled.run(inputs);
  const player = new replay.Replay(spec.timeline, compiled, run);
  const plain = number_sources.narrationContext({ structure: compiled, notation: "g_x", run, replay: player });
  const context = number_sources.withUpdates(plain, number_sources.readRates(spec.timeline));
"""
MODULES = ["story/engine", "story/replay", "story/narration", "story/number_sources"]


@pytest.fixture
def timeline():
    return bpv.record(GRAPH, POINT, updates={"w": 0.1, "b": 0.2})


def test_page_and_kernel_tell_the_same(javascript, timeline):
    body = "return spec.narration.map((told) => narration.plainText(told.sentence, context));"
    told = javascript(START + body, modules=MODULES, spec=specification(timeline, {}), inputs=POINT)
    assert told == [timeline.narrate(k).sentence for k in range(len(timeline) + 1)]


def test_page_knows_where_parameters_go_and_comes_back(javascript, timeline):
    body = """
      player.seek(spec.timeline.length);
      const moved = [...player.updated];
      const values = moved.map((done, node) => (done ? context.number("updated", node) : null));
      player.seek(spec.timeline.length - 2);
      return [values.filter((value) => value !== null), [...player.updated].some(Boolean)];"""
    values, left = javascript(START + body, modules=MODULES, spec=specification(timeline, {}), inputs=POINT)
    parameters = timeline.state(len(timeline)).parameters
    assert sorted(values) == sorted(float(value) for value in parameters.values())
    assert left is False


def test_without_updates_nothing_changes(javascript, timeline):
    body = START + "return number_sources.readRates(spec.timeline) === null && context === plain;"
    spec = specification(bpv.record(GRAPH, POINT), {})
    assert javascript(body, modules=MODULES, spec=spec, inputs=POINT) is True
