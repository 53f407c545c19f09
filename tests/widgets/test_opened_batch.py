"""The batch of a step that a trainer has opened."""

from __future__ import annotations

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.errors import InputError
from backpropviz.learn.unit_form import unit_run


def test_an_opened_step_tells_of_its_whole_batch_and_the_run_goes_on_as_it_would():
    def trainer_at(step):
        trainer = bpv.train(
            bpv.MLP((2, 3, 1), output="sigmoid", l2=0.1), bpv.datasets.moons(40), bpv.Adam(0.02), batch_size=8
        )
        trainer.step(step)
        return trainer

    opened, other = trainer_at(4), trainer_at(4)
    opened.open_step(2)
    batch = opened.batch
    assert (batch["step"], batch["size"], batch["total"], batch["weights"]) == (5, 8, 30, 13)
    opened.step()
    other.step()
    names = [row["name"] for row in batch["rows"]]
    assert names == ["w11", "w12", "w13", "w21", "w22", "w23", "b11", "b12", "b13", "a11", "a21", "a31", "b21"]
    for name, value in other.training.parameters.items():
        np.testing.assert_array_equal(opened.training.parameters[name], value)
    after = np.concatenate([value.ravel() for value in other.training.parameters.values()])
    np.testing.assert_allclose([row["after"] for row in batch["rows"]], after, rtol=0, atol=1e-14)
    opened.close_step()
    assert opened.batch is None


def test_the_gates_of_one_unit_open_whatever_the_size_of_the_network():
    trainer = bpv.train(bpv.MLP((2, 16, 16, 1), output="sigmoid", l2=0.1), bpv.datasets.moons(40), batch_size=8)
    trainer.step(3)
    whole = trainer.network.scalar_graph()
    plan = trainer._show.plan
    point = trainer.network.scalar_point(plan.features[2], float(plan.targets[2]))
    adjoints = whole.evaluate(point).reverse()
    opened = trainer.open_step(2, unit=(2, 5))
    assert trainer.unit == [2, 5]
    assert float(opened.value) == pytest.approx(trainer.network.loss_at(plan.features[2], float(plan.targets[2])))
    assert set(opened.graph.arguments("t2_6")) > {"b2_6"}
    assert len(opened.updates) == 18
    for name in opened.updates:
        assert float(opened.timeline.adjoints[name]) == pytest.approx(float(adjoints[name]), abs=1e-12)
    assert opened.graph.grouping is not None
    trainer.open_step(unit=())
    assert trainer.unit == []
    with pytest.raises(InputError, match="no unit 16 in layer 2"):
        trainer.open_step(unit=(2, 16))
    for wrong in ((2,), 5, "ab", (1.5, 0)):
        with pytest.raises(InputError, match="its layer and its place"):
            trainer.open_step(unit=wrong)
    assert trainer.unit == []  # what is refused is not kept
    trainer.unit = [2, 5]
    trainer.hidden = [4]
    assert trainer.unit == []
    trainer.close()


def test_a_unit_whose_loss_would_be_too_large_is_refused_with_what_to_do():
    network = bpv.MLP((2, 400, 400, 400, 1))
    with pytest.raises(InputError, match="choose a unit of a later layer"):
        unit_run(network, [0.0, 1.0], 1.0, 1, 0)
    assert "t3_1" in unit_run(network, [0.0, 1.0], 1.0, 3, 0)[0].nodes
