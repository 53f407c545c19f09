"""A run in sentences, at any step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import points, smooth_graphs

import backpropviz as bpv
from backpropviz.steps.segments import number_text

TEXT = "exp(x*z) + x*z/ln(x)"


def lines(timeline, k):
    opening, step, *nodes = timeline.describe(k).splitlines()
    return opening, step, dict(zip(timeline.graph.nodes, nodes, strict=True))


def test_numbers_come_as_the_run_goes():
    timeline = bpv.record(bpv.parse(TEXT), x=2, z=3)
    opening, step, nodes = lines(timeline, 0)
    assert opening == timeline.graph.describe().splitlines()[0]
    assert step == f"Step 0 of {len(timeline)}: {timeline.narrate(0).sentence}"
    assert "Its" not in "".join(nodes.values())
    _, _, nodes = lines(timeline, 3)
    assert nodes["a"].endswith("Its value is 6.")
    half = next(k for k in range(len(timeline)) if "a" in timeline.state(k).received)
    _, _, nodes = lines(timeline, half)
    assert nodes["a"].endswith("Its value is 6. Its gradient is not complete yet.")
    _, step, nodes = lines(timeline, len(timeline))
    gradient = bpv.gradient(timeline.graph, x=2, z=3)
    assert nodes["z"].endswith(f"Its value is 3. Its gradient is {number_text(gradient['z'])}.")
    assert timeline.narrate(len(timeline)).notes[-1] in step


def test_forward_mode_tells_tangents_and_notations_are_followed():
    timeline = bpv.record(bpv.parse(TEXT), x=2, z=3, mode="forward")
    _, _, nodes = lines(timeline, len(timeline))
    assert nodes["a"].endswith("Its value is 6. Its tangent is 3.")
    reverse = bpv.record(bpv.parse(TEXT), x=2, z=3)
    assert "δ_" in reverse.describe(len(reverse), "δ")
    with pytest.raises(IndexError, match="does not exist"):
        reverse.describe(len(reverse) + 1)


def test_arrays_are_told_row_by_row():
    timeline = bpv.record(bpv.trace(lambda w, x: np.sum(w @ x)), w=np.ones((2, 3)), x=np.ones(3))
    _, _, nodes = lines(timeline, len(timeline))
    assert nodes["w"].endswith("Its value is [2×3]: 1, 1, 1; 1, 1, 1. Its gradient is [2×3]: 1, 1, 1; 1, 1, 1.")


def test_an_explorer_tells_its_step(tmp_path):
    explorer = bpv.explore(TEXT, x=2, z=3)
    explorer.step = 4
    assert explorer.to_text() == explorer.timeline.describe(4) + "\n"
    explorer.to_text(tmp_path / "graph.txt")
    assert (tmp_path / "graph.txt").read_text(encoding="utf-8") == explorer.to_text()
    explorer.close()


@given(st.data())
def test_what_is_told_is_what_is_known(data):
    graph = data.draw(smooth_graphs())
    timeline = bpv.record(graph, data.draw(points(graph)))
    k = data.draw(st.integers(0, len(timeline)))
    state = timeline.state(k)
    _, _, nodes = lines(timeline, k)
    for name, told in nodes.items():
        assert ("Its value is" in told) == (name in state.primals)
        assert ("Its gradient is not complete" in told) == (name in state.sums and name not in state.settled)
        if name in state.settled:
            assert told.endswith(f"Its gradient is {number_text(timeline.adjoints[name])}.")


def test_a_matrix_product_is_told_by_shapes_and_an_array_never_as_a_factor():
    rng = np.random.default_rng(3)
    graph = bpv.trace(lambda x, w, b: np.sum(np.tanh(x @ w + b) ** 2))
    timeline = bpv.record(graph, {"x": rng.normal(size=(4, 3)), "w": rng.normal(size=(3, 2)), "b": rng.normal(size=2)})
    told = [timeline.describe(step) for step in range(len(timeline) + 1)]
    assert any("[3×2] = [3×4]·[4×2]" in each for each in told)
    assert any("[4×3] = [4×2]·[2×3]" in each for each in told)
    assert not any("[4×2]·1" in each or "[4×2]·[4×2]" in each for each in told)
