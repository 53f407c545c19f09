"""Measure first calls: value and gradient of a large graph on the tape, and again compiled; one int; a check.

Run as ``python benchmarks/first_calls.py``; times are of the processor, the least of some attempts. With
``before_and_after.py`` an earlier checkout is measured in the same run.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from programs import random_program
from timing import medians, on_one_thread, shown

import backpropviz as bpv

ATTEMPTS = 9


def main() -> None:
    """Print what a large graph takes at once, a language model of scalars, one int among floats, and a check."""
    on_one_thread()
    print("first value and gradient on a built graph (to reach: 0.15 s), and again compiled (to reach: 10 ms)")
    program = random_program(43_000, 10, 4_000)
    point = dict(zip(program.graph.inputs, program.point, strict=True))
    print(f"  {program.name}: {shown(first(program.graph, point))}")
    fast = program.graph.compile()
    fast(point)
    times = medians({"floats": lambda: fast(point), "one int": lambda: fast(point, x0=1)}, 5)
    print(f"  compiled: {shown(times['floats'])}; with one int {shown(times['one int'])}")
    if hasattr(bpv, "from_values"):
        adopted = _language_model()
        print(f"  microgpt of 5 tokens, {len(adopted.graph):,} nodes: {shown(first(adopted.graph, adopted.point))}")
    program = random_program(900, 10, 10)
    start = time.process_time()
    bpv.check(program.graph, dict(zip(program.graph.inputs, program.point, strict=True)))
    print(f"  check of {program.name}: {shown(time.process_time() - start)} (to reach: 1 s)")


def first(graph: bpv.Graph, point: dict[str, float]) -> float:
    """Give the seconds of a first call; what the graph remembers is dropped before each."""
    seconds = []
    for _ in range(ATTEMPTS):
        graph.memory.clear()
        start = time.process_time()
        bpv.gradient(graph, point)
        seconds.append(time.process_time() - start)
    return min(seconds)


def _language_model() -> bpv.Adopted:
    """Adopt the tests' tiny GPT, whose every number is an object."""
    sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "adopt"))
    import tiny_gpt  # noqa: PLC0415  lies beside the tests
    from known_engines import Slopes  # noqa: PLC0415  as above

    return bpv.from_values(tiny_gpt.loss(Slopes))


if __name__ == "__main__":
    main()
