"""A thousand changes in a tenth of a second: the last one counts, and few are computed."""

from __future__ import annotations

import time

import numpy as np
import pytest
from kernel_loop import receive_all, run_in_loop

import backpropviz as bpv
from backpropviz.ops import Elementwise, register, registry
from backpropviz.ops.roles import GATE
from backpropviz.steps import run as run_module
from backpropviz.widgets import explorer as explorer_module

pytestmark = pytest.mark.no_cover  # its limits are of time and memory

TEXT = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"
COUNT = 1_000


@pytest.fixture
def evaluated(monkeypatch):
    """Every run of a forward sweep, by its point."""
    points = []
    original = run_module.evaluate

    def counted(graph, point, inputs):
        points.append(dict(point))
        return original(graph, point, inputs)

    monkeypatch.setattr(run_module, "evaluate", counted)
    return points


@pytest.fixture
def told(monkeypatch):
    """How often the kernel has answered with numbers."""
    answers = []
    original = explorer_module.kernel_numbers

    def counted(timeline):
        answers.append(timeline)
        return original(timeline)

    monkeypatch.setattr(explorer_module, "kernel_numbers", counted)
    return answers


def test_a_scalar_graph_is_computed_when_its_numbers_are_asked_for(evaluated):
    explorer = bpv.explore(TEXT, x=2, z=3)
    assert explorer.last_step == 22
    evaluated.clear()
    receive_all(explorer, ({"inputs": {"x": 2 + k / COUNT, "z": 3.0}, "step": k % 23} for k in range(COUNT)))
    assert evaluated == []
    assert explorer.inputs == {"x": 2.999, "z": 3.0}
    assert explorer.gradient() == bpv.gradient(explorer.graph, x=2.999, z=3)
    assert len(evaluated) == 1
    explorer.close()


@pytest.fixture
def weighted():
    """A graph whose numbers come from the kernel: a rule of it branches on numbers, so it cannot travel to the page."""
    steep = register(
        Elementwise(
            name="steep",
            arity=1,
            value=lambda t: t if t > 0 else 0.0 * t,
            partials=lambda _out, t: (1.0 if t > 0 else 0.0,),
            formulas=("[x > 0]",),
            symbol="steep",
            role=GATE,
            latex="{0}",
        )
    )
    yield lambda w, x, t: np.sum(np.tanh(w @ x) * steep(t))
    registry._all.pop("steep")


def test_an_array_graph_is_answered_a_few_times_and_at_last_with_the_last_numbers(weighted, evaluated, told):
    point = {"w": np.eye(3), "x": np.array([1.0, 2.0, 3.0])}
    explorer = bpv.explore(weighted, **point, t=1.0)
    evaluated.clear()
    told.clear()
    took = receive_all(explorer, ({"inputs": {**explorer.inputs, "t": 1 + k / COUNT}} for k in range(COUNT)))
    assert len(told) <= 2 + took / 0.02
    assert len(evaluated) == len(told) < COUNT / 20
    expected = bpv.gradient(explorer.graph, **point, t=1.999)
    assert explorer.gradient()["t"] == expected["t"]
    at = str(explorer.graph.nodes.index("t"))
    assert explorer.numbers["primals"][at] == 1.999
    assert explorer.numbers["adjoints"][at] == pytest.approx(float(expected["t"]), rel=1e-15)
    explorer.close()


def test_a_slow_graph_leaves_time_to_read_what_else_has_come(weighted, told, monkeypatch):
    quick = explorer_module.kernel_numbers

    def slower(timeline):
        time.sleep(0.02)  # as long as the prototype took that needed 25 s for a thousand messages
        return quick(timeline)

    monkeypatch.setattr(explorer_module, "kernel_numbers", slower)
    explorer = bpv.explore(weighted, w=np.eye(3), x=np.ones(3), t=1.0)
    told.clear()
    receive_all(explorer, ({"inputs": {**explorer.inputs, "t": 1 + k / COUNT}} for k in range(COUNT)))
    assert len(told) < COUNT / 20
    assert explorer.numbers["primals"][str(explorer.graph.nodes.index("t"))] == 1.999
    explorer.close()


def test_a_closed_explorer_answers_no_more(weighted, told):
    explorer = bpv.explore(weighted, w=np.eye(3), x=np.ones(3), t=1.0)

    async def change_and_close():
        explorer.inputs = {"t": 2.0}
        explorer.close()

    told.clear()
    run_in_loop(change_and_close())
    assert told == []
