"""The player of a timeline: exact in both directions, and at its end equal to the reverse sweep."""

from __future__ import annotations

import pytest

import backpropviz as bpv
from backpropviz.scene.specification import specification
from backpropviz.steps import record

LECTURE = "a = x*z; b = ln(x); c = sin(b); d = exp(a); e = a/b; f = c/a; y = d + e + f"
POINT = {"x": 2.0, "z": 3.0}
PROGRAMS = [
    (LECTURE, POINT),
    ("x*x + x", {"x": 0.1}),
    ("max(x, x)*(x - y) + 2**x", {"x": 0.3, "y": 0.7}),
    ("s = x + y + z; s*s*x + exp(s)/y", {"x": 0.1, "y": 0.2, "z": 0.3}),
]

SNAPSHOT = """
  const current = (replay) => replay.touchedBy(replay.step - 1);
  const snapshot = (replay) => JSON.stringify({
    step: replay.step, known: [...replay.known], tangents: [...replay.tangentKnown],
    received: [...replay.received], settled: [...replay.settled], sums: [...replay.sums],
    edges: [...replay.edgeCodes], nodes: [...current(replay).nodes], active: [...current(replay).edges],
  });
"""
START = """
  const compiled = engine.compileGraph(spec.graph);
  const run = compiled.runForward(inputs, { x: 1 });
  const player = new replay.Replay(spec.timeline, compiled, run);
"""
MODULES = ["story/engine", "story/replay"]


def describe(text, inputs, mode="reverse"):
    return specification(record(bpv.parse(text), inputs, mode=mode), {})


def play(javascript, body, text=LECTURE, inputs=POINT, mode="reverse", **given):
    spec = describe(text, inputs, mode)
    return javascript(SNAPSHOT + START + body, modules=MODULES, spec=spec, inputs=inputs, **given)


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize(("text", "inputs"), PROGRAMS)
def test_going_back_undoes_going_forward(javascript, text, inputs, mode):
    body = """
      const forward = [snapshot(player)];
      for (let step = 1; step <= player.length; step += 1) { player.seek(step); forward.push(snapshot(player)); }
      const back = [snapshot(player)];
      for (let step = player.length - 1; step >= 0; step -= 1) { player.seek(step); back.unshift(snapshot(player)); }
      return [forward, back];"""
    forward, back = play(javascript, body, text, inputs, mode)
    assert forward == back
    assert len(set(forward)) == len(forward)


@pytest.mark.parametrize(("text", "inputs"), PROGRAMS)
def test_jumping_equals_stepping(javascript, text, inputs):
    body = """
      const wrong = [];
      for (let from = 0; from <= player.length; from += 3) for (let to = 0; to <= player.length; to += 1) {
        player.seek(from); player.seek(to);
        const fresh = new replay.Replay(spec.timeline, compiled, run);
        fresh.seek(to);
        if (snapshot(player) !== snapshot(fresh)) wrong.push([from, to]);
      }
      return wrong;"""
    assert play(javascript, body, text, inputs) == []


@pytest.mark.parametrize(("text", "inputs"), PROGRAMS)
def test_last_step_has_the_bits_of_the_reverse_sweep(javascript, text, inputs):
    body = """player.seek(Infinity); player.seek(player.length);
      const told = [...compiled.contributes].map((used, node) => used && !compiled.constant[node]);
      return [told, player.sums, run.adjoints, player.settled];"""
    told, sums, adjoints, settled = play(javascript, body, text, inputs)
    assert [s for s, shown in zip(sums, told, strict=True) if shown] == [
        a for a, shown in zip(adjoints, told, strict=True) if shown
    ]
    assert settled == [int(shown) for shown in told]


def test_new_inputs_in_the_middle_equal_a_fresh_start(javascript):
    body = """
      const other = compiled.run({ x: 1.5, z: -0.25 });
      const wrong = [];
      for (let step = 0; step <= player.length; step += 1) {
        player.setRun(run); player.seek(step); player.setRun(other);
        const fresh = new replay.Replay(spec.timeline, compiled, other);
        fresh.seek(step);
        if (snapshot(player) !== snapshot(fresh)) wrong.push(step);
      }
      return wrong;"""
    assert play(javascript, body) == []


def test_nothing_propagates_before_it_settles(javascript):
    body = """
      const wrong = [];
      for (let step = 0; step < player.length; step += 1) {
        player.seek(step);
        for (const [kind, node] of spec.timeline[step].records) {
          if (kind === "propagate" && !player.settled[node]) wrong.push([step, node]);
        }
      }
      return wrong;"""
    assert play(javascript, body) == []


def test_edges_turn_from_idle_to_forward_to_backward(javascript):
    body = """
      const seen = new Set();
      for (let step = 0; step <= player.length; step += 1) { player.seek(step); seen.add(player.edgeState(0)); }
      return [seen, current(player).edges, current(player).nodes];"""
    seen, edges, nodes = play(javascript, body, "x*x", {"x": 3.0})
    assert seen == ["idle", "forward", "backward"]
    assert (edges, nodes) == ([1], [0])


def test_seek_tells_what_may_look_different(javascript):
    body = """
      const looks = () => Array.from(player.known, (_, node) => [player.known[node], player.received[node],
        player.settled[node], player.sums[node], current(player).nodes.has(node)].join());
      const edges = () => Array.from(player.edgeCodes, (code, edge) => `${code},${current(player).edges.has(edge)}`);
      const wrong = [];
      for (const target of [3, 4, 12, 11, 2, player.length, 0, 9]) {
        const before = [looks(), edges()];
        const changed = player.seek(target);
        const missed = (now, then, told) => now.flatMap((look, at) => (look === then[at] || told.has(at) ? [] : [at]));
        wrong.push(...missed(looks(), before[0], changed.nodes), ...missed(edges(), before[1], changed.edges));
      }
      return wrong;"""
    assert play(javascript, body) == []


@pytest.mark.parametrize(("wish", "step"), [(-1, 0), (3.9, 3), (1e9, -1), (float("nan"), 0)])
def test_seek_keeps_to_the_timeline(javascript, wish, step):
    body = "player.seek(wish); return [player.step, player.length];"
    found, length = play(javascript, body, wish=wish)
    assert found == (step if step >= 0 else length)


def test_flags_work_without_numbers(javascript):
    spec = describe(LECTURE, POINT)
    body = """const player = new replay.Replay(spec.timeline, engine.graphStructure(spec.graph));
      player.seek(player.length);
      return [player.settled.filter(Boolean).length, player.sums.filter(Number.isNaN).length];"""
    settled, unknown = javascript(body, modules=MODULES, spec=spec)
    assert settled == 9
    assert unknown == 8  # all but the output, whose seed is 1
