"""Orders of examples that a page draws too: the cases that its tests read are NumPy's.

They are those of ``Generator.permutation`` on PCG64, and NumPy does not promise that they stay the same from release to
release: this test would tell.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path

import numpy as np

import backpropviz as bpv

CASES = Path(__file__).parents[2] / "web" / "src" / "training" / "shuffle_cases.json"
SEEDS = (0, 1, 42, 2**32 - 1, 2**32, 2**53 - 1)
SIZES = (1, 2, 3, 10, 17, 150, 1400)


def drawn():
    """For each seed three orders of each size in turn, cut to their first 24 places, and the state after."""
    cases = []
    for seed in SEEDS:
        generator = np.random.default_rng(seed)
        orders = [[size, generator.permutation(size)[:24].tolist()] for _ in range(3) for size in SIZES]
        cases.append({"seed": seed, "orders": orders, "after": standing(generator)})
    return cases


def standing(generator):
    """Where a generator stands, as the page writes it: 128 bits each, and half of 64 that is drawn but not used."""
    state = generator.bit_generator.state
    inner = state["state"]
    half = int(state["uinteger"]) if state["has_uint32"] else None
    return {"state": f"{inner['state']:032x}", "increment": f"{inner['inc']:032x}", "half": half}


def test_the_cases_of_the_page_are_those_of_numpy():
    assert json.loads(CASES.read_text(encoding="utf-8")) == drawn(), f"Write them anew: python {__file__}"


def test_a_run_draws_its_orders_from_such_a_generator():
    training = bpv.Training(bpv.MLP((2, 3, 1), output="sigmoid"), bpv.datasets.moons(50), batch_size=8, seed=42)
    training.run_epoch()
    twin = copy.deepcopy(training._generator)
    training.step()
    np.testing.assert_array_equal(training._order, twin.permutation(50))


if __name__ == "__main__":
    CASES.write_text(json.dumps(drawn(), separators=(",", ":")) + "\n", encoding="utf-8")
