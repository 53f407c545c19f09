"""Rules written out for scalars: to the bit what the rules give, and in large graphs in their place."""

import dataclasses
import gc
import itertools
import math

import numpy as np
import pytest
from strategies import SCALAR_OPS

import backpropviz as bpv
from backpropviz.autodiff import reverse
from backpropviz.autodiff.collector import collector_waits
from backpropviz.autodiff.fast.scalar_rules import scalar_rule, scalar_value
from backpropviz.ops import REGISTRY
from backpropviz.ops.plan import GateKind

EDGES = (0.0, -0.0, 1.0, -1.0, 0.5, -2.0, 0.3, 800.0, -800.0, 1e300, -1e-310, math.inf, -math.inf, math.nan)

UNTRACEABLE = {"copysign", "mod"}
ONLY_RULES = {"cbrt", "ceil", "clip", "floor", "round"}
"""Operations whose value is untraceable, but not their rule."""


def same_bits(left, right):
    left, right = np.float64(left), np.float64(right)
    return bool(np.isnan(left) and np.isnan(right)) or left.tobytes() == right.tobytes()


@pytest.mark.parametrize("guarded", [False, True])
@pytest.mark.parametrize("op", [op for op in SCALAR_OPS if op not in UNTRACEABLE])
def test_a_written_rule_gives_the_bits_of_the_rule(op, guarded):
    rule = REGISTRY[op]
    arity = rule.arity or 3
    for slots in {tuple(range(arity)), (arity - 1,)}:
        kind = GateKind(rule, arity, {}, slots, guarded)
        written = scalar_rule(kind)
        assert written is not None
        tried = EDGES if arity < 3 else EDGES[:8]
        for numbers in itertools.product(map(np.float64, tried), repeat=arity):
            with np.errstate(all="ignore"):
                out = np.float64(rule.value(*numbers))
                for cotangent in map(np.float64, (1.0, -0.7, 0.0, -0.0, math.inf)):
                    given = written(cotangent, out, *numbers)
                    expected = kind.contributions(cotangent, out, numbers)
                    assert all(type(each) is np.float64 for each in given)
                    assert all(map(same_bits, given, expected)), (numbers, cotangent, given, expected)


@pytest.mark.parametrize("op", [op for op in SCALAR_OPS if op not in UNTRACEABLE | ONLY_RULES])
def test_a_written_value_gives_the_bits_of_the_value(op):
    rule = REGISTRY[op]
    arity = rule.arity or 3
    written = scalar_value(GateKind(rule, arity, {}, tuple(range(arity))))
    assert written is not None
    for numbers in itertools.product(map(np.float64, EDGES if arity < 3 else EDGES[:8]), repeat=arity):
        with np.errstate(all="ignore"):
            given = written(*numbers)
            assert type(given) is np.float64
            assert same_bits(given, rule.value(*numbers)), (numbers, given)


def test_a_truth_is_written_as_a_number():
    kind = GateKind(dataclasses.replace(REGISTRY["less"], value=lambda x, y: np.where(x > y, x > 0.0, True)), 2, {}, ())
    written = scalar_value(kind)
    assert type(written(np.float64(2.0), np.float64(1.0))) is type(written(np.float64(1.0), np.float64(2.0)))
    assert written(np.float64(-1.0), np.float64(-2.0)).tobytes() == np.float64(0.0).tobytes()


def test_a_rule_on_arrays_or_with_parameters_is_not_written():
    assert scalar_rule(GateKind(REGISTRY["matmul"], 2, {}, (0, 1))) is None
    assert scalar_value(GateKind(REGISTRY["matmul"], 2, {}, (0, 1))) is None
    assert all(scalar_rule(GateKind(REGISTRY[op], 2, {}, (0, 1))) is None for op in UNTRACEABLE)
    assert scalar_rule(GateKind(REGISTRY["add"], 2, {"any": 1}, (0, 1))) is None


def test_a_sweep_by_written_rules_has_the_bits_of_the_usual_one(monkeypatch):
    text = "where(less(x, z), ln(x)*z + 2*x, tanh(x*z)/z) + max(x, z, w)*sqrt(x) - w/x + v*x"
    point = {"x": 0.7, "z": 0.0, "w": -1.5, "v": -2.0}
    usual_tape = bpv.parse(text).evaluate(point)
    usual = usual_tape.reverse()
    monkeypatch.setattr(reverse, "_MANY_GATES", 1)
    graph = bpv.parse(text)
    tape = graph.evaluate(point)
    written = tape.reverse()
    assert all(map(same_bits, tape.values, usual_tape.values))
    assert graph.memory["scalar rules"]
    assert list(written) == list(usual)
    told, expected = written.contributions, usual.contributions
    assert list(told) == list(expected)
    for given, wanted in ((written, usual), (told, expected)):
        assert all(
            same_bits(*pair) for key in wanted for pair in zip(np.ravel(given[key]), np.ravel(wanted[key]), strict=True)
        )


@collector_waits()
def a_broken_rule():
    assert not gc.isenabled()
    raise ValueError("a broken rule")


@pytest.mark.parametrize("on", [True, False])
def test_the_garbage_collector_is_left_as_it_was_found(on):
    was_on = gc.isenabled()
    try:
        (gc.enable if on else gc.disable)()
        bpv.gradient("ln(x)*z", x=2.0, z=3.0)
        assert gc.isenabled() is on
        with pytest.raises(ValueError, match="broken rule"):
            a_broken_rule()
        assert gc.isenabled() is on
    finally:
        (gc.enable if was_on else gc.disable)()
