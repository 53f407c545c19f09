"""Load that takes too long for the test run, or whose time is the point: bursts, an hour at a slider, a large graph.

Run as ``python benchmarks/stress.py [events] [cycles]``; 1,000,000 events and 5,000 cycles take some minutes.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "stress"))

import numpy as np
from ipywidgets.widgets import widget as registry
from kernel_loop import receive_all
from large_graph import LARGE_POINT, large_graph

import backpropviz as bpv

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"
BATCH = 50_000


def peak() -> float:
    """Give the most memory that this process has had, in MB."""
    gc.collect()
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def moves(explorer: Any, name: str, count: int) -> Iterator[dict[str, Any]]:
    """Move a slider to and fro, with steps and selections between."""
    nodes = explorer.graph.nodes
    for k in range(count):
        if k % 10 == 3:
            yield {"step": k % (explorer.last_step + 1)}
        elif k % 10 == 7:
            yield {"selected": nodes[k % len(nodes)]}
        else:
            yield {"inputs": {**explorer.inputs, name: 2 + np.sin(k / 300).item()}}


def explorers() -> dict[str, tuple[Any, str]]:
    """Make an explorer of each kind, and name the input that is moved."""
    return {
        "scalar graph": (bpv.explore(TEXT, x=2, z=3), "x"),
        "array graph": (bpv.explore(lambda W, t: np.sum(np.tanh(W) * t), W=np.eye(8), t=1.0), "t"),  # noqa: N803
    }


def events(count: int) -> None:
    """Print how fast changes are taken, and what they leave behind."""
    for kind, (explorer, name) in explorers().items():
        receive_all(explorer, moves(explorer, name, BATCH))
        before = peak()
        began = time.perf_counter()
        for _ in range(max(1, count // BATCH)):
            receive_all(explorer, moves(explorer, name, BATCH))
        took = time.perf_counter() - began
        print(f"{kind}: {count:,} changes, {1e6 * took / count:.0f} µs each, memory grew by {peak() - before:.1f} MB")
        explorer.close()


def bursts(count: int = 1_000) -> None:
    """Print how soon the last of many changes counts that come at once: 1 s is the bound."""
    for kind, (explorer, name) in explorers().items():
        took = receive_all(explorer, ({"inputs": {**explorer.inputs, name: 2 + k / count}} for k in range(count)))
        print(f"{kind}: {count:,} changes at once are taken and answered in {took:.2f} s")
        explorer.close()


def thousand_nodes() -> None:
    """Print how long a graph of a thousand nodes takes to be shown, and to follow its input."""
    graph = large_graph()
    began = time.perf_counter()
    explorer = bpv.explore(graph, **LARGE_POINT)
    shown = time.perf_counter()
    for k in range(5):
        explorer.set_state({"inputs": {**explorer.inputs, "x": k / 10}})
        explorer.gradient()
    followed = (time.perf_counter() - shown) / 5
    print(f"{len(graph):,} nodes: shown after {shown - began:.1f} s, a change takes {1e3 * followed:.0f} ms")
    explorer.close()


def cycles(count: int) -> None:
    """Print what explorers that come and go leave behind."""
    for _ in range(50):
        bpv.explore(TEXT, x=2, z=3).close()
    gc.collect()
    before, known = peak(), len(registry._instances)  # noqa: SLF001  ipywidgets tells nowhere else what lives
    began = time.perf_counter()
    for _ in range(count):
        bpv.explore(TEXT, x=2, z=3).close()
    took = time.perf_counter() - began
    left = len(registry._instances) - known  # noqa: SLF001  as above
    print(f"{count:,} explorers built and closed, {1e3 * took / count:.1f} ms each, {left} widgets left", end=", ")
    print(f"memory grew by {peak() - before:.1f} MB")


if __name__ == "__main__":
    bursts()
    thousand_nodes()
    events(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    cycles(int(sys.argv[2]) if len(sys.argv) > 2 else 5_000)
