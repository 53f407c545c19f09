"""Narration in the page: every template says in JavaScript what it says in Python."""

from __future__ import annotations

import pytest

import backpropviz as bpv
from backpropviz.scene.specification import specification
from backpropviz.steps import record
from backpropviz.steps.segments import NOTATIONS

LECTURE = "a = x*z; b = ln(x); c = sin(b); d = exp(a); e = a/b; f = c/a; y = d + e + f"
RUNS = [
    (LECTURE, {"x": 2.0, "z": 3.0}),
    (LECTURE, {"x": 1.0, "z": -3.0}),
    ("max(x, y)*relu(x - y) + sqrt(y)", {"x": 0.0, "y": 0.0}),
    ("x**2 + abs(w) - 3*x/w + leaky_relu(x)", {"x": -2.0, "w": 0.125}),
]
START = """
  const compiled = engine.compileGraph(spec.graph);
  const run = spec.mode === "forward"
    ? compiled.runForward(inputs, { [spec.graph.nodes.find(({ op }) => op === "input").name]: 1 })
    : compiled.run(inputs);
  const player = new replay.Replay(spec.timeline, compiled, run);
  const context = number_sources.narrationContext({ structure: compiled, notation, run, replay: player });
"""
MODULES = ["story/engine", "story/replay", "story/narration", "story/number_sources"]


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize(("text", "inputs"), RUNS)
@pytest.mark.parametrize("notation", NOTATIONS)
def test_page_and_kernel_tell_the_same(javascript, text, inputs, notation, mode):
    timeline = record(bpv.parse(text), inputs, mode=mode)
    spec = specification(timeline, {})
    body = """return spec.narration.map((told) => ({
      sentence: narration.plainText(told.sentence, context),
      equation: [told.equation, told.numeric].map((part) => narration.plainText(part, context))
        .filter(Boolean).join(" "),
      notes: (told.notes ?? []).filter((note) => narration.holds(note.when, context))
        .map((note) => narration.plainText(note.text, context)),
    }));"""
    told = javascript(START + body, modules=MODULES, spec=spec, inputs=inputs, notation=notation)
    for k, found in enumerate(told):
        expected = timeline.narrate(k, notation)
        assert found == {
            "sentence": expected.sentence,
            "equation": expected.equation,
            "notes": list(expected.notes),
        }, k


@pytest.mark.parametrize(("text", "inputs"), RUNS)
def test_every_template_resolves_to_pieces(javascript, text, inputs):
    spec = specification(record(bpv.parse(text), inputs), {})
    body = """const all = [...spec.narration, ...Object.values(spec.explanations)];
      const parts = all.map((told) => narration.resolveNarration(told, context)).flatMap((told) => [
        told.title, told.role, told.sentence, told.equation, told.numeric, ...told.notes,
        ...[...told.ledger, told.total].filter(Boolean).flatMap((line) => [line.label, line.formula, [line.number]])]);
      return parts.flat();"""
    pieces = javascript(START + body, modules=MODULES, spec=spec, inputs=inputs, notation="g_x")
    assert pieces
    kinds = {piece["kind"] for piece in pieces}
    assert kinds <= {"text", "variable", "gradient", "tangent", "number"}
    assert all(isinstance(piece["text"], str) for piece in pieces)


CONTEXT = """
  const numbers = { value: [2, -3, 0, NaN, { text: "3×2", full: "[[1]]", finite: true },
    { text: "∞", full: "inf", finite: false }] };
  const context = { notation: notation ?? "g_x", output: "y", number: (kind, node) => numbers[kind]?.[node] };
"""


def resolve(javascript, segments, notation=None):
    body = CONTEXT + "return narration.resolvePieces(segments, context);"
    return javascript(body, modules=["story/narration"], segments=segments, notation=notation)


@pytest.mark.parametrize(
    ("notation", "text", "base", "subscript"),
    [
        ("g_x", "g_b", "g", "b"),
        ("dL/dx", "∂y/∂b", "∂y/∂b", ""),
        ("x̄", "b\u0304", "b\u0304", ""),
        ("δ", "δ_b", "δ", "b"),
    ],
)
def test_gradient_symbols(javascript, notation, text, base, subscript):
    [piece] = resolve(javascript, [["g", "b"]], notation)
    assert piece == {"kind": "gradient", "name": "b", "text": text, "base": base, "subscript": subscript}


def test_pieces_are_typed(javascript):
    pieces = resolve(javascript, ["so ", ["v", "b"], ["t", "x"], ["q", "value", 1]])
    assert [(piece["kind"], piece["text"]) for piece in pieces] == [
        ("text", "so "),
        ("variable", "b"),
        ("tangent", "x\u0307"),
        ("number", "−3"),
    ]
    assert pieces[-1]["numberKind"] == "value"


def test_arrays_bring_their_own_text_and_missing_numbers_are_dots(javascript):
    array, missing = resolve(javascript, [["q", "value", 4], ["q", "gradient", 0]])
    assert (array["text"], array["full"]) == ("3×2", "[[1]]")
    assert missing["text"] == "…"


Q = {name: ["q", "value", index] for index, name in enumerate(("two", "minus", "zero", "nan", "array", "wild"))}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (["finite", Q["array"]], True),
        (["not", ["finite", Q["array"]]], False),
        (["not", ["finite", Q["wild"]]], True),
        (None, True),
        (["equal", Q["two"], ["q", "literal", 2]], True),
        (["equal", Q["nan"], Q["nan"]], False),
        (["less", Q["minus"], Q["two"]], True),
        (["less", Q["two"], Q["two"]], False),
        (["greater", Q["minus"], Q["two"]], False),
        (["greater", Q["two"], Q["minus"]], True),
        (["greater", Q["two"], Q["two"]], False),
        (["zero", Q["zero"]], True),
        (["zero", Q["two"]], False),
        (["positive", Q["two"]], True),
        (["positive", Q["zero"]], False),
        (["negative", Q["minus"]], True),
        (["finite", Q["two"]], True),
        (["finite", Q["nan"]], False),
        (["zero", Q["array"]], False),
        (["finite", ["q", "gradient", 0]], False),
        (["not", ["zero", Q["two"]]], True),
        (["all", ["zero", Q["zero"]], ["positive", Q["two"]]], True),
        (["all", ["zero", Q["zero"]], ["positive", Q["zero"]]], False),
        (["any", ["zero", Q["two"]], ["positive", Q["two"]]], True),
        (["any"], False),
        (["all"], True),
    ],
)
def test_conditions(javascript, condition, holds):
    body = CONTEXT + "return narration.holds(condition, context);"
    assert javascript(body, modules=["story/narration"], condition=condition, notation=None) is holds
    shown = resolve(javascript, [["i", ["seen"], condition]])
    assert bool(shown) is holds


@pytest.mark.parametrize("segments", [[["z", "b"]], [["i", ["a"], ["constructor", 1]]]])
def test_unknown_words_are_refused(javascript, segments):
    body = "try { return narration.plainText(segments, context); } catch (problem) { return problem.message; }"
    complaint = javascript(CONTEXT + body, modules=["story/narration"], segments=segments, notation=None)
    assert complaint.startswith("narration: there is no")


def test_numbers_of_the_kernel_complete_their_sums(javascript):
    timeline = record(bpv.parse("x*x + x"), x=3.0)
    spec = specification(timeline, {})
    numbers = {"primals": {"0": 3.0}, "adjoints": {"0": 7.0}, "before": {}, "contributions": {}}
    names = [node["name"] for node in spec["graph"]["nodes"]]
    for step in timeline:
        for each in step.records:
            if hasattr(each, "before"):
                numbers["before"][f"{names.index(each.consumer)},{each.slot}"] = float(each.before)
    body = """const structure = engine.graphStructure(spec.graph);
      const context = number_sources.kernelContext({ structure, notation: "g_x", numbers, timeline: spec.timeline });
      return spec.timeline.flatMap(({ records }) => records.filter(([kind]) => kind === "accumulate"))
        .filter(([, node, slot]) => structure.sources[structure.edgeOf(node, slot)] === 0)
        .map(([, node, slot]) => [context.number("before", node, slot), context.number("after", node, slot)]);"""
    sums = javascript(body, modules=["story/engine", "story/number_sources"], spec=spec, numbers=numbers)
    assert sums == [[0, 1], [1, 4], [4, 7]]


def test_nothing_is_said_of_a_number_that_is_hidden(javascript):
    body = """
      const numbers = [0.5, number_sources.VEILED, NaN];
      const context = { number: (kind, node) => numbers[node] };
      const finite = (node) => ["finite", ["q", "value", node]];
      const both = (node) => ["any", ["not", finite(node)], ["not", ["zero", ["q", "value", node]]]];
      const conditions = (node) => [["not", finite(node)], finite(node), both(node)];
      const judged = (node) => conditions(node).map((each) => narration.holds(each, context));
      return numbers.map((_, node) => judged(node));"""
    told = javascript(body, modules=["story/narration", "story/number_sources"])
    assert told == [[False, True, True], [False, False, False], [True, False, True]]
