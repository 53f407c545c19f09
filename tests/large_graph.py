"""A graph of a thousand nodes that a page computes by itself."""

from __future__ import annotations

import random

import numpy as np

import backpropviz as bpv

LARGE_POINT = {"x": 0.6, "z": -0.4, "w": 0.9}


def large_graph():
    """A random graph of a little more than 1,000 nodes, the same every time; no node is used by a great many."""
    chance = random.Random(1)  # noqa: S311  a shape, not a secret

    def build(x, z, w):
        made = [x, z, w]
        while len(made) < 1_060:
            left, right = chance.choice(made[-40:]), chance.choice(made[-40:])
            made.append(left * right if len(made) % 2 else np.tanh(left) + right)
        total = made[-1]
        for each in made[-40:-1]:
            total = total + each
        return total

    return bpv.trace(build)
