"""The same text gives the same bytes, whatever Python's hash seed."""

from __future__ import annotations

import os
import subprocess
import sys

_CODE = """
import numpy as np
from backpropviz.graph import Graph, parse, trace
graph = parse("exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z) + max(w, x, pi) - leaky_relu(z, 0.1)*e")
again = Graph.from_networkx(graph.to_networkx())
traced = trace(lambda a, b: np.exp(a) * b + np.maximum(a, b) / 3)
for part in (graph, again, traced):
    print(part.to_json(), part.program(), part.expression(style="latex"), part.nodes)
"""


def test_bytes_do_not_depend_on_the_hash_seed():
    outputs = {
        subprocess.run(
            [sys.executable, "-c", _CODE],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(outputs) == 1
    assert b"backpropviz graph" in outputs.pop()
