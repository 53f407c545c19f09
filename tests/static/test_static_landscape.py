"""The landscape of a loss in the page, and the race on it: Python's numbers."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.runs.page_run import playground_to_plain

MODULES = ["story/primitives", "story/tight_loops", "training/learner", "training/loss_slice", "training/race"]
STEPS = 40
BODY = """
  primitives.usePrimitives(tight_loops.TIGHT_PRIMITIVES);
  const { LossMap, sliceAlong, sliceDownhill, sliceOfTwo } = loss_slice;
  const run = new learner.Learner(plain.run);
  run.step(3);
  const start = run.parameters.slice();
  const gradient = new Float64Array(start.length);
  run.gradientAt(start, gradient);
  const settings = { l2: run.l2, batchSize: run.batchSize };
  const racers = plain.racers.map(({ name, update }, place) => {
    const racer = new race.Racer({ name, update, rate: rates[place] }, start, run, settings);
    for (let taken = 0; taken < steps; taken += 1) racer.step();
    return racer;
  });
  const paths = racers.flatMap(({ track }) => track.places);
  const along = sliceAlong(start, paths, 0);
  const cuts = { downhill: sliceDownhill(start, gradient, 0), weights: sliceOfTwo(start, 1, 4), path: along.slice };
  const measured = (slice) => {
    const map = new LossMap(slice, [-2, 3], [-1, 1.5], (row) => {
      const { loss, penalty } = run.lossAt(row);
      return loss + penalty;
    });
    while (!map.isDone) map.measure();
    const { origin, across, up } = slice;
    const ends = racers.map((each) => each.learner.parameters);
    const [shadows, away] = [ends.map((end) => slice.shadow(end)), ends.map((end) => slice.distance(end))];
    return { origin, across, up, values: map.values, lowest: map.lowest, shadows, away };
  };
  return {
    start, gradient, paths, share: along.share,
    cuts: Object.fromEntries(Object.entries(cuts).map(([kind, slice]) => [kind, measured(slice)])),
    racers: racers.map((each) => ({ parameters: each.learner.parameters, loss: each.loss() })),
  };"""
RULES = {
    "SGD": bpv.SGD(0.3),
    "momentum": bpv.SGD(0.05, momentum=0.9),
    "Adam": bpv.Adam(0.03),
    "RMSProp": bpv.RMSProp(0.02),
}


def with_row(network, row):
    """The network whose parameters lie in one row."""
    values, start = {}, 0
    for name, value in network.parameters.items():
        values[name] = np.reshape(row[start : start + value.size], value.shape)
        start += value.size
    return network.with_parameters(values)


def row_of(training):
    return np.concatenate([value.reshape(-1) for value in training.parameters.values()])


@pytest.fixture(scope="module")
def raced(javascript):
    network = bpv.MLP((2, 3, 1), output="sigmoid", l2=0.01)
    train, held_out = bpv.datasets.arrays(*bpv.datasets.moons(40, seed=3)).split(0.25, 1)
    training = bpv.Training(network, train, bpv.SGD(0.1), 7, 5, held_out)
    plain = playground_to_plain(training, landscape=True)
    assert [each["name"] for each in plain["racers"]] == list(RULES)
    rates = [rule.learning_rate for rule in RULES.values()]
    return training, javascript(BODY, modules=MODULES, plain=plain, rates=rates, steps=STEPS)


def loss_at(training, row):
    measured = bpv.Training(with_row(training.network, row), training.train).measure()
    return measured.misfit + measured.penalty


@pytest.mark.parametrize("place", range(len(RULES)), ids=RULES)
def test_a_racer_takes_the_steps_of_training(raced, place):
    training, told = raced
    rule = list(RULES.values())[place]
    alone = bpv.Training(with_row(training.network, told["start"]), training.train, rule, 7, 5)
    alone.step(STEPS)
    np.testing.assert_allclose(told["racers"][place]["parameters"], row_of(alone), rtol=0, atol=1e-10)
    assert told["racers"][place]["loss"] == pytest.approx(loss_at(training, row_of(alone)), abs=1e-10)


@pytest.mark.parametrize("kind", ["downhill", "weights", "path"])
def test_the_loss_at_the_points_of_the_map(raced, kind):
    training, told = raced
    cut = told["cuts"][kind]
    origin, across, up = (np.array(cut[name]) for name in ("origin", "across", "up"))
    np.testing.assert_allclose([across @ across, up @ up, across @ up], [1, 1, 0], rtol=0, atol=1e-12)
    values = np.array(cut["values"]).reshape(49, 49)
    for row, column in [(0, 0), (48, 48), (24, 24), (7, 31), (30, 13), (12, 0)]:
        point = origin + (-2 + 5 * column / 48) * across + (-1 + 2.5 * row / 48) * up
        assert values[row, column] == pytest.approx(loss_at(training, point), abs=1e-10)
    assert cut["lowest"]["loss"] == values.min()
    for racer, shadow, away in zip(told["racers"], cut["shadows"], cut["away"], strict=True):
        moved = np.array(racer["parameters"]) - origin
        np.testing.assert_allclose(shadow, [moved @ across, moved @ up], rtol=0, atol=1e-10)
        assert away == pytest.approx(np.linalg.norm(moved - shadow[0] * across - shadow[1] * up), abs=1e-10)


def test_where_the_slices_lie(raced):
    _, told = raced
    start, gradient, cuts = np.array(told["start"]), np.array(told["gradient"]), told["cuts"]
    np.testing.assert_allclose(cuts["downhill"]["across"], -gradient / np.linalg.norm(gradient), rtol=0, atol=1e-12)
    np.testing.assert_array_equal(cuts["weights"]["across"], np.eye(len(start))[1])
    np.testing.assert_array_equal(cuts["weights"]["up"], np.eye(len(start))[4])
    np.testing.assert_array_equal(np.delete(cuts["weights"]["origin"], [1, 4]), np.delete(start, [1, 4]))
    _, sizes, directions = np.linalg.svd(np.array(told["paths"]) - start, full_matrices=False)
    for name, direction in zip(("across", "up"), directions, strict=False):
        assert abs(np.dot(cuts["path"][name], direction)) == pytest.approx(1, abs=1e-10)
    assert told["share"] == pytest.approx((sizes[:2] ** 2).sum() / (sizes**2).sum(), abs=1e-10)
