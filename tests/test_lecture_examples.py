"""The ten worked examples against values made without this package, to 25 digits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import backpropviz as bpv
from backpropviz.errors import NodeNotFoundError

REFERENCE = json.loads((Path(__file__).parent / "reference" / "worked_examples.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("reference", REFERENCE, ids=lambda reference: reference["id"])
def test_every_primal_and_adjoint(reference):
    example = bpv.examples[reference["id"]]
    assert example.point == reference["inputs"]
    tape = example.graph.evaluate(example.point)
    adjoints = tape.reverse()
    for name, text in reference["values"].items():
        assert float(tape.primals[name]) == pytest.approx(float(text), rel=1e-12), name
    for name, text in reference["adjoints"].items():
        assert float(adjoints[name]) == pytest.approx(float(text), rel=1e-12), name
    bpv.check(example.graph, example.point)


def test_the_names_are_the_lecture_s():
    assert {reference["id"] for reference in REFERENCE} <= set(bpv.examples)
    for reference in REFERENCE:
        graph = bpv.examples[reference["id"]].graph
        assert set(reference["values"]) <= set(graph.nodes)
        assert graph.output == reference["output"]


def test_an_unknown_example_is_told_with_the_nearest():
    with pytest.raises(NodeNotFoundError, match="cornell-gates"):
        bpv.examples["cornell-gate"]
