"""What the package makes crosses to other processes and is copied, and tells what it is."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz import errors

GRAPH = bpv.parse("x*z + exp(x)")
CLOSED = bpv.parse("v = x + y; f = x/v").collapse(["v", "f"])
TRACED = bpv.trace(lambda x, w: np.tanh(x @ w).sum(), "X", "W")


def again(value):
    return pickle.loads(pickle.dumps(value))  # noqa: S301  our own bytes


@pytest.mark.parametrize("graph", [GRAPH, CLOSED, TRACED], ids=["numbers", "closed", "arrays"])
def test_a_graph_is_the_same_graph_elsewhere(graph):
    graph.memory["a plan"] = lambda: None  # as those that are kept
    assert again(graph) == graph
    assert again(graph).program() == graph.program()
    assert copy.deepcopy(graph) is copy.copy(graph) is graph


def test_runs_and_what_is_read_from_them_travel():
    tape = CLOSED.evaluate(x=1, y=2)
    assert dict(again(tape).reverse()) == dict(tape.reverse()) == dict(again(tape.reverse()))
    assert dict(copy.deepcopy(tape).primals) == dict(tape.primals)
    assert again(GRAPH.compile())(x=1.0, z=2.0) == GRAPH.compile()(x=1.0, z=2.0)
    timeline = bpv.record(GRAPH, x=1, z=2)
    assert again(timeline).narrate(9) == timeline.narrate(9)
    assert str(again(bpv.symbolic("x*y", "x"))) == "y"


def test_an_operation_is_pickled_by_its_name():
    sine = bpv.ops.REGISTRY["sin"]
    assert again(sine) is copy.deepcopy(sine) is sine
    unknown = pickle.dumps(sine).replace(b"sin", b"six")
    with pytest.raises(errors.InputError, match="no operation 'six' here"):
        pickle.loads(unknown)  # noqa: S301  our own bytes


# In its own process: once dask is imported, as other tests do, tblib pickles tracebacks with all that they lead to.
SENT = """
import pickle, sys
import backpropviz as bpv
from backpropviz import errors
try:
    bpv.parse("2x")
except errors.ExpressionError as fault:
    unread = fault
diverged = errors.DivergenceError("It grew.", step=3, epoch=1, node="loss", learning_rate=9.0)
missing = errors.NodeNotFoundError("No node.", node="q", expected=("x",))
faults = unread, diverged, missing, errors.DatasetError("Row.", row=2), errors.ExportError("No.")
sys.stdout.buffer.write(pickle.dumps([(fault, type(fault), str(fault), vars(fault)) for fault in faults]))
"""


def test_every_error_arrives_from_another_process_with_its_facts():
    sent = subprocess.run([sys.executable, "-c", SENT], capture_output=True, check=True).stdout
    for arrived, kind, text, facts in pickle.loads(sent):  # noqa: S301  our own bytes
        assert type(arrived) is kind
        assert str(arrived) == text
        assert vars(arrived) == facts


def test_examples_are_compared_as_a_whole():
    moons = bpv.datasets.moons(10)
    assert again(moons) == moons
    assert moons != bpv.datasets.moons(10, seed=5)
    assert moons != 3


def test_what_is_shown_in_a_cell_says_what_it_is():
    assert repr(GRAPH.evaluate(x=0, z=2)) == "<Tape of <Graph y(x, z) with 3 operations>, value 1.0>"
    assert "value of shape (2,)" in repr(GRAPH.evaluate(x=[0, 1], z=2))
    assert repr(bpv.Training(bpv.MLP((2, 1)), bpv.datasets.moons(10))).endswith("at step 0>")
    assert len(repr(bpv.error_curve("exp(x)", "x", x=1))) < 100
