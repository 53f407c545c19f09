"""Orders of examples that a page draws too: the cases that its tests read are NumPy's, and a generator travels."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.learn.shuffles import shuffles_from, shuffles_to

CASES = Path(__file__).parents[2] / "web" / "src" / "training" / "shuffle_cases.json"
SEEDS = (0, 1, 42, 2**32 - 1, 2**32, 2**53 - 1)
SIZES = (1, 2, 3, 10, 17, 150, 1400)


def drawn():
    """For each seed three orders of each size in turn, cut to their first 24 places, and the state after."""
    cases = []
    for seed in SEEDS:
        generator = np.random.default_rng(seed)
        orders = [[size, generator.permutation(size)[:24].tolist()] for _ in range(3) for size in SIZES]
        cases.append({"seed": seed, "orders": orders, "after": shuffles_to(generator)})
    return cases


def test_the_cases_of_the_page_are_those_of_numpy():
    assert json.loads(CASES.read_text(encoding="utf-8")) == drawn(), f"Write them anew: python {__file__}"


def test_a_run_draws_its_orders_from_such_a_generator():
    training = bpv.Training(bpv.MLP((2, 3, 1), output="sigmoid"), bpv.datasets.moons(50), batch_size=8, seed=42)
    training.run_epoch()
    twin = shuffles_from(json.loads(json.dumps(shuffles_to(training._generator))))
    training.step()
    np.testing.assert_array_equal(training._order, twin.permutation(50))


@pytest.mark.parametrize("draws", [0, 1, 2, 5])
def test_a_generator_travels_wherever_it_stands(draws):
    generator = np.random.default_rng(7)
    for _ in range(draws):
        generator.permutation(4)  # three draws of 32 bits: every other time half of 64 is left
    twin = shuffles_from(shuffles_to(generator))
    for _ in range(3):
        np.testing.assert_array_equal(twin.permutation(100), generator.permutation(100))


if __name__ == "__main__":
    CASES.write_text(json.dumps(drawn(), separators=(",", ":")) + "\n", encoding="utf-8")
