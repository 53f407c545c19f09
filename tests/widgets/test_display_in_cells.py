"""What a cell is given to show, and what becomes of it when the cell is run again."""

from __future__ import annotations

import asyncio
import gc
import sys
from html import unescape
from types import SimpleNamespace

import IPython
import IPython.display
import pytest
from IPython.core.events import EventManager

import backpropviz as bpv
from backpropviz.widgets import display, live_view, stage

EXHIBIT = "application/vnd.backpropviz.exhibit+json"


@pytest.fixture
def shown(monkeypatch):
    """Everything that is displayed, by MIME type."""
    bundles = []
    monkeypatch.setattr(IPython.display, "display", lambda bundle, **_options: bundles.append(bundle))
    return bundles


@pytest.fixture
def cell(monkeypatch):
    """A notebook's shell that says which cell runs."""
    parent = {"metadata": {"cellId": "one"}, "header": {"msg_id": "first run"}}
    monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(get_parent=lambda: parent))
    monkeypatch.setattr(live_view, "_by_cell", {})
    return parent


def test_a_widget_comes_with_a_picture_for_where_there_is_no_kernel(shown):
    explorer = bpv.explore("x*z", x=2, z=3)
    explorer._ipython_display_()
    widget, still, style = shown
    assert "application/vnd.jupyter.widget-view+json" in widget
    assert explorer.still_id in style["text/html"]
    assert style["text/plain"] == ""
    assert explorer.still_id == f"bpv-still-{explorer.model_id}"
    assert f"<svg id='{explorer.still_id}' " in still["image/svg+xml"]
    assert still["text/plain"] == repr(explorer)
    assert still[EXHIBIT]["graph"]
    explorer.close()


def test_in_colab_every_view_names_the_manager_of_widgets_that_shows_it(monkeypatch):
    """As its protocol asks; anywidget switches the manager on."""
    manager = SimpleNamespace(_installed_url="https://colab.test/manager.js")
    colab = SimpleNamespace(enable_custom_widget_manager=lambda: None, _widgets=manager)
    monkeypatch.setitem(sys.modules, "google.colab.output", colab)
    given = []
    monkeypatch.setattr(IPython.display, "display", lambda _bundle, metadata=None, **_: given.append(metadata))
    network, moons = bpv.MLP((2, 3, 1), output="sigmoid"), bpv.datasets.moons()
    views = [bpv.explore("x*z", x=2, z=3), bpv.exercise("x*z", x=2, z=3), bpv.train(network, moons)]
    for view in [*views, bpv.playground(network, moons)]:
        given.clear()
        view._ipython_display_()
        told = {"colab": {"custom_widget_manager": {"url": "https://colab.test/manager.js"}}}
        assert given[0] == {"application/vnd.jupyter.widget-view+json": told}
        view.close()


def test_a_trainer_says_what_to_do_where_there_is_no_kernel(shown):
    trainer = bpv.train(bpv.MLP((2, 3, 1), output="sigmoid"), bpv.datasets.moons())
    trainer._ipython_display_()
    widget, note = shown
    assert "application/vnd.jupyter.widget-view+json" in widget
    assert trainer.still_id == f"bpv-still-{trainer.model_id}"
    assert note["text/html"].startswith(f'<div id="{trainer.still_id}"><p>')
    assert "Run this cell" in note["text/html"]
    assert "Run this cell" in note["text/plain"]
    trainer.close()


def test_a_playground_leaves_what_is_set_now_as_a_page_in_the_same_place(shown, monkeypatch):
    put = []
    monkeypatch.setattr(IPython.display, "update_display", lambda bundle, **where: put.append((bundle, where)))
    monkeypatch.setattr(live_view, "_UNTIL_LEFT", 0.0)
    given = bpv.playground(bpv.MLP((2, 3, 1), output="sigmoid"), bpv.datasets.moons(), landscape=True)
    given._ipython_display_()

    async def choose():
        given.race = given.race | {"slice": "weights", "weights": [3, 1]}
        given.learning_rate = 0.25
        await asyncio.sleep(0.01)

    asyncio.run(choose())
    ((bundle, where),) = put
    assert where["display_id"] == given.still_id
    page = unescape(bundle["text/html"])
    assert '"weights":[3,1]' in page
    assert '"learning_rate":0.25' in page
    given.close()


def test_a_trainer_that_rests_leaves_its_run_as_a_page_in_the_same_place(shown, monkeypatch):
    put = []
    monkeypatch.setattr(IPython.display, "update_display", lambda bundle, **where: put.append((bundle, where)))
    trainer = bpv.train(bpv.MLP((2, 3, 1), output="sigmoid"), bpv.datasets.moons())
    trainer._ipython_display_()
    trainer.run_epoch()
    trainer._play_or_pause()
    ((bundle, where),) = put
    assert where["display_id"] == trainer.still_id
    assert "srcdoc=" in bundle["text/html"]
    assert 10_000 < len(bundle["text/html"]) < 300_000
    trainer.close()


def test_a_trainer_leaves_what_was_trained_by_steps_as_a_page_too(shown, monkeypatch):
    put = []
    monkeypatch.setattr(IPython.display, "update_display", lambda bundle, **_where: put.append(bundle["text/html"]))
    monkeypatch.setattr(live_view, "_UNTIL_LEFT", 0.0)
    trainer = bpv.train(bpv.MLP((2, 3, 1), output="sigmoid"), bpv.datasets.moons())
    trainer.run_epoch()
    trainer._ipython_display_()
    assert "srcdoc=" in shown[-1]["text/html"]

    async def change(how):
        how()
        await asyncio.sleep(0.01)

    asyncio.run(change(trainer.run_epoch))
    asyncio.run(change(trainer.reset))
    assert ["srcdoc=" in text for text in put] == [True, False]
    trainer.close()


def test_a_replay_leaves_a_page_and_a_large_one_a_sentence(shown, monkeypatch):
    trainer = bpv.train(bpv.MLP((2, 3, 1), output="sigmoid"), bpv.datasets.moons())
    trainer.run_epoch()
    replay = trainer.replay()
    replay._ipython_display_()
    monkeypatch.setattr(display, "_MOST_LEFT_BEHIND", 1_000)
    replay._ipython_display_()
    pages = [bundle["text/html"] for bundle in shown if "text/html" in bundle]
    assert ["srcdoc=" in page for page in pages] == [True, False]
    assert all(replay.still_id in page for page in pages)
    replay.close()
    trainer.close()


def test_an_exercise_leaves_a_picture_that_gives_no_answer_away(shown, monkeypatch):
    exercise = bpv.exercise("x*z", x=-3, z=2)
    exercise._ipython_display_()
    _, still, _ = shown
    assert ">−3<" in still["image/svg+xml"]
    assert "−6" not in still["image/svg+xml"]
    assert "▽" not in still["image/svg+xml"]
    assert EXHIBIT not in still
    shown.clear()
    monkeypatch.setenv("BACKPROPVIZ_DISPLAY", "iframe")
    exercise._ipython_display_()
    assert ["srcdoc=" in bundle["text/html"] for bundle in shown] == [True]
    exercise.close()


def test_a_comparison_leaves_its_tables_and_charts(shown):
    bpv.compare("x*z", x=2, z=3)._ipython_display_()
    widget, page = shown
    assert "application/vnd.jupyter.widget-view+json" in widget
    assert "What it takes" in page["text/html"]
    assert "<svg" in unescape(page["text/html"])
    assert len(page["text/html"]) < 60_000


def test_in_place_of_a_picture_of_many_marks_a_sentence_is_left(shown, monkeypatch):
    monkeypatch.setattr(display, "_MOST_MARKS", 2)
    explorer = bpv.explore("x*z", x=2, z=3)
    explorer._ipython_display_()
    _, left = shown
    assert "image/svg+xml" not in left
    # Else a reopened notebook would say no more than that a widget cannot be displayed.
    assert f'<div id="{explorer.still_id}"><p>A graph of 3 nodes, too many' in left["text/html"]
    assert "bpv-without-complaint" in left["text/html"]
    explorer.close()


def test_a_variable_of_the_environment_asks_for_pages(shown, monkeypatch):
    monkeypatch.setenv("BACKPROPVIZ_DISPLAY", "iframe")
    explorer = bpv.explore("x*z", x=2, z=3)
    explorer._ipython_display_()
    assert [sorted(bundle) for bundle in shown] == [sorted([EXHIBIT, "text/html", "text/plain"])]
    assert "srcdoc=" in shown[0]["text/html"]
    explorer.close()


def closed(explorer):
    return explorer.comm is None


def test_a_cell_that_is_run_again_frees_what_it_made_before(cell):
    first, second = bpv.explore("x*z", x=2, z=3), bpv.explore("x + z", x=2, z=3)
    assert not closed(first)
    assert not closed(second)
    cell["metadata"], cell["header"] = {"cellId": "two"}, {"msg_id": "second run"}
    other = bpv.explore("x", x=2)
    assert not closed(first)
    cell["metadata"], cell["header"] = {"cellId": "one"}, {"msg_id": "third run"}
    again = bpv.explore("x*z", x=2, z=3)
    assert closed(first)
    assert closed(second)
    assert not closed(other)
    assert not closed(again)
    for each in (other, again):
        each.close()


def test_widgets_that_nobody_holds_are_not_kept_for_their_cell(cell):
    bpv.explore("x*z", x=2, z=3).close()
    gc.collect()
    assert len(live_view._by_cell["one"][1]) == 0


LONG = "+".join(f"x**{power}" for power in range(2, 105))  # more nodes than are sent with all their words


@pytest.mark.parametrize("asks", ["the page has drawn", "another cell runs", "nobody asks"])
def test_a_page_draws_a_long_run_before_its_words_are_written(cell, shown, monkeypatch, asks):
    events = EventManager(None, {"pre_run_cell": lambda _information: None})
    monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(get_parent=lambda: cell, events=events))
    monkeypatch.setattr(stage, "_DRAWING", 0.02 if asks == "nobody asks" else 60.0)

    async def run():
        explorer = bpv.explore(LONG, x=1.0)
        explorer._ipython_display_()
        await asyncio.sleep(0)  # the cell has ended
        assert explorer.words == b""
        if asks == "the page has drawn":
            explorer._receive(explorer, {"kind": "aids"}, [])
        elif asks == "another cell runs":
            events.trigger("pre_run_cell", SimpleNamespace())
        else:
            await asyncio.sleep(0.1)
        return explorer

    explorer = asyncio.run(run())
    assert explorer.words
    explorer.words = b""
    events.trigger("pre_run_cell", SimpleNamespace())
    assert explorer.words == b""  # they are sent once
    explorer.close()


@pytest.mark.parametrize("parent", [{}, {"metadata": {}}, None, "text"])
def test_a_shell_that_names_no_cell_changes_nothing(cell, parent, monkeypatch):
    monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(get_parent=lambda: parent))
    first, second = bpv.explore("x", x=2), bpv.explore("x", x=2)
    assert not closed(first)
    assert live_view._by_cell == {}
    for each in (first, second):
        each.close()
