"""What a page makes of a typed text is what Python makes of it: tokens, complaints, the whole specification."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from runpy import run_path

import numpy as np
import pytest
from random_texts import random_signs, random_text

import backpropviz as bpv
from backpropviz.autodiff.first_point import first_numbers
from backpropviz.autodiff.programs import graph_programs, read_plain
from backpropviz.autodiff.programs.program import Program, Routine
from backpropviz.errors import ExpressionError
from backpropviz.graph.text import phrases
from backpropviz.scene.ranges import ranges_of
from backpropviz.scene.specification import specification
from backpropviz.scene.vocabulary import vocabulary
from backpropviz.steps.run import Run
from backpropviz.steps.timeline import MODES

WRITER = Path(__file__).parents[2] / "web" / "write_grammar.py"
TYPED = "return texts.map((text) => typed_specification.readTyped(text, {}, vocabulary, mode));"
READ = """
    return texts.map((text) => {
      const { graph, complaint } = reading.readGraph(text, vocabulary);
      return complaint ?? graph.nodes.map(({ name, op }) => [name, op]);
    });
"""
LONG = " + ".join(f"x{number}" for number in range(12))
TEXTS = [
    "x*y + z",
    "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)",
    "x**2",
    "x**-3 + 2*x",
    "x**3 + x**1 + x**0 + x**0.5 + x**1.5 + x**-1 + x**pi",
    "a = x*z; y = exp(a) + a/ln(x)",
    "a = x*y; b = a + 1; c = b*a; c",
    "input q, x; x*2",
    "input e, sin; e*sin + pi",
    "y = x + 1; f = x*z; y*f",
    "max(x, y, z) + min(x, y)",
    "where(less(x, 0), exp(x), x**0.5)",
    "sigmoid(w*x + b)",
    "leaky_relu(x, 0.2) + leaky_relu(y) + leaky_relu(x, 0.01)",
    "pi*x + e**y + 2.5*π",
    LONG,
    f"exp({LONG})*({LONG})",
    "2",
    "x",
    "-(-3)",
    "-x/(y - 3) + (-2)*x + 3 - x*-2",
    "sqrt(x) + abs(y) + 1/x",
    "sqrt(x*y) + abs(x - y)",
    "gelu(x)*tanh(y)",
    "(x + 1)**2*(x - 1)**3",
    "2**x + x**y + (-2)**x",
    "clip(x, 0, 1)",
    "1e-5*x + 1e20*y + 0.30000000000000004*x",
    "log10(x) + log2(y) + log(x)",
    "reciprocal(x) + square(y)",
    "x - 1 - (2 - x)",
    "(x + y) + z",
    "x + (y + z)*2",
    "hypot(x, y)/atan2(y, x)",
    "acos(x) + asin(x)",
    "sqrt(x - 5)*ln(3 - y)",
    "weight_of_first*input_value + bias_term",
    "λ*μ + x̄",
    "inf*x + nan*y",
    "x*x*x*x*x + x*x",
    "tanh(w11*x1 + w12*x2 + b1)*v1 + tanh(w21*x1 + w22*x2 + b2)*v2 + c",
    "a = sin(b); d = cos(b); a*d/(a + d)",
    "logaddexp(x, y) + softplus(x) + relu(y)",
    "round(x) + floor(y) + mod(x, y) + sign(x)",
    "copysign(x, y) + cbrt(x) + expm1(x) + log1p(y)",
    "erf(x) + erfc(y)",
    "(w*x - y)**2",
    "exp(-(x - m)**2/(2*s**2))/(s*sqrt(2*pi))",
]


@pytest.fixture(scope="module")
def words() -> dict[str, object]:
    return vocabulary()


def described(text: str, mode: str) -> dict[str, object]:
    graph = bpv.parse(text)
    inputs = first_numbers(graph)
    made = specification(Run(graph, inputs, mode).timeline, ranges_of(inputs))
    return {"graph": graph, "spec": json.loads(json.dumps(made)), "inputs": inputs}


def test_the_table_of_the_page_is_that_of_the_grammar():
    writer = run_path(str(WRITER))
    assert writer["TARGET"].read_text(encoding="utf-8") == writer["table_text"](), "run web/write_grammar.py"


def test_the_page_cuts_text_as_python_does(javascript):
    """Every character of Unicode, between letters and by itself, is taken as in Python."""
    body = """
        const kinds = (text) => { try { return [...grammar.cutText(text)].map(({ type, text }) => [type, text]); }
          catch (problem) { return problem.start; } };
        const found = {};
        for (let code = 1; code < 0x30000; code += 1) {
          if (code >= 0xd800 && code < 0xe000) continue;
          const sign = String.fromCodePoint(code);
          const key = JSON.stringify([kinds(`x${sign}y`), kinds(sign)]).replaceAll(sign, "?");
          (found[key] ??= []).push(code);
        }
        return found;
    """
    found = javascript(body, modules=["story/grammar"])
    lexer = phrases._lark()

    def kinds(text: str) -> object:
        try:
            return [*([token.type, str(token)] for token in lexer.lex(text)), ["$END", ""]]
        except Exception as fault:  # noqa: BLE001  lark's own
            return fault.pos_in_stream

    differing = 0
    for key, codes in found.items():
        step = max(1, len(codes) // 400)
        for code in codes[::step]:
            sign = chr(code)
            expected = json.dumps([kinds(f"x{sign}y"), kinds(sign)], ensure_ascii=False, separators=(",", ":"))
            differing += expected.replace(sign, "?") != key
    # The two know different versions of Unicode.
    assert differing <= 60


def test_what_is_refused_is_refused_alike(javascript, words):
    """The same sentence, place, hint and mended text."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "graph" / "text"))
    texts = [text for text, *_ in import_module("test_expression_errors").CASES]
    texts += random_signs(1_500)
    texts += ["2x", "3x²y^2 – 1", "(" * 101 + "x", "x" * 5_000, "sin(2,5)", "a+" * 300, "softmx(x)", "a = x\nb = 2 +\n"]
    found = javascript(READ, modules=["typing/reading"], texts=texts, vocabulary=words)
    refused = 0
    for text, answer in zip(texts, found, strict=True):
        try:
            graph = bpv.parse(text)
        except ExpressionError as fault:
            refused += 1
            said = [fault.message, fault.start, fault.end, fault.hint, fault.replacement]
            assert [answer[key] for key in ("text", "start", "end", "hint", "replacement")] == said, text
        else:
            assert answer == [[name, graph.op(name)] for name in graph.nodes], text
    assert refused > 800


@pytest.mark.parametrize("mode", MODES)
def test_the_page_describes_a_typed_text_as_python_does(javascript, words, mode):
    """Deep equality of the specification, the first numbers and the program; programs of gates by what they compute."""
    texts = [*TEXTS, *map(random_text, range(50))]
    modules = ["typing/typed_specification", "story/primitives"]
    found = javascript(TYPED, modules=modules, texts=texts, vocabulary=words, mode=mode)
    for text, answer in zip(texts, found, strict=True):
        expected = described(text, mode)
        graph, spec, page = expected["graph"], expected["spec"], answer["typed"]["spec"]
        assert answer["typed"]["inputs"] == pytest.approx(expected["inputs"], nan_ok=True), text
        assert list(answer["typed"]["inputs"]) == list(graph.inputs)
        assert answer["typed"]["assignments"] == graph.program(), text
        run_alike(graph, page.pop("graph"), spec.pop("graph"))
        # A page draws no networks, and has no table whose formulas could be copied.
        spec["scenes"].pop("network", None)
        for part, key in ((page, "undrawable"), (spec, "undrawable"), (spec, "latex")):
            part.pop(key)
        for key in spec:
            assert page[key] == spec[key], (text, key)
        assert set(page) == set(spec)


def run_alike(graph: bpv.Graph, page: dict[str, object], spec: dict[str, object]) -> None:
    """Compare nodes, and what each gate's program gives, with that of Python."""
    programs, gates = graph_programs(graph, [np.float64(0.5)] * len(graph.nodes))
    assert page["output"] == spec["output"]
    draw = np.random.default_rng(3)
    for place, (own, other) in enumerate(zip(page["nodes"], spec["nodes"], strict=True)):
        assert {key: each for key, each in own.items() if key != "program"} == {
            key: each for key, each in other.items() if key != "program"
        }
        if place not in gates:
            continue
        count = len(own["arguments"])
        for point in (draw.normal(size=count + 1), np.zeros(count + 1), np.full(count + 1, np.inf)):
            *numbers, upstream = map(np.float64, point)
            ours = contributions(read_program(page["programs"][own["program"]], count), numbers, upstream)
            theirs = contributions(programs[gates[place]], numbers, upstream)
            for mine, python in zip(ours, theirs, strict=True):
                if python is not None:
                    np.testing.assert_array_equal(mine, python)


def read_program(plain: dict[str, dict[str, list[object]]], count: int) -> Program:
    given = {"value": count, "partials": count + 1, "pull": count + 2}
    return Program(
        **{
            name: Routine(
                given[name],
                tuple((line[0], tuple(map(_place, line[1])), ()) for line in routine["lines"]),
                tuple(map(_place, routine["results"][: 1 if name == "value" else count])),
            )
            for name, routine in plain.items()
        }
    )


def _place(place: object) -> object:
    return read_plain(float(place)) if isinstance(place, str) else place


def contributions(program: Program, numbers: list[np.float64], upstream: np.float64) -> list[object]:
    (out,) = program.value.run(*numbers)
    with np.errstate(all="ignore"):
        if program.pull is not None:
            return [out, *program.pull.run(*numbers, out, upstream)]
        return [out, *(None if each is None else each * upstream for each in program.partials.run(*numbers, out))]
