"""A size that was read while a function was traced is a number in the graph: another shape is refused by name."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import ShapeError
from backpropviz.graph import Graph

READERS = {
    "x.shape": lambda x: np.sum(x) / x.shape[0],
    "len": lambda x: np.sum(x) / len(x),
    "size": lambda x: np.sum(x) / x.size,
    "np.shape": lambda x: np.sum(x) / np.shape(x)[0],
    "further up": lambda x: np.sum(x) / np.exp(x).shape[0],
    "a loop": lambda x: sum(row for row in x) / 4,
    "zeros_like": lambda x: np.sum(x + np.ones_like(x)),
    "entry by entry": lambda x: x / len(x),
}


@pytest.mark.parametrize("how", READERS)
def test_another_shape_is_refused_by_name(how):
    function = READERS[how]
    graph = bpv.trace(function, "x", shapes={"x": (4,)})
    np.testing.assert_allclose(graph.evaluate(x=[1.0, 2.0, 3.0, 6.0]).value, function(np.array([1.0, 2.0, 3.0, 6.0])))
    for again in (graph, Graph.from_json(graph.to_json()), Graph.from_networkx(graph.to_networkx())):
        for run in (again.evaluate, again.compile()):
            for wrong in ([1.0, 2.0, 3.0], 1.0, np.ones((4, 1))):
                with pytest.raises(ShapeError, match=r"'x'.*shape \(4,\)") as caught:
                    run(x=wrong)
                assert caught.value.node == "x"
    assert Graph.from_json(graph.to_json()) == graph


def test_inputs_whose_size_was_not_read_take_any_shape():
    graph = bpv.trace(lambda x, w: np.sum(w) + np.sum(x) / len(x), shapes={"x": (2,), "w": (3,)})
    assert float(graph.evaluate(x=[1.0, 3.0], w=np.ones(7)).value) == 9.0
    free = bpv.trace(lambda x: np.mean(x), "x", shapes={"x": (2,)})  # noqa: PLW0108  a function of x
    assert float(free.evaluate(x=[1.0, 2.0, 6.0]).value) == 3.0


def test_a_gradient_graph_is_for_the_shapes_it_was_written_for():
    graph = bpv.trace(lambda x, z: np.sum(x * z))
    written = graph.gradient_graph("z", shapes={"x": (3,)})
    assert float(written.evaluate(x=[1.0, 2.0, 3.0], z=2.0).value) == 6.0
    with pytest.raises(ShapeError, match="'x'"):
        written.evaluate(x=[1.0, 2.0], z=2.0)
    with pytest.raises(ShapeError, match="'z'"):
        written.evaluate(x=[1.0, 2.0, 3.0], z=[1.0, 2.0, 3.0])
    scalars = bpv.parse("x*z").gradient_graph()
    assert scalars.evaluate(x=[1.0, 2.0], z=3.0).value == 3.0
