"""A run that is kept while it trains: the same records as those of fit, however it is sliced, in bounded memory."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import DivergenceError
from backpropviz.learn import recorder as kept
from backpropviz.learn.recorder import Recorder

TRAINED, HELD = bpv.datasets.moons(60).split(0.25, 0)
RATE = bpv.schedules.Cosine(0.5, epochs=20)


def network(**settings):
    return bpv.MLP((2, 4, 3, 1), ("relu", "tanh"), output="sigmoid", l2=0.01, **settings)


def training(optimizer=None):
    return bpv.Training(network(), TRAINED, optimizer or bpv.SGD(RATE), batch_size=10, validation=HELD)


@pytest.mark.parametrize("slices", [[1] * 60, [5] * 12, [7, 13, 40], [60]])
def test_the_same_records_as_those_of_fit(slices):
    expected = bpv.History.collect(
        bpv.fit(network(), TRAINED, bpv.SGD(RATE), epochs=12, batch_size=10, validation=HELD)
    )
    recorder = Recorder(training())
    for count in slices:
        recorder.step(count)
    history = recorder.history
    assert history.records == expected.records
    for ours, theirs in zip(history, expected, strict=True):
        assert all(np.array_equal(ours.parameters[name], value) for name, value in theirs.parameters.items())
    assert history.records[3] is recorder.history.records[3]  # worked out once


def test_the_start_is_the_network_before_the_first_step():
    recorder = Recorder(training())
    recorder.step(5)
    assert all(np.array_equal(recorder.start.parameters[name], value) for name, value in network().parameters.items())


def test_a_long_run_is_thinned_evenly_and_ends_with_its_last_epoch(monkeypatch):
    monkeypatch.setattr(kept, "_MOST", 20)
    recorder = Recorder(training())
    for _ in range(103):
        recorder.step(5, last=103)
    epochs = recorder.history.column("epoch")
    assert len(epochs) <= 21
    assert epochs[-1] == 103
    assert set(np.diff(epochs[:-1])) == {8}


def test_large_networks_keep_fewer_epochs(monkeypatch):
    monkeypatch.setattr("backpropviz.learn.recorder._MEMORY", 4_800_000)  # as of a network ten times as large
    features = np.random.default_rng(0).normal(size=(10, 300))
    recorder = Recorder(bpv.Training(bpv.MLP((300, 30, 1)), (features, features[:, 0]), batch_size="all"))
    recorder.step(60)
    numbers = 300 * 30 + 30 + 30 + 1
    assert 10 <= len(recorder.history) <= 4_800_000 // (24 * numbers) + 1


def test_divergence_keeps_what_came_before_and_says_why():
    recorder = Recorder(training(bpv.SGD(bpv.schedules.StepDecay(0.1, every=2, factor=1e12))))
    with pytest.raises(DivergenceError) as fault:
        recorder.step(100)
    history = recorder.history
    assert history.divergence == str(fault.value)
    assert 2 <= len(history) <= 3
    assert all(np.isfinite(record.loss) for record in history)


def test_a_run_that_is_set_back_forgets_what_came_after():
    run = training()
    recorder = Recorder(run)
    recorder.step(15)
    early = run.snapshot()
    recorder.step(25)
    run.restore(early)
    recorder.step(5)
    assert recorder.history.column("epoch") == [1, 2, 3, 4]


def test_the_penalty_of_its_time_is_in_the_loss():
    run = training()
    recorder = Recorder(run)
    recorder.step(5)
    run.l2 = 0.0
    recorder.step(5)
    first, second = recorder.history
    assert first.network.l2 == 0.01
    assert second.network.l2 == 0.0
    weights = sum(float(np.sum(first.parameters[name] ** 2)) for name in first.network.penalised)
    bare = first.network.with_l2(0.0)
    assert first.loss == pytest.approx(bpv.Training(bare, TRAINED).measure().loss + 0.005 * weights)
