"""Every operation's program against its rule: what travels to a page computes what Python computes."""

from __future__ import annotations

import json

import numpy as np
import pytest
from operation_cases import CASES

import backpropviz as bpv
from backpropviz.autodiff.programs import graph_programs, program_of
from backpropviz.autodiff.programs.numpy_calls import NoProgramError
from backpropviz.autodiff.programs.primitives import PRIMITIVES
from backpropviz.ops import REGISTRY
from backpropviz.ops.broadcasting import unbroadcast
from backpropviz.ops.op import Elementwise
from backpropviz.ops.roles import SCALER


def assert_close(actual, expected):
    expected = np.asarray(expected, dtype=np.float64)
    assert np.shape(actual) == expected.shape
    finite = np.abs(expected[np.isfinite(expected)])
    scale = max(1.0, np.max(finite, initial=0.0))
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-12 * scale, equal_nan=True)


def contributions(program, op, arguments, out, cotangent):
    if program.pull is not None:
        found = program.pull.run(*arguments, out, cotangent)
    else:
        found = [None if partial is None else cotangent * partial for partial in program.partials.run(*arguments, out)]
    if op.elementwise:
        found = [
            unbroadcast(np.broadcast_to(each, np.shape(out)), np.shape(argument)) if each is not None else None
            for each, argument in zip(found, arguments, strict=True)
        ]
    return found


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_program_computes_what_its_rule_computes(case):
    op, parameters = case.rule, case.parameters
    arguments = [np.asarray(each, dtype=np.float64)[()] for each in case.arguments]
    slots = [slot for slot in range(len(arguments)) if slot not in case.fixed]
    program = program_of(op, arguments, parameters, slots)
    out = case.value()
    assert_close(program.value.run(*arguments)[0], out)
    with np.errstate(all="ignore"):
        cotangent = np.asarray(np.cos(np.arange(np.size(out)) + 0.5).reshape(np.shape(out)))[()]
        expected = op.vjp(cotangent, out, arguments, parameters, slots)
        found = contributions(program, op, arguments, out, cotangent)
        for slot, contribution in zip(slots, expected, strict=True):
            assert_close(found[slot], contribution)
        tangents = [np.sin(np.arange(np.size(each)) + 0.4).reshape(np.shape(each))[()] for each in arguments]
        moving = [tangent if slot in slots else None for slot, tangent in enumerate(tangents)]
        if program.push is not None and slots:
            terms = [each for each in program.push.run(*arguments, out, *tangents) if each is not None]
            assert_close(np.broadcast_to(sum(terms), np.shape(out)), op.jvp(moving, out, arguments, parameters))


def test_every_operation_of_the_registry_is_tried():
    assert {case.op for case in CASES} >= {name for name in REGISTRY if "composite" not in name}


def test_a_program_is_plain_data_and_names_primitives_only():
    for case in CASES:
        arguments = [np.asarray(each, dtype=np.float64)[()] for each in case.arguments]
        slots = [slot for slot in range(len(arguments)) if slot not in case.fixed]
        plain = json.loads(
            json.dumps(program_of(case.rule, arguments, case.parameters, slots).to_plain(), allow_nan=False)
        )
        for routine in plain.values():
            assert {line[0] for line in routine["lines"]} <= set(PRIMITIVES)


def test_elementwise_programs_do_not_depend_on_shapes():
    graph = bpv.trace(lambda x, y: np.sum(np.tanh(x) * np.tanh(y)))
    tape = graph.evaluate(x=np.ones((2, 3)), y=1.0)
    programs, gates = graph_programs(graph, [tape.primals[name] for name in graph.nodes])
    assert len(programs) == 3
    assert len(gates) == 4


def test_a_branch_of_where_carries_its_own_rule():
    op = REGISTRY["divide"]
    plain = program_of(op, [1.0, 1.0], {}, (0, 1))
    guarded = program_of(op, [1.0, 1.0], {}, (0, 1), guarded=True)
    assert plain.pull is None
    with np.errstate(all="ignore"):
        assert guarded.pull.run(1.0, 0.0, np.inf, 0.0) == [0.0, 0.0]


def test_a_constant_exponent_asks_for_no_logarithm():
    graph = bpv.parse("x**3")
    tape = graph.evaluate(x=-2.0)
    programs, _ = graph_programs(graph, [tape.primals[name] for name in graph.nodes])
    (program,) = programs
    assert program.partials.run(-2.0, 3.0, -8.0)[0] == 12.0


def test_an_operation_of_the_users_own_has_a_program():
    swish = Elementwise(
        name="own_swish",
        arity=1,
        value=lambda x: x / (1.0 + np.exp(-x)),
        partials=lambda out, x: ((1.0 + out * np.exp(-x)) / (1.0 + np.exp(-x)),),
        formulas=("?",),
        symbol="sw",
        role=SCALER,
        latex="{0}",
    )
    program = program_of(swish, [np.float64(1.0)], {}, (0,))
    out = program.value.run(0.3)[0]
    assert_close(program.partials.run(0.3, out)[0], swish.partials(out, 0.3)[0])


def test_a_rule_that_branches_on_numbers_is_refused():
    branching = Elementwise(
        name="own_branch",
        arity=1,
        value=lambda x: x if x > 0 else 0.0,
        partials=lambda _out, x: (1.0 if x > 0 else 0.0,),
        formulas=("?",),
        symbol="b",
        role=SCALER,
        latex="{0}",
    )
    with pytest.raises(NoProgramError, match="branches"):
        program_of(branching, [np.float64(1.0)], {}, (0,))
