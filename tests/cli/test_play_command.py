"""The play command: a page in which a network learns, and what it says."""

from __future__ import annotations

import pytest

import backpropviz as bpv
from backpropviz.cli import main


def test_it_writes_the_page_of_the_playground(tmp_path, capsys):
    target = tmp_path / "play.html"
    assert main(["play", "2-8-1", "--data", "moons", "-o", str(target)]) == 0
    made = bpv.playground(bpv.MLP((2, 8, 1), output="sigmoid"), bpv.datasets.moons(), bpv.SGD(), batch_size=10)
    assert target.read_text(encoding="utf-8") == made.to_html()
    assert "Wrote" in capsys.readouterr().out


def test_its_options_reach_the_page(tmp_path):
    target = tmp_path / "play.html"
    options = ["--activation", "relu", "--optimizer", "adam", "--learning-rate", "0.01", "--batch-size", "20"]
    more = ["--l2", "0.1", "--seed", "3", "--title", "A <title>", "--theme", "dark", "--landscape"]
    assert main(["play", "2-6-3", "--data", "blobs", *options, *more, "-o", str(target)]) == 0
    network = bpv.MLP((2, 6, 3), "relu", "softmax", l2=0.1, seed=3)
    settings = {"batch_size": 20, "seed": 3, "theme": "dark", "landscape": True}
    made = bpv.playground(network, bpv.datasets.blobs(seed=3), bpv.Adam(0.01), **settings)
    assert target.read_text(encoding="utf-8") == made.to_html(title="A <title>")


@pytest.mark.parametrize(("targets", "output"), [("0 1 1 0", "sigmoid"), ("0.5 1.5 2 1", "identity")])
def test_a_table_of_ones_own(tmp_path, targets, output):
    table, target = tmp_path / "table.csv", tmp_path / "play.html"
    rows = [f"{place / 3},{place % 2},{each}" for place, each in enumerate(targets.split())]
    table.write_text("a,b,y\n" + "\n".join(rows), encoding="utf-8")
    assert main(["play", "2-3-1", "--csv", str(table), "-o", str(target)]) == 0
    made = bpv.playground(bpv.MLP((2, 3, 1), output=output), bpv.datasets.csv(table), bpv.SGD(), batch_size=3)
    assert target.read_text(encoding="utf-8") == made.to_html()


def test_a_table_as_spreadsheets_of_much_of_europe_write_it(tmp_path):
    table, target = tmp_path / "table.csv", tmp_path / "play.html"
    table.write_text("größe;y\n0,5;1,25\n-1,5;2,5\n", encoding="latin-1")
    reading = {"delimiter": ";", "decimal": ",", "encoding": "latin-1"}
    options = [f"--{name}={value}" for name, value in reading.items()]
    assert main(["play", "1-3-1", "--csv", str(table), *options, "-o", str(target)]) == 0
    made = bpv.playground(bpv.MLP((1, 3, 1)), bpv.datasets.csv(table, **reading), bpv.SGD(), batch_size=2)
    assert target.read_text(encoding="utf-8") == made.to_html()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["2-8-1", "--data", "moon"], "Did you mean 'moons'?"),
        (["2x8x1"], "not a list of sizes"),
        (["3-8-1"], "X has 2 features"),
        (["2-8-1", "--activation", "tan"], "Unknown activation 'tan'"),
        (["2-8-1", "--learning-rate", "-1"], "A learning rate is a number, 0 or more"),
        (["2-8-1", "--csv", "missing.csv"], "There is no file"),
        (["2-1000-1000-1"], "a page trains up to 1000000"),
        (["2-8-1", "--seed", str(2**53)], "whole number up to"),
        (["2-8-1", "--data", "mine.csv"], "--csv mine.csv"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_written(tmp_path, monkeypatch, capsys, arguments, told):
    monkeypatch.chdir(tmp_path)
    assert main(["play", *arguments]) == 1
    assert told in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
