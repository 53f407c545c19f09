"""Operation counts, against counts by hand and against theory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from strategies import graphs
from worked_examples import EXAMPLES, lecture_graph

from backpropviz import cost, parse, trace
from backpropviz.autodiff.costs.cost_curve import cost_curve, wave_sum
from backpropviz.autodiff.costs.prices import Price
from backpropviz.errors import InputError
from backpropviz.ops import REGISTRY


def test_the_value_takes_what_the_formula_shows():
    counted = cost(lecture_graph("cmu-exp-ratio-sine"))
    # x*z, a/b, c/a; d + e + f; exp, ln, sin.
    assert counted.value.work == Price(additions=2, multiplications=3, transcendental=3)


def test_the_reverse_sweep_of_a_product_costs_nothing_more():
    # With the seed 1, ∂(xy)/∂x is y itself.
    counted = cost(parse("x*y"))
    assert counted.reverse.work == counted.value.work == Price(multiplications=1)
    assert counted.ratio == 1.0


def test_domkes_example_counted_by_hand():
    # f = exp(c) + sin(c), c = a + b, b = a², a = exp(x).
    counted = cost(parse("a = exp(x); b = square(a); c = a + b; f = exp(c) + sin(c)"))
    assert counted.value.work == Price(additions=2, multiplications=1, transcendental=3)
    # df/dc = d + cos c; df/da = df/dc + df/db·2a; df/dx = df/da·a.
    added = Price(additions=2, multiplications=3, transcendental=1)
    assert counted.reverse.work == counted.value.work + added


def test_partials_of_constants_are_not_counted():
    # 1/3 is known beforehand, and nobody asks for the derivative by 3.
    assert cost(parse("sin(x/3)")).reverse.work == Price(multiplications=2, transcendental=2)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_gradient_costs_a_small_multiple_of_its_function(name):
    counted = cost(lecture_graph(name))
    assert 1.0 <= counted.ratio <= 4.0
    assert counted.ratio == counted.reverse.operations / counted.value.operations


@given(graphs())
def test_every_scalar_graph_has_a_cost(graph):
    counted = cost(graph)
    for each in (counted.reverse, *counted.forward.values()):
        assert each.operations >= counted.value.operations
        assert each.stored >= counted.value.stored
    # The dearest single rule is that of atan2 and of powers; no chain of gates can be dearer per gate.
    assert counted.ratio <= 12.0


@pytest.mark.parametrize("name", [name for name, op in REGISTRY.items() if op.elementwise])
def test_every_elementwise_operation_can_be_counted_on_arrays(name):
    arity = REGISTRY[name].arity or 2
    names = [f"x{place}" for place in range(arity)]
    scalar = cost(_single(name, names))
    arrays = cost(_single(name, names), dict.fromkeys(names, (2, 3)))
    assert arrays.value.operations == 6 * scalar.value.operations


def _single(op, names):
    from backpropviz.graph import GraphBuilder  # noqa: PLC0415

    builder = GraphBuilder()
    return builder.build(builder.apply(op, *map(builder.input, names)))


def test_matrix_products_take_m_n_k_multiplications():
    counted = cost(trace(lambda x, w: x @ w, "x", "w"), {"x": (5, 3), "w": (3, 4)})
    assert counted.value.work == Price(additions=5 * 4 * 2, multiplications=5 * 4 * 3)
    # Two more products of the same size give both gradients.
    added = Price(additions=5 * 3 * 3 + 3 * 4 * 4, multiplications=2 * 5 * 3 * 4)
    assert counted.reverse.work == counted.value.work + added
    assert counted.output_entries == 20


def test_batches_of_matrices_count_each():
    counted = cost(trace(lambda x, w: np.sum(x @ w), "x", "w"), {"x": (7, 5, 3), "w": (3, 4)})
    assert counted.value.work.multiplications == 7 * 5 * 3 * 4


def test_solving_takes_a_third_of_n_cubed():
    order = 60
    counted = cost(trace(lambda a, b: np.sum(np.linalg.solve(a, b)), "a", "b"), {"a": (order, order), "b": (order,)})
    assert counted.value.work.multiplications == pytest.approx(order**3 / 3, rel=0.05)


def test_values_may_be_given_instead_of_shapes():
    graph = trace(lambda x: np.sum(x * x))
    assert cost(graph, x=np.ones(4)) == cost(graph, {"x": (4,)})


def test_missing_shapes_are_asked_for():
    with pytest.raises(InputError, match=r"does not work on scalars: .*Give the shapes: cost\(graph, \{'x'"):
        cost(trace(lambda x, w: x @ w, "x", "w"))
    with pytest.raises(InputError, match="no input 'q'"):
        cost(parse("x*x"), {"q": (3,)})


def test_storage_is_what_has_to_be_kept():
    # A chain can forget: one value and the next. Reverse mode keeps the whole tape, and one adjoint and the next.
    chain = parse("a = sin(x); b = sin(a); c = sin(b); y = sin(c)")
    counted = cost(chain)
    assert counted.value.stored == 2
    assert counted.forward["x"].stored == 4
    assert counted.reverse.stored == 5 + 2


def test_the_table_shows_the_ratio_for_every_run():
    text = str(cost(lecture_graph("imperial-tanh-net")))
    assert next(line.split()[-1] for line in text.splitlines()[2:]) == "1.00"
    for title in ("value", "forward mode, by w0", "reverse mode, all inputs", "transcendental", "stored", "× value"):
        assert title in text
    assert "each of 3 entries" in str(cost(wave_sum(), {"x": (3,)}))


def test_reverse_mode_does_not_notice_the_number_of_inputs():
    curve = cost_curve((10, 100, 1_000, 10_000))
    reverse, forward, differences = curve.costs.values()
    assert max(reverse) < 4
    assert forward[-1] / forward[0] == pytest.approx(1_000, rel=0.1)
    assert differences[-1] / reverse[-1] > 3_000
    assert differences[1] / reverse[1] > 20
    assert differences[2] / reverse[2] > 300
    assert "10,000" in str(curve)
