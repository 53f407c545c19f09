"""Read many nearly right expressions: none may bring anything but a graph or a refusal, and none may take long.

Run as ``python benchmarks/fuzz.py [count]``; a million texts take some quarter of an hour on two processors.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "graph" / "text"))

import numpy as np
from fuzzing import check, mutants, outcome

PART = 10_000


def read(seed: int) -> tuple[int, list[float]]:
    """Check one part; how many texts were graphs, and the seconds of processor time that each took to read."""
    outcome("warm + up")
    graphs, seconds = 0, []
    for text in mutants(seed, PART):
        began = time.thread_time()
        outcome(text)
        seconds.append(time.thread_time() - began)
        graphs += check(text)
    return graphs, seconds


def main() -> None:
    """Print what was met, and how long the slowest took."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    began = time.perf_counter()
    with ProcessPoolExecutor() as pool:
        parts = list(pool.map(read, range(count // PART)))
    seconds = np.concatenate([times for _, times in parts])
    graphs = sum(found for found, _ in parts)
    median, high, highest = 1e3 * np.quantile(seconds, [0.5, 0.99, 1.0])
    print(f"{len(seconds):,} texts in {time.perf_counter() - began:.0f} s: {graphs:,} graphs, the others refused")
    print(f"time to read one: median {median:.3f} ms, p99 {high:.3f} ms, longest {highest:.1f} ms")


if __name__ == "__main__":
    main()
