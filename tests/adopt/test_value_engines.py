"""Learners' own engines: read by their shape, compared number by number, and their mistakes named."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.adopt import value_objects
from backpropviz.errors import AdoptionError, GradientCheckError

sys.path.insert(0, str(Path(__file__).resolve().parent))
import tiny_gpt
from known_engines import Micrograd, Slopes
from value_engines import ENGINES, Plain


@pytest.mark.parametrize("name", ENGINES)
def test_value_and_gradients_are_those_of_the_engine(name):
    root, published = ENGINES[name]()
    root.backward()
    adopted = bpv.from_values(root)
    number = next(getattr(root, each) for each in ("data", "value", "val") if hasattr(root, each))
    assert adopted.graph.evaluate(adopted.point).value == pytest.approx(float(number), rel=1e-12)
    adopted.check()
    gradient = bpv.gradient(adopted)
    for leaf, expected in published or ():
        assert leaf.grad == pytest.approx(expected, rel=1e-12)
        assert any(slope == pytest.approx(expected, rel=1e-12) for slope in gradient.values())


def test_a_tiny_gpt_of_forty_thousand_values():
    root = tiny_gpt.loss(Slopes)
    root.backward()
    adopted = bpv.from_values(root)
    assert len(adopted.graph) > 40_000
    adopted.check()


def test_labels_name_the_inputs_and_everything_else_works():
    x, y = Plain(0.4, label="x"), Plain(1.5, label="target")
    adopted = bpv.from_values((x * y).sigmoid() - y)
    assert adopted.graph.inputs == ("x", "target")
    assert bpv.hessian(adopted) is not None
    assert len(bpv.record(adopted)) > 4
    value, gradient = adopted.graph.compile()(adopted.point)
    assert float(value) == pytest.approx(float(adopted.graph.evaluate(adopted.point).value), rel=1e-15)
    assert set(gradient) == {"x", "target"}
    assert bpv.cost(adopted)


# -- mistakes ------------------------------------------------------------------------------------------------


def _rules(value):
    """Everything that a value was computed from, in an order in which users come first."""
    order, seen = [], set()

    def visit(each):
        if each not in seen:
            seen.add(each)
            for child in each._prev:
                visit(child)
            order.append(each)

    visit(value)
    return order[::-1]


def _written_over():
    x, y = Micrograd(2.0), Micrograd(3.0)
    p, q = x * y, x * 5.0
    root = p + q
    root.backward()
    x.grad = y.data  # the use by q came first, and was lost
    return root, "x", "added up at a branch"


def _wrong_order():
    x = Micrograd(2.0)
    h = x * 3.0
    root = h * h + h
    order = _rules(root)
    order.remove(h)
    order.insert(1, h)  # before its other use has sent anything
    root.grad = 1.0
    for each in order:
        each._backward()
    return root, "x", "reverse topological order"


def _stale():
    x, y = Micrograd(2.0), Micrograd(3.0)
    (x * y + x).backward()
    root = x * y + x
    root.backward()
    return root, "x", "stale"


def _twice():
    x, y = Micrograd(2.0), Micrograd(3.0)
    root = x * y + x
    root.backward()
    root.grad = 2.0
    return root, "v", "root is not 1"


def _swapped():
    x, y = Micrograd(2.0), Micrograd(3.0)
    product = x * y

    def wrong():
        x.grad += x.data * product.grad
        y.grad += y.data * product.grad

    product._backward = wrong
    root = product * 7.0
    root.backward()
    return root, "x", "swapped"


def _no_upstream():
    x, y = Micrograd(2.0), Micrograd(3.0)
    product = x * y

    def wrong():
        x.grad += y.data
        y.grad += x.data

    product._backward = wrong
    root = product * 7.0
    root.backward()
    return root, "x", "out.grad"


def _power_without_its_factor():
    x = Micrograd(2.0)
    cube = x**3

    def wrong():
        x.grad += x.data**2 * cube.grad

    cube._backward = wrong
    root = cube * 7.0
    root.backward()
    return root, "x", "factor n"


def _wrong_sign():
    x = Micrograd(2.0)
    cube = x**3

    def wrong():
        x.grad -= 3 * x.data**2 * cube.grad

    cube._backward = wrong
    root = cube * 7.0
    root.backward()
    return root, "x", "wrong sign"


@pytest.mark.parametrize(
    "made",
    [_written_over, _wrong_order, _stale, _twice, _swapped, _no_upstream, _power_without_its_factor, _wrong_sign],
)
def test_a_wrong_gradient_is_named_with_the_likely_mistake(made):
    root, node, message = made()
    with pytest.raises(GradientCheckError, match=message) as caught:
        bpv.from_values(root).check()
    assert str(caught.value.node).startswith(node)


# -- what is no engine ---------------------------------------------------------------------------------------


class _Odd:
    def __init__(self, data, children=()):
        self.data, self.children, self.grad = data, children, 0.0


def test_a_wrong_forward_pass_is_told():
    with pytest.raises(AdoptionError, match=r"no operation gives 17.0 from 2, 3"):
        bpv.from_values(_Odd(17.0, [_Odd(2.0), _Odd(3.0)]))


def test_what_is_no_value_says_what_is_missing():
    with pytest.raises(AdoptionError, match="none of _prev"):
        bpv.from_values(3.0)


def test_gradients_that_were_not_computed_are_not_blamed():
    with pytest.raises(AdoptionError, match="Call backward"):
        bpv.from_values(ENGINES["micrograd"]()[0]).check()


def test_a_circle_is_refused():
    x, y = _Odd(1.0), _Odd(1.0)
    x.children, y.children = [y], [x]
    with pytest.raises(AdoptionError, match="circle"):
        bpv.from_values(x)


def test_too_many_values_are_refused(monkeypatch):
    monkeypatch.setattr("backpropviz.adopt.value_objects.MOST_OBJECTS", 3)
    with pytest.raises(AdoptionError, match="Adopt a smaller example"):
        bpv.from_values(ENGINES["slopes"]()[0])


def test_numbers_that_are_not_finite_are_read():
    x = Slopes(800.0)
    adopted = bpv.from_values(Slopes(np.inf, (x,), (np.inf,)))
    assert adopted.graph.op(adopted.graph.output) == "exp"


class Link:
    """The least that a value needs; a million of them fit into memory."""

    __slots__ = ("_prev", "data", "grad")

    def __init__(self, data, children=()):
        self.data, self.grad, self._prev = data, 0.0, children


def test_a_million_values_are_refused_with_advice(monkeypatch):
    assert value_objects.MOST_OBJECTS == 1_000_000
    monkeypatch.setattr(value_objects, "MOST_OBJECTS", 10_000)
    value = one = Link(1.0)
    for _ in range(10_001):
        value = Link(1.0, (value, one))
    with pytest.raises(AdoptionError, match=r"More than 10,000 values.*Adopt a smaller example"):
        bpv.from_values(value)


def test_what_is_too_large_to_draw_is_shown_as_closed_blocks():
    value = one = Link(1.0)
    for count in range(5_000):
        value = Link(count + 2.0, (value, one))
    adopted = bpv.from_values(value)
    explorer = bpv.explore(adopted)
    assert len(explorer.graph) < 40
    assert float(explorer.gradient()["x1"]) == 5_001.0
    assert explorer.blocks["known"]
    explorer.close()
