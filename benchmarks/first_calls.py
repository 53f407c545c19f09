"""Measure first calls: value and gradient of a large graph on the tape, and again compiled; one int; a check.

Run as ``python benchmarks/first_calls.py``; times are of the processor, the least of some attempts. With
``before_and_after.py`` an earlier checkout is measured in the same run.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from programs import random_program
from timing import on_one_thread, shown

import backpropviz as bpv

if TYPE_CHECKING:
    from collections.abc import Callable

ATTEMPTS = 9


def main() -> None:
    """Print what a large graph takes at once, a language model of scalars, one int among floats, and a check."""
    on_one_thread()
    print("first value and gradient on a built graph (to reach: 0.15 s), and again compiled (to reach: 10 ms)")
    program = random_program(38_000, 10, 4_000)
    point = dict(zip(program.graph.inputs, program.point, strict=True))
    print(f"  {program.name}: {shown(first(program.graph, point))}")
    fast = program.graph.compile()
    fast(point)
    print(f"  compiled: {shown(least(lambda: fast(point)))}; with one int {shown(least(lambda: fast(point, x0=1)))}")
    if hasattr(bpv, "from_values"):
        by_objects = _language_model()
        adopted = bpv.from_values(by_objects())
        objects, ours = least(lambda: by_objects().backward()), first(adopted.graph, adopted.point)
        share = f"{ours / objects:.2f} of the {shown(objects)} of plain objects in Python"
        print(f"  microgpt of 5 tokens, {len(adopted.graph):,} nodes: {shown(ours)}, {share}")
    program = random_program(900, 10, 10)
    point = dict(zip(program.graph.inputs, program.point, strict=True))
    print(f"  check of {program.name}: {shown(least(lambda: bpv.check(program.graph, point), 1))} (to reach: 1 s)")


def first(graph: bpv.Graph, point: dict[str, float]) -> float:
    """Give the seconds of a first call: what the graph remembers is dropped before each."""
    return least(lambda: (graph.memory.clear(), bpv.gradient(graph, point)))


def least(work: Callable[[], object], attempts: int = ATTEMPTS) -> float:
    """Give the processor's seconds of some work, the least of some attempts."""
    seconds = []
    for _ in range(attempts):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


def _language_model() -> Callable[[], Any]:
    """Give what computes the loss of the tests' tiny GPT, whose every number is an object."""
    sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "adopt"))
    import tiny_gpt  # noqa: PLC0415  lies beside the tests
    from known_engines import Slopes  # noqa: PLC0415  as above

    return lambda: tiny_gpt.loss(Slopes)


if __name__ == "__main__":
    main()
