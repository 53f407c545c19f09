"""Engines of other shapes: nodes on a tape, children in any collection, numbers that are none."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import AdoptionError, GradientCheckError


class _Odd:
    def __init__(self, data, children=()):
        self.data, self.children, self.grad = data, children, 0.0


class _OnATape:
    """Nodes on one list, which the sweep walks; called by other names, with a constant made anew in each run."""

    tape: ClassVar[list[_OnATape]] = []

    def __init__(self, value, parents=(), back=None):
        self.value, self.gradient, self.parents, self.back = value, 0.0, parents, back
        self.tape.append(self)

    def __add__(self, other):
        return _OnATape(self.value + other.value, (self, other), lambda above: ((self, above), (other, above)))

    def __mul__(self, other):
        return _OnATape(
            self.value * other.value,
            (self, other),
            lambda above: ((self, other.value * above), (other, self.value * above)),
        )

    def sweep(self, order=None):
        self.gradient = 1.0
        for each in order or self.tape[::-1]:
            for child, amount in each.back(each.gradient) if each.back else ():
                child.gradient += amount


@pytest.fixture
def leaves():
    _OnATape.tape.clear()
    return _OnATape(1.3), _OnATape(-0.7)


def test_leaves_that_are_stale_are_told_from_those_that_are_new(leaves):
    x, y = leaves
    for _ in range(2):
        root = (x * y + _OnATape(1.0)) * x
        root.sweep(root_first(root))
    with pytest.raises(GradientCheckError, match="hold 2 times the right gradient: it is stale"):
        bpv.from_values(root).check()


def test_what_is_stale_from_other_numbers_is_asked_about(leaves):
    x, y = leaves
    (x * y + x).sweep()
    x.value = 0.4
    root = x * y + x
    root.sweep(root_first(root))
    with pytest.raises(GradientCheckError, match="Only leaves are wrong: are their gradients stale"):
        bpv.from_values(root).check()


def test_a_value_that_was_visited_before_its_gradient_is_told(leaves):
    x, y = leaves
    h = x * y
    root = (h + y) * x
    first = next(each for each in _OnATape.tape if each.parents == (h, y))
    root.sweep([first, root, h])
    with pytest.raises(GradientCheckError, match="visited before its own gradient had arrived"):
        bpv.from_values(root).check()


def root_first(root):
    """What belongs to a root, in the order of a right sweep."""
    found = [root]
    for each in _OnATape.tape[::-1]:
        if each not in found and any(each in user.parents for user in found):
            found.append(each)
    return found


# -- children and numbers in whatever they are kept ----------------------------------------------------------


def _product(keep, number=6.0):
    return _Odd(number, keep([_Odd(2.0), _Odd(3.0)]))


@pytest.mark.parametrize(
    "keep", [tuple, list, set, lambda pair: dict(zip("ab", pair, strict=True))], ids=["tuple", "list", "set", "dict"]
)
def test_children_are_read_from_any_collection(keep):
    graph = bpv.from_values(_product(keep)).graph
    assert graph.op(graph.output) == "multiply"


def test_leaves_without_children_and_a_child_of_its_own_are_read():
    assert len(bpv.from_values(_Odd(6.0, (_Odd(2.0, None), _Odd(3.0, None)))).graph.inputs) == 2
    assert len(bpv.from_values(_Odd(np.exp(2.0), _Odd(2.0))).graph.inputs) == 1


@pytest.mark.parametrize(
    ("root", "message"),
    [
        (lambda: _product(iter), "used up once it was read. Keep them in a tuple"),
        (lambda: _Odd(6.0, (_Odd(2.0), 3.0)), r"is 3\.0, a float. Make it a _Odd as well"),
        (lambda: _product(tuple, "six"), "holds 'six', which is no real number"),
        (lambda: _product(tuple, None), "holds None, which is no real number"),
        (lambda: _product(tuple, 6j), "holds 6j, which is no real number"),
    ],
)
def test_children_and_numbers_that_are_none_say_what_to_do(root, message):
    with pytest.raises(AdoptionError, match=message):
        bpv.from_values(root())


def test_gradients_of_none_are_not_there_yet():
    root = _product(tuple)
    root.grad = None
    with pytest.raises(AdoptionError, match="no gradients yet"):
        bpv.from_values(root).check()
