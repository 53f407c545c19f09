"""In forward mode the inputs move along a direction, arrays as well."""

from __future__ import annotations

import json

import numpy as np

import backpropviz as bpv


def test_a_direction_of_an_array_travels_and_is_followed():
    one_entry = np.zeros((3, 2))
    one_entry[2, 0] = 1.0
    x = np.arange(12.0).reshape(4, 3)
    explorer = bpv.explore(lambda x, w: np.sum(x @ w), x=x, w=np.ones((3, 2)))
    explorer.mode = "forward"
    explorer.direction = {"w": one_entry}
    assert json.loads(json.dumps(explorer.get_state()["direction"]))["w"]["shape"] == [3, 2]
    assert explorer.timeline.tangents["y"] == x[:, 2].sum()
    explorer.direction = {"w": {"shape": [3, 2], "data": [1.0, 0, 0, 0, 0, 0]}}
    assert explorer.timeline.tangents["y"] == x[:, 0].sum()
    explorer.close()
