"""A network that a function tells learns in the page with the numbers of :class:`backpropviz.Training`."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import InputError
from backpropviz.ops import conv2d, linear, max_pool
from backpropviz.runs.page_run import playground_to_plain

MODULES = ["story/primitives", "story/tight_loops", "training/page_run", "training/graph_learner"]
BODY = """
  globalThis.requestAnimationFrame ??= () => 1;
  globalThis.cancelAnimationFrame ??= () => {};
  primitives.usePrimitives(tight_loops.TIGHT_PRIMITIVES);
  graph_learner.withGraphs();
  const run = new page_run.PageRun(plain, {
    playing: false, learning_rate: rate, batch_size: plain.run.batchSize, l2: 0, epochs: 0, activation: "mixed",
    hidden: [], epochs_per_second: 30, steps_per_second: 0, example: 0, earlier: [], message: {},
  });
  let frame = null;
  let told = null;
  run.on("msg:custom", (content, buffers) => {
    told = content.example;
    frame = content.parts.map(([name, kind, shape], place) => {
      const { buffer, byteOffset, byteLength } = buffers[place];
      const kinds = { float32: Float32Array, int8: Int8Array };
      return [name, shape, Array.from(new kinds[kind](buffer.slice(byteOffset, byteOffset + byteLength)))];
    });
  });
  return stops.map((stop) => {
    run.advance(stop - run.learner.steps);
    const { learner } = run;
    const { loss, accuracy } = learner.lossAt(learner.parameters);
    const held = learner.heldOutAt(learner.parameters);
    return { parameters: learner.parameters.slice(), loss, accuracy, held, frame, told };
  });"""
STOPS = [1, 10, 200]
DRAWN = np.random.default_rng(0)
IMAGES = DRAWN.normal(0, 1, (50, 36))


def convolved(x, k, b, w, c):
    features = max_pool(np.maximum(conv2d(x.reshape(-1, 1, 6, 6), k, b), 0), 2)
    return linear(features.reshape(x.shape[0], 12), w, c)


def straight(x, w, b):
    return np.tanh(x @ w) * 3 + b


KERNELS = {"k": DRAWN.normal(0, 0.3, (3, 1, 3, 3)), "b": np.zeros(3)}
NETWORKS = {
    "convolution": (
        bpv.TracedNetwork(
            convolved, {**KERNELS, "w": DRAWN.normal(0, 0.2, (4, 12)), "c": np.zeros(4)}, 36, output="softmax"
        ),
        (IMAGES, np.argmax(IMAGES[:, :4], axis=1)),
        bpv.SGD(0.05, momentum=0.9),
    ),
    "two classes": (
        bpv.TracedNetwork(convolved, {**KERNELS, "w": DRAWN.normal(0, 0.2, (1, 12)), "c": np.zeros(1)}, 36, "sigmoid"),
        (IMAGES[:, ::-1], 1.0 * (IMAGES[:, 0] > -0.5)),
        bpv.SGD(0.05),
    ),
    "values": (
        bpv.TracedNetwork(straight, {"w": DRAWN.normal(0, 0.2, (36, 1)), "b": np.zeros(1)}, 36),
        (IMAGES, np.sin(IMAGES[:, 0])),
        bpv.Adam(0.01),
    ),
}


@pytest.fixture(scope="module", params=NETWORKS)
def trained(request, javascript):
    network, data, rule = NETWORKS[request.param]
    train, held_out = bpv.datasets.arrays(*data).split(0.25, 0)
    training = bpv.Training(network, train, rule, 8, 3, held_out)
    given = {"plain": playground_to_plain(training), "rate": rule.learning_rate, "stops": STOPS}
    return training, javascript(BODY, modules=MODULES, **given)


def test_the_page_takes_the_steps_of_training(trained):
    training, told = trained
    assert len(training.train.features) % 8
    for stop, found in zip(STOPS, told, strict=True):
        training.step(stop - training.steps)
        row = np.concatenate([value.reshape(-1) for value in training.parameters.values()])
        np.testing.assert_allclose(found["parameters"], row, rtol=0, atol=1e-10)
        measured = training.measure()
        assert found["loss"] == pytest.approx(measured.misfit, abs=1e-10)
        held = bpv.Training(training.network, training.validation).measure()
        assert found["held"]["loss"] == pytest.approx(held.misfit, abs=1e-10)
        assert found["accuracy"] == (
            None if training.network.output == "identity" else pytest.approx(measured.accuracy)
        )


def test_the_kernels_are_drawn(trained):
    training, told = trained
    if "k" not in training.parameters:
        assert training.network.penalised == ("w",)
        return
    training.step(STOPS[-1] - training.steps)
    parts = {name: (shape, np.array(values)) for name, shape, values in told[-1]["frame"]}
    kernels, outputs = training.parameters["k"], training.parameters["w"]
    for name, value, shape in (("tiles", kernels, [3, 3, 3]), ("outputs", outputs, [1, len(outputs), 12])):
        assert parts[name][0] == shape
        drawn = np.round(value.reshape(-1) * 127 / np.abs(value).max())
        np.testing.assert_allclose(parts[name][1], drawn, rtol=0, atol=1)
    assert parts["features"][0] == [3, 4, 4]
    first = training.train.features[:1].reshape(1, 1, 6, 6)
    found = conv2d(first, kernels, training.parameters["b"])
    maps = np.maximum(np.asarray(found), 0)
    np.testing.assert_allclose(parts["features"][1], np.round(maps.reshape(-1) * 127 / maps.max()), rtol=0, atol=1)
    scores = np.array(parts["scores"][1])
    is_alone = len(scores) == 1
    chances = 1 / (1 + np.exp(-scores)) if is_alone else np.exp(scores) / np.exp(scores).sum()
    np.testing.assert_allclose(parts["answer"][1], chances, rtol=0, atol=1e-6)
    target = training.train.targets[0]
    assert told[-1]["told"] == {"label": int(np.max(target) if is_alone else target), "isProbability": True}


def test_scores_are_rows():
    with pytest.raises(InputError, match="one row"):
        bpv.TracedNetwork(lambda x, w: np.sum(x @ w), {"w": np.ones((2, 1))}, 2)
