"""The replay without a browser: frames go out once, and pages are written."""

from __future__ import annotations

import json
import zlib

import ipywidgets
import networkx as nx
import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import DatasetError, ExportError, HistoryError, InputError
from backpropviz.runs import frames as recording
from backpropviz.runs.frames import MOST_FRAMES

TRAINED, HELD = bpv.datasets.moons(80).split(0.25, 0)
NETWORK = bpv.MLP((2, 4, 1), output="sigmoid", seed=1)


def run(network=NETWORK, data=TRAINED, epochs=6, **settings):
    return bpv.History.collect(bpv.fit(network, data, bpv.SGD(0.5), epochs=epochs, **settings))


@pytest.fixture(scope="module")
def history():
    return run(validation=HELD)


@pytest.fixture
def replay(history):
    made = bpv.replay(history, TRAINED, HELD, start=NETWORK)
    yield made
    made.close()


def arrays(replay):
    """The arrays of all frames, as the page reads them."""
    plain, data = replay.recording, zlib.decompress(replay.frames)
    read, at = {}, 0
    count = len(plain["frames"])
    for name, kind, shape in [*plain["still"], *plain["moving"]]:
        moves = [name, kind, shape] in plain["moving"]
        part = np.frombuffer(data, np.dtype(kind), (count if moves else 1) * int(np.prod(shape)), at)
        at += part.nbytes
        part = part.reshape(count, *shape) if moves else part.reshape(shape)
        if moves and part.dtype.itemsize == 1:
            part = np.cumsum(part.view(np.uint8), axis=0, dtype=np.uint8).view(kind)
        read[name] = part
    assert at == len(data)
    return read


def test_frames_tell_the_numbers_of_the_history(replay, history):
    first, *frames = replay.recording["frames"]
    assert [frame["epoch"] for frame in frames] == history.column("epoch")
    for name, column in (
        *(("loss", "loss"), ("accuracy", "accuracy"), ("step", "step")),
        *(("validationLoss", "validation_loss"), ("validationAccuracy", "validation_accuracy")),
    ):
        assert [frame[name] for frame in frames] == history.column(column)
    assert first["epoch"] == 0
    assert first["loss"] == bpv.Training(NETWORK, TRAINED).measure().loss
    assert replay.epochs == [0, 1, 2, 3, 4, 5, 6]
    json.dumps(replay.recording, allow_nan=False)


def test_frames_are_the_pictures_of_the_trainer(replay, history):
    read = arrays(replay)
    assert read["heat"].shape == (7, 50, 50)
    assert read["points"].shape == (80, 4)
    trainer = bpv.train(NETWORK, TRAINED, validation=HELD)
    for record, heat, weights in zip(history, read["heat"][1:], read["weights"][1:], strict=True):
        trainer.training.set_parameters(record.parameters)
        live = trainer._show._pictures.picture(trainer.training, 0) | trainer._show._pictures.details(trainer.training)
        assert np.array_equal(heat, live["heat"])
        drawn = live["weights"] * ([1] * 8 + [0] * 4 + [1] * 4 + [0])  # without biases
        assert np.allclose(weights / 127, drawn / np.abs(drawn).max(), atol=0.004)
    trainer.close()


def test_pictures_of_each_kind_are_packed():
    images = (np.random.default_rng(0).normal(size=(30, 16)), np.arange(30) % 2)
    for network, data, part in (
        (bpv.MLP((1, 3, 1)), bpv.datasets.sine(), "curve"),
        (bpv.MLP((16, 5, 2), output="softmax"), images, "tiles"),
        (bpv.MLP((2, 4, 3), output="softmax"), bpv.datasets.blobs(), "winner"),
        (bpv.MLP((3, 2, 1)), (np.ones((30, 3)), np.arange(30.0)), "weights"),
    ):
        made = bpv.replay(run(network, data, epochs=2), data)
        assert part in arrays(made)
        assert len(made.to_html()) > 20_000
        made.close()


def test_a_long_run_is_thinned_evenly_with_both_ends():
    made = bpv.replay(run(epochs=300, batch_size="all"), TRAINED, start=NETWORK)
    assert len(made.epochs) == MOST_FRAMES
    assert (made.epochs[0], made.epochs[-1]) == (0, 300)
    assert set(np.diff(made.epochs)) <= {2, 3}
    assert len(made.recording["curve"]) == 301
    made.close()


def test_a_large_run_keeps_to_the_bytes(monkeypatch):
    monkeypatch.setattr(recording, "MOST_BYTES", 20_000)
    made = bpv.replay(run(epochs=60), TRAINED, start=NETWORK)
    assert 2 <= len(made.epochs) < 61
    assert len(made.frames) <= 20_000
    assert (made.epochs[0], made.epochs[-1]) == (0, 60)
    assert len(arrays(made)["heat"]) == len(made.epochs)
    made.close()


def test_an_epoch_without_a_frame_shows_the_one_before(replay):
    replay.epoch = 4
    assert replay.epoch == 4
    replay.epoch = 99
    assert replay.epoch == 6
    replay.epoch = -3
    assert replay.epoch == 0
    with pytest.raises(InputError, match="above 0"):
        replay.speed = 0
    assert "epoch 0" in repr(replay)


def test_a_history_from_a_file_plays_the_same(history, replay, tmp_path):
    history.save(tmp_path / "run.json")
    again = bpv.replay(bpv.History.load(tmp_path / "run.json"), TRAINED, HELD, start=NETWORK)
    assert again.to_html() == replay.to_html()
    again.close()


def test_a_page_of_sixty_epochs_is_small():
    network, moons = bpv.MLP((2, 16, 16, 1), output="sigmoid", seed=1), bpv.datasets.moons()
    made = bpv.replay(run(network, moons, epochs=60, batch_size=10), moons, start=network)
    size = len(made.to_html().encode())
    assert size <= 160_000, f"{size:,} bytes"
    made.close()


def test_files_are_whole_or_not_there(replay, tmp_path):
    text = replay.to_html(tmp_path / "run.html", title="<b>")
    assert (tmp_path / "run.html").read_text(encoding="utf-8") == text
    assert "<h1>&lt;b&gt;</h1>" in text
    with pytest.raises(ExportError, match="Choose a folder"):
        replay.to_html(tmp_path / "missing" / "run.html")
    assert [path.name for path in tmp_path.iterdir()] == ["run.html"]
    assert "\n" not in replay.to_iframe()
    assert 'height="700"' in replay.to_iframe(700)


def test_where_there_is_no_kernel_it_displays_as_a_page(replay, monkeypatch):
    monkeypatch.setenv("BACKPROPVIZ_DISPLAY", "iframe")
    assert "<iframe" in replay._repr_mimebundle_()["text/html"]


def test_what_cannot_be_replayed_is_refused_with_a_reason(history, tmp_path):
    with pytest.raises(HistoryError, match="no epochs"):
        bpv.replay(bpv.History(()), TRAINED)
    history.save(tmp_path / "run.json", snapshots=False)
    with pytest.raises(HistoryError, match="snapshots=True"):
        bpv.replay(bpv.History.load(tmp_path / "run.json"), TRAINED)
    with pytest.raises(HistoryError, match="several runs"):
        bpv.replay(bpv.History(history.records * 2), TRAINED)
    with pytest.raises(InputError, match="3 features, but the network of this history takes 2"):
        bpv.replay(history, (np.ones((5, 3)), np.ones(5)))
    with pytest.raises(DatasetError, match="has 1 output;"):
        bpv.replay(history, (np.ones((5, 2)), np.ones((5, 2))))
    with pytest.raises(InputError, match="given"):
        bpv.replay(history, TRAINED, start=bpv.MLP((2, 5, 1)))
    with pytest.raises(InputError, match="no example 99"):
        bpv.replay(history, TRAINED, example=99)
    with pytest.raises(InputError, match="1 to 24 images, not 25"):
        bpv.replay(history, TRAINED, example=[3] * 25)
    with pytest.raises(InputError, match="1 to 24 images, not 0"):
        bpv.replay(history, TRAINED, example=[])
    with pytest.raises(InputError, match="History"):
        bpv.replay(list(history), TRAINED)
    with pytest.raises(InputError, match="no setting 'them'"):
        bpv.replay(history, TRAINED, them="dark")
    wiring = nx.DiGraph([("x1", "h"), ("x2", "h"), ("h", "out")])
    with pytest.raises(InputError, match="UnitNetwork"):
        bpv.replay(run(bpv.UnitNetwork(wiring, output="sigmoid"), epochs=1), TRAINED)


def test_a_trainer_keeps_its_run_and_replays_it(tmp_path):
    trainer = bpv.train(NETWORK, TRAINED, bpv.SGD(0.5), validation=HELD, theme="dark")
    with pytest.raises(HistoryError, match="Train for an epoch"):
        trainer.to_html(tmp_path / "run.html")
    for _ in range(6):
        trainer.run_epoch()
    expected = run(validation=HELD)
    assert trainer.history.records == expected.records
    replay = trainer.replay(speed=2.0)
    assert (replay.epochs, replay.theme, replay.speed) == ([0, 1, 2, 3, 4, 5, 6], "dark", 2.0)
    text = trainer.to_html(tmp_path / "run.html", title="moons")
    assert (tmp_path / "run.html").read_text(encoding="utf-8") == text
    trainer.hidden = [3]
    assert len(trainer.history) == 0
    trainer.run_epoch()
    assert trainer.history.network.sizes == (2, 3, 1)
    trainer.reset()
    assert len(trainer.history) == 0
    replay.close()
    trainer.close()


def test_closing_frees_all(history):
    before = len(ipywidgets.widgets.widget._instances)
    bpv.replay(history, TRAINED).close()
    assert len(ipywidgets.widgets.widget._instances) == before


@pytest.fixture(scope="module")
def pictures():
    """30 images of four by four in three classes, a network, and its run; the last 12 are held out."""
    chance = np.random.default_rng(0)
    features, labels = chance.normal(size=(30, 16)), np.arange(30) % 3
    network = bpv.MLP((16, 5, 3), output="softmax", seed=0)
    trained, held = (features[:18], labels[:18]), (features[18:], labels[18:])
    return network, trained, held, run(network, trained, epochs=4)


def test_one_image_of_each_class_is_recorded_and_held_out_ones_first(pictures):
    _, trained, held, history = pictures
    for example, images in ((None, [18, 19, 20]), (4, [4, 18, 20]), ([7, 3, 7, 25], [7, 3, 25]), (np.array([2]), [2])):
        made = bpv.replay(history, trained, held, example=example)
        assert made.images == images
        assert made.example == images[0]
        assert [told["label"] for told in made.recording["examples"]] == [each % 3 for each in images]
        made.close()


def test_what_the_network_makes_of_every_image_is_in_every_frame(pictures):
    network, trained, held, history = pictures
    made = bpv.replay(history, trained, held, start=network, example=[0, 29, 11])
    read = arrays(made)
    features = np.concatenate([trained[0], held[0]])
    networks = [network, *(record.network for record in history)]
    for frame, each in enumerate(networks):
        for place, image in enumerate(made.images):
            np.testing.assert_allclose(read["answer"][frame, place], each.predict(features[image]), rtol=1e-6)
            largest = np.max(np.abs(features[image]))
            drawn = read["image"][frame, place].reshape(16) * (largest / 127)
            np.testing.assert_allclose(drawn, features[image], atol=largest / 127)
    made.close()


def test_another_image_is_chosen_and_one_that_is_not_there_is_refused(pictures, replay):
    _, trained, held, history = pictures
    made = bpv.replay(history, trained, held)
    made.example = 20
    with pytest.raises(InputError, match="Example 5 was not recorded as an image; recorded are 18, 19, 20"):
        made.example = 5
    assert made.example == 20
    assert '"example":20' in made.to_html()
    made.close()
    assert replay.images == []  # a picture over two features
