"""A run told as data: what must hold on every graph."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import graphs, points

import backpropviz as bpv
from backpropviz.autodiff.plan import plan_of
from backpropviz.errors import InputError
from backpropviz.ops.op import masked
from backpropviz.steps import Accumulate, Evaluate, Propagate, Seed, Settle


@st.composite
def timelines(draw):
    graph = draw(graphs())
    return bpv.record(graph, draw(points(graph)))


def same(first: dict, second: dict) -> bool:
    return first.keys() == second.keys() and all(np.array_equal(first[k], second[k], equal_nan=True) for k in first)


@settings(max_examples=200)
@given(timelines())
def test_the_last_state_is_what_reverse_mode_gives(timeline):
    state = timeline.state(len(timeline))
    tape = timeline.graph.evaluate({name: timeline.tape.primals[name] for name in timeline.graph.inputs})
    adjoints = tape.reverse()
    assert same({name: tape.primals[name] for name in state.primals}, state.primals)
    assert same({name: adjoints[name] for name in state.sums}, state.sums)
    assert state.settled == set(state.sums)
    assert all(adjoints[name] == 0 for name in adjoints if name not in state.sums)


@settings(max_examples=200)
@given(timelines())
def test_contributions_sum_to_the_adjoint_and_nothing_leaves_before_it_settles(timeline):
    received: dict[str, float] = {}
    settled: set[str] = set()
    plan = plan_of(timeline.graph)
    # In a branch of where a zero stops infinities too: it is what an entry that was not chosen receives.
    masks = {plan.nodes[each.place] for each in plan.instructions if each.guarded or each.op.blocks}
    with np.errstate(all="ignore"):
        for step in timeline:
            for record in step.records:
                if isinstance(record, Propagate):
                    assert record.consumer in settled
                    product = masked if record.consumer in masks else np.multiply
                    assert np.array_equal(record.cotangent, timeline.adjoints[record.consumer], equal_nan=True)
                    expected = product(record.cotangent, record.partial)
                    assert np.array_equal(record.contribution, expected, equal_nan=True)
                if isinstance(record, Accumulate):
                    before = received.get(record.node)
                    assert np.array_equal(record.before, 0.0 if before is None else before, equal_nan=True)
                    received[record.node] = record.contribution if before is None else before + record.contribution
                    assert np.array_equal(record.after, received[record.node], equal_nan=True)
                if isinstance(record, Seed):
                    received[record.node] = record.seed
                if isinstance(record, Settle):
                    assert np.array_equal(received[record.node], timeline.adjoints[record.node], equal_nan=True)
                    settled.add(record.node)


@settings(max_examples=100)
@given(timelines())
def test_undo_after_do_is_the_identity(timeline):
    forward = [timeline.state(0)]
    state = timeline.state(0)
    for step in timeline:
        state.do(step)
        forward.append(timeline.state(state.step))
    for step in reversed(timeline):
        expected = forward[state.step]
        assert same(state.primals, expected.primals)
        assert same(state.sums, expected.sums)
        assert (state.settled, state.travelled) == (expected.settled, expected.travelled)
        assert state.received == expected.received
        state.undo(step)
    assert (state.primals, state.sums, state.settled, state.travelled) == ({}, {}, set(), set())


@settings(max_examples=60)
@given(timelines())
def test_every_step_has_words(timeline):
    for k in range(len(timeline) + 1):
        told = timeline.narrate(k)
        assert told.sentence.endswith(".")
        assert told.latex.count("{") == told.latex.count("}")


def test_the_lecture_example_has_the_lecture_s_order_and_words():
    timeline = bpv.record(bpv.parse("exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"), x=2, z=3)
    assert [step.records[0].node for step in timeline if isinstance(step.records[0], Evaluate)] == list("xzabcdefy")
    assert timeline.narrate(19).sentence == (
        "b receives two contributions: g_e·(−a/b²) = −12.49 and g_c·cos b = 0.1282; their sum is −12.36."
    )
    assert timeline.narrate(19, "dL/dx").equation.startswith("∂y/∂b = ∂y/∂e·(−a/b²) + ∂y/∂c·cos b")
    assert timeline.narrate(19, "x̄").sentence.startswith("b receives two contributions: e̅"[:30])
    assert timeline.narrate(22).notes[-1] == "The sweep is complete: g_x = 1208 and g_z = 809.7."


def test_forward_mode_is_told_as_value_and_tangent_together():
    example = bpv.examples["imperial-tanh-net"]
    timeline = bpv.record(example.graph, example.point, mode="forward", direction={"x": 1})
    state = timeline.state(len(timeline))
    assert float(state.tangents["x5"]) == pytest.approx(-0.2859380988002933, rel=1e-12)
    assert timeline.narrate(6).sentence == "x2 = 0.964 moves at the rate x2\u0307 = 0.07065·2 = 0.1413."


def test_conventions_are_told_where_they_bite():
    tie = bpv.record(bpv.parse("max(x, z)"), x=1, z=1)
    assert any("tie" in note for note in tie.narrate(3).notes)
    assert not any("tie" in note for note in bpv.record(bpv.parse("max(x, z)"), x=1, z=2).narrate(3).notes)
    kink = bpv.record(bpv.parse("relu(x)"), x=0)
    assert any("slope 0 at the kink" in note for note in kink.narrate(2).notes)
    broken = bpv.record(bpv.parse("ln(x)*z"), x=-1, z=2)
    assert any("first leave the finite numbers" in note for note in broken.narrate(3).notes)


def lines_of(timeline):
    return [(told, note) for k in range(len(timeline) + 1) for told in [timeline.narrate(k)] for note in told.notes]


def test_gradients_leave_the_finite_numbers_where_they_do_and_nowhere_else():
    calm = bpv.record(bpv.trace(lambda w, x: np.sum(np.tanh(w @ x)) ** 2), w=np.ones((2, 3)), x=np.ones(3))
    assert not [note for _, note in lines_of(calm) if "finite" in note or ("small h: " in note and "[" in note)]
    with np.errstate(all="ignore"):
        wild = bpv.record(bpv.trace(lambda x: np.sum(np.sqrt(x))), x=np.array([0.0, 1.0]))
        summed = bpv.record(bpv.trace(lambda x: np.sum(np.exp(x))), x=np.array([800.0, 1.0]))
    assert [note for _, note in lines_of(wild) if "finite" in note] == [
        "Here gradients leave the finite numbers: the local gradient of a is [∞, 0.5]."
    ]
    assert any("first leave the finite numbers at a = [∞, 2.718]" in note for _, note in lines_of(summed))


def test_a_name_is_written_in_one_way():
    graph = bpv.parse("alpha*w_in + _ + rate_x")
    expression = graph.expression(style="latex")
    timeline = bpv.record(graph, {"alpha": 1, "w_in": 2, "_": 3, "rate_x": 4})
    told = " ".join(timeline.narrate(k).latex for k in range(len(timeline) + 1))
    for name in (r"\alpha", r"w_{\mathrm{in}}", r"\mathrm{\_}", r"\mathrm{rate}_{x}"):
        assert name in expression
        assert name in told
        assert name in timeline.table().to_latex()
    assert r"g_{_}" not in told


def test_a_step_that_does_not_exist_is_named():
    timeline = bpv.record(bpv.parse("x*y"), x=1, y=2)
    with pytest.raises(IndexError, match="steps 0 to 6"):
        timeline.narrate(7)
    with pytest.raises(InputError, match="'reverse' or 'forward'"):
        bpv.record(bpv.parse("x"), mode="sideways", x=1)
    with pytest.raises(InputError, match="notation"):
        timeline.narrate(1, "grad")


def test_json_holds_positions_only():
    plain = json.loads(bpv.record(bpv.parse("x*x"), x=3).to_json())
    assert plain[-1] == {"phase": "backward", "records": [["propagate", 1, 1], ["accumulate", 1, 1], ["settle", 0]]}


def test_the_trace_table_lists_every_node():
    table = bpv.record(bpv.parse("a = x*y; f = a + 2"), x=-3, y=2).table()
    assert [row.node for row in table.rows] == ["x", "y", "2", "a", "f"]
    assert "| 3 | a | x·y | −6 | 2, −3 | 1 |" in table.to_markdown()
    assert r"$x_" not in table.to_latex()
    assert table.to_latex().startswith(r"\begin{tabular}")


def test_a_gate_of_constants_alone_does_not_move():
    timeline = bpv.record("2*pi*x", x=3, mode="forward")
    told = timeline.narrate(2)
    assert (told.sentence, told.equation) == ("a = 6.283 depends on no input, so a\u0307 = 0.", "a\u0307 = 0")
