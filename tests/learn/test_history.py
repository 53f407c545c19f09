"""Histories: collected, saved and read to the bit; files that are damaged."""

from __future__ import annotations

import json

import networkx as nx
import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import HistoryError

MOONS = bpv.datasets.moons(40)


@pytest.fixture
def history():
    mlp = bpv.MLP((2, 5, 3, 1), ("relu", "tanh"), output="sigmoid", l2=0.01)
    return bpv.History.collect(bpv.fit(mlp, MOONS, epochs=4, validation=MOONS))


def test_collected(history):
    assert [record.epoch for record in history] == history.column("epoch") == [1, 2, 3, 4]
    assert history.network is history[-1].network
    assert repr(history).startswith("History(4 epochs, loss ")
    with pytest.raises(HistoryError, match="learning_rate"):
        history.column("rate")


def test_saved_and_read_to_the_bit(history, tmp_path):
    path = tmp_path / "run.json"
    history.save(path)
    again = bpv.History.load(path)
    assert again.records == history.records
    for ours, theirs in zip(again, history, strict=True):
        assert ours.seconds == theirs.seconds
        for name, value in theirs.parameters.items():
            np.testing.assert_array_equal(ours.parameters[name], value)
    np.testing.assert_array_equal(again.network.predict(MOONS.features), history.network.predict(MOONS.features))
    assert repr(again.network) == repr(history.network)
    assert [item.name for item in tmp_path.iterdir()] == ["run.json"]


def test_files_from_before_the_penalty_was_told(history, tmp_path):
    path = tmp_path / "run.json"
    history.save(path)
    whole = json.loads(path.read_text(encoding="utf-8"))
    for row in whole["records"]:
        del row["penalty"]
    path.write_text(json.dumps(whole), encoding="utf-8")
    again = bpv.History.load(path)
    assert [record.penalty for record in again] == pytest.approx(history.column("penalty"))
    assert all(record.penalty > 0 for record in again)


def test_the_curve_is_the_loss_of_the_examples(history):
    drawn = history.figure().data
    np.testing.assert_array_equal(drawn[0].y, history.column("misfit"))
    np.testing.assert_array_equal(drawn[1].y, [record.validation_misfit for record in history])


def test_without_snapshots(history, tmp_path):
    path = tmp_path / "run.json"
    history.save(path, snapshots=False)
    again = bpv.History.load(path)
    assert again[0].network is None
    assert again[0].parameters == {}
    np.testing.assert_array_equal(again.network.parameters["W2"], history.network.parameters["W2"])


def test_units_are_saved_too(tmp_path):
    wiring = nx.DiGraph([("x1", "h"), ("x2", "h"), ("x1", "out"), ("h", "out")])
    wiring.nodes["h"]["activation"] = "relu"
    history = bpv.History.collect(bpv.fit(bpv.UnitNetwork(wiring, output="sigmoid"), MOONS, epochs=2))
    history.save(tmp_path / "run.json")
    again = bpv.History.load(tmp_path / "run.json")
    np.testing.assert_array_equal(again.network.predict(MOONS.features), history.network.predict(MOONS.features))


def test_divergence_keeps_what_came_before(tmp_path):
    mlp = bpv.MLP((1, 1), seed=0)
    rates = bpv.schedules.StepDecay(0.1, every=2, factor=1e8)
    history = bpv.History.collect(bpv.fit(mlp, bpv.datasets.line(), bpv.SGD(rates), epochs=10))
    assert len(history) in {2, 3}
    assert "diverged" in history.divergence
    assert "diverged" in repr(history)
    history.save(tmp_path / "run.json")
    assert bpv.History.load(tmp_path / "run.json").divergence == history.divergence


def test_nothing_trained():
    empty = bpv.History.collect(bpv.fit(bpv.MLP((2, 1)), MOONS, epochs=0))
    assert repr(empty) == "History(no epochs)"
    with pytest.raises(HistoryError, match="No epoch"):
        _ = empty.network


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda _text: "",
        lambda _text: "[1, 2]",
        lambda _text: '{"format": "something else"}',
        lambda text: text.replace('"version": 1', '"version": 99'),
        lambda text: text.replace('"loss": ', '"loss": "x", "was": ', 1),
        lambda text: text.replace('"epoch": 1', '"epoch": 1.5'),
        lambda text: text.replace('"epoch": 1,', ""),
        lambda text: text.replace('"kind": "MLP"', '"kind": "CNN"', 1),
        lambda text: text.replace('"sizes": [2, 5, 3, 1]', '"sizes": [2, 5, 3]', 1),
        lambda text: text.replace('"gradient_norms": {', '"gradient_norms": [], "was": {', 1),
        lambda text: text.replace('"records": [', '"records": [7, ', 1),
        lambda text: json.dumps({**json.loads(text), "records": None}),
    ],
)
def test_damaged_files(history, tmp_path, damage):
    path = tmp_path / "run.json"
    history.save(path)
    damaged = damage(path.read_text(encoding="utf-8"))
    path.write_text(damaged, encoding="utf-8")
    with pytest.raises(HistoryError, match=r"run\.json"):
        bpv.History.load(path)
    assert path.read_text(encoding="utf-8") == damaged


def test_it_draws_losses_and_accuracies(history):
    figure = history.figure(log_scale=True)
    assert [trace.name for trace in figure.data] == [
        *("training", "held out", "accuracy, training", "accuracy, held out"),
    ]
    assert list(figure.data[0].y) == history.column("misfit")
    assert list(figure.data[3].y) == history.column("validation_accuracy")
    assert [trace.line.color for trace in figure.data] == ["#0b63a5", "#c2410c"] * 2
    assert figure.layout.yaxis.type == "log"
    assert not figure.layout.showlegend
    assert [label.text for label in figure.layout.annotations] == ["training", "held out"] * 2


def test_what_is_fitted_has_no_accuracy():
    history = bpv.History.collect(bpv.fit(bpv.MLP((1, 2, 1)), bpv.datasets.sine(), epochs=3))
    assert [trace.name for trace in history.figure().data] == ["training"]


@pytest.mark.parametrize("log_scale", [False, True])
def test_one_epoch_is_a_point_and_none_are_empty_axes(history, log_scale):
    one = bpv.History(history.records[:1]).figure(log_scale=log_scale)
    assert {trace.mode for trace in one.data} == {"markers"}
    none = bpv.History(()).figure(log_scale=log_scale)
    assert [len(trace.x) for trace in none.data] == [0]
    assert not any(label.visible for label in none.layout.annotations)


def test_bytes_that_are_no_text(tmp_path):
    path = tmp_path / "run.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(HistoryError):
        bpv.History.load(path)
