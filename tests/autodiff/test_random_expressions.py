"""20,000 random expressions: reverse mode, forward mode, complex steps and compiled code agree."""

import os

import numpy as np
import pytest
from random_expressions import INPUTS, complex_step, forest, path_scales

from backpropviz.autodiff.fast.levels import Levels
from backpropviz.autodiff.fast.straight import StraightLine

EXPRESSIONS = int(os.environ.get("RANDOM_EXPRESSIONS", "20000"))
SIZE = 100
BATCHES = 20


def _unexpected(*_arguments):
    raise AssertionError("finite numbers need no other way")


def _compare(expressions, tape, adjoints, scales):
    """Compare reverse mode with forward mode and complex steps; give how many derivatives were compared."""
    directions = expressions.directions()
    stepped = complex_step(tape, directions)
    places = {name: place for place, name in enumerate(expressions.graph.nodes)}
    compared = 0
    for k, direction in enumerate(directions):
        tangents = tape.forward(direction)
        for index, root in enumerate(expressions.roots):
            name = f"x{k}_{index}"
            reverse, scale, step = adjoints[name], scales[name], stepped[places[root]][k]
            if not (np.isfinite(tape.primals[root]) and np.isfinite(reverse) and np.isfinite(scale)):
                continue
            if np.isfinite(step):  # not where 0 times an infinite slope met on the way
                assert abs(reverse - step) <= 1e-12 * scale, (root, name)
                compared += 1
            if np.isfinite(tangents[root]):
                assert abs(reverse - tangents[root]) <= 1e-14 * scale, (root, name)
    return compared


@pytest.mark.no_cover  # what it reaches others reach too, and tracing would double its time
@pytest.mark.parametrize("batch", range(BATCHES))
def test_reverse_forward_complex_step_and_compiled_code_agree(batch):
    count = EXPRESSIONS // BATCHES
    compared = 0
    for start in range(0, count, SIZE):
        seed = batch * count + start
        size = min(SIZE, count - start)
        expressions = forest(seed, size)
        tape = expressions.graph.evaluate(expressions.point)
        adjoints = tape.reverse()
        scales = path_scales(tape)
        compared += _compare(expressions, tape, adjoints, scales)

        names = expressions.graph.inputs
        _, by_levels = Levels(expressions.graph).gradient(np.array([expressions.point[name] for name in names]))
        for name, number in zip(names, by_levels, strict=True):
            expected = adjoints[name]
            assert np.array_equal(number, expected, equal_nan=True) or abs(number - expected) <= 1e-14 * scales[name]

        finite = {
            index
            for index, root in enumerate(expressions.roots)
            if np.isfinite([tape.primals[root], *(adjoints[f"x{k}_{index}"] for k in range(INPUTS))]).all()
        }
        calm = forest(seed, size, finite)
        tape = calm.graph.evaluate(calm.point)
        adjoints, scales = tape.reverse(), path_scales(tape)
        value, gradient = StraightLine(calm.graph, _unexpected, _unexpected).gradient(calm.point)
        # The C library and NumPy differ by an ulp here and there, which steep functions further on enlarge: an ulp of
        # each node counts as much as the node's adjoint says.
        reach = sum(
            abs(float(adjoint) * float(tape.primals[name]))
            for name, adjoint in adjoints.items()
            if np.isfinite(adjoint) and np.isfinite(tape.primals[name])
        )
        assert abs(value - tape.value) <= 1e-15 * reach
        for name, number in gradient.items():
            # Slopes in the thousands and beyond, as beside a pole, make as much of an ulp before them.
            assert abs(number - adjoints[name]) <= 1e-11 * scales[name] * max(1.0, 1e-3 * scales[name]), name
    assert compared > 2 * count


def test_expressions_that_are_not_finite_are_compiled_too():
    for seed in range(3):
        expressions = forest(seed, SIZE)
        tape = expressions.graph.evaluate(expressions.point)
        for index, root in enumerate(expressions.roots):
            if np.isfinite(tape.primals[root]):
                continue
            single = forest(seed, SIZE, {index})
            reference = single.graph.evaluate(single.point)
            value, gradient = single.graph.compile()(single.point)
            assert np.array_equal(value, reference.value, equal_nan=True)
            expected = reference.reverse()
            assert all(np.array_equal(gradient[name], expected[name], equal_nan=True) for name in single.graph.inputs)
