"""Compiled graphs on arrays: many points of a scalar graph, and planned tapes of array graphs."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import graphs

import backpropviz as bpv
from backpropviz.autodiff.fast.buffered_sweeps import BufferedSweeps
from backpropviz.autodiff.fast.point_blocks import BLOCK
from backpropviz.errors import BackpropvizError, SeedError, ShapeError

LECTURE = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"


def each_point(graph, point):
    """Run the tape at every point of broadcast inputs."""
    arrays = np.broadcast_arrays(*point.values())
    rows = []
    for numbers in zip(*(array.ravel() for array in arrays), strict=True):
        tape = graph.evaluate(dict(zip(point, numbers, strict=True)))
        adjoints = tape.reverse()
        rows.append([tape.value, *(adjoints[name] for name in graph.inputs)])
    columns = np.array(rows).reshape(-1, 1 + len(point)).T
    return columns.reshape(1 + len(point), *arrays[0].shape)


@pytest.mark.parametrize(
    "shapes", [((5,), ()), ((), (5,)), ((3, 1), (4,)), ((2, 3), (2, 3)), ((0,), ()), ((1,), (1,)), ((2, 0), (1,))]
)
def test_points_broadcast(shapes):
    graph = bpv.parse(LECTURE)
    generator = np.random.default_rng(0)
    point = {name: generator.uniform(1.2, 2.0, shape) for name, shape in zip("xz", shapes, strict=True)}
    value, gradient = graph.compile()(point)
    expected = each_point(graph, point)
    for actual, row in zip((value, *gradient.values()), expected, strict=True):
        assert actual.shape == row.shape
        np.testing.assert_allclose(actual, row, rtol=1e-14)
    np.testing.assert_array_equal(graph.compile().value(point), value)


@settings(deadline=None, max_examples=60)
@given(graphs(), st.integers(0, 2**32 - 1))
def test_points_of_random_graphs_are_the_tape_s(graph, seed):
    generator = np.random.default_rng(seed)
    point = {name: generator.choice([-2.0, -0.5, 0.0, 0.5, 1.0, 3.0], 7) for name in graph.inputs}
    value, gradient = graph.compile()(point)
    expected = each_point(graph, point)
    for actual, row in zip((value, *gradient.values()), expected, strict=True):
        usual = np.abs(row) < 1e6  # beyond, and near poles, an ulp in a power may be enlarged without bound
        np.testing.assert_allclose(actual[usual], row[usual], rtol=1e-6, atol=1e-6)


def test_blocks_give_what_single_points_give():
    graph = bpv.parse(LECTURE)
    x = np.linspace(1.2, 2.0, 2 * BLOCK + 17)
    value, gradient = graph.compile()(x=x, z=0.7)
    for place in (0, BLOCK - 1, BLOCK, 2 * BLOCK, len(x) - 1):
        single, slopes = graph.compile()(x=float(x[place]), z=0.7)
        assert value[place] == pytest.approx(single, rel=1e-14)
        assert gradient["x"][place] == pytest.approx(slopes["x"], rel=1e-13)


def test_one_bad_point_spoils_no_other():
    graph = bpv.parse("ln(x) + sqrt(x) + 1/x")
    x = np.array([1.0, -1.0, 0.0, np.nan, np.inf, 2.0] + [1.5] * 1_000)
    with np.errstate(all="raise"):
        value, gradient = graph.compile()(x=x)
    expected = each_point(graph, {"x": x})
    np.testing.assert_array_equal(value, expected[0])
    np.testing.assert_array_equal(gradient["x"], expected[1])
    assert np.isnan(gradient["x"][1])  # no slope where there is no value


def test_results_are_the_caller_s_own():
    x = np.array([1.0, 2.0])
    value, gradient = bpv.parse("x*z").compile()(x=x, z=np.array([3.0, 4.0]))
    for array in (value, *gradient.values()):
        assert not np.shares_memory(array, x)
        np.add(array, 1.0, out=array)
    value, gradient = bpv.parse("exp(x + z)").compile()(x=x, z=1.0)
    assert not np.shares_memory(value, gradient["x"])
    assert not np.shares_memory(gradient["z"], gradient["x"])
    np.testing.assert_array_equal(x, [1.0, 2.0])


def test_lists_and_integers_are_points_and_shapes_that_clash_are_named():
    fast = bpv.parse("x*z").compile()
    assert fast(x=[1, 2], z=np.array([3, 4]))[0].tolist() == [3.0, 8.0]
    with pytest.raises(ShapeError, match=r"x \(2,\), z \(3,\)"):
        fast(x=[1.0, 2.0], z=[1.0, 2.0, 3.0])


# -- array graphs ----------------------------------------------------------------------------------------------


def network(rows, weights, bias, out_weights, targets):
    hidden = np.tanh(rows @ weights + bias)
    out = hidden @ out_weights
    away = out - targets
    return np.sum(away**2) * 0.5 + np.mean(np.exp(hidden)) + np.sum(np.where(out > 0, out, 0.1 * out)) + np.max(out)


def network_point(seed, rows=5):
    generator = np.random.default_rng(seed)
    shapes = {"rows": (rows, 4), "weights": (4, 3), "bias": (3,), "out_weights": (3, 2), "targets": (rows, 2)}
    return {name: generator.normal(size=shape) for name, shape in shapes.items()}


def assert_tape(graph, point, result):
    tape = graph.evaluate(point)
    adjoints = tape.reverse()
    assert np.array_equal(result[0], tape.value, equal_nan=True)
    for name in graph.inputs:
        assert result[1][name].shape == adjoints[name].shape
        np.testing.assert_array_equal(result[1][name], adjoints[name])


def test_planned_tapes_give_the_tape_s_bits_for_all_inputs_of_a_shape():
    graph = bpv.trace(network)
    fast = graph.compile()
    assert fast.strategy == "tape"
    for seed in range(5):
        point = network_point(seed)
        assert_tape(graph, point, fast(point))
        assert fast.value(point) == graph.evaluate(point).value
    assert any(isinstance(plan, BufferedSweeps) for plan in fast._plans.values())


def test_arrays_may_be_given_by_position():
    graph = bpv.trace(network)
    point = network_point(0)
    for _ in range(3):  # read, planned, repeated
        value, gradient = graph.compile().at([point[name] for name in graph.inputs])
        assert_tape(graph, point, (value, dict(zip(graph.inputs, gradient, strict=True))))


def test_other_shapes_get_plans_of_their_own_and_few_are_kept():
    graph = bpv.trace(network)
    fast = graph.compile()
    for rows in (*range(1, 14), 3, 3, 3):
        assert_tape(graph, network_point(rows, rows), fast(network_point(rows, rows)))
    assert len(fast._plans) <= 8


def test_a_plan_is_not_misled_by_the_values_it_was_made_with():
    graph = bpv.trace(lambda x: np.sum(np.maximum(x, 0.0) * np.abs(x)) + np.prod(x) + np.max(x) + np.linalg.norm(x))
    sweeps = BufferedSweeps(graph, {"x": np.zeros(4)}, {"x": np.zeros(4)})
    for x in (np.array([1.0, -2.0, 3.0, 0.0]), np.zeros(4), np.array([np.nan, 1.0, 2.0, 3.0]), np.ones(4)):
        assert_tape(graph, {"x": x}, sweeps.at({"x": x}))


def test_the_value_of_an_output_that_is_an_array_is_planned_too():
    graph = bpv.trace(lambda x, z: np.exp(x) @ z)
    point = {"x": np.eye(3), "z": np.arange(3.0)}
    for _ in range(3):  # read, planned, repeated
        np.testing.assert_array_equal(graph.compile().value(point), graph.evaluate(point).value)


def test_results_of_a_plan_stay_when_it_runs_again():
    graph = bpv.trace(lambda x, z: np.sum(x * z) + np.sum(x.T.T))
    fast = graph.compile()
    point = {"x": np.ones((2, 2)), "z": np.full((2, 2), 3.0)}
    fast(point)
    _, kept = fast(point)
    before = {name: array.copy() for name, array in kept.items()}
    fast({name: array + 1.0 for name, array in point.items()})
    for name, array in kept.items():
        np.testing.assert_array_equal(array, before[name])
        assert not any(np.shares_memory(array, given) for given in point.values())


def test_two_threads_do_not_share_buffers():
    graph = bpv.trace(network)
    fast = graph.compile()
    fast(network_point(0))
    fast(network_point(0))
    wrong = []

    def work(seed):
        point = network_point(seed)
        expected = fast.graph.evaluate(point).reverse()["weights"]
        wrong.extend(seed for _ in range(100) if not np.array_equal(fast(point)[1]["weights"], expected))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_while_a_plan_is_at_work_the_tape_answers():
    graph = bpv.trace(network)
    fast = graph.compile()
    point = network_point(0)
    for _ in range(3):
        fast(point)
    (plan,) = fast._plans.values()
    with plan._busy:
        assert plan.at(point) is None
        assert_tape(graph, point, fast(point))
        assert fast.value(point) == graph.evaluate(point).value


def test_faults_are_told_as_the_tape_tells_them():
    graph = bpv.trace(lambda a, b: np.sum(np.linalg.solve(a, b)))
    fast = graph.compile()
    point = {"a": np.eye(2), "b": np.ones(2)}
    for _ in range(3):
        fast(point)
    with pytest.raises(BackpropvizError, match="solve"):
        fast(a=np.zeros((2, 2)), b=np.ones(2))
    with pytest.raises(SeedError):
        bpv.trace(lambda x, z: x @ z).compile()(x=np.eye(2), z=np.ones(2))
