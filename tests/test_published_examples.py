"""Worked examples of the open literature, to the digits that are printed there."""

from __future__ import annotations

import pytest
from published import EXAMPLES, figures

import backpropviz as bpv


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_the_printed_digits(example):
    found = list(figures(example))
    assert found
    for figure in found:
        assert figure.apart <= figure.units + 1e-6, figure


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_the_rules_behind_them(example):
    graph = bpv.parse(example["program"])
    bpv.check(graph, example["inputs"])
    forward = bpv.jacobian(graph, example["inputs"], mode="forward").matrix
    reverse = bpv.jacobian(graph, example["inputs"], mode="reverse").matrix
    assert forward == pytest.approx(reverse, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_every_deviation_is_explained(example):
    """A figure that does not round to what is printed is allowed by name, and the note says why."""
    beyond = [figure for figure in figures(example) if not figure.rounds_to_it]
    assert bool(beyond) == bool(example.get("units"))
    assert not beyond or example["note"]


def test_there_are_enough_and_each_names_its_source():
    assert len(EXAMPLES) >= 20
    assert len({example["id"] for example in EXAMPLES}) == len(EXAMPLES)
    assert all(len(example["source"]) > 20 for example in EXAMPLES)
