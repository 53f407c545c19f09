"""For every operation the page marks as meeting what the Jacobian of its rule couples, forward and backward."""

from __future__ import annotations

import numpy as np
import pytest
from operation_cases import CASES

from backpropviz.autodiff.programs import program_of

BODY = """
  const { structural } = array_primitives.ARRAY_PRIMITIVES;
  primitives.usePrimitives({
    ...array_primitives.ARRAY_PRIMITIVES, structural: { ...structural, ...singular_values.SINGULAR_VALUES },
  });
  return cases.map(({ program, given, count, slots }) => {
    const arrays = given.map(({ shape, data }) => ({ shape, data: Float64Array.from(data) }));
    const asked = new meeting.Meeting(program, arrays);
    const makers = Array.from({ length: count }, (_, place) => asked.makers(place).map((each) => [...each]));
    const uses = slots.map((slot) => given[slot].data.map((_, place) => [...asked.uses(slot, place)]));
    return { makers, uses };
  });"""
NEARBY = 3
NOISE = 1e-13
"""Relative: what a solver leaves where exact arithmetic gives 0."""
MOST = 2_000
"""Entries of a Jacobian that are asked for, so that one run stays short; some cases of each operation have fewer."""


def arguments_of(case):
    return [np.asarray(each, dtype=np.float64)[()] for each in case.arguments]


def slots_of(case):
    return [slot for slot in range(len(case.arguments)) if slot not in case.fixed]


def coupled(case):
    """Where the Jacobian is not zero at the point or close by, as [slot][entry of the value, entry of the argument]."""
    chance = np.random.default_rng(5)
    slots, given = slots_of(case), arguments_of(case)
    count = np.size(case.value())
    found = [np.zeros((count, np.size(given[slot])), dtype=bool) for slot in slots]
    for trial in range(NEARBY):
        scale = 1e-6 * (trial > 0)
        near = [
            np.asarray(each + scale * (1 + np.abs(each)) * chance.uniform(0.5, 1, np.shape(each)))[()]
            if slot in slots
            else each
            for slot, each in enumerate(given)
        ]
        with np.errstate(all="ignore"):
            out = np.asarray(case.rule.value(*near, **case.parameters), dtype=np.float64)[()]
            for place in range(count):
                seed = np.zeros(count)
                seed[place] = 1.0
                seed = np.reshape(seed, np.shape(out))[()]
                rows = case.rule.vjp(seed, out, near, case.parameters, slots)
                for matrix, row in zip(found, rows, strict=True):
                    size = np.abs(np.ravel(row))
                    matrix[place] |= size > NOISE * np.max(size[np.isfinite(size)], initial=0.0)
    return found


def is_asked(case):
    sizes = [np.size(each) for each in arguments_of(case)]
    return np.size(case.value()) * max(sizes, default=0) <= MOST and slots_of(case) != [] and min(sizes) > 0


ASKED = [case for case in CASES if is_asked(case)]
BY_OPERATION = {case.op: [each for each in ASKED if each.op == case.op] for case in ASKED}


@pytest.fixture(scope="module")
def met(javascript):
    def described(case):
        given = arguments_of(case)
        plain = [{"shape": list(np.shape(each)), "data": np.ravel(each).tolist()} for each in given]
        program = program_of(case.rule, given, case.parameters, slots_of(case)).to_plain()
        return {"program": program, "given": plain, "count": int(np.size(case.value())), "slots": slots_of(case)}

    modules = ["story/meeting", "story/primitives", "story/array_primitives", "story/singular_values"]
    told = javascript(BODY, modules=modules, cases=[described(each) for each in ASKED])
    return dict(zip(map(id, ASKED), told, strict=True))


def test_every_operation_is_asked():
    assert set(BY_OPERATION) == {case.op for case in CASES}


@pytest.mark.parametrize("name", BY_OPERATION)
def test_marks_are_the_pattern_of_the_jacobian(met, name):
    for case in BY_OPERATION[name]:
        found = met[id(case)]
        for slot, uses, matrix in zip(slots_of(case), found["uses"], coupled(case), strict=True):
            forward = [set(np.flatnonzero(column).tolist()) for column in matrix.T]
            assert [set(each) for each in uses] == forward, f"{case}, slot {slot}, forward"
            backward = [set(np.flatnonzero(row).tolist()) for row in matrix]
            assert [set(makers[slot]) for makers in found["makers"]] == backward, f"{case}, slot {slot}, backward"
