"""What a trainer sends to its page, and what it waits for."""

from __future__ import annotations

import numpy as np
import pytest
from trainer_runs import from_page, run

import backpropviz as bpv


def test_pictures_wait_for_the_page_when_four_are_not_painted(trainer):
    run(trainer, 0.6)
    # Four while it trained, of which none was painted, and one at once when it stopped.
    assert [content["running"] for content, _ in trainer.frames] == [True] * 4 + [False]
    assert trainer.frames[4][0]["steps"] == trainer.training.steps
    trainer.example = 3
    assert len(trainer.frames) == 5
    from_page(trainer, kind="painted", number=1)
    assert len(trainer.frames) == 5 + 1  # what was asked for meanwhile is sent at the first answer
    trainer.example = 4
    assert len(trainer.frames) == 6
    from_page(trainer, kind="painted", number=6)
    assert len(trainer.frames) == 7


def test_a_run_that_begins_anew_does_not_wait_for_pictures_of_the_last(trainer):
    run(trainer, 0.6)
    assert len(trainer.frames) == 5
    trainer.reset()  # the page drops what belongs to the old run, without an answer
    assert len(trainer.frames) == 6
    assert trainer.frames[5][0]["round"] == trainer.frames[4][0]["round"] + 1


def test_the_curve_travels_with_the_numbers_and_ends_where_the_run_stands(trainer):
    run(trainer, 0.6, lambda: from_page(trainer, kind="painted", number=len(trainer.frames)))
    sent = [parts["losses"] for _, parts in trainer.frames if "losses" in parts]
    assert len(sent) > 1
    assert [len(curve) for curve in sent] == sorted(len(curve) for curve in sent)
    last = trainer.curve[-1]
    assert sent[-1][-1] == pytest.approx((last.epoch, last.loss, last.validation_loss), rel=1e-6)
    assert sent[-1].dtype == np.float32
    assert sent[-1].nbytes <= 600 * 3 * 4


def test_a_run_without_held_out_examples_says_so_in_its_curve():
    made = bpv.train(bpv.MLP((2, 3, 1), output="sigmoid"), bpv.datasets.moons(), held_out=0)
    made.run_epoch()
    curve = made._show.curves.numbers()
    assert np.isfinite(curve[:, :2]).all()
    assert np.isnan(curve[:, 2]).all()
    made.close()


def test_what_is_set_on_the_way_is_marked_once(trainer):
    trainer.learning_rate = 0.2  # before the run: nothing to mark
    for _ in range(3):
        trainer.run_epoch()
    for rate in (0.21, 0.3, 0.5):  # a slider on its way
        trainer.learning_rate = rate
    trainer.run_epoch()
    trainer.batch_size = 8
    assert trainer._show.curves.changes == [(3.0, "learning_rate", 0.5), (4.0, "batch_size", 8)]
    assert trainer.frames[-1][0]["changes"] == trainer._show.curves.changes


def test_earlier_runs_stay_behind_the_present_one(trainer):
    assert trainer.earlier == []
    for _ in range(4):
        trainer.run_epoch()
        trainer.reset()
    assert len(trainer.earlier) == 3
    assert [epoch for epoch, _ in trainer.earlier[-1]] == [0.0, 1.0]
    trainer.hidden = [5]  # another structure, the same task
    assert len(trainer.earlier) == 3


def test_numbers_and_details_come_with_some_pictures_only(trainer):
    def paint():
        from_page(trainer, kind="painted", number=len(trainer.frames))

    for _ in range(6):
        run(trainer, 0.12, paint)
    pictures = [set(parts) for _, parts in trainer.frames]
    assert all("heat" in parts for parts in pictures)
    assert {"weights" in parts for parts in pictures} == {True, False}
    assert "weights" in pictures[-1]  # what stands still is shown whole


def test_the_line_between_classes_can_be_drawn_between_grid_points():
    made = bpv.train(bpv.MLP((2, 1), output="sigmoid"), bpv.datasets.moons())
    for source, value in ((0, 90.0), (1, 30.0), (-1, 12.0)):  # so steep that probabilities jump between grid points
        made.set_weight(1, source, 0, value)
    across, up = (np.linspace(*axis, 50) for axis in made._show.plan.axes)
    heat = made._show._pictures.picture(made.training, 0)["heat"].astype(np.float64) - 127.5
    heat *= np.abs(heat)  # bytes hold roots of log-odds
    crossed = 0
    for y, row in zip(up, heat, strict=True):
        for at in np.flatnonzero(row[:-1] * row[1:] < 0):
            found = across[at] + (across[at + 1] - across[at]) * row[at] / (row[at] - row[at + 1])
            assert found == pytest.approx(-(30.0 * y + 12.0) / 90.0, abs=0.04 * (across[1] - across[0]))
            crossed += 1
    assert crossed > 30
    made.close()
