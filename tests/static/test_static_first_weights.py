"""First weights of a network that is made in the page: NumPy's draws, by the rules of the kernel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import backpropviz as bpv
from backpropviz.learn.initial import cutting


def test_first_weights_of_every_kind(javascript):
    body = "return random_draws.drawParameters(form);"
    network = bpv.MLP((30, 40, 20, 1), ("relu", "tanh"), seed=7)
    for initial in ("auto", "xavier", "he", "normal", "zeros"):
        for bias in ("separate", "folded"):
            drawn = replace(network, initial=initial, bias=bias, parameters={})
            form = {
                "sizes": list(drawn.sizes),
                "activations": list(drawn.activations),
                "seed": drawn.seed,
                "initial": initial,
                "cutting": list(cutting()),
                "isBiasFirst": bias == "folded",
            }
            found = javascript(body, modules=["training/random_draws"], form=form)
            expected = np.concatenate([value.reshape(-1) for value in drawn.parameters.values()])
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("seed", [0, 12345])
def test_normal_numbers_are_numpys(javascript, seed):
    body = """
      const bits = random_draws.RandomBits.ofSeed(seed);
      return Array.from({ length: 60000 }, () => random_draws.drawNormal(bits));"""
    found = javascript(body, modules=["training/random_draws"], seed=seed)
    np.testing.assert_allclose(found, np.random.default_rng(seed).standard_normal(60000), rtol=0, atol=1e-14)
