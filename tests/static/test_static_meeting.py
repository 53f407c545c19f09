"""Which entries the page marks as meeting: the entries of the Jacobian that are not zero, by differences in Python."""

from __future__ import annotations

from functools import wraps

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.scene.specification import specification
from backpropviz.steps import record

MEET = """
const node = graph.nodes[graph.nodes[graph.output].arguments[0]]; // the output is its sum
const given = node.arguments.map((place) => {
  const leaf = graph.nodes[place];
  const told = leaf.op === "input" ? inputs[leaf.name] : leaf.value;
  const { shape, data } = typeof told === "number" ? { shape: [], data: [told] } : told;
  return { shape, data: Float64Array.from(data) };
});
const asked = new meeting.Meeting(graph.programs[node.program], given);
const makers = Array.from({ length: count }, (_, place) => asked.makers(place).map((each) => [...each]));
const uses = given.map(({ data }, slot) => Array.from(data, (_, place) => [...asked.uses(slot, place)]));
return { makers, uses };
"""

CASES = {
    "product": (lambda x, w: x @ w, {"x": (3, 4), "w": (4, 2)}),
    "matrix and vector": (lambda w, x: w @ x, {"w": (3, 4), "x": (4,)}),
    "bias over the rows": (lambda x, b: x + b, {"x": (3, 2), "b": (2,)}),
    "column times row": (lambda x, b: x * b, {"x": (3, 1), "b": (1, 2)}),
    "elementwise": (lambda x: np.tanh(x), {"x": (2, 3)}),  # noqa: PLW0108  a ufunc has no argument names
    "sum of columns": (lambda x: np.sum(x, axis=0), {"x": (3, 2)}),
    "mean of rows": (lambda x: np.mean(x, axis=1), {"x": (3, 2)}),
    "winner of each row": (lambda x: np.max(x, axis=1), {"x": (3, 4)}),
    "transpose": (lambda x: np.transpose(x), {"x": (2, 3)}),  # noqa: PLW0108
    "reshape": (lambda x: np.reshape(x, (3, 2)), {"x": (2, 3)}),
    "index": (lambda x: x[1:, ::2], {"x": (3, 4)}),
}


def plain(value):
    return {"shape": list(np.shape(value)), "data": np.ravel(value).tolist()}


@pytest.mark.parametrize("name", CASES)
def test_entries_meet_where_the_jacobian_is_not_zero(javascript, name):
    function, shapes = CASES[name]
    chance = np.random.default_rng(11)
    point = {key: chance.uniform(0.5, 2.0, size=shape) for key, shape in shapes.items()}
    graph = bpv.trace(wraps(function)(lambda *given: np.sum(function(*given))))
    described = specification(record(graph, point), {})["graph"]
    value = function(**point)
    inputs = {key: plain(each) for key, each in point.items()}
    met = javascript(
        f"primitives.usePrimitives(array_primitives.ARRAY_PRIMITIVES);\n{MEET}",
        modules=["story/meeting", "story/primitives", "story/array_primitives"],
        graph=described,
        inputs=inputs,
        count=int(np.size(value)),
    )
    gate = described["nodes"][described["nodes"][described["output"]]["arguments"][0]]
    arguments = [described["nodes"][place]["name"] for place in gate["arguments"]]
    assert set(point) <= set(arguments)
    for slot, argument in enumerate(arguments):
        if argument not in point:
            continue
        for place in range(np.size(point[argument])):
            moved = point[argument].copy()
            moved.flat[place] += 1e-6
            change = np.ravel(function(**{**point, argument: moved}) - value)
            expected = set(np.flatnonzero(np.abs(change) > 1e-12).tolist())
            assert set(met["uses"][slot][place]) == expected
            for entry in range(np.size(value)):
                assert (place in met["makers"][entry][slot]) == (entry in expected)


def test_what_comes_back_through_a_large_product_depends_on_a_whole_column(javascript):
    chance = np.random.default_rng(3)
    point = {"x": chance.normal(size=(40, 30)), "w": chance.normal(size=(30, 20))}
    point["x"][5] = 0.0  # a factor that is zero meets as well
    graph = bpv.trace(lambda x, w: np.sum(x @ w))
    described = specification(record(graph, point), {})["graph"]
    found = javascript(
        f"primitives.usePrimitives(array_primitives.ARRAY_PRIMITIVES);\n"
        f"{MEET.split('const makers', maxsplit=1)[0]}return asked.weights(1, 7 * 20 + 3).map((each) => [...each]);",
        modules=["story/meeting", "story/primitives", "story/array_primitives"],
        graph=described,
        inputs={key: plain(each) for key, each in point.items()},
    )
    assert found == [[row * 30 + 7 for row in range(40)], []]


def test_what_is_not_a_number_meets_its_own_entry_alone(javascript):
    point = {"x": np.array([[1.0, 0.0, -1.0], [1e-300, 1e300, 2.0]])}
    graph = bpv.trace(lambda x: np.sum(np.log(x)), "x")
    with np.errstate(all="ignore"):
        described = specification(record(graph, point), {})["graph"]
    met = javascript(
        "primitives.usePrimitives(array_primitives.ARRAY_PRIMITIVES);\n" + MEET,
        modules=["story/meeting", "story/primitives", "story/array_primitives"],
        graph=described,
        inputs={key: plain(each) for key, each in point.items()},
        count=6,
    )
    assert met["uses"][0] == [[place] for place in range(6)]
    assert met["makers"] == [[[place]] for place in range(6)]


def test_a_gate_beside_a_closed_one_tells_which_entries_meet(javascript):
    """Its program is that of the basis: in a model with closed gates an attention score once had no sum."""
    graph = bpv.trace(lambda x, w: np.sum(np.tanh(x @ w)))
    product, slope, total = graph.nodes[-3:]
    view = graph.collapse([slope, total], "q")
    point = {"x": np.array([[0.5, -1.0]]), "w": np.array([[2.0, 0.0], [1.0, 3.0]])}
    plain_view = specification(record(view, point), {})["graph"]
    assert plain_view["basis"]
    met = javascript(
        """
        primitives.usePrimitives(array_primitives.ARRAY_PRIMITIVES);
        const number = (_kind, place) => {
          const { shape, data } = values[place];
          return new numerals.ArrayNumber(shape, Float64Array.from(data));
        };
        const met = meeting.meetingAt({ spec: { graph }, number }, node);
        return [0, 1].map((place) => met.makers(place).map((each) => [...each]));
        """,
        modules=["story/meeting", "story/numerals", "story/primitives", "story/array_primitives"],
        graph=plain_view,
        values=[plain(view.evaluate(point).primals[name]) for name in view.nodes],
        node=view.nodes.index(product),
    )
    assert met == [[[0, 1], [0, 2]], [[0, 1], [1, 3]]]
