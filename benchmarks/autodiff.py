"""Measure value and gradient against other libraries, side by side in one process and on one thread.

Run as ``python benchmarks/autodiff.py``; the peers come with ``pip install backpropviz[bench]``, and those that are
missing are left out. Ratios are what counts: peer's time divided by ours, medians of interleaved repeats. ``--jax``
also lets JAX compile 1,000 operations, which takes it a minute or more.
"""

from __future__ import annotations

import gc
import sys
import time
from contextlib import suppress
from typing import Any

import numpy as np
from peers import PEERS
from programs import Program, lecture_program, mlp_program, random_program
from timing import medians, on_one_thread, shown

import backpropviz as bpv
from backpropviz.autodiff.checking.finite import finite_difference
from backpropviz.autodiff.fast import Compiled

GOALS = {
    "lecture": {"micrograd": 25, "PyTorch eager": 90, "autograd": 200, "JAX jit": 15},
    "perceptron": {"micrograd": 35, "PyTorch eager": 100, "autograd": 500, "JAX jit": 4},
    "1,000": {"micrograd": 12, "PyTorch eager": 55, "autograd": 150, "JAX jit": 3},
    "10,000 wide": {"micrograd": 12, "PyTorch eager": 100},
}


def main() -> None:
    """Print one block for each question."""
    on_one_thread()
    with_jax = "--jax" in sys.argv
    for peer in PEERS.values():
        with suppress(ImportError):
            peer(lecture_program())
    gc.collect()
    gc.freeze()  # micrograd's garbage shall not be searched for among the modules of the others
    print("value and gradient: time of a peer divided by ours (in brackets: to reach)")
    against_peers(lecture_program(), tuple(PEERS), "lecture")
    against_peers(mlp_program(), tuple(PEERS), "perceptron")
    against_peers(random_program(100, 1, 10), tuple(PEERS))
    rest = tuple(PEERS) if with_jax else tuple(PEERS)[:3]
    against_peers(random_program(1_000, 10, 10), rest, "1,000")
    against_peers(random_program(10_000, 10, 10), ("micrograd", "PyTorch eager"))
    gc.disable()
    against_peers(random_program(1_000, 10, 10), ("micrograd", "PyTorch eager"), "1,000")
    against_peers(random_program(10_000, 1_000, 1_000), ("micrograd", "PyTorch eager"), "10,000 wide")
    gc.enable()
    large()
    own_costs()
    sweeps()
    differences()


def against_peers(program: Program, peers: tuple[str, ...], goal: str = "") -> None:
    """Compare one program, after making sure that all give the same gradient."""
    fast = program.graph.compile()
    point = dict(zip(program.graph.inputs, program.point, strict=True))
    ours = fast(point)
    # The peers take and give lists, and so does `at`; a call by name also reads and makes a dictionary.
    contestants: dict[str, Any] = {"ours": lambda: fast.at(program.point), "by name": lambda: fast(point)}
    for name in peers:
        try:
            run = PEERS[name](program)
        except ImportError:
            continue
        value, adjoints = run()
        assert abs(value - ours[0]) <= 1e-9 * max(1.0, abs(value)), name  # noqa: S101
        for mine, theirs in zip(ours[1].values(), adjoints, strict=True):
            assert abs(mine - float(theirs or 0.0)) <= 1e-9 * max(1.0, abs(mine)), name  # noqa: S101
        contestants[name] = run
    times = medians(contestants)
    goals = GOALS.get(goal, {})
    ratios = "  ".join(
        f"{name} {times[name] / times['ours']:.3g}" + (f" [{goals[name]}]" if name in goals else "")
        for name in contestants
        if name not in ("ours", "by name")
    )
    state = "" if gc.isenabled() else ", garbage collector off"
    ours = f"{shown(times['ours'])} by {fast.strategy} (by name {shown(times['by name'])})"
    print(f"  {program.name}{state}: {ours}; {ratios}")


def large() -> None:
    """Show that 100,000 operations run in one call."""
    print("100,000 operations in one call")
    for width in (10_000, 10):
        program = random_program(100_000, width, width)
        point = dict(zip(program.graph.inputs, program.point, strict=True))
        seconds, fast = _compiling(program, point)
        times = medians({"ours": lambda fast=fast, point=point: fast(point)}, 5)
        print(f"  {width:,} wide: {shown(times['ours'])} by {fast.strategy}, made ready in {seconds:.2g} s")


def own_costs() -> None:
    """Print cost ratio and set-up."""
    print("gradient over value (to reach: 4), set-up per operation (to reach: 0.1 ms)")
    for program in (lecture_program(), mlp_program(), random_program(100, 1, 10), random_program(1_000, 10, 10)):
        point = dict(zip(program.graph.inputs, program.point, strict=True))
        seconds, fast = _compiling(program, point)
        times = medians(
            {
                "both": lambda fast=fast, point=point: fast(point),
                "value": lambda fast=fast, point=point: fast.value(point),
            }
        )
        gates = len(program.graph) - len(program.graph.inputs)
        print(f"  {program.name}: {times['both'] / times['value']:.2f}, {1e3 * seconds / gates:.3f} ms")


def _compiling(program: Program, point: dict[str, float]) -> tuple[float, Any]:
    """Compile anew; the processor's seconds, the least of some attempts."""
    seconds = []
    for _ in range(1 if len(program.graph) > 10_000 else 5):
        start = time.process_time()
        fast = Compiled(program.graph)  # not graph.compile(), which remembers
        fast(point)
        seconds.append(time.process_time() - start)
    return min(seconds), fast


def by_hand(x: Any, z: Any) -> tuple[Any, dict[str, Any]]:
    """Write value and gradient of the lecture example as a person would in NumPy."""
    a = x * z
    b = np.log(x)
    c = np.sin(b)
    d = np.exp(a)
    y = d + a / b + c / a
    slope_a = d + 1.0 / b - c / (a * a)
    slope_b = np.cos(b) / a - a / (b * b)
    return y, {"x": slope_a * z + slope_b / x, "z": slope_a * x}


def sweeps() -> None:
    """Compare many points in one call with NumPy by hand."""
    print("lecture example on many points: our time divided by NumPy written by hand (to reach: 1.15 at 1,000)")
    fast = lecture_program().graph.compile()
    for count in (100, 1_000, 10_000, 100_000):
        x, z = np.linspace(1.5, 3.0, count), np.linspace(0.5, 1.0, count)
        times = medians({"ours": lambda x=x, z=z: fast(x0=x, x1=z), "hand": lambda x=x, z=z: by_hand(x, z)}, repeats=15)
        print(f"  {count:,} points: {shown(times['ours'])}, {times['ours'] / times['hand']:.2f}")


def differences() -> None:
    """Compare finite differences with the reverse sweep, both on the tape."""
    print("finite differences over reverse mode, for D inputs (to reach: 20 at 100, 300 at 1,000)")
    for inputs, repeats in ((10, 7), (100, 7), (1_000, 3)):
        names = [f"x{k}" for k in range(inputs)]
        graph = bpv.trace(lambda *x: sum(np.sin(x[k]) * x[k - 1] for k in range(len(x))), *names)
        point = {f"x{k}": 0.5 + k / inputs for k in range(inputs)}
        fast = graph.compile()
        times = medians(
            {
                "reverse": lambda graph=graph, point=point: bpv.gradient(graph, point),
                "forward": lambda graph=graph, point=point: finite_difference(graph, point, scheme="forward"),
                "compiled": lambda fast=fast, point=point: fast(point),
                "compiled differences": lambda fast=fast, point=point: _shifted(fast, point),
            },
            repeats,
        )
        print(
            f"  D = {inputs:,}: {times['forward'] / times['reverse']:.3g} on the tape, "
            f"{times['compiled differences'] / times['compiled']:.3g} compiled"
        )


def _shifted(fast: Any, point: dict[str, float]) -> dict[str, float]:
    step = 1e-8
    start = fast.value(point)
    return {name: (fast.value(point, **{name: at + step}) - start) / step for name, at in point.items()}


if __name__ == "__main__":
    main()
