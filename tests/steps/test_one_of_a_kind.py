"""Where there is one of something, sentences and names say so: no "1 edges"."""

from __future__ import annotations

import re

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.charts.mistake_chart import mistake_figure
from backpropviz.errors import BackpropvizError
from backpropviz.learn.diagnosis import diagnose

MANY_OF_ONE = re.compile(r"(?<![\w.,×=−-])1 (?:[a-z]+ )?(?!is\b|has\b|was\b|does\b)[a-z]+s\b")


def told(timeline):
    sentences = [str(timeline.narrate(k).sentence) for k in range(len(timeline) + 1)]
    return "\n".join([repr(timeline), timeline.describe(0), *sentences])


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize("text", ["x", "exp(x)", "x + 3", "x*x", "x*x*x"])
def test_a_run_of_one_node_or_edge(text, mode):
    timeline = bpv.record(bpv.parse(text), x=2, mode=mode)
    assert not MANY_OF_ONE.findall(told(timeline))


def test_the_start_counts_nodes_and_edges():
    start = "The forward sweep will give a value to each node, 2 in all; then the backward sweep sends gradients back"
    assert bpv.record(bpv.parse("exp(x)"), x=2).narrate(0).sentence == f"{start} along 1 edge."
    start = start.replace("2 in all", "3 in all")
    assert bpv.record(bpv.parse("x*z"), x=2, z=3).narrate(0).sentence == f"{start} along 2 edges."


def one_row():
    graph = bpv.trace(lambda x, w: np.sum(x @ w))
    return told(bpv.record(graph, x=np.ones((1, 2)), w=np.ones(2)))


def one_weight():
    explorer = bpv.explore(bpv.parse("a = exp(w*x); a + 1").collapse(["a"]), w=2, x=3)
    scene = str(explorer.spec)
    explorer.close()
    return scene


def one_epoch():
    records = list(bpv.fit(bpv.MLP([1, 1, 1], seed=0), ([[1.0]], [1.0]), epochs=1))
    return repr(bpv.History(records))


def one_example():
    start = {"W1": [[1.0, 1.0]], "b1": [-9.0, 0.0], "W2": np.ones((2, 1)), "b2": [0.0]}
    training = bpv.Training(bpv.MLP((1, 2, 1), "relu", parameters=start), ([[0.5]], [0.0]))
    return "\n".join(finding.text for finding in diagnose(training, training.measure()))


def one_sheet_and_answer():
    (bars,) = mistake_figure({"a sign": (1, 1)}, 1).data
    return bars.hovertemplate.replace("%{customdata}", str(bars.customdata[0]))


@pytest.mark.parametrize("said", [one_row, one_weight, one_epoch, one_example, one_sheet_and_answer])
def test_what_is_shown(said):
    assert not MANY_OF_ONE.findall(said())


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: bpv.MLP([1, 2, 2, 1], activation=["tanh"]),
        lambda: bpv.Training(bpv.MLP([1, 2, 1]), ([[1.0]], [1.0, 2.0])),
        lambda: bpv.MLP([1, 2, 1]).run(np.ones((3, 4))),
        lambda: bpv.Training(bpv.MLP([1, 2, 1]), ([[1.0]], [1.0]), batch_size=2),
        lambda: bpv.trace(lambda x: np.sum(np.reshape(x, (2,)))).evaluate(x=np.ones(1)),
    ],
)
def test_what_is_refused(wrong):
    with pytest.raises((BackpropvizError, TypeError)) as refused:
        wrong()
    assert not MANY_OF_ONE.findall(str(refused.value))
    assert re.search(r"\b1 [a-z]+", str(refused.value))
