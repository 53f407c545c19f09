"""Sets that a page makes are those of ``backpropviz.datasets``; what is set travels in its address."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.learn.datasets.recipes import classes_of, made_sets, recipe_of
from backpropviz.learn.examples import targets_for
from backpropviz.learn.splitting import training_of

MODULES = ["story/primitives", "story/tight_loops", "training/data_sets", "training/page_run", "training/run_link"]
WITH_RACE = [*MODULES, "training/landscape_settings"]
HEAD = """
  globalThis.requestAnimationFrame ??= () => 1;
  globalThis.cancelAnimationFrame ??= () => {};
  primitives.usePrimitives(tight_loops.TIGHT_PRIMITIVES);
  const runOf = (given) => new page_run.PageRun(given.playground, given);
"""
NETWORKS = {
    "two classes": bpv.MLP((2, 4, 1), output="sigmoid"),
    "three classes": bpv.MLP((2, 4, 3), output="softmax"),
    "values": bpv.MLP((1, 4, 1)),
}
CASES = [(kind, name) for kind, network in NETWORKS.items() for name in made_sets(network)]


def made(network, name, count, noise, seed):
    more = {"classes": classes_of(network)} if name in ("spiral", "blobs") else {}
    return made_sets(network)[name](count, noise, seed, **more)


TRAITS = (
    "playground dataset datasets playing learning_rate batch_size l2 activation activations hidden epochs "
    "epochs_per_second steps_per_second log_scale example message race"
)


def state_of(playground):
    state = playground.get_state(TRAITS.split())
    playground.close()
    return state | {"earlier": [], "opened": None}


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_the_page_makes_the_sets_of_python(javascript, kind, name):
    network = NETWORKS[kind]
    body = "return data_sets.makeExamples(dataset, { sizes });"
    dataset = {"name": name, "count": 45, "noise": 0.2, "seed": 7, "heldOut": 0.3}
    found = javascript(body, modules=["training/data_sets"], dataset=dataset, sizes=list(network.sizes))
    parts = made(network, name, 45, 0.2, 7).split(0.3, 7)
    for rows, part in zip(found, parts, strict=True):
        np.testing.assert_allclose(rows["features"]["data"], part.features.reshape(-1), rtol=0, atol=1e-14)
        targets = targets_for(network, part)
        assert rows["targets"]["shape"] == list(targets.shape)
        np.testing.assert_allclose(rows["targets"]["data"], targets.reshape(-1), rtol=0, atol=1e-14)


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_made_examples_are_recognised_and_not_carried(kind, name):
    network = NETWORKS[kind]
    usual = made_sets(network)[name]
    more = {"classes": classes_of(network)} if name in ("spiral", "blobs") else {}
    recipe = recipe_of(network, usual(50, seed=3, **more), 3)
    assert recipe is not None
    assert (recipe.name, recipe.count, recipe.seed) == (name, 50, 3)
    assert recipe_of(network, usual(50, seed=4, **more), 3) is None or name == "xor"


def test_a_page_of_a_made_set_trains_as_python_and_changes_it_as_python(javascript):
    network, moons = NETWORKS["two classes"], bpv.datasets.moons(60)
    state = state_of(bpv.playground(network, moons, 0.3, batch_size=8))
    assert state["playground"]["run"]["train"] is None
    assert state["datasets"] == ["moons", "circles", "xor", "spiral", "blobs"]
    body = """
      const run = runOf(given);
      run.advance(40);
      const first = run.learner.parameters.slice();
      run.set("dataset", { ...run.get("dataset"), name: "circles", noise: 0.1, seed: 5, heldOut: 0.5 });
      run.advance(40);
      return [first, run.learner.parameters, run.get("plan").examples, run.get("plan").exampleNote];"""
    first, last, count, note = javascript(HEAD + body, modules=MODULES, given=state)
    training = training_of(network, moons, 0.3, 8)
    training.step(40)
    np.testing.assert_allclose(first, row_of(training), rtol=0, atol=1e-10)
    again = bpv.MLP((2, 4, 1), output="sigmoid", seed=5)
    training = training_of(again, bpv.datasets.circles(60, 0.1, 5), 0.3, 8, seed=5, held_out=0.5)
    training.step(40)
    np.testing.assert_allclose(last, row_of(training), rtol=0, atol=1e-10)
    assert (count, note) == (60, "0 to 29 are trained on, 30 to 59 are held out")


def row_of(training):
    return np.concatenate([value.reshape(-1) for value in training.parameters.values()])


def test_another_seed_of_given_examples_draws_other_first_weights(javascript):
    network = NETWORKS["two classes"]
    given = (np.arange(60.0).reshape(30, 2) / 60, np.arange(30) % 2)
    state = state_of(bpv.playground(network, given, 0.3, batch_size=8, held_out=0))
    assert state["dataset"]["name"] == "given"
    body = """
      const run = runOf(given);
      run.set("dataset", { ...run.get("dataset"), seed: 9 });
      run.advance(20);
      return run.learner.parameters;"""
    found = javascript(HEAD + body, modules=MODULES, given=state)
    training = bpv.Training(bpv.MLP((2, 4, 1), output="sigmoid", seed=9), given, 0.3, 8, 9)
    training.step(20)
    np.testing.assert_allclose(found, row_of(training), rtol=0, atol=1e-10)


def test_what_is_set_travels_in_the_address(javascript):
    state = state_of(bpv.playground(NETWORKS["two classes"], bpv.datasets.moons(60), 0.3, batch_size=8))
    body = """
      const [one, other] = [runOf(given), runOf(given)];
      one.set("dataset", { ...one.get("dataset"), name: "spiral", noise: 0.05, seed: 12 });
      one.set("hidden", [6, 3]); one.set("activation", "relu"); one.set("learning_rate", 0.07);
      one.set("batch_size", 5); one.set("l2", 0.001); one.set("log_scale", true); one.set("epochs_per_second", 5);
      const text = run_link.writeRunLink(one);
      const problems = run_link.takeRunLink(other, "#" + text);
      one.advance(30); other.advance(30);
      const odd = run_link.takeRunLink(other, "#v=1&name=planets&learning_rate=fast&activation=cubic&other=3");
      const kept = other.get("learning_rate");
      const later = run_link.takeRunLink(other, "#v=2&learning_rate=0.5");
      return { text, problems, one: one.learner.parameters, other: other.learner.parameters, odd, kept, later,
               rate: other.get("learning_rate") };"""
    found = javascript(HEAD + body, modules=MODULES, given=state)
    assert found["text"].startswith("v=1&name=spiral&count=60&noise=0.05&heldOut=0.25&seed=12&hidden=6%2C3")
    assert found["problems"] == []
    assert found["one"] == found["other"]
    assert len(found["odd"]) == 3
    assert found["kept"] == 0.07
    assert len(found["later"]) == 1
    assert found["rate"] == 0.5


def test_what_is_chosen_of_a_race_travels_in_the_address(javascript):
    given = bpv.playground(NETWORKS["two classes"], bpv.datasets.moons(60), 0.3, batch_size=8, landscape=True)
    usual = given.race
    chosen = {
        "racers": [{"name": "Adam", "rate": 0.05}, {"name": "nobody", "rate": 0}, {"name": "SGD", "rate": 1e-7}],
        "slice": "weights",
        "weights": [3, 1],
        "drawing": 0,
    }
    body = """
      const { RACE_LINK } = landscape_settings;
      const [one, other] = [runOf(given), runOf(given)];
      one.set("race", chosen);
      const text = run_link.writeRunLink(one, RACE_LINK);
      const problems = run_link.takeRunLink(other, "#" + text, RACE_LINK);
      const odd = ["racers=SGD:-1,Adam:1,nobody:0", "racers=You:1", "slice=weights,3,900", "slice=cake", "slice=path"]
        .map((field) => run_link.takeRunLink(runOf(given), `#v=1&${field}`, RACE_LINK).length);
      const drawn = runOf(given);
      run_link.takeRunLink(drawn, "#v=1&slice=downhill,2", RACE_LINK);
      return { text, problems, race: other.get("race"), odd, drawn: drawn.get("race") };"""
    found = javascript(HEAD + body, modules=WITH_RACE, given=state_of(given), chosen=chosen)
    assert found["text"].endswith("racers=Adam%3A0.05%2Cnobody%3A0%2CSGD%3A1e-7&slice=weights%2C3%2C1")
    assert (found["problems"], found["race"]) == ([], chosen)
    assert found["odd"] == [1, 1, 1, 1, 1]
    assert found["drawn"] == usual | {"drawing": 2}
