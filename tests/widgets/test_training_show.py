"""What a trainer sends to its page, and what it waits for."""

from __future__ import annotations

import numpy as np
import pytest
from trainer_runs import from_page, run

import backpropviz as bpv
from backpropviz.widgets.live_chart import _quiet_widget


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


@pytest.fixture
def curves_shown(trainer, monkeypatch):
    """The last picture sent before each update of the curves."""
    shown = []
    monkeypatch.setattr(type(trainer._show.chart), "live", True)
    monkeypatch.setattr(trainer._show.chart, "show", lambda _curves, **_how: shown.append(trainer._show._number))
    return shown


@pytest.mark.parametrize("painted", [0, 1, 2])
def test_curves_wait_for_the_page_when_two_are_not_painted(trainer, curves_shown, painted):
    run(trainer, 0.6)
    assert len(curves_shown) == 2
    if painted:
        from_page(trainer, kind="painted", number=curves_shown[painted - 1] + 1)
    run(trainer, 0.6)
    assert len(curves_shown) == 2 + painted


def test_last_curves_come_when_the_page_shows_that_the_run_stands_still(trainer, curves_shown):
    run(trainer, 0.2)
    stopped = trainer._show._number
    before = len(curves_shown)
    from_page(trainer, kind="painted", number=stopped - 1)
    assert len(curves_shown) == before
    from_page(trainer, kind="painted", number=stopped)
    from_page(trainer, kind="painted", number=stopped)
    assert len(curves_shown) == before + 1


def test_the_chart_does_not_number_its_updates_for_the_page():
    made = _quiet_widget()()
    assert not {"_last_layout_edit_id", "_last_trace_edit_id"} & set(made.get_state())
    assert "_py2js_update" in made.get_state()
    made.close()


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
    crossed = 0
    for y, row in zip(up, heat, strict=True):
        for at in np.flatnonzero(row[:-1] * row[1:] < 0):
            found = across[at] + (across[at + 1] - across[at]) * row[at] / (row[at] - row[at + 1])
            assert found == pytest.approx(-(30.0 * y + 12.0) / 90.0, abs=0.04 * (across[1] - across[0]))
            crossed += 1
    assert crossed > 30
    made.close()
