"""What is closed is gone, and what lives on does not grow."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest
from ipywidgets.widgets import widget as registry
from kernel_loop import receive

import backpropviz as bpv

pytestmark = pytest.mark.no_cover  # its limits are of time and memory

TEXT = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"
EVENTS = 20_000
MOST_GROWTH = 10_000_000
TWENTY_THOUSAND = f"""
import gc, resource, sys
from kernel_loop import receive_all
import backpropviz as bpv

explorer = bpv.explore({TEXT!r}, x=2, z=3)
nodes = explorer.graph.nodes

def events(count):
    for k in range(count):
        yield (
            {{"inputs": {{"x": 1.5 + k / count, "z": 3.0}}}},
            {{"step": k % (explorer.last_step + 1)}},
            {{"selected": nodes[k % len(nodes)]}},
            {{"playing": k % 8 == 3, "speed": 1.0 + k % 3}},
        )[k % 4]

def peak():
    gc.collect()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

receive_all(explorer, events(400))
explorer.gradient()
before = peak()
receive_all(explorer, events({EVENTS}))
explorer.gradient()
print(peak() - before)
"""


def build_expression():
    return bpv.explore(TEXT, x=2, z=3), {"x": 2.5}


def build_arrays():
    return bpv.explore(lambda w, t: np.sum(np.tanh(w) * t), w=np.eye(3), t=1.0), {"t": 2.0}


@pytest.mark.parametrize(("build", "cycles"), [(build_expression, 60), (build_arrays, 20)])
def test_explorers_come_and_go(build, cycles):
    build()[0].close()  # what is made once for all is made now
    gc.collect()
    before = len(registry._instances)
    alive = []
    for cycle in range(cycles):
        explorer, change = build()
        explorer.observe(lambda _change: None, "step")
        receive(explorer, {"step": 3, "selected": explorer.graph.output})
        receive(explorer, {"inputs": {**explorer.inputs, **change}})
        alive += [weakref.ref(explorer), weakref.ref(explorer.layout)]
        explorer.close()
        assert len(registry._instances) == before, cycle
    del explorer
    gc.collect()
    assert [each for each in alive if each() is not None] == []


def test_twenty_thousand_events_leave_nothing_behind():
    # In a process of its own: there, nothing that was freed before hides what is kept.
    command = [sys.executable, "-c", TWENTY_THOUSAND]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < MOST_GROWTH


def test_expressions_typed_one_after_the_other_replace_each_other():
    explorer, _ = build_expression()
    former = []
    for k in range(2, 52):
        former.append(weakref.ref(explorer.run))
        explorer._handle_custom_msg({"kind": "expression", "text": f"exp(x*{k}) + z/{k}"}, [])
        assert explorer.message == {}
    gc.collect()
    assert explorer.graph.program() == "a = x*51; b = z/51; c = exp(a); y = c + b"
    assert [each for each in former if each() is not None] == []
    explorer.close()
