"""Measure the layout: time, crossings of the drawn curves, curves over boxes.

Run as ``python benchmarks/layout.py``.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "scene"))

from layout_graphs import chain, lecture, neuron, perceptron, scattered
from layout_measures import crossings, curves_over_boxes

from backpropviz.scene.layout import place

GRAPHS = {
    "lecture example, binary sums": lecture(),
    "lecture example, one sum": lecture(binary=False),
    "neuron in gates": neuron(),
    "perceptron 3-4-4-1": perceptron(3, 4, 4, 1),
    "random": scattered(99),
    "perceptron 2-16-16-1": perceptron(2, 16, 16, 1),
    "chain": chain(5_000),
}
REPEATS = 5


def main() -> None:
    """Print one row for each graph; the time is the best of several."""
    print(f"{'graph':30} {'nodes':>6} {'ms':>8} {'crossings':>10} {'over boxes':>11}  size")
    for name, (boxes, arrows) in GRAPHS.items():
        times = []
        for _ in range(REPEATS):
            start = time.perf_counter()
            placement = place(boxes, arrows)
            times.append(time.perf_counter() - start)
        hits = len(curves_over_boxes(boxes, arrows, placement))
        print(
            f"{name:30} {len(boxes):6} {1e3 * min(times):8.1f} {crossings(placement):10} {hits:11}"
            f"  {placement.width:.0f} x {placement.height:.0f}"
        )


if __name__ == "__main__":
    main()
