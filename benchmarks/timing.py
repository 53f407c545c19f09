"""Times that can be compared on a busy machine: repeats of all contestants in turn, and their medians."""

from __future__ import annotations

import os
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SLICE = 0.02
"""Seconds that one repeat of one contestant takes, about."""

_LIMITS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}


def on_one_thread() -> None:
    """Start the script again where libraries may use several threads: they read their limits when they are imported."""
    if os.environ.get("OMP_NUM_THREADS") != "1":
        os.environ.update(_LIMITS)
        os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606  the same program, without a shell


def medians(contestants: Mapping[str, Callable[[], Any]], repeats: int = 7) -> dict[str, float]:
    """Give the median seconds per call of each; repeats are interleaved, so that all meet the same disturbances."""
    counts = {}
    for name, function in contestants.items():
        start = time.perf_counter()
        function()
        once = time.perf_counter() - start
        start = time.perf_counter()
        function()
        counts[name] = max(1, round(SLICE / max(1e-7, min(once, time.perf_counter() - start))))
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(repeats):
        for name, function in contestants.items():
            start = time.perf_counter()
            for _ in range(counts[name]):
                function()
            times[name].append((time.perf_counter() - start) / counts[name])
    return {name: statistics.median(samples) for name, samples in times.items()}


def shown(seconds: float) -> str:
    """Write a duration with its unit."""
    if seconds < 1e-3:
        return f"{1e6 * seconds:.3g} µs"
    return f"{1e3 * seconds:.3g} ms" if seconds < 1.0 else f"{seconds:.3g} s"
