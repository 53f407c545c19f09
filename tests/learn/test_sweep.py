"""Sweeps: the same results wherever they run."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

import backpropviz as bpv
from backpropviz.errors import DatasetError, InputError

MOONS = bpv.datasets.moons(40)
SETTINGS = {"sizes": [(2, 3, 1), (2, 4, 4, 1)], "learning_rates": [0.1, 1e7], "seeds": [0, 1], "epochs": 3}
MLP = bpv.MLP((2, 3, 1), output="sigmoid")


@pytest.fixture(scope="module")
def runs():
    with ThreadPoolExecutor(2) as pool:
        return bpv.sweep(MLP, MOONS, executor=pool, batch_size=10, validation=MOONS, **SETTINGS)


def test_one_run_per_combination_in_order(runs):
    assert [(trial.sizes, trial.learning_rate, trial.seed) for trial in runs] == [
        (sizes, rate, seed) for sizes in SETTINGS["sizes"] for rate in (0.1, 1e7) for seed in (0, 1)
    ]
    assert len({trial.label for trial in runs}) == len(runs) == 8


def test_each_run_is_that_of_fit(runs):
    trial = runs.trials[5]
    fresh = bpv.MLP(trial.sizes, output="sigmoid", seed=1)
    records = bpv.fit(fresh, MOONS, bpv.SGD(0.1), 3, 10, seed=1, validation=MOONS)
    assert trial.history.records == tuple(records)


def test_runs_that_diverge_are_kept(runs):
    diverged = [trial for trial in runs if trial.history.divergence]
    assert {trial.learning_rate for trial in diverged} == {1e7}
    assert runs.best() not in diverged
    assert runs.table().count("diverged") == len(diverged) > 0
    assert len(runs.curves()) == 8


def test_processes_give_the_same(runs):
    assert bpv.sweep(MLP, MOONS, batch_size=10, validation=MOONS, **SETTINGS) == runs


def test_dask_gives_the_same(runs):
    import distributed  # noqa: PLC0415  each process that finds the tests would wait for it

    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None, protocol="inproc"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        pool = client.get_executor()
        assert bpv.sweep(MLP, MOONS, batch_size=10, validation=MOONS, executor=pool, **SETTINGS) == runs


def test_restarts_end_in_different_minima():
    narrow = bpv.MLP((2, 2, 1), output="sigmoid")
    with ThreadPoolExecutor(2) as pool:
        runs = bpv.sweep(
            narrow,
            bpv.datasets.xor(),
            seeds=range(6),
            optimizer=bpv.SGD(1.0),
            epochs=800,
            batch_size="all",
            executor=pool,
        )
    accuracies = [trial.history[-1].accuracy for trial in runs]
    assert max(accuracies) == 1.0
    assert min(accuracies) < 1.0


def test_what_does_not_fit_is_said_before_anything_runs():
    with pytest.raises(DatasetError, match="network takes 3"):
        bpv.sweep(MLP, MOONS, sizes=[(2, 3, 1), (3, 3, 1)])
    with pytest.raises(InputError, match="at least one"):
        bpv.sweep(MLP, MOONS, seeds=[])
    with pytest.raises(InputError, match="batch_size"):
        bpv.sweep(MLP, MOONS, batch_size=0)
