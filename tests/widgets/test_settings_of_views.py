"""Settings of another kind are refused in words, in every view and wherever one is asked for."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import BackpropvizError, GraphError, InputError

NETWORK = bpv.MLP((2, 3, 1), output="sigmoid")
MOONS = bpv.datasets.moons(40)
HUGE = 10**400


def _kind(given):
    return type(given).__name__


VIEWS = {
    "explorer": lambda: bpv.explore("x*z", x=2, z=3),
    "exercise": lambda: bpv.exercise("x*z", x=2, z=3),
    "trainer": lambda: bpv.train(NETWORK, MOONS),
    "playground": lambda: bpv.playground(NETWORK, MOONS),
    "replay": lambda: bpv.replay(bpv.History.collect(bpv.fit(NETWORK, MOONS, 0.5, epochs=1)), MOONS),
}
NOT_SET = {"layout", "comm", "keys", "log", "tooltip", "tabbable", "name"}
WRONG = [None, [1, "a"], {"q": 1}, "zz", float("nan"), True, HUGE, -5, float("inf"), 1j, b"x", np.ones(3), object()]


@pytest.mark.parametrize("view", VIEWS)
def test_what_does_not_fit_a_setting_is_told_in_our_words(view):
    shown = VIEWS[view]()
    for name, trait in shown.traits().items():
        if name.startswith("_") or name in NOT_SET or trait.read_only:
            continue
        for given in WRONG:
            with suppress(BackpropvizError):  # and nothing else
                setattr(shown, name, given)


def test_the_kind_that_is_asked_for_is_named():
    explorer, trainer = VIEWS["explorer"](), VIEWS["trainer"]()
    for view, name, given, told in (
        (explorer, "present", None, "present is True or False; not None."),
        (explorer, "step", "a", "step is a whole number; not 'a'."),
        (explorer, "inputs", [1], "inputs is a dictionary; not [1]."),
        (explorer, "theme", "drak", "Did you mean 'dark'?"),
        (explorer, "hidden", {"nodes": 3}, "nodes lists names"),
        (explorer, "direction", {"x": "a"}, "x moves by a number"),
        (explorer, "updates", {"x": "a"}, "The learning rate of x is one number; not 'a'."),
        (trainer, "learning_rate", HUGE, "learning_rate is a number; not 1000"),
        (trainer, "hidden", [1, "a"], "each of it a whole number"),
    ):
        with pytest.raises(InputError) as told_as:
            setattr(view, name, given)
        assert told in str(told_as.value)


def test_numbers_of_numpy_are_settings():
    trainer = VIEWS["trainer"]()
    trainer.epochs, trainer.learning_rate, trainer.log_scale = np.int64(3), np.float32(0.5), np.bool_(True)
    assert (trainer.epochs, trainer.learning_rate, trainer.log_scale) == (3, 0.5, True)


@pytest.mark.parametrize(
    "given", [[1], "zz", 3, float("nan"), object(), np.ones(3)], ids=lambda given: type(given).__name__
)
def test_what_is_given_by_name_is_a_mapping(given):
    for wrong in (
        lambda: bpv.explore("x*z", x=2, z=3, ranges=given),
        lambda: bpv.cost("x*z", given),
        lambda: bpv.finite_difference("x*z", x=2, z=3, direction=given),
        lambda: bpv.record("x*z", x=2, z=3, updates=given),
        lambda: bpv.trace(lambda x: x, shapes=given),
        lambda: bpv.MLP((2, 1), parameters=list(given) if isinstance(given, np.ndarray) else given),
    ):
        with pytest.raises(InputError, match="by name"):
            wrong()


@pytest.mark.parametrize("given", ["zz", float("nan"), {"q": 1}, object(), 1j], ids=_kind)
def test_arguments_of_another_kind_are_refused(given):
    history = bpv.History.collect(bpv.fit(NETWORK, MOONS, 0.5, epochs=1))
    trainer = VIEWS["trainer"]()
    for wrong in (
        lambda: bpv.explore("x*z", x=2, z=3, present=given),
        lambda: bpv.train(NETWORK, MOONS, epochs=given),
        lambda: bpv.train(NETWORK, MOONS, held_out=given),
        lambda: bpv.playground(NETWORK, MOONS, seed=given),
        lambda: bpv.replay(history, MOONS, example=given),
        lambda: bpv.sweep(given, MOONS),
        lambda: bpv.sweep(NETWORK, MOONS, executor=given),
        lambda: bpv.finite_difference("x*z", x=2, z=3, step=given),
        lambda: bpv.health("x*z", x=2, z=3, learning_rate=None if isinstance(given, float) else given),
        lambda: bpv.paths("x*z", "x", x=2, z=3, most=given),
        lambda: bpv.expression_swell(sizes=[given]),
        lambda: bpv.answers([], exercise=given),
        lambda: trainer.step(given),
        lambda: trainer.set_weight(given, 0, 0, 1.0),
        lambda: trainer.set_weight(1, 0, 0, "a" if isinstance(given, float) else given),
    ):
        with pytest.raises(InputError):
            wrong()


def test_what_overflows_and_what_has_no_name_is_refused():
    for wrong in (
        lambda: bpv.train(NETWORK, MOONS, HUGE),
        lambda: bpv.train(NETWORK, MOONS, held_out=HUGE),
        lambda: bpv.least_squares(MOONS, l2=HUGE),
        lambda: bpv.playground(NETWORK, MOONS, seed=None),
        lambda: bpv.train(NETWORK, MOONS, batch_size=np.ones(3)),
        lambda: bpv.health("x*z", x=2, z=3, parameters=None),
        lambda: bpv.answers(None),
        lambda: VIEWS["explorer"]().to_html(title=3),
        lambda: VIEWS["explorer"]().to_iframe(HUGE),
    ):
        with pytest.raises(InputError):
            wrong()
    with pytest.raises(GraphError, match="by name"):
        bpv.parse("v = x + y; f = x/v").collapse(None)
