"""Paths are counted exactly, listed largest first, and sum to the adjoint."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import points, smooth_graphs

import backpropviz as bpv
from backpropviz.autodiff.paths import paths
from backpropviz.errors import InputError


@given(st.data())
def test_the_sum_over_paths_is_the_adjoint(data):
    graph = data.draw(smooth_graphs(8))
    point = data.draw(points(graph))
    for source in graph.inputs:
        found = paths(graph, source, point, most=3_000)
        if found.count > 3_000:
            continue
        assert found.complete
        assert len(found.paths) == len({(path.nodes, path.slots) for path in found.paths}) == found.count
        absolute = math.fsum(abs(path.product) for path in found.paths)
        assert abs(found.total - found.adjoint) <= 1e-12 * absolute


@given(st.data())
def test_the_largest_come_first_and_are_the_largest(data):
    graph = data.draw(smooth_graphs(8))
    point = data.draw(points(graph))
    source = graph.inputs[0]
    all_of_them = paths(graph, source, point, most=500)
    if not 3 <= all_of_them.count <= 500:
        return
    every = all_of_them.paths
    few = paths(graph, source, point, most=3)
    assert not few.complete or len(every) <= 3
    sizes = [abs(path.product) for path in every]
    assert all(first >= second * (1 - 1e-12) for first, second in pairwise(sizes))
    assert [abs(path.product) for path in few.paths] == pytest.approx(sizes[:3], rel=1e-12)


def test_the_lecture_example_meets_at_x_in_five_ways():
    example = bpv.examples["cmu-exp-ratio-sine"]
    found = paths(example.graph, "x", example.point)
    assert found.count == 5
    assert found.total == pytest.approx(bpv.gradient(example.graph, example.point)["x"], rel=1e-14)
    assert found.paths[0].nodes == ("x", "a", "d", "y")
    assert "x → a → d → y" in str(found)


def test_branching_shows_its_two_contributions():
    example = bpv.examples["cornell-branching"]
    found = paths(example.graph, "x", example.point)
    assert sorted(path.product for path in found.paths) == [1.0, 1.0]
    assert found.adjoint == 2.0


def test_astronomic_counts_are_exact_and_quick():
    graph = bpv.parse("; ".join(["a0 = x*1.5", *(f"a{k} = a{k - 1}*a{k - 1}" for k in range(1, 150)), "a149 + x"]))
    found = paths(graph, "x", x=0.5)
    assert found.count == 2**149 + 1
    assert not found.complete
    assert len(found.paths) == 50
    assert abs(found.paths[0].product) == 1.0


def test_paths_through_zeros_are_found_without_searching_them_all():
    graph = bpv.parse("; ".join(["a0 = x*0", *(f"a{k} = a{k - 1}*a{k - 1}" for k in range(1, 60))]))
    found = paths(graph, "x", x=1.0)
    assert found.count == 2**59
    assert len(found.paths) == 50


def test_no_path_and_no_scalar():
    graph = bpv.parse("a = x*z; b = a*0; y = z + 1; y")
    assert paths(graph, "x", x=1.0, z=2.0) == paths(graph, "x", x=1.0, z=2.0)
    assert paths(graph, "x", x=1.0, z=2.0).count == 0
    assert paths(graph, "x", x=1.0, z=2.0).adjoint == 0
    with pytest.raises(InputError, match="constant"):
        paths(graph, "1", x=1.0, z=2.0)
    arrays = bpv.trace(lambda x: bpv.ops.sum(x * x), "x")
    with pytest.raises(InputError, match=r"'x\[0\]'"):
        paths(arrays, "x", x=[1.0, 2.0])


def layer(x, w, b):
    z = x @ w + b
    return np.sum(np.tanh(z) ** 2)


CHANCE = np.random.default_rng(3)
LAYER = {"x": CHANCE.normal(size=(4, 3)), "w": CHANCE.normal(size=(3, 2)), "b": CHANCE.normal(size=2)}


@pytest.mark.parametrize("entry", ["w[2,0]", "w[0, 1]", "b[1]", "x[3,0]"])
def test_paths_between_entries_sum_to_the_entry_of_the_gradient(entry):
    found = paths(layer, entry, LAYER)
    node, _, index = entry.rstrip("]").partition("[")
    assert found.complete
    assert found.count == {"w": 4, "b": 4, "x": 2}[node]
    assert found.total == pytest.approx(found.adjoint, rel=1e-12)
    assert found.adjoint == bpv.gradient(layer, LAYER)[node][tuple(map(int, index.split(",")))]
    assert found.paths[0].nodes[-1] == "y"
    assert found.paths[0].nodes[0] == f"{node}[{index.replace(' ', '')}]"


def test_paths_of_arrays_name_the_entries_on_the_way():
    found = paths(layer, "w[2,0]", LAYER)
    seconds = {path.nodes[1].partition("[")[2] for path in found.paths}
    assert seconds == {"0,0]", "1,0]", "2,0]", "3,0]"}
    assert "w[2,0] → " in found.to_markdown()


@pytest.mark.parametrize(("entry", "said"), [("w", r"'w\[0,0\]'"), ("w[3,0]", r"shape \(3, 2\)"), ("b[0,0]", "shape")])
def test_an_entry_that_is_none_is_refused(entry, said):
    with pytest.raises(InputError, match=said):
        paths(layer, entry, LAYER)


def test_too_many_entries_are_refused():
    with pytest.raises(InputError, match="smaller batch"):
        paths(layer, "b[0]", {**LAYER, "x": np.ones((2_000, 3))})
