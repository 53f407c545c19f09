"""Paths in the page: counted exactly, the largest first, as in the kernel."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import points, smooth_graphs

import backpropviz as bpv
from backpropviz.scene.specification import specification

PATHS = """
  primitives.usePrimitives(array_primitives.ARRAY_PRIMITIVES); // erf and its kin are among those that few pages need
  const compiled = engine.compileGraph(graph);
  const run = compiled.run(inputs);
  const count = String(paths.countPaths(compiled)[source]);
  return { count, paths: paths.largestPaths(compiled, run.partials, source, most) };
"""


def in_page(javascript, graph, point, source, most=50):
    plain = specification(bpv.record(graph, point), {})["graph"]
    given = {"graph": plain, "inputs": point, "source": graph.nodes.index(source), "most": most}
    modules = ["story/engine", "story/paths", "story/primitives", "story/array_primitives"]
    return javascript(PATHS, modules=modules, **given)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_paths_agree_with_the_kernel(javascript, data):
    graph = data.draw(smooth_graphs(7))
    point = data.draw(points(graph))
    found = in_page(javascript, graph, point, graph.inputs[0])
    known = bpv.paths(graph, graph.inputs[0], point)
    assert int(found["count"]) == known.count
    sizes = [abs(path["product"]) for path in found["paths"]]
    assert sizes == pytest.approx([abs(path.product) for path in known.paths], rel=1e-9, abs=1e-300)


def test_the_lecture_example(javascript):
    example = bpv.examples["cmu-exp-ratio-sine"]
    found = in_page(javascript, example.graph, example.point, "x")
    assert found["count"] == "5"
    total = sum(path["product"] for path in found["paths"])
    assert total == pytest.approx(bpv.gradient(example.graph, example.point)["x"], rel=1e-12)
    assert abs(found["paths"][0]["product"]) == max(abs(path["product"]) for path in found["paths"])


def test_astronomic_counts(javascript):
    graph = bpv.parse("; ".join(["a0 = x*1.5", *(f"a{k} = a{k - 1}*a{k - 1}" for k in range(1, 100))]))
    found = in_page(javascript, graph, {"x": 0.5}, "x")
    assert int(found["count"]) == 2**99
    assert len(found["paths"]) == 50
