"""The batch of a step that a trainer has opened."""

from __future__ import annotations

import numpy as np

import backpropviz as bpv


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
