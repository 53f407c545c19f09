"""The trainer without a browser: what the page would send goes in, traits and pictures come out."""

from __future__ import annotations

import asyncio
import threading
import time

import ipywidgets
import numpy as np
import pytest
from trainer_runs import CLASSIFIER, from_page, run

import backpropviz as bpv
from backpropviz.errors import DatasetError, DivergenceError, InputError
from backpropviz.widgets.callbacks import recorded


def living():
    return len(ipywidgets.widgets.widget._instances)


def test_same_weights_as_fit(trainer):
    data = bpv.datasets.moons().split(0.25, 0)
    history = bpv.History.collect(
        bpv.fit(bpv.MLP((2, 4, 1), **CLASSIFIER), data[0], bpv.SGD(0.3), epochs=3, batch_size=10, seed=0)
    )
    for _ in range(3):
        trainer.run_epoch()
    assert trainer.training.epoch == 3
    for name, value in history.network.parameters.items():
        assert np.array_equal(trainer.network.parameters[name], value)


def test_one_step_is_one_step(trainer):
    trainer.step()
    from_page(trainer, kind="step")
    assert trainer.training.steps == 2
    from_page(trainer, kind="epoch")
    assert trainer.training.epoch == 1


def test_plays_pauses_and_goes_on(trainer):
    run(trainer, 0.2)
    steps = trainer.training.steps
    assert steps > 20
    assert not trainer.running
    run(trainer, 0.2)
    assert trainer.training.steps > steps
    assert [point.epoch for point in trainer.curve] == sorted({point.epoch for point in trainer.curve})


def test_stops_after_the_last_epoch_and_goes_on_when_asked(trainer):
    trainer.epochs = 2
    run(trainer, 0.3)
    assert trainer.training.epoch == 2
    assert not trainer.playing
    run(trainer, 0.3)
    assert trainer.training.epoch == 4


def test_settings_act_while_it_trains(trainer):
    def change():
        trainer.set_state({"learning_rate": 0.05, "batch_size": 20})
        trainer.l2 = 0.01

    run(trainer, 0.2, change)
    assert (trainer.training.learning_rate, trainer.training.batch_size, trainer.training.l2) == (0.05, 20, 0.01)
    assert trainer.message == {}


def test_a_limit_slows_it_down(trainer):
    trainer.steps_per_second = 50
    run(trainer, 0.6)
    assert 5 <= trainer.training.steps <= 40


def test_thirty_epochs_a_second_unless_told_otherwise_and_no_end():
    made = bpv.train(bpv.MLP((2, 4, 1), **CLASSIFIER), bpv.datasets.moons(), batch_size=10)
    assert (made.epochs, made.epochs_per_second, made._run.limit()) == (0, 30.0, 30.0 * made.training.steps_per_epoch)
    run(made, 0.6)
    assert 1 <= made.training.epoch <= 25
    made.steps_per_second = 20.0
    assert made._run.limit() == 20.0
    made.steps_per_second, made.epochs_per_second = 0.0, 0.0
    assert made._run.limit() == 0.0
    made.close()


def test_what_keeps_the_network_from_learning_is_told(trainer):
    trainer.set_state({"activation": "relu"})
    trainer.training.set_parameters({"b1": [-99.0] * 4})
    trainer.step()
    from_page(trainer, kind="painted", number=trainer._show._number)
    (finding,) = trainer.frames[-1][0]["findings"]
    assert (finding["kind"], finding["layer"], list(finding["units"])) == ("silent", 1, [0, 1, 2, 3])
    assert finding["text"].startswith("All 4 units of hidden layer 1 are silent")
    trainer.reset()
    from_page(trainer, kind="painted", number=trainer._show._number)
    assert trainer.frames[-1][0]["findings"] == []


def test_the_curve_does_not_jump_when_the_penalty_is_switched_on(trainer):
    trainer.run_epoch()
    before = trainer.curve[-1]
    trainer.l2 = 5.0
    after = trainer.curve[-1]
    assert after.loss == pytest.approx(before.loss)
    assert after.validation_loss == pytest.approx(before.validation_loss)
    assert (before.penalty, after.penalty) == (0.0, pytest.approx(trainer.network.penalty))
    from_page(trainer, kind="painted", number=trainer._show._number)
    told = trainer.frames[-1][0]
    assert (told["loss"], told["penalty"]) == (after.loss, after.penalty)
    assert trainer.training.measure().loss == pytest.approx(after.loss + after.penalty)


def test_another_structure_starts_again_and_trains_on(trainer):
    run(trainer, 0.2, lambda: trainer.set_state({"hidden": [3, 2], "activation": "relu"}))
    assert trainer.network.sizes == (2, 3, 2, 1)
    assert trainer.network.activations == ("relu", "relu")
    assert trainer.training.steps > 0
    assert trainer.plan["sizes"] == [2, 3, 2, 1]


def test_a_changed_weight_shows_its_effect(trainer):
    before = trainer.training.measure().loss
    from_page(trainer, kind="edit", weight={"layer": 1, "source": 0, "target": 2}, value=3.0)
    assert trainer.network.parameters["W1"][0, 2] == 3.0
    from_page(trainer, kind="painted", number=trainer._show._number)
    told = trainer.frames[-1][0]["weight"]
    after = trainer.training.measure()
    assert (told["before"], told["loss"], told["value"]) == (before, after.loss, 3.0)
    assert told["gradient"] == pytest.approx(float(after.tape.reverse()["W1"][0, 2]))
    trainer.set_weight(2, -1, 0, 0.5)
    assert trainer.network.parameters["b2"][0] == 0.5


def test_reset_gives_the_first_weights_back(trainer):
    first = trainer.network.parameters
    run(trainer, 0.2)
    trainer.set_weight(1, 0, 0, 9.0)
    trainer.reset()
    assert trainer.training.steps == 0
    assert all(np.array_equal(first[name], value) for name, value in trainer.network.parameters.items())
    assert len(trainer.curve) == 1


def test_divergence_ends_in_a_message_and_leaves_the_curves_finite(trainer):
    run(trainer, 0.4, lambda: setattr(trainer, "learning_rate", 1e6))
    assert not trainer.playing
    assert "diverged" in trainer.message["text"]
    assert "smaller learning rate" in trainer.message["text"]
    assert isinstance(recorded[-1], DivergenceError)
    assert max(point.loss for point in trainer.curve) < 10
    assert all(np.isfinite(trace.y).all() for trace in trainer.figure().data)
    trainer.reset()
    assert trainer.message == {}


def test_pictures_of_each_kind():
    cases = {
        "boundary": (bpv.MLP((2, 3, 1), **CLASSIFIER), bpv.datasets.circles(), {"heat": (50, 50)}),
        "fit": (bpv.MLP((1, 3, 1)), bpv.datasets.sine(), {"curve": (200,)}),
        "images": (
            bpv.MLP((16, 5, 2), output="softmax"),
            (np.random.default_rng(0).normal(size=(30, 16)), np.arange(30) % 2),
            {"tiles": (5, 4, 4), "outputs": (1, 2, 5), "features": (5, 1, 1), "scores": (2,), "image": (1, 4, 4)},
        ),
        "none": (bpv.MLP((3, 2, 1)), (np.ones((30, 3)), np.arange(30.0)), {}),
    }
    for kind, (mlp, data, shapes) in cases.items():
        made = bpv.train(mlp, data)
        assert made.plan["picture"] == kind
        parts = made._show._pictures.picture(made.training, made.example)
        assert {name: part.shape for name, part in parts.items() if name in shapes} == shapes
        parts = made._show._pictures.details(made.training)
        assert parts["weights"].size == sum(value.size for value in mlp.parameters.values())
        made.close()


def test_three_classes_show_who_wins():
    points, labels = bpv.datasets.blobs()
    made = bpv.train(bpv.MLP((2, 4, int(labels.max()) + 1), output="softmax"), (points, labels))
    made.training.step(300)
    winner = made._show._pictures.picture(made.training, 0)["winner"]
    assert set(np.unique(winner)) == set(range(int(labels.max()) + 1))
    made.close()


def test_an_opened_step_is_one_example_with_its_update(trainer):
    opened = trainer.open_step(example=3)
    assert trainer.opened is opened
    network, point = trainer.network, trainer._show.plan
    assert float(opened.value) == pytest.approx(network.loss_at(point.features[3], float(point.targets[3])))
    last = opened.timeline[-1]
    assert last.phase == "update"
    update = last.records[0]
    assert float(update.after) == float(update.before) - trainer.learning_rate * float(update.adjoint)
    assert sum(step.phase == "update" for step in opened.timeline) == 4 * 2 + 4 + 4 + 1
    assert len(opened.shown_graph().page().specification["timeline"]) == len(opened.timeline)
    from_page(trainer, kind="close")
    assert trainer.opened is None


def test_an_opened_step_has_its_loss_and_its_penalty_as_one_gate_each(trainer):
    trainer.l2 = 0.1
    opened = trainer.open_step()
    assert opened.graph.arguments("loss") == ("misfit", "penalty")
    assert not set(opened.graph.arguments("penalty")) - set(opened.updates)
    opened.drawing = "network"  # which is refused for a graph that is none
    trainer.close_step()


def test_a_large_network_opens_with_whole_matrices():
    made = bpv.train(bpv.MLP((2, 16, 16, 1), **CLASSIFIER), bpv.datasets.moons())
    assert "W1" in made.open_step().graph.inputs
    made.close()


def test_closing_ends_the_task_and_frees_all():
    before = living()

    async def train():
        made = bpv.train(bpv.MLP((2, 4, 1), **CLASSIFIER), bpv.datasets.moons(), epochs=10**6)
        made.play()
        await asyncio.sleep(0.05)
        made.open_step()
        made.close()
        steps = made.training.steps
        await asyncio.sleep(0.1)
        assert made.training.steps == steps
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(train())
    assert living() == before


def test_cells_may_change_things_while_it_trains_in_another_thread(trainer):
    thread = threading.Thread(target=run, args=(trainer, 1.0))
    thread.start()
    time.sleep(0.2)
    assert trainer.running
    for value in range(20):
        trainer.set_weight(1, 0, 0, value / 10)
        trainer.l2 = value / 1000
        trainer.step()
    trainer.hidden = [2]
    trainer.pause()
    thread.join()
    assert trainer.network.sizes == (2, 2, 1)
    assert list(recorded) == []
    assert trainer.message == {}


def test_what_does_not_fit_is_told_and_changes_nothing(trainer):
    for state, words in (
        ({"batch_size": 0}, "from 1 to 150"),
        ({"learning_rate": -1.0}, "0 or more"),
        ({"activation": "tahn"}, "tanh"),
        ({"hidden": [0]}, "at least one unit"),
    ):
        trainer.set_state(state)
        assert words in trainer.message["text"]
    assert (trainer.batch_size, trainer.learning_rate, trainer.activation, trainer.hidden) == (10, 0.3, "tanh", [4])
    with pytest.raises(InputError, match="no weight in layer 3"):
        trainer.set_weight(3, 0, 0, 1.0)


def test_bad_data_is_refused():
    points, labels = bpv.datasets.moons()
    with pytest.raises(DatasetError):
        bpv.train(bpv.MLP((3, 4, 1), **CLASSIFIER), (points, labels))
    with pytest.raises(InputError, match="MLP"):
        bpv.train("2-4-1", (points, labels))


def test_without_an_event_loop_it_says_what_to_do(trainer):
    trainer.play()
    assert "trainer.step()" in trainer.message["text"]
    assert not trainer.playing


def test_the_figure_has_both_curves_and_cannot_be_shared(trainer):
    for _ in range(3):
        trainer.run_epoch()
    trainer.log_scale = True
    figure = trainer.figure()
    assert [trace.name for trace in figure.data] == ["training", "held out"]
    assert figure.layout.yaxis.type == "log"
    assert "sendDataToCloud" in figure.layout.modebar.remove
    assert list(figure.data[0].x) == [point.epoch for point in trainer.curve]


def test_a_setting_that_is_none_is_refused():
    with pytest.raises(InputError, match=r"no setting 'log_scal'\. Did you mean 'log_scale'"):
        bpv.train(bpv.MLP((2, 2, 1), output="sigmoid"), bpv.datasets.xor(), log_scal=True)
